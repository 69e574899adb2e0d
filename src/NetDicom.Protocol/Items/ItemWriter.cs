using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Protocol;

/// <summary>Writes items whose lengths are known only afterwards: they are patched. Used once for each association, so it may allocate.</summary>
internal sealed class ItemWriter
{
    private const byte UidPadding = 0;
    private const byte TextPadding = (byte)' ';

    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>UIDs and names are padded to even length, as an element's value would be; the standard wants no padding here (PS3.8 annex F).</summary>
    public bool EvenItems { get; init; }

    /// <summary>What was written so far.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    public Span<byte> GetSpan(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        Span<byte> span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    /// <summary>Begins an item; the result goes to <see cref="End"/>.</summary>
    public int Begin(ItemType type)
    {
        int at = _length;
        Span<byte> header = GetSpan(ItemReader.HeaderLength);
        header.Clear();
        header[0] = (byte)type;
        return at;
    }

    /// <summary>Ends the item begun at <paramref name="at"/>.</summary>
    /// <exception cref="InvalidOperationException">The item is longer than its 16-bit length can say.</exception>
    public void End(int at)
    {
        int length = _length - at - ItemReader.HeaderLength;
        if (length > ushort.MaxValue)
            throw new InvalidOperationException($"item {_buffer[at]:X2}H would have {length} bytes; its length field ends at {ushort.MaxValue} (PS3.8 9.3)");
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(at + 2), (ushort)length);
    }

    public void WriteByte(byte value) => GetSpan(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(GetSpan(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(GetSpan(4), value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(GetSpan(bytes.Length));

    public void WriteAscii(string text) => Encoding.ASCII.GetBytes(text, GetSpan(text.Length));

    /// <summary>A whole sub-item that is one UID: no trailing NUL, no padding to even length (PS3.8 annex F), unless <see cref="EvenItems"/> is set.</summary>
    public void WriteUidItem(ItemType type, DicomUid uid)
    {
        int at = Begin(type);
        WriteUid(uid.ToString());
        End(at);
    }

    /// <summary>A field with its 16-bit length before it.</summary>
    public void WriteField(ReadOnlySpan<byte> field)
    {
        if (field.Length > ushort.MaxValue)
            throw new InvalidOperationException($"a field of {field.Length} bytes; its length ends at {ushort.MaxValue} (PS3.7 annex D.3.3)");
        WriteUInt16((ushort)field.Length);
        WriteBytes(field);
    }

    /// <summary>A UID with its 16-bit length before it.</summary>
    public void WriteUidField(DicomUid uid)
    {
        WriteUInt16((ushort)(UidFieldLength(uid) - 2));
        WriteUid(uid.ToString());
    }

    /// <summary>Bytes that <see cref="WriteUidField"/> writes.</summary>
    public int UidFieldLength(DicomUid uid) => 2 + uid.Length + (EvenItems ? uid.Length & 1 : 0);

    /// <summary>The text of a UID, whose length is stated elsewhere.</summary>
    public void WriteUid(string uid) => WritePadded(uid, UidPadding);

    /// <summary>A name in ASCII.</summary>
    public void WriteName(string name) => WritePadded(name, TextPadding);

    private void WritePadded(string text, byte padding)
    {
        WriteAscii(text);
        if (EvenItems && text.Length % 2 != 0)
            WriteByte(padding);
    }
}
