namespace NetDicom.Archive;

/// <summary>Finds in a query what narrows the search in an index. Each condition holds for every entity that matches.</summary>
internal static class QueryNarrowing
{
    /// <summary>More stretches than this narrow little and cost much; lists of single keys may be of any length.</summary>
    private const int MaxStretches = 32;

    public static IReadOnlyList<IndexCondition> Of(AttributeQuery query, ArchiveAttributes attributes, MatchingOptions options)
    {
        var conditions = new List<IndexCondition>();
        foreach (QueryKey key in query.Keys)
        {
            if (key.Creator is not null || attributes.LevelOf(key.Tag) is not { } level || Stretches(key, options) is not { Count: > 0 } ranges)
                continue;
            if (ranges.Count <= MaxStretches || ranges.TrueForAll(range => range.IsSingle))
                conditions.Add(new IndexCondition(level, key.Tag, ranges));
        }

        return conditions;
    }

    private static List<IndexRange>? Stretches(QueryKey key, MatchingOptions options) => key.Matching switch
    {
        KeyMatching.EmptyValue => [new IndexRange(IndexKeys.Open, IndexKeys.Open)],
        KeyMatching.SingleValue or KeyMatching.Range when key.VR == DicomVR.DA => Dates(key, options),
        KeyMatching.SingleValue or KeyMatching.ListOfUid or KeyMatching.WildCard => key.VR == DicomVR.PN ? Names(key, options) : IndexKeys.IsNumber(key.VR) ? Numbers(key) : Texts(key, key.Values),
        // Each of them is there: so is the first.
        KeyMatching.MultipleValues => key.VR == DicomVR.PN ? null : Texts(key, [key.Values[0]]),
        _ => null,
    };

    private static List<IndexRange>? Texts(QueryKey key, IReadOnlyList<string> values)
    {
        // Times and date-times have no keys: their precision and zones do not sort.
        if (key.VR == DicomVR.TM || key.VR == DicomVR.DT || !(key.VR.IsText || key.VR == DicomVR.UI) || key.VR == DicomVR.SQ)
            return null;
        bool wild = key.Matching == KeyMatching.WildCard;
        var ranges = new List<IndexRange>(values.Count);
        foreach (string value in values)
        {
            if (Stretch(TextComposition.Compose(value), wild, carets: false) is not { } range)
                return null;
            ranges.Add(range);
        }

        return ranges;
    }

    private static List<IndexRange>? Names(QueryKey key, MatchingOptions options)
    {
        if (options.FuzzyNames)
            return null;
        var ranges = new List<IndexRange>(key.Values.Count);
        foreach (string value in key.Values)
        {
            // Where several groups are asked for, one of them narrows enough. Without equals sign any group may have it, and all groups have keys.
            string? group = value.Split('=', 3).Select(part => PersonNameMatcher.Plain(part, true, true)).FirstOrDefault(part => part.AsSpan().ContainsAnyExcept('*'));
            if (group is null || Stretch(group, wild: true, carets: true) is not { } range)
                return null;
            ranges.Add(range);
        }

        return ranges;
    }

    private static List<IndexRange>? Numbers(QueryKey key)
    {
        var ranges = new List<IndexRange>();
        for (int i = 0; i < key.Element.ValueCount; i++)
        {
            // What is no number is compared as text, and stored as open.
            if (key.Element.TryGetDecimal(i, out decimal number))
                ranges.Add(Single(IndexKeys.OfNumber(number)));
            else
                ranges.Add(Single(IndexKeys.Open));
        }

        return ranges;
    }

    private static List<IndexRange>? Dates(QueryKey key, MatchingOptions options)
    {
        // Zones are up to 14 hours from UTC (PS3.5 section 6.2): two days' play between two of them.
        long play = options.TimezoneAdjustment ? 2 * TimeSpan.TicksPerDay : 0;
        var ranges = new List<IndexRange>();
        foreach (string value in key.Values)
        {
            if (!MomentRange.TryParse(value, DicomVR.DA, out MomentRange range))
                return null;
            string? from = range.From is { } first ? IndexKeys.OfDate(Math.Max(0, first.First - play)) : null;
            string? to = range.To is { } last ? IndexKeys.OfDate(Math.Min(DateTime.MaxValue.Ticks, last.Last + play)) : null;
            if (from is null && to is null)
                return null;
            ranges.Add(new IndexRange(from, to));
        }

        return ranges;
    }

    private static IndexRange? Stretch(string value, bool wild, bool carets)
    {
        int end = wild ? value.AsSpan().IndexOfAny('*', '?') : -1;
        if (end < 0)
            return value.Length > IndexKeys.MaxLength ? Prefix(IndexKeys.Cut(value)) : Single(value);
        // A name may leave out carets at its end: "smith^*" finds "smith".
        string beginning = IndexKeys.Cut(carets ? value[..end].TrimEnd('^') : value[..end]);
        return beginning.Length == 0 ? null : Prefix(beginning);
    }

    private static IndexRange Single(string key) => new(key, key);

    private static IndexRange Prefix(string key) => new(key, key, IsPrefix: true);
}
