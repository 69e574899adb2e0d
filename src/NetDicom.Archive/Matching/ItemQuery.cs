namespace NetDicom.Archive;

/// <summary>The keys of one data set: of the identifier, or of an item in a sequence of it.</summary>
internal sealed class ItemQuery
{
    private readonly TimeCondition[] _times;
    private readonly MatchingOptions _options;
    private readonly bool _isOutermost;

    internal ItemQuery(IReadOnlyList<QueryKey> keys, TimeCondition[] times, MatchingOptions options, bool isOutermost)
    {
        Keys = keys;
        _times = times;
        _options = options;
        _isOutermost = isOutermost;
        IsUniversal = times.Length == 0 && keys.All(key => key.Matching is not (KeyMatching.EmptyValue or KeyMatching.Sequence) && key.Matcher is null);
    }

    public IReadOnlyList<QueryKey> Keys { get; }

    /// <summary>Whether every data set matches.</summary>
    public bool IsUniversal { get; }

    public bool IsMatch(DicomDataSet entity)
    {
        foreach (QueryKey key in Keys)
        {
            if (!IsMatch(key, entity))
                return false;
        }

        foreach (TimeCondition condition in _times)
        {
            if (!condition.IsMatch(entity))
                return false;
        }

        return true;
    }

    private bool IsMatch(QueryKey key, DicomDataSet entity)
    {
        if (key.Matching == KeyMatching.EmptyValue)
            return key.Find(entity) is not { IsEmpty: false } element || IsBlank(element);
        if (key.Matching != KeyMatching.Sequence && key.Matcher is null)
            return true;
        DicomElement? found = key.Find(entity);
        if (found is null || found.IsEmpty)
            return _isOutermost && _options.UnknownMatches.Contains(key.Tag);
        if (key.Matching == KeyMatching.Sequence)
            return found.Items is { } items && items.Any(key.Item!.IsMatch);
        return found.Items is null && found.Fragments is null && key.Matcher!.IsMatch(found);
    }

    // Nothing but padding is no value either.
    private static bool IsBlank(DicomElement element) => element.VR.IsText && element.GetText().AsSpan().Trim(' ').IsEmpty;
}
