using System.Buffers.Binary;

namespace NetDicom.Protocol;

/// <summary>Walks over the items of a parent (type 1 byte, reserved 1, length 2 big-endian, value) and the fields inside one.</summary>
internal ref struct ItemReader
{
    /// <summary>Type, reserved byte and length.</summary>
    public const int HeaderLength = 4;

    // Longer names are cut: they are only ever compared or logged, and a log line is no place for 64 KiB of a stranger's text.
    private const int MaxTextLength = 64;

    private ReadOnlySpan<byte> _rest;
    private long _offset;

    /// <summary>A reader over the items <paramref name="items"/>, which begin <paramref name="offset"/> bytes after the start of the PDU.</summary>
    public ItemReader(ReadOnlySpan<byte> items, long offset)
    {
        _rest = items;
        _offset = offset;
    }

    /// <summary>The type of the item at hand.</summary>
    public ItemType Type { get; private set; }

    /// <summary>The value of the item at hand; the fields read from it are taken off the front.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Bytes from the start of the PDU to the item at hand.</summary>
    public long Offset { get; private set; }

    /// <summary>Bytes from the start of the PDU to the value of the item at hand.</summary>
    public readonly long ValueOffset => Offset + HeaderLength;

    /// <summary>Goes to the next item; false at the end of the parent.</summary>
    /// <exception cref="PduViolationException">What is left is no item, or the item runs past its parent.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < HeaderLength)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"{_rest.Length} bytes are left over that are no item (PS3.8 9.3.1)", _offset);
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length - HeaderLength)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"item {_rest[0]:X2}H of {length} bytes runs past its parent, which has {_rest.Length - HeaderLength} left (PS3.8 9.3.1)", _offset);
        Type = (ItemType)_rest[0];
        Value = _rest.Slice(HeaderLength, length);
        Offset = _offset;
        _rest = _rest[(HeaderLength + length)..];
        _offset += HeaderLength + length;
        return true;
    }

    /// <summary>A reader over the sub-items of the item at hand.</summary>
    public readonly ItemReader Nested() => new(Value, ValueOffset);

    /// <summary>The whole value as a UID; none if it is not one, so that only what hangs on it is refused.</summary>
    public readonly DicomUid ReadUid() => ToUid(Value);

    /// <summary>The whole value as text: trailing NULs and spaces dropped, anything outside 20H to 7EH as '?', 64 characters at most.</summary>
    public readonly string ReadText()
    {
        ReadOnlySpan<byte> ascii = Value.TrimEnd("\0 "u8);
        return string.Create(Math.Min(ascii.Length, MaxTextLength), ascii, static (text, bytes) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = bytes[i] is >= 0x20 and <= 0x7E ? (char)bytes[i] : '?';
        });
    }

    /// <summary>Requires the value to be <paramref name="length"/> bytes.</summary>
    public readonly void RequireLength(int length)
    {
        if (Value.Length != length)
            throw Wrong($"has {Value.Length} bytes where {length} are wanted");
    }

    /// <summary>Takes one byte off the value.</summary>
    public byte TakeByte()
    {
        if (Value.IsEmpty)
            throw Wrong("ends too early");
        byte value = Value[0];
        Value = Value[1..];
        return value;
    }

    /// <summary>Takes a 16-bit number off the value.</summary>
    public ushort TakeUInt16()
    {
        if (Value.Length < 2)
            throw Wrong("ends too early");
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(Value);
        Value = Value[2..];
        return value;
    }

    /// <summary>Takes a field with a 16-bit length before it off the value.</summary>
    public ReadOnlySpan<byte> TakeField()
    {
        int length = TakeUInt16();
        if (length > Value.Length)
            throw Wrong($"holds a field of {length} bytes where {Value.Length} are left");
        ReadOnlySpan<byte> field = Value[..length];
        Value = Value[length..];
        return field;
    }

    /// <summary>Takes a UID with a 16-bit length before it off the value; none if it is not one.</summary>
    public DicomUid TakeUid() => ToUid(TakeField());

    /// <summary>Requires all fields to have been taken.</summary>
    public readonly void RequireEnd()
    {
        if (!Value.IsEmpty)
            throw Wrong($"has {Value.Length} bytes more than its fields");
    }

    private readonly PduViolationException Wrong(string what) =>
        new(AbortReason.InvalidPduParameterValue, $"item {(byte)Type:X2}H {what} (PS3.7 annex D.3.3, PS3.8 9.3)", Offset);

    private static DicomUid ToUid(ReadOnlySpan<byte> ascii) => DicomUid.TryParse(ascii, out DicomUid uid) ? uid : default;
}
