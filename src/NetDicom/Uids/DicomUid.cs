using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NetDicom;

/// <summary>
/// A unique identifier: numeric components joined by dots, 64 characters at most (PS3.5 section 9).
/// A value of this type holds digits and single inner dots only, so it is safe as a file name.
/// </summary>
/// <remarks>
/// Components with leading zeros are taken, since real equipment writes them (the standard forbids them).
/// <c>default</c> means "none": <see cref="IsNone"/> is true and the text is empty.
/// </remarks>
public readonly partial struct DicomUid : IEquatable<DicomUid>, IComparable<DicomUid>
{
    /// <summary>Longest UID, in characters (PS3.5 section 9.1).</summary>
    public const int MaxLength = 64;

    private readonly string? _text;

    /// <summary>Takes a UID that is known to be right, for instance a literal.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> is not a UID.</exception>
    public DicomUid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!IsValid(text))
            throw new ArgumentException($"'{text}' is not a UID (PS3.5 section 9.1: digits and single dots, {MaxLength} characters at most)", nameof(text));
        _text = text;
    }

    // The tables and the readers have checked the text already.
    private DicomUid(string text, bool _) => _text = text;

    /// <summary>No UID at all: the value of <c>default</c>.</summary>
    public bool IsNone => _text is null;

    /// <summary>The text without making a string; empty for none.</summary>
    internal ReadOnlySpan<char> Chars => _text;

    /// <summary>Length of the text in characters; 0 for none.</summary>
    public int Length => _text?.Length ?? 0;

    /// <summary>Takes text that is known to be a UID, such as a line of the generated tables, without looking at it again.</summary>
    internal static DicomUid FromChecked(string text) => new(text, true);

    /// <summary>Whether <paramref name="text"/> is a UID: numeric components of one digit or more, joined by single dots, at most 64 characters.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) => text is not null && IsValid(text.AsSpan());

    /// <summary>Whether <paramref name="text"/> is a UID: numeric components of one digit or more, joined by single dots, at most 64 characters.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
            return false;
        bool inComponent = false;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
                inComponent = true;
            else if (c == '.' && inComponent)
                inComponent = false;
            else
                return false;
        }

        return inComponent;
    }

    /// <summary>Takes <paramref name="text"/> as a UID, or answers false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DicomUid uid)
    {
        bool valid = IsValid(text);
        uid = valid ? new DicomUid(text!, true) : default;
        return valid;
    }

    /// <summary>
    /// Takes a UID from the bytes of an element or item. Trailing NUL and space, and leading space, are passed over: both are met in the field.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out DicomUid uid)
    {
        ascii = ascii.TrimEnd("\0 "u8).TrimStart((byte)' ');
        uid = default;
        if (ascii.Length is 0 or > MaxLength)
            return false;
        // What the standard registers has a string already.
        if (ascii.StartsWith("1.2.840.10008."u8) && UidTable.Find(ascii) is >= 0 and var row)
        {
            uid = UidTable.Uid(row);
            return true;
        }

        Span<char> text = stackalloc char[MaxLength];
        for (int i = 0; i < ascii.Length; i++)
            text[i] = (char)ascii[i];
        text = text[..ascii.Length];
        if (!IsValid(text))
            return false;
        uid = new DicomUid(text.ToString(), true);
        return true;
    }

    /// <summary>Takes <paramref name="text"/> as a UID.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a UID.</exception>
    public static DicomUid Parse(string text) => TryParse(text, out DicomUid uid)
        ? uid
        : throw new FormatException($"'{text}' is not a UID (PS3.5 section 9.1: digits and single dots, {MaxLength} characters at most)");

    /// <summary>Whether the text is the bytes <paramref name="ascii"/>, without making a string.</summary>
    public bool TextEquals(ReadOnlySpan<byte> ascii) => Ascii.Equals(ascii, _text.AsSpan());

    /// <inheritdoc/>
    public bool Equals(DicomUid other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DicomUid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>Orders by text, ordinally: an order for tables, without meaning in the standard.</summary>
    public int CompareTo(DicomUid other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Same text.</summary>
    public static bool operator ==(DicomUid left, DicomUid right) => left.Equals(right);

    /// <summary>Other text.</summary>
    public static bool operator !=(DicomUid left, DicomUid right) => !left.Equals(right);

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator <(DicomUid left, DicomUid right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator >(DicomUid left, DicomUid right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator <=(DicomUid left, DicomUid right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order of the text.</summary>
    public static bool operator >=(DicomUid left, DicomUid right) => left.CompareTo(right) >= 0;

    /// <summary>The text; empty for none.</summary>
    public override string ToString() => _text ?? "";
}
