namespace NetDicom.Archive.Sqlite;

/// <summary>How an index in an SQLite database is opened.</summary>
public sealed record SqliteIndexOptions
{
    /// <summary>The database file: made when it is missing. Its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>The attributes it keeps. Default those of the standard. One that is added later is kept from then on; the older instances have it when the index has been made anew.</summary>
    public ArchiveAttributes Attributes { get; init; } = ArchiveAttributes.Default;

    /// <summary>How far a commit is safe. Default <see cref="Durability.Full"/>. With the others the last commits may be lost with the power; the files are then found at the next start.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>Open it for reading only, beside a program that writes. Default false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Open it for writing beside the program that has the archive open, to remove instances (<see cref="DicomArchive.Join"/>). It has to be there, and of this program's version: opening it changes nothing. Default false.
    /// </summary>
    public bool Joined { get; init; }

    /// <summary>How long to wait for another program that has the database locked. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
