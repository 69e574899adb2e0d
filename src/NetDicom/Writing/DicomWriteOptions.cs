namespace NetDicom;

/// <summary>What is done with group length elements (gggg,0000), which the standard has retired outside groups 0000 and 0002 (PS3.5 section 7.2).</summary>
public enum GroupLengths
{
    /// <summary>Those that are there are written, with right numbers.</summary>
    Keep,

    /// <summary>None is written.</summary>
    Remove,

    /// <summary>Every group gets one.</summary>
    Add,
}

/// <summary>How the lengths of sequences and items are written (PS3.5 section 7.5.1).</summary>
public enum SequenceLengths
{
    /// <summary>As they were read; new ones with their length.</summary>
    Keep,

    /// <summary>With their length.</summary>
    Defined,

    /// <summary>With delimiters.</summary>
    Undefined,
}

/// <summary>How data sets and files are written.</summary>
public sealed record DicomWriteOptions
{
    /// <summary>The options where none are given.</summary>
    public static DicomWriteOptions Default { get; } = new();

    /// <summary>Group length elements. Default: those that are there are kept.</summary>
    public GroupLengths GroupLengths { get; init; }

    /// <summary>Lengths of sequences and items. Default: as they were read.</summary>
    public SequenceLengths SequenceLengths { get; init; }

    /// <summary>The transfer syntax to write in; none for that of the file. Only the uncompressed ones can be converted into each other.</summary>
    public TransferSyntax TransferSyntax { get; init; }

    /// <summary>Whether a file gets a preamble of zeros where it had something else. Default false.</summary>
    public bool ClearPreamble { get; init; }
}
