namespace NetDicom;

/// <summary>Limits and leniency of <see cref="DataSetReader"/>.</summary>
public sealed record DataSetReaderOptions
{
    /// <summary>The options of a reader that was given none.</summary>
    public static DataSetReaderOptions Default { get; } = new();

    /// <summary>Levels of sequences within sequences. Default 64: real reports stay below 20, and each level costs memory.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Items of all sequences together. Default 4,000,000: above the largest segmentations, below what hostile data could claim.</summary>
    public int MaxItems { get; init; } = 4_000_000;

    /// <summary>
    /// The reader ends before the first element of the outermost data set whose tag is this or greater. Default none.
    /// <c>DicomTags.PixelData</c> reads what describes an image without the image.
    /// </summary>
    public DicomTag? StopBefore { get; init; }

    /// <summary>
    /// Whether the first element tells in which VR form and byte order the data really are, whatever the transfer syntax says
    /// (met in the field often enough). Default true.
    /// </summary>
    public bool DetectTransferSyntax { get; init; } = true;

    /// <summary>Whether an element written as UN whose VR the dictionary knows is read as that VR (PS3.5 section 6.2.2 note 2). Default true.</summary>
    public bool ResolveUN { get; init; } = true;

    /// <summary>
    /// Whether an unknown element of defined length whose value starts like an item is read as a sequence, as private sequences in implicit VR are.
    /// Default false: the bytes stay as they are.
    /// </summary>
    public bool ProbeUnknownForItems { get; init; }

    /// <summary>An element of the outermost level that is a sequence although the dictionary does not know it.</summary>
    internal DicomTag? SequenceAt { get; init; }

    /// <summary>
    /// Whether a long-form VR whose reserved bytes are not zero has a 16-bit length there, as some old writers of UT, OF and UN did. Default false:
    /// the reserved bytes are passed over, as the standard says.
    /// </summary>
    public bool ReservedBytesMayBeLength { get; init; }
}
