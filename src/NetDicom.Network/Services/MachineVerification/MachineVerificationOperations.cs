namespace NetDicom.Network;

/// <summary>
/// RT Machine Verification as its user, a treatment delivery system (PS3.4 annex DD). The responses are values, whatever their status; the events Pending and Done come to the entity's handler
/// of N-EVENT-REPORT.
/// </summary>
public static class MachineVerificationOperations
{
    /// <summary>Action Type ID of Request Beam Verification.</summary>
    public const ushort RequestBeamVerificationActionTypeId = 1;

    /// <summary>The attributes of a new verification (table DD.3.2.1-1).</summary>
    /// <param name="sopClassUid">Conventional or ion.</param>
    /// <param name="plan">The RT plan or RT ion plan.</param>
    /// <param name="patientId">Patient ID (0010,0020).</param>
    /// <param name="fractionGroup">Referenced Fraction Group Number (300C,0022); null for a plan that has only one.</param>
    public static DicomDataSet NewMachineVerification(DicomUid sopClassUid, SopReference plan, string patientId, int? fractionGroup = null)
    {
        DicomDataSet attributes = new DicomDataSet().Set(DicomTags.PatientID, patientId)
            .Set(DicomElement.CreateEmpty(DicomTags.GeneralMachineVerificationSequence, DicomVR.SQ))
            .Set(DicomElement.CreateEmpty(
                sopClassUid == SopClasses.RTIonMachineVerification ? DicomTags.IonMachineVerificationSequence : DicomTags.ConventionalMachineVerificationSequence, DicomVR.SQ))
            .Set(DicomTags.ReferencedRTPlanSequence, plan.ToItem());
        return fractionGroup is { } number ? attributes.Set(DicomTags.ReferencedFractionGroupNumber, (long)number) : attributes;
    }

    /// <summary>N-CREATE: a verification for a fraction group of a plan.</summary>
    /// <param name="association">With a context of the class.</param>
    /// <param name="sopClassUid">Conventional or ion.</param>
    /// <param name="verificationUid">SOP Instance UID of the verification; none lets the provider choose: <see cref="NResponse.AffectedSopInstanceUid"/>.</param>
    /// <param name="attributes">As <see cref="NewMachineVerification"/> makes them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CreateMachineVerificationAsync(
        this Association association, DicomUid sopClassUid, DicomUid verificationUid, DicomDataSet attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NCreateAsync(sopClassUid, verificationUid, attributes, null, cancellationToken);
    }

    /// <summary>N-SET: the parameters of the beam as the machine is set now. A sequence replaces what was there as a whole.</summary>
    public static Task<NResponse> SetMachineParametersAsync(
        this Association association, DicomUid sopClassUid, DicomUid verificationUid, DicomDataSet parameters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NSetAsync(sopClassUid, verificationUid, parameters, null, cancellationToken);
    }

    /// <summary>N-ACTION 1: the parameters are to be verified.</summary>
    public static Task<NResponse> RequestBeamVerificationAsync(this Association association, DicomUid sopClassUid, DicomUid verificationUid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(sopClassUid, verificationUid, RequestBeamVerificationActionTypeId, null, null, cancellationToken);
    }

    /// <summary>N-GET: the outcome. <see cref="MachineVerificationOutcome.StatusOf"/> reads the status of the answer.</summary>
    public static Task<NResponse> GetMachineVerificationAsync(
        this Association association, DicomUid sopClassUid, DicomUid verificationUid, IReadOnlyList<DicomTag>? attributes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NGetAsync(sopClassUid, verificationUid, attributes, null, cancellationToken);
    }

    /// <summary>N-DELETE: the verification is over.</summary>
    public static Task<NResponse> DeleteMachineVerificationAsync(this Association association, DicomUid sopClassUid, DicomUid verificationUid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NDeleteAsync(sopClassUid, verificationUid, null, cancellationToken);
    }
}
