namespace NetDicom.Archive;

/// <summary>What became of an instance.</summary>
public enum StoreOutcomeKind
{
    /// <summary>It is there now.</summary>
    Stored,

    /// <summary>It was there already, bit by bit the same: as good as stored.</summary>
    AlreadyStored,

    /// <summary>Another one with its UID was there and stays (<see cref="ConflictPolicy.Keep"/>).</summary>
    KeptExisting,

    /// <summary>Another one with its UID was there; this one took its place (<see cref="ConflictPolicy.Replace"/>).</summary>
    Replaced,

    /// <summary>Another one with its UID was there; this one was refused (<see cref="ConflictPolicy.Reject"/>).</summary>
    Rejected,
}

/// <summary>The outcome of storing, and the instance that the archive has now under that UID.</summary>
public readonly record struct StoreResult(StoreOutcomeKind Kind, IndexedInstance Instance);
