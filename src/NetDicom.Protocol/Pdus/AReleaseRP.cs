using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>A-RELEASE-RP: agrees to end the association (PS3.8 section 9.3.7). Bytes: 1 type 06H, 2 reserved, 3-6 length 4, 7-10 reserved.</summary>
public sealed class AReleaseRP : Pdu
{
    /// <summary>There is nothing in it, so one will do.</summary>
    public static AReleaseRP Instance { get; } = new();

    /// <inheritdoc/>
    public override PduType Type => PduType.AReleaseRP;

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output) => WriteFixed(output, Type);
}
