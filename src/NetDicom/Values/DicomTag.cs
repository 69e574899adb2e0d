using System.Globalization;

namespace NetDicom;

/// <summary>A data element tag: group and element number (PS3.5 section 7.1).</summary>
/// <remarks><c>default</c> is (0000,0000), the Command Group Length.</remarks>
public readonly record struct DicomTag(ushort Group, ushort Element) : IComparable<DicomTag>
{
    /// <summary>The tag whose number is <paramref name="value"/>: group in the upper 16 bits, element in the lower.</summary>
    public DicomTag(uint value) : this((ushort)(value >> 16), (ushort)value)
    {
    }

    /// <summary>Group in the upper 16 bits, element in the lower: the order of elements in a data set.</summary>
    public uint Value => (uint)Group << 16 | Element;

    /// <summary>Odd groups are private (PS3.5 section 7.8).</summary>
    public bool IsPrivate => (Group & 1) != 0;

    /// <summary>A private creator: (gggg,0010) to (gggg,00FF) with an odd group (PS3.5 section 7.8.1).</summary>
    public bool IsPrivateCreator => IsPrivate && Element is >= 0x0010 and <= 0x00FF;

    /// <summary>A group length element (gggg,0000), retired outside groups 0000 and 0002 (PS3.5 section 7.2).</summary>
    public bool IsGroupLength => Element == 0;

    /// <inheritdoc/>
    public int CompareTo(DicomTag other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> in a data set.</summary>
    public static bool operator <(DicomTag left, DicomTag right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> in a data set.</summary>
    public static bool operator >(DicomTag left, DicomTag right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> or is the same.</summary>
    public static bool operator <=(DicomTag left, DicomTag right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> or is the same.</summary>
    public static bool operator >=(DicomTag left, DicomTag right) => left.Value >= right.Value;

    /// <summary>Reads <c>(gggg,eeee)</c>, <c>gggg,eeee</c> or <c>ggggeeee</c>, hexadecimal, either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomTag tag)
    {
        tag = default;
        if (text.Length == 11 && text[0] == '(' && text[10] == ')')
            text = text[1..10];
        if (text.Length == 9 && text[4] == ',')
        {
            if (!TryHex(text[..4], out uint group) || !TryHex(text[5..], out uint element))
                return false;
            tag = new DicomTag((ushort)group, (ushort)element);
            return true;
        }

        if (text.Length != 8 || !TryHex(text, out uint value))
            return false;
        tag = new DicomTag(value);
        return true;
    }

    /// <summary>Reads a tag as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a tag.</exception>
    public static DicomTag Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out DicomTag tag) ? tag : throw new FormatException($"'{text}' is not a tag: (gggg,eeee) is wanted");

    /// <summary>The tag as the standard prints it: <c>(gggg,eeee)</c>, upper case.</summary>
    public override string ToString() => $"({Group:X4},{Element:X4})";

    private static bool TryHex(ReadOnlySpan<char> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
