namespace NetDicom;

public sealed partial class DicomDataSet
{
    /// <summary>Puts text values in, under the VR of the dictionary; binary VRs take their numbers from the text. No value makes an empty element.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The dictionary does not know the tag, or the values do not fit its VR.</exception>
    public DicomDataSet Set(DicomTag tag, params ReadOnlySpan<string> values) => Set(DicomElement.Create(tag, NewVR(tag, values.Length > 0 && values[0].StartsWith('-')), values));

    /// <summary>Puts integers in, under the VR of the dictionary.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The dictionary does not know the tag, or the values do not fit its VR.</exception>
    public DicomDataSet Set(DicomTag tag, params ReadOnlySpan<long> values)
    {
        bool negative = false;
        foreach (long value in values)
            negative |= value < 0;
        return Set(DicomElement.Create(tag, NewVR(tag, negative), values));
    }

    /// <summary>Puts floating point numbers in, under the VR of the dictionary.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The dictionary does not know the tag, or its VR takes no such numbers.</exception>
    public DicomDataSet Set(DicomTag tag, params ReadOnlySpan<double> values) => Set(DicomElement.Create(tag, NewVR(tag, false), values));

    /// <summary>Puts a decimal number in as DS, exactly.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, decimal value) => Set(tag, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Puts a date in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, DateOnly value) => Set(tag, DicomDate.Format(value));

    /// <summary>Puts a time of day in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, TimeOnly value) => Set(tag, DicomTime.Format(value));

    /// <summary>Puts a date and time in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, DicomDateTime value) => Set(tag, value.ToString());

    /// <summary>Puts a person name in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, PersonName value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Set(tag, value.ToString());
    }

    /// <summary>Puts a UID in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, DicomUid value) => Set(tag, value.ToString());

    /// <summary>Puts a tag in as a value (VR AT).</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, DicomTag value) => Set(DicomElement.Create(tag, NewVR(tag, false), [value]));

    /// <summary>Puts a value field in, in little endian order; not copied, so not to be changed afterwards.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, ReadOnlyMemory<byte> bytes) => Set(DicomElement.Create(tag, DicomDictionary.TryGet(tag, out _) ? NewVR(tag, false) : DicomVR.UN, bytes));

    /// <summary>Puts a value field in, in little endian order; not copied, so not to be changed afterwards.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, byte[] bytes) => Set(tag, bytes.AsMemory());

    /// <summary>Puts a sequence of these items in.</summary>
    /// <returns>This data set, so that calls can be chained.</returns>
    public DicomDataSet Set(DicomTag tag, params ReadOnlySpan<DicomDataSet> items) => Set(DicomElement.Create(tag, new DicomSequence(items)));

    /// <summary>Puts text values in that are not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already, or the values do not fit.</exception>
    public void Add(DicomTag tag, params ReadOnlySpan<string> values) => Added(tag).Set(tag, values);

    /// <summary>Puts integers in that are not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already, or the values do not fit.</exception>
    public void Add(DicomTag tag, params ReadOnlySpan<long> values) => Added(tag).Set(tag, values);

    /// <summary>Puts numbers in that are not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already, or the values do not fit.</exception>
    public void Add(DicomTag tag, params ReadOnlySpan<double> values) => Added(tag).Set(tag, values);

    /// <summary>Puts a UID in that is not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already.</exception>
    public void Add(DicomTag tag, DicomUid value) => Added(tag).Set(tag, value);

    /// <summary>Puts a date in that is not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already.</exception>
    public void Add(DicomTag tag, DateOnly value) => Added(tag).Set(tag, value);

    /// <summary>Puts a time in that is not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already.</exception>
    public void Add(DicomTag tag, TimeOnly value) => Added(tag).Set(tag, value);

    /// <summary>Puts a value field in that is not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already.</exception>
    public void Add(DicomTag tag, byte[] bytes) => Added(tag).Set(tag, bytes);

    /// <summary>Puts a sequence in that is not there yet; for collection initialisers.</summary>
    /// <exception cref="ArgumentException">There is one with its tag already, or an item is in another sequence.</exception>
    public void Add(DicomTag tag, params ReadOnlySpan<DicomDataSet> items) => Added(tag).Set(tag, items);

    private DicomDataSet Added(DicomTag tag) => Find(tag) < 0 ? this
        : throw new ArgumentException($"There is a {tag} already; Set replaces it", nameof(tag));

    // The VR of an element that has none yet (PS3.5 annex A.2 for those with a choice).
    private DicomVR NewVR(DicomTag tag, bool negative)
    {
        if (tag.IsPrivateCreator)
            return DicomVR.LO;
        if (tag.IsGroupLength)
            return DicomVR.UL;
        if (!DicomDictionary.TryGet(tag, out DictionaryEntry entry) || entry.VRCount == 0)
            throw new ArgumentException($"The dictionary has no VR for {tag}: use DicomElement.Create, which is told the VR", nameof(tag));
        if (entry.VRCount == 1)
            return entry.VR;
        if (entry.Allows(DicomVR.SS))
            return negative || PixelsAreSigned() ? DicomVR.SS : DicomVR.US;
        if (tag == DicomTags.PixelData)
            return TryGetInt32(DicomTags.BitsAllocated, out int bits) && bits > 8 ? DicomVR.OW : DicomVR.OB;
        return entry.Allows(DicomVR.OW) ? DicomVR.OW : entry.VR;
    }

    /// <summary>Whether Pixel Representation (0028,0103) here or in the nearest enclosing data set that has it says two's complement.</summary>
    internal bool PixelsAreSigned()
    {
        for (DicomDataSet? set = this; set is not null; set = set.Parent)
        {
            if (set.TryGetInt32(DicomTags.PixelRepresentation, out int representation))
                return representation == 1;
        }

        return false;
    }
}
