namespace NetDicom.Archive;

/// <summary>
/// Makes a new instance of chosen frames of a multi-frame image (PS3.4 section Y.3.3): of the same SOP class and series, with a UID of its own, the Frame Extraction and Contributing Equipment Sequences, and everything that speaks of frames
/// brought to those that are left. Pixel data are copied, never decoded.
/// </summary>
public static class FrameExtractor
{
    /// <summary>Most bytes of pixel data in a new instance: it is made in memory.</summary>
    public const long DefaultMaxBytes = 256 << 20;

    /// <summary>Makes the instance.</summary>
    /// <param name="source">The instance, as it is stored. It is not changed; its pixel data are read while this runs.</param>
    /// <param name="syntax">How its pixel data are encoded: so are those of the new instance.</param>
    /// <param name="identifier">With one of Simple Frame List (0008,1161), Calculated Frame List (0008,1162) and Time Range (0008,1163).</param>
    /// <param name="sopInstanceUid">The UID of the new instance.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="maxBytes">Most bytes of pixel data that it may have: from 1 to what one array holds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBytes"/> is less than 1, or more than an array holds.</exception>
    /// <exception cref="FrameExtractionException">It cannot be made.</exception>
    /// <exception cref="IOException">The instance cannot be read.</exception>
    /// <exception cref="DicomDataException">The instance cannot be read.</exception>
    public static DicomDataSet Extract(DicomDataSet source, TransferSyntax syntax, DicomDataSet identifier, DicomUid sopInstanceUid, DateTimeOffset now, long maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, Array.MaxLength - 1);
        if (!source.TryGetInt32(DicomTags.NumberOfFrames, out int count) || count < 1)
            throw new FrameExtractionException(FrameExtractionProblem.CannotCreate, "the instance is no multi-frame image");
        FrameAttributes.CheckClass(source, count);
        // The claim of how many frames there are is compared with the pixel data before a list is made of it.
        var pixels = FramePixels.Of(source, syntax, count);
        int[] frames = FrameSelection.Resolve(identifier, source, count);
        DicomDataSet made = source.CloneWithoutPixels();
        FrameAttributes.Keep(made, frames, count);
        pixels.CopyTo(made, frames, maxBytes);
        made.Set(DicomTags.SOPInstanceUID, sopInstanceUid).Set(DicomTags.NumberOfFrames, frames.Length);
        made.Set(DicomTags.InstanceCreationDate, DateOnly.FromDateTime(now.DateTime)).Set(DicomTags.InstanceCreationTime, TimeOnly.FromDateTime(now.DateTime));
        Describe(made, source, identifier, now);
        return made;
    }

    private static DicomDataSet CloneWithoutPixels(this DicomDataSet source)
    {
        var made = new DicomDataSet();
        foreach (DicomElement element in source)
        {
            // PS3.17 on private attributes of derived instances, and PS3.4 section Y.3.3: what they mean for some frames nobody can know. Signatures were over all of it.
            bool isLeft = element.Tag.IsPrivate || FramePixels.IsPixelData(element.Tag) || element.Tag == DicomTags.DigitalSignaturesSequence || element.Tag == DicomTags.MACParametersSequence;
            if (!isLeft && element.Tag < DicomTags.PixelData)
                made.Set(element.Items is null ? element : DicomElement.Create(element.Tag, new DicomSequence([.. element.Items.Select(item => item.Clone())])));
        }

        return made;
    }

    // PS3.3 section C.12.3 and C.12.1.1.5.
    private static void Describe(DicomDataSet made, DicomDataSet source, DicomDataSet identifier, DateTimeOffset now)
    {
        DicomDataSet extraction = new DicomDataSet().Set(DicomTags.MultiFrameSourceSOPInstanceUID, source.GetUid(DicomTags.SOPInstanceUID));
        foreach (DicomTag tag in (DicomTag[])[DicomTags.SimpleFrameList, DicomTags.CalculatedFrameList, DicomTags.TimeRange])
        {
            if (identifier.TryGet(tag, out DicomElement? list) && !list.IsEmpty)
                extraction.Set(list);
        }

        DicomDataSet purpose = new DicomDataSet().Set(DicomTags.CodeValue, "109105").Set(DicomTags.CodingSchemeDesignator, "DCM").Set(DicomTags.CodeMeaning, "Frame Extracting Equipment");
        DicomDataSet equipment = new DicomDataSet().Set(DicomTags.Manufacturer, "NetDicom").Set(DicomTags.SoftwareVersions, Implementation.VersionName)
            .Set(DicomTags.ContributionDateTime, new DicomDateTime(now.DateTime, DateTimePrecision.Second, now.Offset)).Set(DicomTags.PurposeOfReferenceCodeSequence, purpose);
        Append(made, DicomTags.FrameExtractionSequence, extraction);
        Append(made, DicomTags.ContributingEquipmentSequence, equipment);
    }

    private static void Append(DicomDataSet made, DicomTag tag, DicomDataSet item)
    {
        if (made.GetSequence(tag) is { } items)
            items.Add(item);
        else
            made.Set(tag, item);
    }
}
