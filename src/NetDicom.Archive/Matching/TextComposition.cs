using System.Text;

namespace NetDicom.Archive;

/// <summary>
/// Unicode's normalisation form C: texts that are canonically equivalent, such as é as one character and as e with a combining accent, Hangul as syllables and as letters, become the same text.
/// </summary>
/// <remarks>By tables of its own: programs in invariant globalization mode, as netdicom, have no Unicode normalisation. The rules are those of Unicode Standard Annex 15 and of section 3.11 and 3.12 of the standard.</remarks>
internal static partial class TextComposition
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7, Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    /// <summary>Below this every character is composed already, and none is a mark.</summary>
    private const char FirstToLookAt = '\u0300';

    private static readonly Lazy<Dictionary<(int, int), int>> s_pairs = new(static () =>
    {
        var pairs = new Dictionary<(int, int), int>();
        for (int i = 0; i < Composites.Length; i++)
        {
            if (Composes[i] != 0)
                pairs[(Firsts[i], Seconds[i])] = Composites[i];
        }

        return pairs;
    });

    /// <summary>The text in form C; the same object if it is already known to be.</summary>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstToLookAt, '\uFFFF') < 0)
            return text;
        var characters = new List<int>(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            int code = text[i];
            // A surrogate that stands alone is no character, and stays what it is.
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                code = char.ConvertToUtf32(text[i], text[++i]);
            Decompose(code, characters);
        }

        byte[] classes = new byte[characters.Count];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = ClassOf(characters[i]);
        Order(characters, classes);
        int count = Join(characters, classes);
        var composed = new StringBuilder(count);
        for (int i = 0; i < count; i++)
        {
            if (characters[i] <= 0xFFFF)
                composed.Append((char)characters[i]);
            else
                composed.Append(char.ConvertFromUtf32(characters[i]));
        }

        return composed.ToString();
    }

    private static void Decompose(int code, List<int> into)
    {
        if (code < 0xC0)
        {
            into.Add(code);
            return;
        }

        int syllable = code - HangulFirst;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(LeadFirst + syllable / (Vowels * Tails));
            into.Add(VowelFirst + syllable % (Vowels * Tails) / Tails);
            if (syllable % Tails != 0)
                into.Add(TailFirst + syllable % Tails);
            return;
        }

        int row = Composites.BinarySearch(code);
        if (row < 0)
        {
            into.Add(code);
            return;
        }

        // Each may be decomposed further.
        Decompose(Firsts[row], into);
        if (Seconds[row] != 0)
            Decompose(Seconds[row], into);
    }

    /// <summary>Marks on one letter in the order of their classes; those of one class stay as they stand.</summary>
    private static void Order(List<int> characters, byte[] classes)
    {
        for (int from = 0; from < classes.Length; from++)
        {
            if (classes[from] == 0)
                continue;
            int to = from + 1;
            bool isOrdered = true;
            while (to < classes.Length && classes[to] != 0)
            {
                isOrdered &= classes[to] >= classes[to - 1];
                to++;
            }

            if (!isOrdered)
            {
                // Not one by one: a stranger may send thousands of marks.
                (byte Class, int Place, int Code)[] run = [.. Enumerable.Range(from, to - from).Select(at => (classes[at], at, characters[at]))];
                Array.Sort(run, static (a, b) => a.Class != b.Class ? a.Class.CompareTo(b.Class) : a.Place.CompareTo(b.Place));
                for (int i = 0; i < run.Length; i++)
                    (classes[from + i], characters[from + i]) = (run[i].Class, run[i].Code);
            }

            from = to;
        }
    }

    /// <summary>Composes pairs in place.</summary>
    /// <returns>How many characters are left.</returns>
    private static int Join(List<int> characters, byte[] classes)
    {
        int count = 0, starter = -1;
        int last = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            int code = characters[i], own = classes[i];
            // Nothing of the same class or a higher one stands between the letter and this: it is not blocked.
            bool isFree = starter >= 0 && (starter == count - 1 || last < own && last != 0);
            if (isFree && TryJoin(characters[starter], code, out int joined))
            {
                characters[starter] = joined;
                continue;
            }

            if (own == 0)
                starter = count;
            last = own;
            characters[count++] = code;
        }

        return count;
    }

    private static bool TryJoin(int first, int second, out int joined)
    {
        int lead = first - LeadFirst, vowel = second - VowelFirst, syllable = first - HangulFirst, tail = second - TailFirst;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            joined = HangulFirst + (lead * Vowels + vowel) * Tails;
        else if (syllable is >= 0 and < Syllables && syllable % Tails == 0 && tail is > 0 and < Tails)
            joined = first + tail;
        else
            return s_pairs.Value.TryGetValue((first, second), out joined);
        return true;
    }

    private static byte ClassOf(int code)
    {
        if (code < FirstToLookAt)
            return 0;
        int row = ClassFirsts.BinarySearch(code);
        if (row < 0)
            row = ~row - 1;
        return row >= 0 && code <= ClassLasts[row] ? Classes[row] : (byte)0;
    }
}
