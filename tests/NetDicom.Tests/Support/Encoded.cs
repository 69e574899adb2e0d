using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Tests.Support;

/// <summary>Writes data sets byte by byte, right or wrong, without the library's own writers.</summary>
public sealed class Encoded(bool explicitVR = true, bool bigEndian = false)
{
    private readonly List<byte> _bytes = [];

    public static Encoded ExplicitLittle => new();

    public static Encoded Implicit => new(false);

    public static Encoded ExplicitBig => new(true, true);

    public byte[] Bytes => [.. _bytes];

    public Encoded Element(uint tag, string vr, string value) => Element(tag, vr, Encoding.Latin1.GetBytes(value));

    public Encoded Element(uint tag, string vr, params byte[] value) => Header(tag, vr, (uint)value.Length).Raw(value);

    /// <summary>The header of an element, with any length.</summary>
    public Encoded Header(uint tag, string vr, uint length)
    {
        Tag(tag);
        if (!explicitVR)
            return Number(length);
        Raw(Encoding.Latin1.GetBytes(vr));
        bool isLong = vr is "OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC" or "UN" or "UR" or "UT" or "UV" or "ZZ";
        return isLong ? Word(0).Number(length) : Word((ushort)length);
    }

    public Encoded Sequence(uint tag, uint length = 0xFFFFFFFF, string vr = "SQ") => Header(tag, vr, length);

    public Encoded Item(uint length = 0xFFFFFFFF) => Tag(0xFFFEE000).Number(length);

    public Encoded EndItem() => Tag(0xFFFEE00D).Number(0);

    public Encoded EndSequence() => Tag(0xFFFEE0DD).Number(0);

    public Encoded Tag(uint tag) => Word((ushort)(tag >> 16)).Word((ushort)tag);

    public Encoded Word(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Encoded Number(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public Encoded Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public Encoded Raw(Encoded other) => Raw(other.Bytes);
}
