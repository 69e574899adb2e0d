namespace NetDicom.Archive;

/// <summary>
/// A person name, with or without wild cards (PS3.4 sections C.2.2.2.1 and C.2.2.2.4). A key with equals signs is compared group by group, where an empty group asks nothing; one
/// without is looked for in each of the alphabetic, ideographic and phonetic groups. Carets and spaces at the end mean nothing.
/// </summary>
internal sealed class PersonNameMatcher : ValueMatcher
{
    private readonly string?[] _groups;
    private readonly bool _anyGroup;
    private readonly bool _ignoreCase;
    private readonly bool _ignoreAccents;

    public PersonNameMatcher(string key, MatchingOptions options)
    {
        _ignoreCase = options.CaseInsensitiveNames;
        _ignoreAccents = options.AccentInsensitiveNames;
        _anyGroup = !key.Contains('=', StringComparison.Ordinal);
        _groups = [.. key.Split('=', 3).Select(group => Plain(group) is { Length: > 0 } text && text.AsSpan().ContainsAnyExcept('*') ? text : null)];
    }

    public override bool IsMatch(string value)
    {
        string[] groups = value.Split('=', 3);
        if (_anyGroup)
            return _groups[0] is not { } one || Array.Exists(groups, group => Fits(one, group));
        for (int i = 0; i < _groups.Length; i++)
        {
            if (_groups[i] is { } asked && !Fits(asked, i < groups.Length ? groups[i] : ""))
                return false;
        }

        return true;
    }

    private bool Fits(string pattern, string group)
    {
        string name = Plain(group);
        if (name.Length == 0)
            return false;
        // Carets left out at the end are there all the same: Smith^* finds Smith.
        return WildCardPattern.IsMatch(pattern, name)
            || pattern.Contains('^', StringComparison.Ordinal) && WildCardPattern.IsMatch(pattern, name + new string('^', Math.Max(0, 4 - name.AsSpan().Count('^'))));
    }

    private string Plain(string group) => Plain(group, _ignoreCase, _ignoreAccents);

    /// <summary>A component group in the form in which it is compared: folded, each component without spaces around it, and no carets at the end.</summary>
    internal static string Plain(string group, bool ignoreCase, bool ignoreAccents)
    {
        string folded = TextFolding.Fold(group, ignoreCase, ignoreAccents);
        return (folded.Contains('^', StringComparison.Ordinal) ? string.Join('^', folded.Split('^').Select(part => part.Trim(' '))) : folded.Trim(' ')).TrimEnd('^');
    }
}
