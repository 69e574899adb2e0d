using System.Text;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What the normalized services do with the attributes of an instance.</summary>
internal static class AttributeLists
{
    /// <summary>
    /// The attributes after an N-SET: each one given replaces the one there was, a sequence as a whole. Specific Character Set governs the values given only; the whole is kept in
    /// one set that holds all (PS3.4 section F.7.2.2.3).
    /// </summary>
    public static DicomDataSet Merge(DicomDataSet present, DicomDataSet changes, Predicate<DicomTag>? take = null)
    {
        DicomDataSet merged = present.Clone();
        DicomDataSet given = changes.Clone();
        if (!HasPlainText(given) && !merged.CharacterSet.Equals(given.CharacterSet))
            merged.CharacterSet = SpecificCharacterSet.Utf8;
        foreach (DicomElement element in given.ToArray())
        {
            if (element.Tag == DicomTags.SpecificCharacterSet || take is not null && !take(element.Tag))
                continue;
            // A sequence belongs to one data set: it leaves the one before it enters the other.
            given.Remove(element.Tag);
            merged.Set(element);
        }

        return merged;
    }

    /// <summary>
    /// The answer to an N-GET: the attributes asked for, or all. Warning 0001H with those that the class does not support here (PS3.4 tables F.8.2-2, CC.2.7-1, S.3.2.4-2).
    /// </summary>
    public static RuleResult Select(DicomDataSet attributes, IReadOnlyList<DicomTag> asked, Func<DicomTag, bool> isSupported, Func<DicomTag, bool>? isHidden = null)
    {
        DicomDataSet whole = attributes.Clone();
        var answer = new DicomDataSet();
        if (whole.TryGet(DicomTags.SpecificCharacterSet, out DicomElement? characterSet))
            answer.Set(characterSet);
        var unsupported = new List<DicomTag>();
        foreach (DicomTag tag in asked.Count > 0 ? asked.Distinct() : whole.Select(element => element.Tag).ToArray())
        {
            bool hidden = isHidden is not null && isHidden(tag);
            if (!hidden && whole.TryGet(tag, out DicomElement? element))
            {
                if (tag == DicomTags.SpecificCharacterSet)
                    continue;
                whole.Remove(tag);
                answer.Set(element);
            }
            else if (asked.Count > 0 && (hidden || !isSupported(tag)))
            {
                unsupported.Add(tag);
            }
            else if (!hidden && DicomDictionary.TryGet(tag, out DictionaryEntry entry))
            {
                answer.Set(DicomElement.CreateEmpty(tag, entry.VR));
            }
        }

        return unsupported.Count == 0
            ? new RuleResult(DimseStatus.Success) { Attributes = answer }
            : RuleResult.Of(0x0001, "optional attributes not supported", unsupported) with { Attributes = answer };
    }

    private static bool HasPlainText(DicomDataSet set)
    {
        foreach (DicomElement element in set)
        {
            if (element.Items is { } items ? !items.All(HasPlainText) : element.VR.UsesSpecificCharacterSet && !Ascii.IsValid(element.GetText()))
                return false;
        }

        return true;
    }
}
