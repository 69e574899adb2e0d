using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>
/// A protocol data unit of the DICOM upper layer other than P-DATA-TF, which is never held as an object
/// (PS3.8 section 9.3.1: type 1 byte, reserved 1, length 4 big-endian, body).
/// </summary>
public abstract class Pdu
{
    /// <summary>Bytes before the body: type, reserved byte and length.</summary>
    public const int HeaderLength = 6;

    /// <summary>The body of A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP and A-ABORT, in bytes (PS3.8 sections 9.3.4, 9.3.6 to 9.3.8).</summary>
    internal const int FixedBodyLength = 4;

    private protected Pdu()
    {
    }

    /// <summary>Which PDU this is.</summary>
    public abstract PduType Type { get; }

    /// <summary>Writes the whole PDU, header and body.</summary>
    /// <exception cref="InvalidOperationException">The PDU cannot be put on the wire: an item longer than its 16-bit length field, or a title missing.</exception>
    public abstract void Write(IBufferWriter<byte> output);

    /// <summary>The ten bytes of the PDUs whose body is four bytes.</summary>
    private protected static void WriteFixed(IBufferWriter<byte> output, PduType type, byte second = 0, byte third = 0, byte fourth = 0)
    {
        ArgumentNullException.ThrowIfNull(output);
        const int Length = HeaderLength + FixedBodyLength;
        Span<byte> span = output.GetSpan(Length)[..Length];
        span.Clear();
        span[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(span[2..], FixedBodyLength);
        span[7] = second;
        span[8] = third;
        span[9] = fourth;
        output.Advance(Length);
    }
}
