namespace NetDicom;

/// <summary>A value representation: two letters (PS3.5 section 6.2).</summary>
/// <remarks>
/// Any two letters can be held, since real data carry VRs the standard does not know; <see cref="IsKnown"/> tells.
/// <c>default</c> means "none": implicit VR data have no VR of their own.
/// </remarks>
public readonly partial record struct DicomVR
{
    // Bits of Traits.
    private const int SwapMask = 0x03, LongForm = 0x04, Text = 0x08, SpecificCharset = 0x10, Several = 0x20, SpacePadded = 0x40, LeadingSpacesIgnored = 0x80;

    private static string?[]? _names;

    internal DicomVR(ushort code) => Code = code;

    /// <summary>The VR with these two letters.</summary>
    public DicomVR(char first, char second) : this((ushort)((byte)first << 8 | (byte)second))
    {
    }

    /// <summary>The two letters: the first in the upper 8 bits.</summary>
    public ushort Code { get; }

    /// <summary>No VR: the value of <c>default</c>.</summary>
    public bool IsNone => Code == 0;

    /// <summary>Whether the standard defines this VR.</summary>
    public bool IsKnown => Row >= 0;

    /// <summary>Whether explicit VR writes two reserved bytes and a 32-bit length. So do all unknown VRs (PS3.5 section 7.1.2).</summary>
    public bool IsLongForm => Row is var row && (row < 0 || (Traits[row] & LongForm) != 0);

    /// <summary>Bytes that change places between little and big endian: 1 (never swapped), 2, 4 or 8. AT swaps each of its two halves: 2.</summary>
    public int SwapUnit => Row is >= 0 and var row ? 1 << (Traits[row] & SwapMask) : 1;

    /// <summary>What fills up a value of odd length: a space for text, NUL for UI and for bytes (PS3.5 section 6.2).</summary>
    public byte Padding => Has(SpacePadded) ? (byte)' ' : (byte)0;

    /// <summary>Whether the value is text, UI included.</summary>
    public bool IsText => Has(Text);

    /// <summary>Whether Specific Character Set (0008,0005) governs the text (PS3.5 section 6.1.2.2).</summary>
    public bool UsesSpecificCharacterSet => Has(SpecificCharset);

    /// <summary>Whether an element can hold several values: separated by backslash in text, concatenated in binary (PS3.5 section 6.4).</summary>
    public bool AllowsSeveralValues => Has(Several);

    /// <summary>Whether spaces in front of a value mean nothing.</summary>
    public bool IgnoresLeadingSpaces => Has(LeadingSpacesIgnored);

    /// <summary>Whether the value is a sequence of items.</summary>
    public bool IsSequence => this == SQ;

    /// <summary>Bytes of one value where all have the same size (US 2, FD 8, OW 2 …); 0 for text, SQ, OB and UN.</summary>
    public int ValueSize => Row is >= 0 and var row ? ValueSizes[row] : 0;

    /// <summary>Longest value: in characters where <see cref="UsesSpecificCharacterSet"/>, else in bytes.</summary>
    public uint MaxLength => Row is >= 0 and var row ? MaxLengths[row] : uint.MaxValue - 1;

    /// <summary>The name, such as Person Name; empty for a VR the standard does not know.</summary>
    public string Name => Row is >= 0 and var row ? TableText.Cached(ref _names, NameOffsets.Length, row, TableText.Field(NameText, NameOffsets[row], 0)) : "";

    private int Row
    {
        get
        {
            uint first = (uint)(Code >> 8) - 'A';
            uint second = (uint)(Code & 0xFF) - 'A';
            if (first > 25 || second > 25)
                return -1;
            byte row = RowOfLetters[(int)(first * 26 + second)];
            return row == 255 ? -1 : row;
        }
    }

    /// <summary>The VR of the two bytes at the start of <paramref name="letters"/>, known or not.</summary>
    public static DicomVR FromBytes(ReadOnlySpan<byte> letters) => new((ushort)(letters[0] << 8 | letters[1]));

    /// <summary>Reads two upper-case letters; whether the standard knows them is not asked.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DicomVR vr)
    {
        bool valid = text.Length == 2 && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1]);
        vr = valid ? new DicomVR(text[0], text[1]) : default;
        return valid;
    }

    /// <summary>The two letters; empty for none.</summary>
    public override string ToString() => IsNone ? "" : string.Create(2, Code, static (span, code) =>
    {
        span[0] = (char)(code >> 8);
        span[1] = (char)(code & 0xFF);
    });

    private bool Has(int trait) => Row is >= 0 and var row && (Traits[row] & trait) != 0;
}
