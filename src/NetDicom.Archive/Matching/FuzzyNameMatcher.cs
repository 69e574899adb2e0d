namespace NetDicom.Archive;

/// <summary>
/// Fuzzy semantic matching of a person name (PS3.4 section C.2.2.2.1): every word of the key finds a word of its own in the name, whatever its order and component. Words are alike if
/// equal without case and accents, if one is the initial of the other, if wild cards fit, or if they sound alike.
/// </summary>
internal sealed class FuzzyNameMatcher(string key) : ValueMatcher
{
    private readonly string[] _words = Words(key);

    public override bool IsMatch(string value)
    {
        List<string> free = [.. Words(value)];
        foreach (string word in _words.OrderByDescending(word => word.Length))
        {
            int found = free.FindIndex(name => name == word);
            if (found < 0)
                found = free.FindIndex(name => Alike(word, name));
            if (found < 0)
                return false;
            free.RemoveAt(found);
        }

        return true;
    }

    /// <summary>
    /// A code that names of the same sound share: the first letter, then the kinds of the consonants that follow; vowels, h, w and doubled sounds leave no trace.
    /// Letters outside a to z stand for themselves, so that other scripts are compared as written.
    /// </summary>
    internal static string SoundOf(string word)
    {
        Span<char> code = stackalloc char[8];
        int length = 0;
        char last = '\0';
        foreach (char c in word)
        {
            char kind = Kind(c);
            if (length == 0)
                code[length++] = c is 'c' or 'q' ? 'k' : c is 'z' ? 's' : c is 'y' ? 'i' : c is 'v' ? 'f' : c;
            else if (kind != '\0' && kind != last && length < code.Length)
                code[length++] = kind;
            // h and w part nothing: "ck" and "sch" stay one sound; a vowel does.
            if (c is not ('h' or 'w'))
                last = kind;
        }

        return new string(code[..length]);
    }

    private static bool Alike(string asked, string name)
    {
        if (WildCardPattern.HasWildCard(asked))
            return WildCardPattern.IsMatch(asked, name);
        if (asked.Length == 1 || name.Length == 1)
            return asked[0] == name[0];
        return SoundOf(asked) == SoundOf(name);
    }

    private static char Kind(char c) => c switch
    {
        'b' or 'p' => '1',
        'f' or 'v' => '2',
        'c' or 'g' or 'k' or 'q' or 'x' => '3',
        's' or 'z' or 'j' => '4',
        'd' or 't' => '5',
        'l' => '6',
        'm' or 'n' => '7',
        'r' => '8',
        'a' or 'e' or 'i' or 'o' or 'u' or 'y' or 'h' or 'w' => '\0',
        _ => c,
    };

    private static string[] Words(string text) => TextFolding.Fold(text, true, true)
        .Split(['^', '=', ' ', ',', '-', '.', '\'', '\u3000'], StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.AsSpan().ContainsAnyExcept('*')).ToArray();
}
