namespace NetDicom.Archive;

/// <summary>Wild card matching: * for any run of characters, also none; ? for exactly one (PS3.4 section C.2.2.2.4).</summary>
internal static class WildCardPattern
{
    /// <summary>The VRs that take wild cards (PS3.4 section C.2.2.2.4).</summary>
    public static bool Allows(DicomVR vr) =>
        vr == DicomVR.AE || vr == DicomVR.CS || vr == DicomVR.LO || vr == DicomVR.LT || vr == DicomVR.PN || vr == DicomVR.SH
        || vr == DicomVR.ST || vr == DicomVR.UC || vr == DicomVR.UR || vr == DicomVR.UT;

    /// <summary>Whether there is a * or ?.</summary>
    public static bool HasWildCard(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>
    /// Whether <paramref name="text"/> fits <paramref name="pattern"/>. Time is at most the product of the two lengths: a pattern of many stars from a stranger cannot stall a search.
    /// </summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, from = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                from = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                // One character is one code point: a surrogate pair counts once.
                t += pattern[p - 1] == '?' && char.IsHighSurrogate(text[t]) && t + 1 < text.Length ? 2 : 1;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++from;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}

/// <summary>A text with wild cards.</summary>
internal sealed class WildCardMatcher(string pattern) : ValueMatcher
{
    // One character of the pattern is one of the text, however many its sender made of it.
    private readonly string _pattern = TextComposition.Compose(pattern);

    public override bool IsMatch(string value) => WildCardPattern.IsMatch(_pattern, TextComposition.Compose(value));
}
