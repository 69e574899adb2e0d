using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// The item of Scope of Inventory Sequence (0008,0400; PS3.3 section C.38.2), which has the keys of a query in four sequences by the kind of matching, since the values of an Action Information
/// must be those of their VR.
/// </summary>
public static class InventoryScope
{
    private static readonly DicomTag[] s_sequences =
        [DicomTags.RangeMatchingSequence, DicomTags.ListOfUIDMatchingSequence, DicomTags.EmptyValueMatchingSequence, DicomTags.GeneralMatchingSequence];

    /// <summary>The tags of the keys, each once: what the provider must be able to match.</summary>
    public static IReadOnlyList<DicomTag> KeysOf(DicomDataSet scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return [.. s_sequences.SelectMany(tag => scope.GetSequence(tag) ?? Enumerable.Empty<DicomDataSet>()).SelectMany(item => item).Select(key => key.Tag).Distinct()];
    }

    /// <summary>
    /// The keys as the identifier of a query (PS3.4 section C.2.2.2), to be matched like one: a range of two values becomes <c>from-to</c>, an empty value <c>""</c>; character set and time zone
    /// come with them. A time zone and empty values count only if Extended Matching Mechanisms (0008,040F) asks for them.
    /// </summary>
    /// <param name="scope">The item.</param>
    /// <param name="identifier">The identifier; empty if the result is a failure.</param>
    /// <returns>0115H with the attribute for what is no such key: a range of a wrong VR or more than two values, a list of what is no UID, several items in one sequence.</returns>
    public static RuleResult TryCreateIdentifier(DicomDataSet scope, out DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(scope);
        identifier = [];
        foreach (DicomTag control in (DicomTag[])[DicomTags.SpecificCharacterSet, DicomTags.TimezoneOffsetFromUTC])
        {
            if (scope.TryGet(control, out DicomElement? element))
                identifier.Set(element);
        }

        foreach (DicomTag sequence in s_sequences)
        {
            if (scope.GetSequence(sequence) is not { Count: > 0 } items)
                continue;
            if (items.Count > 1)
                return Wrong("one item is allowed", sequence);
            foreach (DicomElement key in items[0].Clone())
            {
                if (Convert(sequence, key) is not { } converted)
                {
                    identifier = [];
                    return Wrong("no key of this kind of matching", key.Tag);
                }

                identifier.Set(converted);
            }
        }

        return RuleResult.Success;
    }

    /// <summary>Makes the item from the identifier of a query: each key goes into the sequence of its kind.</summary>
    /// <param name="identifier">Keys with values; those without match everything and are left out. Query/Retrieve Level is left out too.</param>
    /// <param name="mechanisms">Extended Matching Mechanisms (0008,040F) to be applied; none for the baseline. <c>""</c> is then the empty value.</param>
    public static DicomDataSet FromIdentifier(DicomDataSet identifier, params IReadOnlyList<string> mechanisms)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(mechanisms);
        var scope = new DicomDataSet();
        var sequences = new Dictionary<DicomTag, DicomDataSet>();
        foreach (DicomElement key in identifier.Clone())
        {
            if (key.Tag == DicomTags.SpecificCharacterSet || key.Tag == DicomTags.TimezoneOffsetFromUTC)
                scope.Set(key);
            else if (key.Tag != DicomTags.QueryRetrieveLevel && !AttributeCheck.IsBlank(key))
                Add(key);
        }

        if (mechanisms.Count > 0)
            scope.Set(DicomTags.ExtendedMatchingMechanisms, [.. mechanisms]);
        foreach ((DicomTag tag, DicomDataSet item) in sequences)
            scope.Set(tag, item);
        return scope;

        void Add(DicomElement key)
        {
            IReadOnlyList<string> values = key.Items is null ? key.GetStrings() : [];
            int sign = values is [var text] && IsTime(key.VR) ? RangeSign(text, key.VR) : -1;
            (DicomTag tag, DicomElement element) =
                sign >= 0 ? (DicomTags.RangeMatchingSequence, DicomElement.Create(key.Tag, key.VR, values[0][..sign], values[0][(sign + 1)..]))
                : key.VR == DicomVR.UI && values.Count > 1 ? (DicomTags.ListOfUIDMatchingSequence, key)
                : values is ["\"\""] ? (DicomTags.EmptyValueMatchingSequence, DicomElement.CreateEmpty(key.Tag, key.VR))
                : (DicomTags.GeneralMatchingSequence, key);
            if (!sequences.TryGetValue(tag, out DicomDataSet? item))
                sequences.Add(tag, item = []);
            item.Set(element);
        }
    }

    private static DicomElement? Convert(DicomTag sequence, DicomElement key)
    {
        if (sequence == DicomTags.GeneralMatchingSequence)
            return key;
        if (sequence == DicomTags.EmptyValueMatchingSequence)
            return key.VR.IsText && key.VR != DicomVR.UI ? DicomElement.Create(key.Tag, key.VR, "\"\"") : null;
        if (sequence == DicomTags.ListOfUIDMatchingSequence)
            return key.VR == DicomVR.UI && key.GetStrings().All(DicomUid.IsValid) ? key : null;
        if (!IsTime(key.VR))
            return null;
        return key.GetStrings() switch
        {
            [] => key,
            [var from, var to] => DicomElement.Create(key.Tag, key.VR, from.Length + to.Length == 0 ? "" : $"{from}-{to}"),
            _ => null,
        };
    }

    private static bool IsTime(DicomVR vr) => vr == DicomVR.DA || vr == DicomVR.TM || vr == DicomVR.DT;

    // An offset from UTC has a sign too: four digits behind a full value (PS3.5 section 6.2, DT).
    private static int RangeSign(string value, DicomVR vr)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '-')
                continue;
            ReadOnlySpan<char> behind = value.AsSpan(i + 1);
            int next = behind.IndexOf('-');
            bool isOffset = vr == DicomVR.DT && i >= 4 && (next < 0 ? behind.Length : next) == 4 && (next >= 0 || value.Length - i == 5 && i > 8);
            if (!isOffset)
                return i;
        }

        return -1;
    }

    private static RuleResult Wrong(string comment, DicomTag tag) => RuleResult.Of(DimseStatus.InvalidArgumentValue, comment, tag);
}
