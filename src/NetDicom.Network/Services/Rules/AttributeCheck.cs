using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Holds a data set against a column of a table and gathers what is missing, empty or forbidden.</summary>
internal sealed class AttributeCheck
{
    private readonly List<DicomTag> _missing = [];
    private readonly List<DicomTag> _empty = [];
    private readonly List<DicomTag> _forbidden = [];
    private readonly List<DicomTag> _invalid = [];

    /// <summary>Attributes that are not there, each once.</summary>
    public IReadOnlyList<DicomTag> Missing => _missing;

    /// <summary>Attributes that have no value and need one.</summary>
    public IReadOnlyList<DicomTag> Empty => _empty;

    /// <summary>Sequences that are none.</summary>
    public IReadOnlyList<DicomTag> Invalid => _invalid;

    /// <summary>Attributes that may not be there.</summary>
    public IReadOnlyList<DicomTag> Forbidden => _forbidden;

    /// <summary>
    /// PS3.7 annex C: 0105H for what may not be given, then 0120H for what is missing, 0121H for what has no value, 0106H for a sequence that is none; each with all the attributes it is
    /// about.
    /// </summary>
    public RuleResult Result =>
        _forbidden.Count > 0 ? RuleResult.Of(DimseStatus.NoSuchAttribute, "attribute not allowed in this request", [.. _forbidden])
        : _missing.Count > 0 ? RuleResult.Of(DimseStatus.MissingAttribute, "attribute missing", [.. _missing])
        : _empty.Count > 0 ? RuleResult.Of(DimseStatus.MissingAttributeValue, "attribute without a value", [.. _empty])
        : _invalid.Count > 0 ? RuleResult.Of(DimseStatus.InvalidAttributeValue, "attribute is no sequence", [.. _invalid])
        : RuleResult.Success;

    /// <summary>Checks a data set and the items of its sequences.</summary>
    /// <param name="set">What was sent.</param>
    /// <param name="table">The rows.</param>
    /// <param name="column">The column.</param>
    /// <param name="read">What a code asks for, where it depends; null takes types 1 and 2 and M as they are.</param>
    public AttributeCheck Run(DicomDataSet set, AttributeTable.Attribute[] table, int column, Func<AttributeRequirement, AttributeRequirement>? read = null)
    {
        foreach (AttributeTable.Attribute row in table)
        {
            AttributeRequirement requirement = read is null ? row[column] : read(row[column]);
            bool present = set.TryGet(row.Tag, out DicomElement? element);
            switch (requirement)
            {
                case AttributeRequirement.Forbidden when present:
                    Note(_forbidden, row.Tag);
                    continue;
                case AttributeRequirement.Type1 or AttributeRequirement.Mandatory when !present:
                case AttributeRequirement.Type2 when !present:
                    Note(_missing, row.Tag);
                    continue;
                case AttributeRequirement.Type1 when IsBlank(element!):
                // A conditional attribute that is there has met its condition (PS3.5 section 7.4.2).
                case AttributeRequirement.Type1C when present && IsBlank(element!):
                    Note(_empty, row.Tag);
                    continue;
            }

            // A sequence with a VR that is none: there are no items to look into.
            if (row.Children.Length > 0 && element is { IsEmpty: false, Items: null })
                Note(_invalid, row.Tag);
            foreach (DicomDataSet item in element?.Items ?? [])
                Run(item, row.Children, column, read);
        }

        return this;
    }

    /// <summary>Whether an element has nothing but padding.</summary>
    public static bool IsBlank(DicomElement element) => element.IsEmpty || element.VR.IsText && element.GetText().AsSpan().Trim(' ').IsEmpty;

    /// <summary>Notes an attribute found missing by a rule that is not in the table.</summary>
    public void NoteMissing(DicomTag tag) => Note(_missing, tag);

    private static void Note(List<DicomTag> list, DicomTag tag)
    {
        if (!list.Contains(tag))
            list.Add(tag);
    }
}
