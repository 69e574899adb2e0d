using System.Text;

namespace NetDicom;

/// <summary>One term of Specific Character Set (PS3.3 section C.12.1.1.2) and how .NET decodes it.</summary>
/// <param name="Term">The defined term without <c>ISO 2022</c>, such as IR 100.</param>
/// <param name="CodePage">The code page of .NET.</param>
/// <param name="Escape">What follows ESC in the escape sequence of its G1 half, or of G0 for kanji; empty where there is none.</param>
/// <param name="Kind">How its bytes are cut and fed to the code page.</param>
internal sealed record CharacterSetTerm(string Term, int CodePage, byte[] Escape, CharacterSetKind Kind)
{
    private Encoding? _encoding;
    private Encoding? _strict;

    internal static CharacterSetTerm Ascii { get; } = new("IR 6", 20127, "(B"u8.ToArray(), CharacterSetKind.SingleByte);

    // PS3.3 tables C.12-2 to C.12-5.
    internal static CharacterSetTerm[] All { get; } =
    [
        Ascii,
        new("IR 100", 28591, "-A"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 101", 28592, "-B"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 109", 28593, "-C"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 110", 28594, "-D"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 144", 28595, "-L"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 127", 28596, "-G"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 126", 28597, "-F"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 138", 28598, "-H"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 148", 28599, "-M"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 203", 28605, "-b"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 166", 874, "-T"u8.ToArray(), CharacterSetKind.SingleByte),
        new("IR 13", 932, ")I"u8.ToArray(), CharacterSetKind.Katakana),
        new("IR 87", 20932, "$B"u8.ToArray(), CharacterSetKind.KanjiG0),
        new("IR 159", 20932, "$(D"u8.ToArray(), CharacterSetKind.SupplementaryKanjiG0),
        new("IR 149", 949, "$)C"u8.ToArray(), CharacterSetKind.DoubleByteG1),
        new("IR 58", 936, "$)A"u8.ToArray(), CharacterSetKind.DoubleByteG1),
        new("IR 192", 65001, [], CharacterSetKind.Alone),
        new("GB18030", 54936, [], CharacterSetKind.Alone),
        new("GBK", 936, [], CharacterSetKind.Alone),
    ];

    /// <summary>Decodes with replacement characters, never with an exception.</summary>
    internal Encoding Encoding => _encoding ??= Make(EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback);

    /// <summary>Encodes with an exception where a character is not in the set.</summary>
    internal Encoding Strict => _strict ??= Make(EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    // The code pages come from a provider of the BCL; it is asked directly, so nothing is registered for the whole process.
    private Encoding Make(EncoderFallback encoder, DecoderFallback decoder) =>
        (CodePagesEncodingProvider.Instance.GetEncoding(CodePage, encoder, decoder)) ?? Encoding.GetEncoding(CodePage, encoder, decoder);
}

/// <summary>How the bytes of a character set are laid out (PS3.5 section 6.1.2.5).</summary>
internal enum CharacterSetKind
{
    /// <summary>ASCII in G0, the set in G1: one byte a character.</summary>
    SingleByte,

    /// <summary>ISO-IR 14 romaji in G0, ISO-IR 13 katakana in G1: one byte a character.</summary>
    Katakana,

    /// <summary>JIS X 0208 in G0: two bytes of 7 bits.</summary>
    KanjiG0,

    /// <summary>JIS X 0212 in G0: two bytes of 7 bits.</summary>
    SupplementaryKanjiG0,

    /// <summary>ASCII in G0, two bytes of 8 bits in G1.</summary>
    DoubleByteG1,

    /// <summary>A multi-byte set without code extensions: UTF-8, GB18030, GBK.</summary>
    Alone,
}
