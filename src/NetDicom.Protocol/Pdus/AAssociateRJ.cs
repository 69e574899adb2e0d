using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>Whether asking again may help (PS3.8 section 9.3.4, byte 8).</summary>
public enum RejectResult : byte
{
    /// <summary>Rejected-permanent: it will not work without a change.</summary>
    Permanent = 1,

    /// <summary>Rejected-transient: it may work later.</summary>
    Transient = 2,
}

/// <summary>Who rejected (PS3.8 section 9.3.4, byte 9).</summary>
public enum RejectSource : byte
{
    /// <summary>The DICOM UL service-user: the application.</summary>
    ServiceUser = 1,

    /// <summary>The DICOM UL service-provider, ACSE related function.</summary>
    ServiceProviderAcse = 2,

    /// <summary>The DICOM UL service-provider, presentation related function.</summary>
    ServiceProviderPresentation = 3,
}

/// <summary>A-ASSOCIATE-RJ: rejects an association (PS3.8 section 9.3.4).</summary>
/// <remarks>
/// Bytes: 1 type 03H, 2 reserved, 3-6 length 4, 7 reserved, 8 result, 9 source, 10 reason. Values outside the table are kept as received.
/// </remarks>
public sealed class AAssociateRJ(RejectResult result, RejectSource source, byte reason) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AAssociateRJ;

    /// <summary>Permanent or transient.</summary>
    public RejectResult Result { get; } = result;

    /// <summary>Who rejected.</summary>
    public RejectSource Source { get; } = source;

    /// <summary>Why, by source (PS3.8 Table 9-21).</summary>
    public byte Reason { get; } = reason;

    /// <summary>Rejected for good by the user, no reason given (1,1,1).</summary>
    public static AAssociateRJ NoReasonGiven { get; } = new(RejectResult.Permanent, RejectSource.ServiceUser, 1);

    /// <summary>The application context name is not the one of DICOM (1,1,2).</summary>
    public static AAssociateRJ ApplicationContextNameNotSupported { get; } = new(RejectResult.Permanent, RejectSource.ServiceUser, 2);

    /// <summary>The requestor is not known here (1,1,3).</summary>
    public static AAssociateRJ CallingAETitleNotRecognized { get; } = new(RejectResult.Permanent, RejectSource.ServiceUser, 3);

    /// <summary>The requestor wants another application entity than this one (1,1,7).</summary>
    public static AAssociateRJ CalledAETitleNotRecognized { get; } = new(RejectResult.Permanent, RejectSource.ServiceUser, 7);

    /// <summary>The user identity was refused (1,2,1; PS3.7 annex D.3.3.7.3).</summary>
    public static AAssociateRJ UserIdentityRefused { get; } = new(RejectResult.Permanent, RejectSource.ServiceProviderAcse, 1);

    /// <summary>Bit 0 of the protocol version is not set (1,2,2).</summary>
    public static AAssociateRJ ProtocolVersionNotSupported { get; } = new(RejectResult.Permanent, RejectSource.ServiceProviderAcse, 2);

    /// <summary>Too busy at the moment (2,3,1).</summary>
    public static AAssociateRJ TemporaryCongestion { get; } = new(RejectResult.Transient, RejectSource.ServiceProviderPresentation, 1);

    /// <summary>No more associations are taken at the moment (2,3,2).</summary>
    public static AAssociateRJ LocalLimitExceeded { get; } = new(RejectResult.Transient, RejectSource.ServiceProviderPresentation, 2);

    /// <summary>Result, source and reason in words, for instance "rejected permanently by the service user: called AE title not recognised".</summary>
    public string Description
    {
        get
        {
            string result = Result switch
            {
                RejectResult.Permanent => "rejected permanently",
                RejectResult.Transient => "rejected for now",
                _ => $"rejected (result {(byte)Result})",
            };
            string source = Source switch
            {
                RejectSource.ServiceUser => "the service user",
                RejectSource.ServiceProviderAcse => "the service provider (ACSE)",
                RejectSource.ServiceProviderPresentation => "the service provider (presentation)",
                _ => $"source {(byte)Source}",
            };
            string reason = ((byte)Source, Reason) switch
            {
                (1, 1) or (2, 1) => "no reason given",
                (1, 2) => "application context name not supported",
                (1, 3) => "calling AE title not recognised",
                (1, 7) => "called AE title not recognised",
                (2, 2) => "protocol version not supported",
                (3, 1) => "temporary congestion",
                (3, 2) => "local limit exceeded",
                _ => $"reason {Reason}",
            };
            return $"{result} by {source}: {reason}";
        }
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output) => WriteFixed(output, Type, (byte)Result, (byte)Source, Reason);

    /// <summary><see cref="Description"/>.</summary>
    public override string ToString() => Description;
}
