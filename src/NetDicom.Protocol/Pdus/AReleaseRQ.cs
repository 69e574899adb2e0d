using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>A-RELEASE-RQ: asks to end the association (PS3.8 section 9.3.6). Bytes: 1 type 05H, 2 reserved, 3-6 length 4, 7-10 reserved.</summary>
public sealed class AReleaseRQ : Pdu
{
    /// <summary>There is nothing in it, so one will do.</summary>
    public static AReleaseRQ Instance { get; } = new();

    /// <inheritdoc/>
    public override PduType Type => PduType.AReleaseRQ;

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output) => WriteFixed(output, Type);
}
