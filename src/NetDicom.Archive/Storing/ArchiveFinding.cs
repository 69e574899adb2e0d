namespace NetDicom.Archive;

/// <summary>What is wrong with a file or a row of an archive.</summary>
public enum FindingKind
{
    /// <summary>The index has an instance whose file is not there.</summary>
    FileMissing,

    /// <summary>The file is longer or shorter than what was stored.</summary>
    OtherLength,

    /// <summary>The file's bytes are not those that were stored.</summary>
    OtherContent,

    /// <summary>The file cannot be read.</summary>
    Unreadable,

    /// <summary>A file in the instance folder is not an instance.</summary>
    NotAnInstance,

    /// <summary>A file is not in the index.</summary>
    NotIndexed,

    /// <summary>A file holds an instance that the index has from another file.</summary>
    Superseded,
}

/// <summary>Something wrong, and where.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file, below the instance folder, with slashes.</param>
public readonly record struct ArchiveFinding(FindingKind Kind, string Path);

/// <summary>What was put right when an archive was opened, or its index made anew.</summary>
public sealed record MendReport
{
    /// <summary>All was well.</summary>
    public static MendReport Nothing { get; } = new();

    /// <summary>Half-received files that were removed. None of them was acknowledged.</summary>
    public int TemporaryFilesRemoved { get; init; }

    /// <summary>Files that were indexed and had not got their names: they have them now.</summary>
    public int NamesFinished { get; init; }

    /// <summary>Files of deleted instances that were still there and are gone now.</summary>
    public int DeletionsFinished { get; init; }

    /// <summary>Files that were whole and not indexed: they are now.</summary>
    public int FilesIndexed { get; init; }

    /// <summary>What could not be put right: files that are gone, and those that were moved aside because they hold no instance or one the index has from another file.</summary>
    public IReadOnlyList<ArchiveFinding> Findings { get; init; } = [];
}
