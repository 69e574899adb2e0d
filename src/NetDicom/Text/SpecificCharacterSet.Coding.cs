using System.Buffers;
using System.Text;

namespace NetDicom;

public sealed partial class SpecificCharacterSet
{
    private const byte Esc = 0x1B;

    /// <summary>The text of a whole element value, backslashes between values included. Never fails: what cannot be decoded becomes U+FFFD.</summary>
    /// <param name="bytes">The value field.</param>
    /// <param name="isPersonName">Whether <c>^</c> and <c>=</c> are delimiters at which code extensions start anew (PS3.5 section 6.1.2.5.3).</param>
    public string Decode(ReadOnlySpan<byte> bytes, bool isPersonName = false)
    {
        if (System.Text.Ascii.IsValid(bytes) && !bytes.Contains(Esc))
            return Encoding.ASCII.GetString(bytes);
        if (IsAlone)
            return First.Encoding.GetString(bytes);
        // 8-bit text without a character set is an error that real files make; Latin-1 loses nothing.
        CharacterSetTerm first = First == CharacterSetTerm.Ascii ? CharacterSetTerm.All[1] : First;
        if (!bytes.Contains(Esc) && first.Kind is CharacterSetKind.SingleByte)
            return first.Encoding.GetString(bytes);

        var text = new StringBuilder(bytes.Length);
        CharacterSetTerm g1 = first;
        CharacterSetTerm? g0 = null;
        while (!bytes.IsEmpty)
        {
            if (bytes[0] == Esc && TryEscape(bytes, ref g0, ref g1, out int length))
            {
                bytes = bytes[length..];
                continue;
            }

            // In a two-byte G0 set a delimiter byte may be half a character; control characters always end the state.
            if (g0 is null ? IsDelimiter(bytes[0], isPersonName) : bytes[0] < 0x20)
            {
                text.Append((char)bytes[0]);
                bytes = bytes[1..];
                g0 = null;
                g1 = first;
                continue;
            }

            int run = Run(bytes, g0, isPersonName);
            text.Append(DecodeRun(bytes[..run], g0, g1));
            bytes = bytes[run..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of text in this character set, with the escape sequences it needs (PS3.5 section 6.1.2.5).</summary>
    /// <param name="text">The text; backslashes separate values.</param>
    /// <param name="isPersonName">Whether <c>^</c> and <c>=</c> are delimiters before which the initial state is restored.</param>
    /// <param name="bytes">The bytes, without padding.</param>
    /// <returns><see langword="false"/> if a character is in none of the sets.</returns>
    public bool TryEncode(string text, bool isPersonName, out byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = [];
        if (System.Text.Ascii.IsValid(text))
        {
            bytes = Encoding.ASCII.GetBytes(text);
            return true;
        }

        var output = new ArrayBufferWriter<byte>(text.Length * 2);
        try
        {
            if (IsAlone || _sets.Length == 1)
            {
                bytes = First.Kind == CharacterSetKind.Katakana ? EncodeSingle(text, First) : First.Strict.GetBytes(text);
                return true;
            }

            CharacterSetTerm current = First;
            foreach (Rune rune in text.EnumerateRunes())
            {
                if (rune.IsAscii)
                {
                    bool delimiter = IsDelimiter((byte)rune.Value, isPersonName);
                    if (IsTwoByteG0(current) || delimiter && current != First)
                    {
                        // Back to the initial state before a delimiter; ASCII alone ends kanji.
                        Write(output, current.Kind is CharacterSetKind.DoubleByteG1 || !IsTwoByteG0(current) ? [] : [Esc, (byte)'(', (byte)'B']);
                        if (delimiter || IsTwoByteG0(current))
                            current = First;
                    }

                    Write(output, [(byte)rune.Value]);
                    continue;
                }

                if (!TryEncodeRune(rune, ref current, output))
                    return false;
            }

            if (IsTwoByteG0(current))
                Write(output, [Esc, (byte)'(', (byte)'B']);
            bytes = output.WrittenSpan.ToArray();
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private bool TryEncodeRune(Rune rune, ref CharacterSetTerm current, ArrayBufferWriter<byte> output)
    {
        string one = rune.ToString();
        if (TryBytes(one, current, out byte[] coded))
        {
            Write(output, coded);
            return true;
        }

        foreach (CharacterSetTerm set in _sets)
        {
            if (set == current || !TryBytes(one, set, out coded))
                continue;
            if (IsTwoByteG0(current) && !IsTwoByteG0(set))
                Write(output, [Esc, (byte)'(', (byte)'B']);
            // Katakana in G1 wants its own G0 as well, but romaji differs from ASCII in two signs only.
            Write(output, [Esc, .. set.Escape]);
            Write(output, coded);
            current = set;
            return true;
        }

        return false;
    }

    private static bool TryBytes(string one, CharacterSetTerm set, out byte[] coded)
    {
        coded = [];
        if (set == CharacterSetTerm.Ascii)
            return false;
        byte[] raw;
        try
        {
            raw = set.Kind == CharacterSetKind.Katakana ? EncodeSingle(one, set) : set.Strict.GetBytes(one);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        switch (set.Kind)
        {
            case CharacterSetKind.SingleByte or CharacterSetKind.Katakana:
                coded = raw;
                return raw.Length == 1 && raw[0] >= 0x80;
            case CharacterSetKind.KanjiG0:
                // Code page 20932: both bytes with bit 7 is JIS X 0208, the first only JIS X 0212.
                if (raw.Length != 2 || raw[0] < 0xA1 || raw[1] < 0xA1)
                    return false;
                coded = [(byte)(raw[0] & 0x7F), (byte)(raw[1] & 0x7F)];
                return true;
            case CharacterSetKind.SupplementaryKanjiG0:
                if (raw.Length != 2 || raw[0] < 0xA1 || raw[1] >= 0x80)
                    return false;
                coded = [(byte)(raw[0] & 0x7F), raw[1]];
                return true;
            default:
                // The code pages go beyond the standard's sets, whose bytes are both above A0.
                coded = raw;
                return raw.Length == 2 && raw[0] >= 0xA1 && raw[1] >= 0xA1;
        }
    }

    private static byte[] EncodeSingle(string text, CharacterSetTerm set)
    {
        byte[] bytes = set.Strict.GetBytes(text);
        // Code page 932 would give two bytes for kanji, which ISO-IR 13 does not have.
        return bytes.Length == text.Length ? bytes : throw new EncoderFallbackException();
    }

    private static bool IsTwoByteG0(CharacterSetTerm set) => set.Kind is CharacterSetKind.KanjiG0 or CharacterSetKind.SupplementaryKanjiG0;

    private static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes) => output.Write(bytes);

    // PS3.5 section 6.1.2.5.3: the initial state comes back at these.
    private static bool IsDelimiter(byte value, bool isPersonName) =>
        value is (byte)'\\' or 0x09 or 0x0A or 0x0C or 0x0D || isPersonName && value is (byte)'^' or (byte)'=' && isPersonName;

    private static int Run(ReadOnlySpan<byte> bytes, CharacterSetTerm? g0, bool isPersonName)
    {
        int length = 1;
        while (length < bytes.Length && bytes[length] != Esc && (g0 is null ? !IsDelimiter(bytes[length], isPersonName) : bytes[length] >= 0x20))
            length++;
        return length;
    }

    private static string DecodeRun(ReadOnlySpan<byte> bytes, CharacterSetTerm? g0, CharacterSetTerm g1)
    {
        if (g0 is null)
            return g1.Encoding.GetString(bytes);
        byte[] raised = bytes.ToArray();
        for (int i = 0; i < raised.Length; i++)
        {
            // Kanji are fed to the EUC code page: bit 7 on both bytes, for JIS X 0212 on the first alone. A lone last byte is damage.
            bool first = (i & 1) == 0;
            if (first || g0.Kind == CharacterSetKind.KanjiG0)
                raised[i] |= 0x80;
        }

        return g0.Encoding.GetString(raised);
    }

    private static bool TryEscape(ReadOnlySpan<byte> bytes, ref CharacterSetTerm? g0, ref CharacterSetTerm g1, out int length)
    {
        ReadOnlySpan<byte> after = bytes[1..];
        // ASCII or ISO-IR 14 romaji in G0: plain one-byte characters again.
        if (after.StartsWith("(B"u8) || after.StartsWith("(J"u8))
        {
            g0 = null;
            length = 3;
            return true;
        }

        foreach (CharacterSetTerm set in CharacterSetTerm.All)
        {
            if (set.Escape.Length == 0 || !after.StartsWith(set.Escape))
                continue;
            if (IsTwoByteG0(set))
            {
                g0 = set;
            }
            else
            {
                g1 = set;
                if (set.Kind is CharacterSetKind.Katakana or CharacterSetKind.SingleByte)
                    g0 = null;
            }

            length = 1 + set.Escape.Length;
            return true;
        }

        length = 0;
        return false;
    }
}
