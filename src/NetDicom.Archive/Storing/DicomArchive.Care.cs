using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>Whether an archive can do its work now.</summary>
/// <param name="IndexError">Why the index cannot be written; null if it can.</param>
/// <param name="FolderError">Why no file can be made in the instance folder; null if one can.</param>
/// <param name="FreeBytes">Free bytes of the file system of the instance folder; null if that cannot be told.</param>
public sealed record ArchiveHealth(string? IndexError, string? FolderError, long? FreeBytes)
{
    /// <summary>Whether instances can be stored.</summary>
    public bool IsReady => IndexError is null && FolderError is null;
}

/// <summary>What was tidied up.</summary>
/// <param name="EmptyFolders">Folders without a file that are gone.</param>
/// <param name="Orphans">Files in <c>.orphans</c>, below the instance folder.</param>
/// <param name="OrphanBytes">Their bytes.</param>
/// <param name="OrphansRemoved">Whether they were deleted.</param>
public sealed record CompactReport(int EmptyFolders, IReadOnlyList<string> Orphans, long OrphanBytes, bool OrphansRemoved)
{
    /// <summary>Whether unused pages of the index were given back: not beside a program that has the archive open.</summary>
    public bool IsIndexCompacted { get; init; } = true;
}

// Health, and the room that an archive takes.
public sealed partial class DicomArchive
{
    /// <summary>Tries what storing needs: a write to the index, a file in the instance folder. Takes as long as a commit; nothing is changed by it.</summary>
    public async Task<ArchiveHealth> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        string? index = null, folder = null;
        try
        {
            // It is in use: to say so again is a commit like any other.
            await Index.SetCleanAsync(false, cancellationToken).ConfigureAwait(false);
        }
        catch (ArchiveIndexException error)
        {
            index = error.Message;
        }

        cancellationToken.ThrowIfCancellationRequested();
        string path = Path.Join(_incoming, $"{InstanceFileWriter.TemporaryPrefix}health-{Environment.ProcessId:x}-{Interlocked.Increment(ref s_counter):x}{InstanceFileWriter.TemporarySuffix}");
        try
        {
            using (SafeFileHandle handle = Files.Create(path))
            {
                Files.Write(handle, [new byte[4096]], 0);
                Files.Close(handle);
            }

            Files.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            folder = error.Message;
            TryDelete(Files, path);
        }

        return new ArchiveHealth(index, folder, FreeBytes());
    }

    /// <summary>Free bytes of the file system of the instance folder, for who runs this program; null if that cannot be told.</summary>
    public long? FreeBytes() => Files.FreeBytes(Options.Folder);

    /// <summary>Files that were set aside: below the instance folder, with slashes, and how long each is.</summary>
    /// <param name="folder">The instance folder.</param>
    public static IEnumerable<(string Path, long Length)> Orphans(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var orphans = new DirectoryInfo(Path.Join(folder, OrphanFolder));
        return orphans.Exists ? orphans.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => ($"{OrphanFolder}/{file.Name}", file.Length)) : [];
    }

    /// <summary>
    /// Gives back room: unused pages of the index, empty folders, and if wanted the files that were set aside. In an archive that was joined the pages of the index stay, since that would keep the other
    /// program from storing; its log is brought into it as far as readers allow.
    /// </summary>
    /// <param name="removeOrphans">Whether the files that were set aside go, those of the last minute excepted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveIndexException">The index cannot be written.</exception>
    /// <exception cref="IOException">A folder cannot be read, or an orphan not be deleted.</exception>
    public async Task<CompactReport> CompactAsync(bool removeOrphans, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (IsJoined)
            await Index.FlushAsync(cancellationToken).ConfigureAwait(false);
        else
            await Index.CompactAsync(cancellationToken).ConfigureAwait(false);
        int removed = 0;
        foreach (string folder in SeriesFolders(Options.Folder, DateTimeOffset.MinValue).ToList())
            removed += await InTurnAsync(() => RemoveIfEmpty(folder), cancellationToken).ConfigureAwait(false);
        foreach (string study in Directory.EnumerateDirectories(Options.Folder).Where(path => !Path.GetFileName(path).StartsWith('.')).ToList())
            removed += await InTurnAsync(() => Files.TryDeleteFolder(study) ? 1 : 0, cancellationToken).ConfigureAwait(false);

        List<(string Path, long Length)> orphans = [.. Orphans(Options.Folder)];
        bool areRemoved = false;
        if (removeOrphans)
        {
            // Beside a server one may be on its way there.
            DateTime young = IsJoined ? Options.TimeProvider.GetUtcNow().UtcDateTime - s_orphanAge : DateTime.MaxValue;
            orphans.RemoveAll(orphan => File.GetLastWriteTimeUtc(InstancePath.Join(Options.Folder, orphan.Path)) > young);
            foreach ((string path, _) in orphans)
                Files.Delete(InstancePath.Join(Options.Folder, path));
            areRemoved = orphans.Count > 0;
        }

        return new CompactReport(removed, [.. orphans.Select(orphan => orphan.Path)], orphans.Sum(orphan => orphan.Length), areRemoved) { IsIndexCompacted = !IsJoined };
    }

    /// <summary>How long a file was left alone before it is removed beside a server.</summary>
    private static readonly TimeSpan s_orphanAge = TimeSpan.FromMinutes(1);

    // Each for itself: what is being stored waits for one folder at most.
    private async Task<int> InTurnAsync(Func<int> work, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return work();
        }
        finally
        {
            Turn.Give();
        }
    }

    /// <summary>
    /// Takes instances to the device whatever the archive's durability is: their bytes, the names and folders that lead to them, and the index. Who promises to keep them does this before
    /// (PS3.4 annex J: safekeeping).
    /// </summary>
    /// <param name="instances">Which ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those whose file could not be taken there, or is gone. Empty: all are safe.</returns>
    /// <exception cref="IOException">A folder cannot be taken there: none of them is known to be safe.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be: none of them is known to be safe.</exception>
    public async Task<IReadOnlySet<DicomUid>> FlushAsync(IReadOnlyCollection<IndexedInstance> instances, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instances);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var failed = new HashSet<DicomUid>();
        if (instances.Count == 0)
            return failed;
        foreach (IndexedInstance instance in instances)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using SafeFileHandle handle = File.OpenHandle(PathOf(instance), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                Files.Flush(handle);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failed.Add(instance.SopInstanceUid);
            }
        }

        // From the bottom to the top, each once.
        foreach (string folder in instances.Select(instance => instance.Folder).Distinct())
            Files.FlushFolder(InstancePath.Join(Options.Folder, folder));
        foreach (string study in instances.Select(instance => Path.GetDirectoryName(InstancePath.Join(Options.Folder, instance.Folder))!).Distinct())
            Files.FlushFolder(study);
        Files.FlushFolder(Options.Folder);
        // With full durability each commit was.
        if (Options.Durability == Durability.Full)
            return failed;
        await Index.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (Options.IndexFolder is { } index)
            Files.FlushFolder(index);
        return failed;
    }

    /// <summary>Copies the file of an instance, and compares the copy with what was stored before it gets its name.</summary>
    /// <param name="folder">The instance folder.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="target">The copy's path. Its folder is made; a file that is there is never changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// Null if there is a copy now, byte for byte what was stored (also if it was there before); otherwise what is wrong with the archive's file. Nothing is left of a copy that is not right.
    /// </returns>
    /// <exception cref="IOException">Another file is there, or the copy cannot be written.</exception>
    public static FindingKind? CopyTo(string folder, IndexedInstance instance, string target, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(instance);
        target = Path.GetFullPath(target);
        string source = Path.Join(InstancePath.Join(folder, instance.Folder), instance.File);
        if (File.Exists(target))
            return StoredFile.Check(target, instance, cancellationToken) is null ? null : throw new IOException($"another file is there: {target}");
        string parent = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(parent);
        string aside = Path.Join(parent, $"{InstanceFileWriter.TemporaryPrefix}{Environment.ProcessId:x}-{Interlocked.Increment(ref s_counter):x}{InstanceFileWriter.TemporarySuffix}");
        try
        {
            try
            {
                File.Copy(source, aside);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && !File.Exists(source))
            {
                return FindingKind.FileMissing;
            }

            // Read back: what the copy is, is what counts.
            if (StoredFile.Check(aside, instance, cancellationToken) is { } wrong)
                return StoredFile.Check(source, instance, cancellationToken) ?? throw new IOException($"the copy is not what was written ({wrong}): {target}");
            File.Move(aside, target);
            return null;
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
