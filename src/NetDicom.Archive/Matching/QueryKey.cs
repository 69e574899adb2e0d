namespace NetDicom.Archive;

/// <summary>One key of a compiled query.</summary>
public sealed class QueryKey
{
    internal QueryKey(DicomElement element, DicomVR vr, KeyMatching matching, IReadOnlyList<string> values)
    {
        Element = element;
        VR = vr;
        Matching = matching;
        Values = values;
    }

    /// <summary>The tag as the identifier has it.</summary>
    public DicomTag Tag => Element.Tag;

    /// <summary>The VR by which the key is compared.</summary>
    public DicomVR VR { get; }

    /// <summary>How the key is compared.</summary>
    public KeyMatching Matching { get; }

    /// <summary>The values asked for; none for universal matching and sequences.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The keys within the item of a sequence; empty for others, and for a sequence asked for as a whole.</summary>
    public IReadOnlyList<QueryKey> ItemKeys => Item?.Keys ?? [];

    /// <summary>The creator of a private key.</summary>
    internal string? Creator { get; init; }

    internal DicomElement Element { get; }

    internal ItemQuery? Item { get; init; }

    /// <summary>What compares the values; null where nothing is to be compared, or the key is half of a date and time.</summary>
    internal ValueMatcher? Matcher { get; init; }

    internal bool IsReturned => Matching is not (KeyMatching.None or KeyMatching.Unsupported);

    /// <summary>The element of an entity that this key is about; a private one is found by its creator.</summary>
    internal DicomElement? Find(DicomDataSet entity) => Creator is null
        ? entity.TryGet(Tag, out DicomElement? element) ? element : null
        : entity.TryGetPrivate(Creator, Tag.Group, (byte)Tag.Element, out element) ? element : null;
}
