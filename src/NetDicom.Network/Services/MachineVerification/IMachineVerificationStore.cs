namespace NetDicom.Network;

/// <summary>
/// Where a provider of RT Machine Verification keeps its verifications, and what verifies: <see cref="MachineVerificationStore"/>, or one of the owner's that asks
/// <see cref="MachineVerificationRules"/>. Its methods are called from several threads; what they throw is answered 0110H.
/// </summary>
public interface IMachineVerificationStore
{
    /// <summary>N-CREATE (PS3.4 section DD.3.2.1).</summary>
    /// <param name="sopClassUid">Conventional or ion.</param>
    /// <param name="instanceUid">None lets the store choose: <see cref="RuleResult.InstanceUid"/>.</param>
    /// <param name="attributes">As received.</param>
    /// <param name="cancellationToken">Fires when the association has ended.</param>
    ValueTask<RuleResult> CreateAsync(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet attributes, CancellationToken cancellationToken);

    /// <summary>N-SET (PS3.4 section DD.3.2.1).</summary>
    ValueTask<RuleResult> SetAsync(DicomUid sopClassUid, DicomUid instanceUid, DicomDataSet changes, CancellationToken cancellationToken);

    /// <summary>N-GET (PS3.4 section DD.3.2.2).</summary>
    ValueTask<RuleResult> GetAsync(DicomUid sopClassUid, DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList, CancellationToken cancellationToken);

    /// <summary>N-DELETE (PS3.4 section DD.3.2.4).</summary>
    ValueTask<RuleResult> DeleteAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken);

    /// <summary>N-ACTION 1, Request Beam Verification (PS3.4 section DD.3.2.3): whether it may begin. If so, <see cref="VerifyAsync"/> follows the response.</summary>
    ValueTask<RuleResult> BeginAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken);

    /// <summary>Verifies, and may take its time; the user is told the status with the event Done. What it throws is told as not verified.</summary>
    /// <param name="sopClassUid">Conventional or ion.</param>
    /// <param name="instanceUid">The verification.</param>
    /// <param name="cancellationToken">Fires when the association of the user has ended.</param>
    ValueTask<TreatmentVerificationStatus> VerifyAsync(DicomUid sopClassUid, DicomUid instanceUid, CancellationToken cancellationToken);
}
