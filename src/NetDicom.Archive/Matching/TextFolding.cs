using System.Text;

namespace NetDicom.Archive;

/// <summary>Text without the differences that do not count: how its characters are composed, and of names case and accents.</summary>
/// <remarks>By a table of its own: programs in invariant globalization mode have no Unicode normalisation.</remarks>
internal static partial class TextFolding
{
    /// <summary>Folds a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ignoreCase">Lower case throughout.</param>
    /// <param name="ignoreAccents">Letters without their marks: Latin, Greek, Cyrillic; ß is ss, æ is ae. Vowel points of Hebrew and Arabic are left out.</param>
    public static string Fold(string text, bool ignoreCase, bool ignoreAccents)
    {
        if (Ascii.IsValid(text))
            return ignoreCase ? text.ToLowerInvariant() : text;
        text = TextComposition.Compose(text);
        if (!ignoreCase && !ignoreAccents)
            return text;
        var folded = new StringBuilder(text.Length + 2);
        foreach (char c in text)
        {
            if (!ignoreAccents || c < 0x80)
            {
                folded.Append(c);
                continue;
            }

            if (IsMark(c))
                continue;
            int row = Letters.BinarySearch((ushort)c);
            if (row < 0)
            {
                folded.Append(c);
                continue;
            }

            folded.Append((char)First[row]);
            if (Second[row] != 0)
                folded.Append((char)Second[row]);
        }

        // A sigma at the end of a word is the same letter.
        return ignoreCase ? folded.ToString().ToLowerInvariant().Replace('ς', 'σ') : folded.ToString();
    }

    // Combining diacritical marks; Hebrew points; Arabic vowel signs.
    private static bool IsMark(char c) => c is (>= '\u0300' and <= '\u036F') or (>= '\u0591' and <= '\u05BD') or (>= '\u064B' and <= '\u0652');
}
