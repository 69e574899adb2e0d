using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>
/// An archive: instances as files in a folder, named <c>{study}/{series}/{instance}.dcm</c>, and an index of them. What it has acknowledged is there, whole and indexed, whatever happens afterwards
/// to the process (and with <see cref="Durability.Full"/> to the power).
/// </summary>
/// <remarks>Safe for use by several threads. One program at a time may have it open; others may read beside it, and delete (<see cref="Join"/>).</remarks>
public sealed partial class DicomArchive : IAsyncDisposable
{
    internal const string IncomingFolder = ".incoming";
    internal const string OrphanFolder = ".orphans";

    private const int MaxKnownFolders = 10_000;

    private static int s_counter;

    private readonly ConcurrentDictionary<string, bool> _knownFolders = new(StringComparer.Ordinal);
    private readonly string _incoming;
    private readonly ArchiveLock? _lock;
    private bool _isDisposed;

    private DicomArchive(ArchiveOptions options, IArchiveIndex index, ArchiveFiles files, ArchiveLock? taken)
    {
        Options = options;
        Index = index;
        Files = files;
        Turn = new ArchiveTurn(options.Folder);
        _lock = taken;
        _incoming = Path.Join(options.Folder, IncomingFolder);
        Volume = VolumeFlush.Open(options.Folder);
        Committer = new InstanceCommitter(this);
    }

    /// <summary>How it stores.</summary>
    public ArchiveOptions Options { get; }

    /// <summary>The index. It belongs to the archive, which disposes it.</summary>
    public IArchiveIndex Index { get; }

    /// <summary>What was put right when it was opened.</summary>
    public MendReport Mended { get; private set; } = MendReport.Nothing;

    internal ArchiveFiles Files { get; }

    internal InstanceCommitter Committer { get; }

    internal ArchiveTurn Turn { get; }

    internal SafeFileHandle? Volume { get; }

    /// <summary>
    /// Opens an archive, or makes one. What a crash left is put right first: half-received files are removed, files that were not indexed yet are, and what is missing is reported.
    /// </summary>
    /// <param name="options">Where and how.</param>
    /// <param name="index">Its index; the archive disposes it, also if this call fails.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The folder cannot be used, or another program has the archive open.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be used.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    public static Task<DicomArchive> OpenAsync(ArchiveOptions options, IArchiveIndex index, CancellationToken cancellationToken = default) =>
        OpenAsync(options, index, new ArchiveFiles(), cancellationToken);

    /// <summary>As above; the index is opened when nobody else has the archive open, and when there is room for that.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="open">Opens the index; the archive disposes it, also if this call fails.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveInUseException">Another program has the archive open.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be used.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    public static Task<DicomArchive> OpenAsync(ArchiveOptions options, Func<IArchiveIndex> open, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        return OpenAsync(options, null, open, new ArchiveFiles(), cancellationToken);
    }

    internal static Task<DicomArchive> OpenAsync(ArchiveOptions options, IArchiveIndex index, ArchiveFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(index);
        return OpenAsync(options, index, () => index, files, cancellationToken);
    }

    private static async Task<DicomArchive> OpenAsync(ArchiveOptions options, IArchiveIndex? index, Func<IArchiveIndex> open, ArchiveFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBatch, 1, nameof(options));
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        ArchiveLock? taken = null;
        DicomArchive? archive = null;
        try
        {
            foreach (string changed in files.CreateFolder(Path.Join(options.Folder, IncomingFolder)))
            {
                if (options.Durability == Durability.Full)
                    files.FlushFolder(changed);
            }

            taken = ArchiveLock.Take(options.Folder);
            foreach (string folder in ReserveFolders(options))
                ArchiveReserve.ReleaseIfFull(folder);
            index ??= open();
            archive = new DicomArchive(options, index, files, taken);
            // Who joined the program that had it before may be in the middle of a group.
            await archive.Turn.TakeAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                archive.Mended = await archive.MendAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                archive.Turn.Give();
            }

            await index.SetCleanAsync(false, cancellationToken).ConfigureAwait(false);
            archive.MakeReserves();
            taken.Say(ArchiveLock.Shared);
            return archive;
        }
        catch
        {
            if (archive is not null)
                await archive.Committer.CloseAsync().ConfigureAwait(false);
            archive?.Volume?.Dispose();
            archive?.Turn.Dispose();
            taken?.Dispose();
            if (index is not null)
                await index.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins to receive an instance.</summary>
    /// <param name="meta">Its file meta information: SOP class, SOP instance and transfer syntax name it.</param>
    /// <exception cref="ArgumentException">A UID is missing.</exception>
    /// <exception cref="IOException">No file can be made.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be made.</exception>
    public IncomingInstance Receive(FileMetaInformation meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsJoined)
            throw new InvalidOperationException("the archive was joined: who has it open stores");
        if (meta.MediaStorageSopClassUid.IsNone || meta.MediaStorageSopInstanceUid.IsNone || meta.TransferSyntax.IsNone)
            throw new ArgumentException("SOP class, SOP instance and transfer syntax are needed", nameof(meta));
        // One folder for all of them, in the same file system: the next start finds there what a crash left, and needs to look nowhere else.
        string path = Path.Join(_incoming, $"{InstanceFileWriter.TemporaryPrefix}{Environment.ProcessId:x}-{Interlocked.Increment(ref s_counter):x}{InstanceFileWriter.TemporarySuffix}");
        SafeFileHandle handle;
        try
        {
            handle = Files.Create(path);
        }
        catch (DirectoryNotFoundException)
        {
            Files.CreateFolder(_incoming);
            handle = Files.Create(path);
        }

        return new IncomingInstance(this, meta, path, handle);
    }

    /// <summary>Stores a data set that is there whole, as it stands in memory.</summary>
    /// <inheritdoc cref="IncomingInstance.CompleteAsync" path="/exception"/>
    public async ValueTask<StoreResult> StoreAsync(FileMetaInformation meta, ReadOnlyMemory<byte> dataSet)
    {
        using IncomingInstance incoming = Receive(meta);
        incoming.Write(dataSet);
        return await incoming.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>The file of an instance.</summary>
    public string PathOf(IndexedInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return Path.Join(InstancePath.Join(Options.Folder, instance.Folder), instance.File);
    }

    /// <summary>Finishes what is being stored, and closes the index.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _lock?.Say("");
        await Committer.CloseAsync().ConfigureAwait(false);
        try
        {
            if (!IsJoined)
                await Index.SetCleanAsync(true).ConfigureAwait(false);
        }
        catch (ArchiveIndexException)
        {
            // The next start looks at the folders then.
        }

        await Index.DisposeAsync().ConfigureAwait(false);
        Volume?.Dispose();
        Turn.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Makes a folder unless it is known to be there.</summary>
    /// <returns>The folders whose entries changed.</returns>
    internal IReadOnlyList<string> MakeFolder(string folder)
    {
        if (_knownFolders.ContainsKey(folder))
            return [];
        IReadOnlyList<string> changed = Files.CreateFolder(folder);
        // Another instance of the same series will follow; of one from long ago the folder is looked at again.
        if (_knownFolders.Count >= MaxKnownFolders)
            _knownFolders.Clear();
        _knownFolders[folder] = true;
        return changed;
    }

    internal bool ForgetFolder(string folder) => _knownFolders.TryRemove(folder, out _);

    // The error that led here is the one worth telling; what cannot be deleted is found at the next start.
    internal static void TryDelete(ArchiveFiles files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
