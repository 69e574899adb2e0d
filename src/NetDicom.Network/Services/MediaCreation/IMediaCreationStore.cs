namespace NetDicom.Network;

/// <summary>
/// Where a provider of Media Creation Management keeps its requests: <see cref="MediaCreationStore"/>, or one of the owner's that asks <see cref="MediaCreationRules"/>. Its methods are called
/// from several threads; what they throw is answered 0110H.
/// </summary>
public interface IMediaCreationStore
{
    /// <summary>N-CREATE (PS3.4 section S.3.2.1).</summary>
    /// <param name="instanceUid">None lets the store choose: <see cref="RuleResult.InstanceUid"/>.</param>
    /// <param name="attributes">As received.</param>
    /// <param name="cancellationToken">Fires when the association has ended.</param>
    ValueTask<RuleResult> CreateAsync(DicomUid instanceUid, DicomDataSet attributes, CancellationToken cancellationToken);

    /// <summary>N-ACTION 1, Initiate Media Creation (PS3.4 section S.3.2.2).</summary>
    ValueTask<RuleResult> InitiateAsync(DicomUid instanceUid, DicomDataSet? information, CancellationToken cancellationToken);

    /// <summary>N-ACTION 2, Cancel Media Creation (PS3.4 section S.3.2.3).</summary>
    ValueTask<RuleResult> CancelAsync(DicomUid instanceUid, CancellationToken cancellationToken);

    /// <summary>N-GET (PS3.4 section S.3.2.4).</summary>
    ValueTask<RuleResult> GetAsync(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList, CancellationToken cancellationToken);
}
