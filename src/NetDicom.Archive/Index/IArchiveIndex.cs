namespace NetDicom.Archive;

/// <summary>
/// The index of an archive: patients, studies, series and instances, what is asked of them, and where the files are. It can be made anew from the files; they are the truth.
/// </summary>
/// <remarks>
/// One writer at a time, any number of readers beside it. Each call that reads sees what was committed before it began. Every implementation has to pass IndexContract of the project's tests.
/// Rules: an entity belongs to the entity above it in which it was first stored; a series is one of its study; a patient is Patient ID and issuer, and without an ID is one of its study;
/// of each attribute of a patient, study or series the first value that is not empty stays.
/// </remarks>
public interface IArchiveIndex : IAsyncDisposable
{
    /// <summary>The attributes it keeps.</summary>
    ArchiveAttributes Attributes { get; }

    /// <summary>Makes changes: all of them, or none. They are as safe as the index was opened for when the call returns.</summary>
    /// <exception cref="ArchiveIndexException">Nothing was changed.</exception>
    ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken = default);

    /// <summary>One instance by its SOP Instance UID; null if it is not there.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<IndexedInstance?> FindInstanceAsync(DicomUid sopInstanceUid, CancellationToken cancellationToken = default);

    /// <summary>
    /// The entities that match, each once, with all attributes of their level and those above, and the computed ones that the query names. No file is opened. Studies and series without a UID are not among them.
    /// </summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    IAsyncEnumerable<DicomDataSet> FindAsync(IndexQuery query, CancellationToken cancellationToken = default);

    /// <summary>The instances below some entities, series by series in the order of their numbers.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    IAsyncEnumerable<IndexedInstance> SelectAsync(InstanceSelection selection, CancellationToken cancellationToken = default);

    /// <summary>How many instances <see cref="SelectAsync"/> gives.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<int> CountAsync(InstanceSelection selection, CancellationToken cancellationToken = default);

    /// <summary>All instances, in the order in which they came; those committed after the call may be among them.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    IAsyncEnumerable<IndexedInstance> GetAllAsync(CancellationToken cancellationToken = default);

    /// <summary>The instances whose files are in a folder.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<IReadOnlyList<IndexedInstance>> GetFolderAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>The next instances in the order of their SOP Instance UIDs, compared character by character: whoever looks at all of them can stop and go on later.</summary>
    /// <param name="after">Those behind this one; default for the first.</param>
    /// <param name="count">How many at most. Fewer are given at the end only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<IReadOnlyList<IndexedInstance>> GetPageAsync(DicomUid after, int count, CancellationToken cancellationToken = default);

    /// <summary>The oldest studies, oldest first, of those that have a UID.</summary>
    /// <param name="order">What counts as their date.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<IReadOnlyList<StoredStudy>> GetOldestStudiesAsync(StudyOrder order, int count, CancellationToken cancellationToken = default);

    /// <summary>Gives back the room that removed rows took, and empties the log of a database. Other writers wait meanwhile.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be written.</exception>
    ValueTask CompactAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes what was committed to the device, however safe the index was opened for. An index whose commits are always safe has nothing to do.</summary>
    /// <exception cref="ArchiveIndexException">It is not known to be there.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>What it holds.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be read.</exception>
    ValueTask<IndexStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>Notes that the archive is in use, or was closed with every file indexed.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be written.</exception>
    ValueTask SetCleanAsync(bool isClean, CancellationToken cancellationToken = default);
}

/// <summary>What an index holds.</summary>
/// <param name="Patients">Patients.</param>
/// <param name="Studies">Studies.</param>
/// <param name="Series">Series.</param>
/// <param name="Instances">Instances.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="LastCommit">When it was changed last; null if never.</param>
/// <param name="IsClean">Whether it was closed with every file indexed.</param>
public sealed record IndexStatistics(long Patients, long Studies, long Series, long Instances, long Bytes, DateTimeOffset? LastCommit, bool IsClean);

/// <summary>An index cannot be read or written.</summary>
public sealed class ArchiveIndexException : DicomException
{
    /// <summary>An exception with what went wrong.</summary>
    public ArchiveIndexException(string message, bool isDamaged = false, Exception? innerException = null) : base(message, innerException) => IsDamaged = isDamaged;

    /// <summary>Whether what it stands in is damaged: it has to be made anew from the files. Otherwise (locked, no room left) it may do again later.</summary>
    public bool IsDamaged { get; }

    /// <summary>Whether there was no room left on the disk.</summary>
    public bool IsFull { get; init; }
}
