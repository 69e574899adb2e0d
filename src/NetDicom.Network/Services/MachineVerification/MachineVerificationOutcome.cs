namespace NetDicom.Network;

/// <summary>Treatment Verification Status (3008,002C) (PS3.4 section DD.3.2.2.4).</summary>
public enum TreatmentVerificationStatus
{
    /// <summary>NOT_VERIFIED: a value is out of range and not overridden, or missing; or nothing was verified yet. The treatment cannot go ahead.</summary>
    NotVerified,

    /// <summary>VERIFIED: all that is required was checked and is in range.</summary>
    Verified,

    /// <summary>VERIFIED_OVR: what was out of range was overridden.</summary>
    VerifiedOverridden,
}

/// <summary>What a verification came to. The parameters go with their status and with no other (PS3.4 section DD.3.2.2.4).</summary>
public sealed record MachineVerificationOutcome
{
    private MachineVerificationOutcome(TreatmentVerificationStatus status, IReadOnlyList<DicomDataSet> parameters)
    {
        Status = status;
        Parameters = parameters;
    }

    /// <summary>Everything is in range.</summary>
    public static MachineVerificationOutcome Verified { get; } = new(TreatmentVerificationStatus.Verified, []);

    /// <summary>The status.</summary>
    public TreatmentVerificationStatus Status { get; }

    /// <summary>
    /// Items of Failed Parameters Sequence (0074,1048) where it is not verified, of Overridden Parameters Sequence (0074,104A) where values were overridden: each points at an attribute with the
    /// Selector Attribute macro (PS3.3 section C.31.1.1).
    /// </summary>
    public IReadOnlyList<DicomDataSet> Parameters { get; }

    /// <summary>Values were out of range and are overridden.</summary>
    /// <param name="parameters">Which: at least one.</param>
    public static MachineVerificationOutcome Overridden(IReadOnlyList<DicomDataSet> parameters) => new(TreatmentVerificationStatus.VerifiedOverridden, AtLeastOne(parameters));

    /// <summary>Values are out of range, or missing.</summary>
    /// <param name="parameters">Which: at least one.</param>
    public static MachineVerificationOutcome NotVerified(IReadOnlyList<DicomDataSet> parameters) => new(TreatmentVerificationStatus.NotVerified, AtLeastOne(parameters));

    /// <summary>The verification itself failed: not verified, and no parameter is to blame.</summary>
    internal static MachineVerificationOutcome Failed { get; } = new(TreatmentVerificationStatus.NotVerified, []);

    /// <summary>Treatment Verification Status (3008,002C) of an event or an answer to N-GET; null if it is missing or none of the terms.</summary>
    public static TreatmentVerificationStatus? StatusOf(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return attributes.GetStringOrDefault(DicomTags.TreatmentVerificationStatus) switch
        {
            "VERIFIED" => TreatmentVerificationStatus.Verified,
            "VERIFIED_OVR" => TreatmentVerificationStatus.VerifiedOverridden,
            "NOT_VERIFIED" => TreatmentVerificationStatus.NotVerified,
            _ => null,
        };
    }

    /// <summary>The value of Treatment Verification Status (3008,002C).</summary>
    public static string ToTerm(TreatmentVerificationStatus status) =>
        status switch { TreatmentVerificationStatus.Verified => "VERIFIED", TreatmentVerificationStatus.VerifiedOverridden => "VERIFIED_OVR", _ => "NOT_VERIFIED" };

    /// <summary>Puts status and parameters into a verification.</summary>
    public void ApplyTo(DicomDataSet verification)
    {
        ArgumentNullException.ThrowIfNull(verification);
        verification.Set(DicomTags.TreatmentVerificationStatus, ToTerm(Status))
            .Set(DicomTags.FailedAttributesSequence, [.. Status == TreatmentVerificationStatus.NotVerified ? Copies() : []])
            .Set(DicomTags.OverriddenAttributesSequence, [.. Status == TreatmentVerificationStatus.VerifiedOverridden ? Copies() : []]);
    }

    private IEnumerable<DicomDataSet> Copies() => Parameters.Select(item => item.Clone());

    private static IReadOnlyList<DicomDataSet> AtLeastOne(IReadOnlyList<DicomDataSet> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Count > 0 ? parameters : throw new ArgumentException("a parameter has to be named", nameof(parameters));
    }
}
