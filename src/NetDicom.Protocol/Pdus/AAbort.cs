using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>Who aborted (PS3.8 section 9.3.8, byte 9).</summary>
public enum AbortSource : byte
{
    /// <summary>The DICOM UL service-user: the application. The reason then has no meaning.</summary>
    ServiceUser = 0,

    /// <summary>The DICOM UL service-provider: a rule of PS3.8 was broken.</summary>
    ServiceProvider = 2,
}

/// <summary>Why the service provider aborted (PS3.8 section 9.3.8, byte 10).</summary>
public enum AbortReason : byte
{
    /// <summary>Reason not specified; also what a service user sends.</summary>
    NotSpecified = 0,

    /// <summary>A PDU of a type that does not exist.</summary>
    UnrecognizedPdu = 1,

    /// <summary>A PDU that may not come in this state.</summary>
    UnexpectedPdu = 2,

    /// <summary>A parameter that does not exist.</summary>
    UnrecognizedPduParameter = 4,

    /// <summary>A parameter that may not come here.</summary>
    UnexpectedPduParameter = 5,

    /// <summary>A parameter with a value that is not allowed.</summary>
    InvalidPduParameterValue = 6,
}

/// <summary>A-ABORT: ends the association at once (PS3.8 section 9.3.8).</summary>
/// <remarks>Bytes: 1 type 07H, 2 reserved, 3-6 length 4, 7-8 reserved, 9 source, 10 reason. Values outside the table are kept as received.</remarks>
public sealed class AAbort(AbortSource source, AbortReason reason) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AAbort;

    /// <summary>Who aborted. 1 is reserved and read as the provider by the state machine.</summary>
    public AbortSource Source { get; } = source;

    /// <summary>Why; without meaning when the source is the service user.</summary>
    public AbortReason Reason { get; } = reason;

    /// <summary>Source and reason in words, for instance "aborted by the service provider: unexpected PDU".</summary>
    public string Description => Source == AbortSource.ServiceUser
        ? "aborted by the service user"
        : $"aborted by the service provider: {Describe(Reason)}";

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output) => WriteFixed(output, Type, third: (byte)Source, fourth: (byte)Reason);

    /// <summary><see cref="Description"/>.</summary>
    public override string ToString() => Description;

    private static string Describe(AbortReason reason) => reason switch
    {
        AbortReason.NotSpecified => "reason not specified",
        AbortReason.UnrecognizedPdu => "unrecognised PDU",
        AbortReason.UnexpectedPdu => "unexpected PDU",
        AbortReason.UnrecognizedPduParameter => "unrecognised PDU parameter",
        AbortReason.UnexpectedPduParameter => "unexpected PDU parameter",
        AbortReason.InvalidPduParameterValue => "invalid PDU parameter value",
        _ => $"reason {(byte)reason}",
    };
}
