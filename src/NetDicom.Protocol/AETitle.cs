using System.Diagnostics.CodeAnalysis;

namespace NetDicom.Protocol;

/// <summary>
/// An application entity title: 1 to 16 characters of ISO 646 (20H to 7EH without backslash), leading and trailing spaces without meaning
/// (PS3.8 section 9.3.2, PS3.5 section 6.2 VR AE).
/// </summary>
/// <remarks><c>default</c> means "no title": sixteen spaces on the wire, which a peer must not send and which is refused where a title is needed.</remarks>
public readonly record struct AETitle
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxLength = 16;

    private readonly string? _text;

    private AETitle(string text) => _text = text;

    /// <summary>No title.</summary>
    public bool IsNone => _text is null;

    /// <summary>Takes a title; spaces at both ends are dropped. False for an empty or too long title or one with characters outside the repertoire.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AETitle title)
    {
        title = default;
        if (text is null)
            return false;
        string trimmed = text.Trim(' ');
        if (trimmed.Length is 0 or > MaxLength)
            return false;
        foreach (char c in trimmed)
        {
            if (c is < ' ' or > '~' or '\\')
                return false;
        }

        title = new AETitle(trimmed);
        return true;
    }

    /// <summary>
    /// Takes a title from the bytes of a field or element; spaces at both ends and trailing NULs (met in the field) are dropped. False as for text.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> ascii, out AETitle title)
    {
        title = default;
        ascii = ascii.TrimEnd("\0 "u8).TrimStart((byte)' ');
        if (ascii.Length is 0 or > MaxLength)
            return false;
        Span<char> text = stackalloc char[MaxLength];
        for (int i = 0; i < ascii.Length; i++)
        {
            if (ascii[i] is < 0x20 or > 0x7E or (byte)'\\')
                return false;
            text[i] = (char)ascii[i];
        }

        title = new AETitle(text[..ascii.Length].ToString());
        return true;
    }

    /// <summary>Takes a title; spaces at both ends are dropped.</summary>
    /// <exception cref="FormatException">The title is empty, over 16 characters, or has a character outside 20H to 7EH or a backslash.</exception>
    public static AETitle Parse(string text) => TryParse(text, out AETitle title)
        ? title
        : throw new FormatException($"'{text}' is not an AE title (1 to {MaxLength} characters from 20H to 7EH without backslash, PS3.5 section 6.2)");

    /// <summary>The title without surrounding spaces; empty for none.</summary>
    public override string ToString() => _text ?? "";
}
