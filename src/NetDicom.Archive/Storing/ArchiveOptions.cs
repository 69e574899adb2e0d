namespace NetDicom.Archive;

/// <summary>What an archive does with an instance whose SOP Instance UID it has with other content.</summary>
public enum ConflictPolicy
{
    /// <summary>The first one stays, the new one is dropped, and the sender is told so or not as the owner wishes.</summary>
    Keep,

    /// <summary>The new one takes its place.</summary>
    Replace,

    /// <summary>The new one is refused.</summary>
    Reject,
}

/// <summary>How an archive stores.</summary>
public sealed record ArchiveOptions
{
    /// <summary>Folder of the instances: made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>How far an instance is safe when it counts as stored. Default <see cref="Durability.Full"/>: bytes, names and index survive a loss of power. The index is opened for the same.</summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>An instance that is there with other content. Default <see cref="ConflictPolicy.Keep"/>: what was acknowledged is not changed by a stranger.</summary>
    public ConflictPolicy Conflict { get; init; }

    /// <summary>Most instances that share one flush and one commit of the index. Default 256: past that the flush costs little more each, and the first one waits longer.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>
    /// Bytes kept back on the disk, in a file <c>.reserve</c>, so that instances can be deleted when it is full. Default 2 MiB, and no more than a sixteenth of the file system: one group of a deletion takes
    /// some hundred kilobytes. 0 for none.
    /// </summary>
    public long ReserveBytes { get; init; } = 2 << 20;

    /// <summary>The folder of the index, where that stands in files: room is kept there too. Default null: nowhere, or below <see cref="Folder"/>.</summary>
    public string? IndexFolder { get; init; }

    /// <summary>The clock for the time of storing.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
