using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Print Management (PS3.4 annex H) for the attributes of each object; the objects and their order are <see cref="PrintSession"/>'s.</summary>
public static class PrintRules
{
    /// <summary>
    /// Attributes of a film session, created or set (table H.4-2): copies 1 or more, priority HIGH, MED or LOW, a medium the printer has (0106H); B600H for a memory allocation that is
    /// not supported.
    /// </summary>
    public static RuleResult CheckFilmSession(DicomDataSet attributes, PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(options);
        if (Filled(attributes, DicomTags.NumberOfCopies) && (!attributes.TryGetInt32(DicomTags.NumberOfCopies, out int copies) || copies < 1))
            return Invalid("Number of Copies is 1 or more", DicomTags.NumberOfCopies);
        if (IsOther(attributes, DicomTags.PrintPriority, "HIGH", "MED", "LOW"))
            return Invalid("no such priority", DicomTags.PrintPriority);
        if (options.MediumTypes.Count > 0 && IsOther(attributes, DicomTags.MediumType, [.. options.MediumTypes]))
            return Invalid("no such medium", DicomTags.MediumType);
        return Filled(attributes, DicomTags.MemoryAllocation) && !options.SupportsMemoryAllocation
            ? RuleResult.Of(0xB600, "memory allocation is not supported", DicomTags.MemoryAllocation)
            : RuleResult.Success;
    }

    /// <summary>
    /// Attributes of a new film box (table H.4-7): Image Display Format and the film session are mandatory (0120H, 0121H), values must be ones the printer has (0106H); B605H with the
    /// nearest densities where those asked for are out of its range.
    /// </summary>
    /// <returns>The result; where it is done, its <see cref="RuleResult.Attributes"/> are those of the film box.</returns>
    public static RuleResult CheckFilmBoxCreate(DicomDataSet attributes, DicomUid filmSessionUid, PrintOptions options, out int imageBoxes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(options);
        imageBoxes = 0;
        RuleResult result = ServiceRules.CheckCreate(SopClasses.BasicFilmBox, attributes);
        if (!result.IsDone)
            return result;
        if (!ImageDisplayFormat.TryParse(attributes.GetStringOrDefault(DicomTags.ImageDisplayFormat), out ImageDisplayFormat? format))
            return Blank(attributes, DicomTags.ImageDisplayFormat) ?? Invalid("no such display format", DicomTags.ImageDisplayFormat);
        imageBoxes = format!.ImageBoxCount > 0 ? format.ImageBoxCount : options.CustomImageBoxes?.Invoke(format) ?? 0;
        if (imageBoxes < 1 || imageBoxes > options.MaxImageBoxes)
            return Invalid("display format not supported", DicomTags.ImageDisplayFormat);
        if (attributes.GetSequence(DicomTags.ReferencedFilmSessionSequence) is not [var session] || session.GetUidOrDefault(DicomTags.ReferencedSOPInstanceUID) != filmSessionUid)
            return Invalid("not the film session of this association", DicomTags.ReferencedFilmSessionSequence);
        return CheckFilmBoxValues(attributes, options);
    }

    /// <summary>Attributes set on a film box (table H.4-9).</summary>
    /// <returns>The result; where it is done, its <see cref="RuleResult.Attributes"/> are those to be taken over.</returns>
    public static RuleResult CheckFilmBoxSet(DicomDataSet changes, PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(options);
        if (Fixed(changes, "BasicFilmBox N-CREATE", "BasicFilmBox N-SET") is { Length: > 0 } fixedTags)
            return RuleResult.Of(DimseStatus.NoSuchAttribute, "attributes that may not be set", fixedTags);
        return CheckFilmBoxValues(changes, options);
    }

    /// <summary>
    /// Attributes of an image box (tables H.4-12, H.4-14): position, and one item of native pixels of the kind the class has, or none to erase. 0120H, 0121H, 0106H; C603H
    /// never: shrinking is the printer's business. B605H for densities out of range.
    /// </summary>
    public static RuleResult CheckImageBox(DicomDataSet changes, PrintOptions options)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(options);
        (DicomUid sopClass, DicomTag sequence) = options.IsColor
            ? (SopClasses.BasicColorImageBox, DicomTags.BasicColorImageSequence)
            : (SopClasses.BasicGrayscaleImageBox, DicomTags.BasicGrayscaleImageSequence);
        RuleResult result = ServiceRules.CheckSet(sopClass, changes);
        if (!result.IsDone)
            return result;
        if (Blank(changes, DicomTags.ImageBoxPosition) is { } blank)
            return blank;
        if (IsOther(changes, DicomTags.Polarity, "NORMAL", "REVERSE"))
            return Invalid("no such polarity", DicomTags.Polarity);
        if (IsOther(changes, DicomTags.RequestedDecimateCropBehavior, "DECIMATE", "CROP", "FAIL"))
            return Invalid("no such behavior", DicomTags.RequestedDecimateCropBehavior);
        if (changes.GetSequence(sequence) is { Count: > 1 })
            return Invalid("one image in an image box", sequence);
        if (changes.GetSequence(sequence) is [var image] && CheckPixels(image, options.IsColor) is { } wrong)
            return wrong;
        return CheckDensities(changes, options);
    }

    /// <summary>
    /// A presentation LUT (table H.4-33): a sequence of one LUT, or a shape (IDENTITY, LIN OD), not both (0106H), and one of them (0120H). The LUT: input 8 or 12 bits, output 10 to 16.
    /// </summary>
    public static RuleResult CheckPresentationLut(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        bool shape = Filled(attributes, DicomTags.PresentationLUTShape), table = Filled(attributes, DicomTags.PresentationLUTSequence);
        if (shape == table)
            return shape ? Invalid("either a shape or a sequence", DicomTags.PresentationLUTShape, DicomTags.PresentationLUTSequence) : RuleResult.Of(DimseStatus.MissingAttribute, "a shape or a sequence is needed", DicomTags.PresentationLUTShape);
        if (shape)
            return IsOther(attributes, DicomTags.PresentationLUTShape, "IDENTITY", "LIN OD") ? Invalid("no such shape", DicomTags.PresentationLUTShape) : RuleResult.Success;
        if (attributes.GetSequence(DicomTags.PresentationLUTSequence) is not [var lut])
            return Invalid("one item in the sequence", DicomTags.PresentationLUTSequence);
        if (!lut.Contains(DicomTags.LUTDescriptor) || !Filled(lut, DicomTags.LUTData))
            return RuleResult.Of(DimseStatus.MissingAttribute, "LUT Descriptor or LUT Data is missing", lut.Contains(DicomTags.LUTDescriptor) ? DicomTags.LUTData : DicomTags.LUTDescriptor);
        DicomElement descriptor = lut[DicomTags.LUTDescriptor];
        bool valid = descriptor.TryGetInt32(0, out int entries) & descriptor.TryGetInt32(1, out int first) & descriptor.TryGetInt32(2, out int bits);
        return valid && entries is 256 or 4096 && first == 0 && bits is >= 10 and <= 16 ? RuleResult.Success : Invalid("no such LUT Descriptor", DicomTags.LUTDescriptor);
    }

    /// <summary>The answer to an N-GET of Printer Configuration Retrieval (PS3.4 annex H): 0112H for another than the well-known instance.</summary>
    /// <param name="configuration">The items of Printer Configuration Sequence (2000,001E).</param>
    /// <param name="instanceUid">Requested SOP Instance UID.</param>
    /// <param name="attributeIdentifierList">The attributes wanted; empty for all.</param>
    public static RuleResult GetPrinterConfiguration(IReadOnlyList<DicomDataSet> configuration, DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        RuleResult instance = ServiceRules.CheckInstance(SopClasses.PrinterConfigurationRetrieval, instanceUid);
        if (!instance.IsDone)
            return instance;
        DicomDataSet attributes = new DicomDataSet().Set(DicomTags.PrinterConfigurationSequence, [.. configuration.Select(item => item.Clone())]);
        return AttributeLists.Select(attributes, attributeIdentifierList, tag => PrintTable.Find("PrinterConfigurationRetrieval N-GET")!.Find(tag) is not null);
    }

    /// <summary>Whether an image sequence item holds native pixels as the class asks (PS3.3 sections C.13.5.1, C.13.6.1); null if it does.</summary>
    internal static RuleResult? CheckPixels(DicomDataSet image, bool isColor)
    {
        // MONOCHROME1 or 2, one sample of 8 or 12 bits; or RGB by plane, three of 8.
        if (Number(image, DicomTags.SamplesPerPixel) != (isColor ? 3 : 1))
            return Invalid("wrong number of samples", DicomTags.SamplesPerPixel);
        if (isColor ? IsOther(image, DicomTags.PhotometricInterpretation, "RGB") : IsOther(image, DicomTags.PhotometricInterpretation, "MONOCHROME1", "MONOCHROME2"))
            return Invalid("wrong photometric interpretation", DicomTags.PhotometricInterpretation);
        if (isColor && Number(image, DicomTags.PlanarConfiguration) != 1)
            return Invalid("planar configuration is 1", DicomTags.PlanarConfiguration);
        int allocated = Number(image, DicomTags.BitsAllocated), stored = Number(image, DicomTags.BitsStored);
        if (!((allocated, stored) is (8, 8) || !isColor && (allocated, stored) is (16, 12)))
            return Invalid("8 bits, or 12 in 16", DicomTags.BitsAllocated, DicomTags.BitsStored);
        if (Number(image, DicomTags.HighBit) != stored - 1)
            return Invalid("high bit is bits stored less one", DicomTags.HighBit);
        if (Number(image, DicomTags.PixelRepresentation) != 0)
            return Invalid("pixels are unsigned", DicomTags.PixelRepresentation);
        long rows = Number(image, DicomTags.Rows), columns = Number(image, DicomTags.Columns);
        if (rows < 1 || columns < 1)
            return Invalid("an image has rows and columns", DicomTags.Rows, DicomTags.Columns);
        long length = rows * columns * (allocated / 8) * (isColor ? 3 : 1);
        // The odd byte of 8-bit pixels is padded.
        return image.TryGet(DicomTags.PixelData, out DicomElement? pixels) && pixels.Fragments is null && (pixels.Length == length || pixels.Length == length + length % 2)
            ? null
            : Invalid("pixel data do not fit the image", DicomTags.PixelData);
    }

    private static RuleResult CheckFilmBoxValues(DicomDataSet attributes, PrintOptions options)
    {
        if (IsOther(attributes, DicomTags.FilmOrientation, "PORTRAIT", "LANDSCAPE"))
            return Invalid("no such orientation", DicomTags.FilmOrientation);
        if (options.FilmSizes.Count > 0 && IsOther(attributes, DicomTags.FilmSizeID, [.. options.FilmSizes]))
            return Invalid("no such film size", DicomTags.FilmSizeID);
        if (IsOther(attributes, DicomTags.Trim, "YES", "NO"))
            return Invalid("Trim is YES or NO", DicomTags.Trim);
        foreach (DicomTag tag in (DicomTag[])[DicomTags.BorderDensity, DicomTags.EmptyImageDensity])
        {
            if (Filled(attributes, tag) && IsOther(attributes, tag, "BLACK", "WHITE") && !(attributes.TryGetInt32(tag, out int density) && density >= 0))
                return Invalid("BLACK, WHITE or hundredths of OD", tag);
        }

        return CheckDensities(attributes, options);
    }

    // PS3.4 H.4.2.2.1.2 and H.4.3.1.2.1.2: B605H, and the nearest limit is used.
    private static RuleResult CheckDensities(DicomDataSet attributes, PrintOptions options)
    {
        DicomDataSet taken = attributes.Clone();
        var outside = new List<DicomTag>();
        foreach (DicomTag tag in (DicomTag[])[DicomTags.MinDensity, DicomTags.MaxDensity])
        {
            if (!Filled(attributes, tag))
                continue;
            if (!attributes.TryGetInt32(tag, out int density))
                return Invalid("no density", tag);
            int nearest = Math.Clamp(density, options.MinDensity, options.MaxDensity);
            if (nearest == density)
                continue;
            taken.Set(tag, (long)nearest);
            outside.Add(tag);
        }

        return (outside.Count == 0 ? RuleResult.Success : RuleResult.Of(0xB605, "density out of range, nearest limit used", outside)) with { Attributes = taken };
    }

    /// <summary>Attributes that one table has and the other does not: those fixed at creation.</summary>
    private static DicomTag[] Fixed(DicomDataSet changes, string create, string set) =>
        [.. changes.Select(element => element.Tag).Where(tag => PrintTable.Find(create)!.Find(tag) is not null && PrintTable.Find(set)!.Find(tag) is null)];

    private static int Number(DicomDataSet set, DicomTag tag) => set.TryGetInt32(tag, out int value) ? value : -1;

    private static bool Filled(DicomDataSet set, DicomTag tag) => set.TryGet(tag, out DicomElement? element) && !AttributeCheck.IsBlank(element);

    private static RuleResult? Blank(DicomDataSet set, DicomTag tag) => Filled(set, tag) ? null : RuleResult.Of(DimseStatus.MissingAttributeValue, "attribute without a value", tag);

    private static bool IsOther(DicomDataSet set, DicomTag tag, params ReadOnlySpan<string> terms)
    {
        if (!Filled(set, tag))
            return false;
        string text = set.GetStringOrDefault(tag)?.Trim(' ') ?? "";
        return !terms.Contains(text);
    }

    private static RuleResult Invalid(string comment, params IReadOnlyList<DicomTag> tags) => RuleResult.Of(DimseStatus.InvalidAttributeValue, comment, tags);
}
