namespace NetDicom;

/// <summary>The data dictionary of the standard (PS3.6 2026c, PS3.7 annex E): look-ups that allocate nothing.</summary>
public static class DicomDictionary
{
    /// <summary>Number of entries.</summary>
    public static int Count => DictionaryTable.Count;

    /// <summary>The entry numbered <paramref name="index"/>, from 0: by tag, the repeating groups last.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not below <see cref="Count"/>.</exception>
    public static DictionaryEntry GetAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return new DictionaryEntry(index);
    }

    /// <summary>The entry of a tag; repeating groups such as (6002,3000) are found by their mask. Private tags are never found.</summary>
    public static bool TryGet(DicomTag tag, out DictionaryEntry entry) => Found(DictionaryTable.Find(tag), out entry);

    /// <summary>The entry of a keyword, spelt as the standard spells it, such as PatientID.</summary>
    public static bool TryGet(ReadOnlySpan<char> keyword, out DictionaryEntry entry) => Found(DictionaryTable.Find(keyword), out entry);

    /// <summary>
    /// The VR an element has when the data do not say it, as in implicit VR (PS3.5 annex A.1 and section 7.8): OW where the dictionary leaves
    /// a choice with OW, UL for group lengths, LO for private creators, UN for what is not known. US or SS is answered as US: which of
    /// the two it is depends on Pixel Representation.
    /// </summary>
    public static DicomVR ImplicitVR(DicomTag tag)
    {
        if (tag.IsGroupLength)
            return DicomVR.UL;
        if (tag.IsPrivate)
            return tag.IsPrivateCreator ? DicomVR.LO : DicomVR.UN;
        if (!TryGet(tag, out DictionaryEntry entry))
            return DicomVR.UN;
        return entry.VRCount > 1 && entry.Allows(DicomVR.OW) ? DicomVR.OW : entry.VR;
    }

    /// <summary>The keyword of a tag; empty if it has none.</summary>
    public static string KeywordOf(DicomTag tag) => TryGet(tag, out DictionaryEntry entry) ? entry.Keyword : "";

    private static bool Found(int row, out DictionaryEntry entry)
    {
        entry = row < 0 ? default : new DictionaryEntry(row);
        return row >= 0;
    }
}
