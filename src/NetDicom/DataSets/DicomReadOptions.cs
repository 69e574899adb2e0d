namespace NetDicom;

/// <summary>Which of two elements with the same tag stays; the standard allows one (PS3.5 section 7.1).</summary>
public enum DuplicateElements
{
    /// <summary>The one read last.</summary>
    KeepLast,

    /// <summary>The one read first.</summary>
    KeepFirst,
}

/// <summary>How data sets and files are read: limits, leniency, what to hold in memory.</summary>
public sealed record DicomReadOptions
{
    /// <summary>The options where none are given.</summary>
    public static DicomReadOptions Default { get; } = new();

    /// <summary>Limits and leniency of the reader: nesting depth, items, the tag to stop before.</summary>
    public DataSetReaderOptions Reader { get; init; } = DataSetReaderOptions.Default;

    /// <summary>Longest value held in memory, in bytes, where the source can be read again; longer ones stay where they are. Default 64 KiB: everything that describes an image, not the image.</summary>
    public int MaxHeldValueLength { get; init; } = 64 * 1024;

    /// <summary>
    /// Most bytes taken into memory from a source that cannot be read again (an unseekable stream, a deflated data set). Default 1 GiB; more is an error, not a slow death.
    /// </summary>
    public long MaxBytesInMemory { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Character set where (0008,0005) is missing. Default none: ASCII, with bytes above 7F read as Latin-1.</summary>
    public SpecificCharacterSet? AssumedCharacterSet { get; init; }

    /// <summary>Which of two elements with the same tag stays. Default the last. A file in which nothing is changed is written back with both.</summary>
    public DuplicateElements Duplicates { get; init; }

    /// <summary>
    /// Whether the bytes of native Pixel Data (7FE0,0010) are taken in the other order of words than the transfer syntax says (PS3.5 section 7.3): some images of 8 bits were swapped by a
    /// conversion of long ago. Default <see langword="null"/>: only for the private syntax 1.2.840.113619.5.2 of GE, which is implicit VR little endian with big endian pixels.
    /// What is converted or changed is then written in the right order.
    /// </summary>
    public bool? SwapPixelData { get; init; }

    /// <summary>Private elements whose VR is to be known in implicit VR; those that are sequences are read as such, with defined length too.</summary>
    public PrivateDictionary? PrivateDictionary { get; init; }

    /// <summary>The transfer syntax of the data set whatever the file says; for private syntaxes with traits of their own. Default none.</summary>
    public TransferSyntax TransferSyntax { get; init; }
}
