namespace NetDicom.Archive;

/// <summary>Turns an identifier into keys and conditions.</summary>
internal sealed class QueryCompiler(MatchingOptions options)
{
    private static readonly HashSet<DicomTag> _none = [];

    private int _count;

    public ItemQuery Compile(DicomDataSet identifier, int depth = 0)
    {
        if (depth > options.MaxDepth)
            throw new DicomDataException($"the identifier nests sequences deeper than {options.MaxDepth}");
        var keys = new List<QueryKey>(identifier.Count);
        foreach (DicomElement element in identifier)
        {
            if (element.Tag.Group <= 0x0007 || element.Tag.IsGroupLength)
                continue;
            if (++_count > options.MaxKeys)
                throw new DicomDataException($"the identifier has more than {options.MaxKeys} keys");
            keys.Add(Key(identifier, element, depth));
        }

        return new ItemQuery(keys, Times(identifier, keys, depth == 0 ? options.UnknownMatches : _none), options, depth == 0);
    }

    private QueryKey Key(DicomDataSet identifier, DicomElement element, int depth)
    {
        DicomVR vr = element.VR.IsKnown && element.VR != DicomVR.UN || !DicomDictionary.TryGet(element.Tag, out DictionaryEntry entry) ? element.VR : entry.VR;
        if (IsControl(element.Tag))
            return new QueryKey(element, vr, KeyMatching.None, []);
        if (depth == 0 && options.IsSupported is { } supported && !supported(element.Tag))
            return new QueryKey(element, vr, KeyMatching.Unsupported, []);
        string? creator = element.Tag.IsPrivate ? identifier.GetPrivateCreator(element.Tag) : null;
        if (element.Items is { } items)
            return Sequence(element, items, creator, depth);
        if (element.IsEmpty || element.Fragments is not null)
            return new QueryKey(element, vr, KeyMatching.Universal, []) { Creator = creator };

        IReadOnlyList<string> values = element.GetStrings();
        // "*" alone is universal matching by the standard where wild cards are allowed; elsewhere senders mean the same.
        if (values.Count > 0 && values.All(value => value.AsSpan().Trim(' ').TrimStart('*').IsEmpty))
            return new QueryKey(element, vr, KeyMatching.Universal, []) { Creator = creator };
        if (options.EmptyValueMatching && values is ["\"\""] && TakesEmptyValue(vr))
            return new QueryKey(element, vr, KeyMatching.EmptyValue, []) { Creator = creator };
        if (vr == DicomVR.DA || vr == DicomVR.TM || vr == DicomVR.DT)
            return new QueryKey(element, vr, Ranges(element.Tag, vr, values) is [{ IsRange: true }, ..] ? KeyMatching.Range : KeyMatching.SingleValue, values) { Creator = creator };
        return Values(element, vr, values, creator);
    }

    private QueryKey Sequence(DicomElement element, DicomSequence items, string? creator, int depth)
    {
        if (items.Count > 1)
            throw new DicomDataException("a sequence key has one item (PS3.4 section C.2.2.2.6)", element.Tag);
        ItemQuery? item = items.Count == 1 && items[0].Count > 0 ? Compile(items[0], depth + 1) : null;
        return new QueryKey(element, DicomVR.SQ, item is null or { IsUniversal: true } ? KeyMatching.Universal : KeyMatching.Sequence, []) { Creator = creator, Item = item };
    }

    private QueryKey Values(DicomElement element, DicomVR vr, IReadOnlyList<string> values, string? creator)
    {
        if (vr == DicomVR.UI)
            return new QueryKey(element, vr, values.Count > 1 ? KeyMatching.ListOfUid : KeyMatching.SingleValue, values) { Creator = creator, Matcher = new TextMatcher(values) };
        if (vr == DicomVR.IS || vr == DicomVR.DS || vr.ValueSize > 0 && vr != DicomVR.AT)
            return new QueryKey(element, vr, KeyMatching.SingleValue, values) { Creator = creator, Matcher = new NumberMatcher(element) };
        if (!vr.IsText && vr != DicomVR.AT)
            return new QueryKey(element, vr, KeyMatching.SingleValue, values) { Creator = creator, Matcher = new BytesMatcher(element) };

        bool each = values.Count > 1 && options.MultipleValueMatching && TakesMultipleValues(element.Tag, vr);
        // PS3.4 C.2.2.2.8: no wild cards in multiple value matching.
        bool wild = !each && WildCardPattern.Allows(vr) && values.Any(WildCardPattern.HasWildCard);
        ValueMatcher[] matchers = [.. values.Select(value => One(vr, value, wild))];
        ValueMatcher matcher = matchers.Length == 1 ? matchers[0] : each ? new EachMatcher(matchers) : new AnyMatcher(matchers);
        KeyMatching matching = each ? KeyMatching.MultipleValues : wild ? KeyMatching.WildCard : KeyMatching.SingleValue;
        return new QueryKey(element, vr, matching, values) { Creator = creator, Matcher = matcher };
    }

    private ValueMatcher One(DicomVR vr, string value, bool wild)
    {
        if (vr == DicomVR.PN)
            return options.FuzzyNames ? new FuzzyNameMatcher(value) : new PersonNameMatcher(value, options);
        return wild && WildCardPattern.HasWildCard(value) ? new WildCardMatcher(value) : new TextMatcher([value]);
    }

    private TimeCondition[] Times(DicomDataSet identifier, List<QueryKey> keys, IReadOnlySet<DicomTag> unknownMatches)
    {
        var conditions = new List<TimeCondition>();
        TimeSpan? offset = TimeCondition.OffsetOf(identifier);
        var taken = new HashSet<DicomTag>();
        foreach (QueryKey key in keys)
        {
            if (key.Matching is not (KeyMatching.SingleValue or KeyMatching.Range) || key.Creator is not null || !taken.Add(key.Tag))
                continue;
            if (key.VR == DicomVR.DT)
            {
                conditions.Add(new TimeCondition(key.Tag, Ranges(key.Tag, key.VR, key.Values), options, offset, unknownMatches));
            }
            else if (key.VR == DicomVR.DA || key.VR == DicomVR.TM)
            {
                bool isDate = key.VR == DicomVR.DA;
                DicomTag? half = OtherHalf(key.Tag, isDate);
                QueryKey? other = keys.Find(one => one.Tag == half && one.Matching is (KeyMatching.SingleValue or KeyMatching.Range));
                if (other is not null)
                    taken.Add(other.Tag);
                MomentRange[] own = Ranges(key.Tag, key.VR, key.Values);
                MomentRange[] others = other is null ? [] : Ranges(other.Tag, other.VR, other.Values);
                conditions.Add(isDate
                    ? new TimeCondition(key.Tag, own, half, others, options, offset, unknownMatches)
                    : new TimeCondition(half, others, key.Tag, own, options, offset, unknownMatches));
            }
        }

        return [.. conditions];
    }

    private static MomentRange[] Ranges(DicomTag tag, DicomVR vr, IReadOnlyList<string> values)
    {
        var ranges = new MomentRange[values.Count];
        for (int i = 0; i < ranges.Length; i++)
        {
            if (!MomentRange.TryParse(values[i], vr, out ranges[i]))
                throw new DicomDataException($"{tag} is neither a value of VR {vr} nor a range (PS3.4 section C.2.2.2.5)", tag);
        }

        return ranges;
    }

    /// <summary>Study Time for Study Date and the like: attributes whose keywords differ in that word only.</summary>
    private static DicomTag? OtherHalf(DicomTag tag, bool isDate)
    {
        string keyword = DicomDictionary.KeywordOf(tag);
        (string own, string other) = isDate ? ("Date", "Time") : ("Time", "Date");
        return keyword.EndsWith(own, StringComparison.Ordinal) && DicomDictionary.TryGet(keyword[..^4] + other, out DictionaryEntry entry)
            && entry.VR == (isDate ? DicomVR.TM : DicomVR.DA) ? entry.Tag : null;
    }

    /// <summary>Elements of an identifier that say how to read it, or that only a response has (PS3.4 sections C.4.1.1.3 and C.4.1.3.2).</summary>
    private static bool IsControl(DicomTag tag) =>
        tag == DicomTags.SpecificCharacterSet || tag == DicomTags.QueryRetrieveLevel || tag == DicomTags.QueryRetrieveView || tag == DicomTags.TimezoneOffsetFromUTC
        || tag == DicomTags.RetrieveAETitle || tag == DicomTags.InstanceAvailability || tag == DicomTags.StorageMediaFileSetID || tag == DicomTags.StorageMediaFileSetUID
        || tag.IsPrivateCreator;

    private static bool TakesEmptyValue(DicomVR vr) =>
        vr == DicomVR.DA || vr == DicomVR.DT || vr == DicomVR.TM || WildCardPattern.Allows(vr);

    // PS3.4 C.2.2.2.8: these VRs, where the attribute may have several values.
    private static bool TakesMultipleValues(DicomTag tag, DicomVR vr) =>
        (vr == DicomVR.AE || vr == DicomVR.AS || vr == DicomVR.AT || vr == DicomVR.CS || vr == DicomVR.LO || vr == DicomVR.PN || vr == DicomVR.SH || vr == DicomVR.UC)
        && (!DicomDictionary.TryGet(tag, out DictionaryEntry entry) || entry.VM != "1");
}
