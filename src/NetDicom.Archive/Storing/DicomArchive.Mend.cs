namespace NetDicom.Archive;

// The files are the truth: what the index lacks is taken from them.
public sealed partial class DicomArchive
{
    /// <summary>Most instances put into the index in one go while it is mended or made anew.</summary>
    private const int MendBatch = 200;

    /// <summary>Rows read at a time while files are verified.</summary>
    private const int VerifyPage = 200;

    /// <summary>Most files without a row that are held back until the end.</summary>
    private const int MaxUnknown = 10_000;

    /// <summary>
    /// How far before the last commit a folder may have changed without its file being in the index: the time between a file's name and its commit, and steps of the clock.
    /// </summary>
    private static readonly TimeSpan s_play = TimeSpan.FromHours(1);

    /// <summary>Brings every file of the instance folder into the index that is not there, whenever it came: after the index was lost, or files were copied in.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    public Task<MendReport> IndexFilesAsync(CancellationToken cancellationToken = default) => MendFoldersAsync(DateTimeOffset.MinValue, null, cancellationToken);

    /// <summary>As above. It may be stopped: what it has indexed by then stays, and another call goes on behind it without reading those files again.</summary>
    /// <param name="progress">Told of each file that was looked at, by its path below the instance folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    public Task<MendReport> IndexFilesAsync(IProgress<string> progress, CancellationToken cancellationToken = default) => MendFoldersAsync(DateTimeOffset.MinValue, progress, cancellationToken);

    /// <summary>Compares every file with the index, byte by byte by its hash, and every row with its file. Changes nothing; runs beside everything else.</summary>
    /// <exception cref="ArchiveIndexException">The index cannot be read.</exception>
    public IAsyncEnumerable<ArchiveFinding> VerifyAsync(CancellationToken cancellationToken = default) => VerifyAsync(Index, Options.Folder, null, default, cancellationToken);

    /// <summary>As above, for an archive that another program may have open.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="folder">Its instance folder.</param>
    /// <param name="progress">Told of each file that was looked at, after what was found of it; null for none.</param>
    /// <param name="after">The instance that an earlier run looked at last: those before it, in the order of their UIDs, are left out. default to look at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<ArchiveFinding> VerifyAsync(
        IArchiveIndex index, string folder, IProgress<IndexedInstance>? progress, DicomUid after = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        while (await index.GetPageAsync(after, VerifyPage, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (IndexedInstance instance in page)
            {
                FindingKind? wrong;
                try
                {
                    wrong = StoredFile.Check(Path.Join(InstancePath.Join(folder, instance.Folder), instance.File), instance, cancellationToken);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    wrong = FindingKind.Unreadable;
                }

                if (wrong is { } kind && await IsStillAsync(index, instance, cancellationToken).ConfigureAwait(false))
                    yield return new ArchiveFinding(kind, PathBelow(instance));
                progress?.Report(instance);
            }

            after = page[^1].SopInstanceUid;
        }

        // A file is named a moment before it is indexed: what has no row is asked for once more, as late as can be.
        var unknown = new List<string>();
        foreach (string seriesFolder in SeriesFolders(folder, DateTimeOffset.MinValue))
        {
            HashSet<string> known = await NamesAsync(index, seriesFolder, cancellationToken).ConfigureAwait(false);
            foreach (string path in Entries(InstancePath.Join(folder, seriesFolder), Directory.GetFiles))
            {
                if (Path.GetFileName(path) is var name && !known.Contains(name))
                    unknown.Add($"{seriesFolder}/{name}");
            }

            if (unknown.Count < MaxUnknown)
                continue;
            foreach (ArchiveFinding finding in await StillUnknownAsync(index, folder, unknown, cancellationToken).ConfigureAwait(false))
                yield return finding;
            unknown.Clear();
        }

        foreach (ArchiveFinding finding in await StillUnknownAsync(index, folder, unknown, cancellationToken).ConfigureAwait(false))
            yield return finding;
    }

    private static async Task<List<ArchiveFinding>> StillUnknownAsync(IArchiveIndex index, string folder, List<string> unknown, CancellationToken cancellationToken)
    {
        var findings = new List<ArchiveFinding>();
        foreach (IGrouping<string, string> series in unknown.GroupBy(below => below[..below.LastIndexOf('/')]))
        {
            HashSet<string> known = await NamesAsync(index, series.Key, cancellationToken).ConfigureAwait(false);
            findings.AddRange(series.Where(below => !known.Contains(below[(series.Key.Length + 1)..]) && File.Exists(InstancePath.Join(folder, below)))
                .Select(below => new ArchiveFinding(FindingKind.NotIndexed, below)));
        }

        return findings;
    }

    private static async Task<HashSet<string>> NamesAsync(IArchiveIndex index, string seriesFolder, CancellationToken cancellationToken) =>
        [.. (await index.GetFolderAsync(seriesFolder, cancellationToken).ConfigureAwait(false)).Select(instance => instance.File)];

    // What was replaced or deleted meanwhile is right as it is.
    internal static async ValueTask<bool> IsStillAsync(IArchiveIndex index, IndexedInstance instance, CancellationToken cancellationToken) =>
        await index.FindInstanceAsync(instance.SopInstanceUid, cancellationToken).ConfigureAwait(false) is { } now && now.File == instance.File && now.Folder == instance.Folder;

    private async Task<MendReport> MendAsync(CancellationToken cancellationToken)
    {
        IndexStatistics statistics = await Index.GetStatisticsAsync(cancellationToken).ConfigureAwait(false);
        // An index that was made anew knows of no deletion: then the files decide, and what was asked for before has to be asked for again.
        int deleted = statistics.LastCommit is null ? 0 : await FinishDeletingAsync(cancellationToken).ConfigureAwait(false);
        if (statistics.LastCommit is null)
            TryDelete(Files, DeletingPath);
        int removed = 0, named = 0;
        foreach (string left in Directory.EnumerateFiles(_incoming).ToList())
        {
            if (!statistics.IsClean && await FinishNamingAsync(left, cancellationToken).ConfigureAwait(false))
            {
                named++;
                continue;
            }

            Files.Delete(left);
            removed++;
        }

        if (statistics.IsClean)
            return new MendReport { TemporaryFilesRemoved = removed, DeletionsFinished = deleted };
        MendReport report = await MendFoldersAsync(statistics.LastCommit is { } last ? last - s_play : DateTimeOffset.MinValue, null, cancellationToken).ConfigureAwait(false);
        return report with { TemporaryFilesRemoved = removed, DeletionsFinished = deleted, NamesFinished = named };
    }

    // The row got to the device and the name did not: the bytes did before either, under the temporary name.
    private async Task<bool> FinishNamingAsync(string left, CancellationToken cancellationToken)
    {
        try
        {
            if (StoredFile.UidOf(left) is not { } uid || await Index.FindInstanceAsync(uid, cancellationToken).ConfigureAwait(false) is not { } row)
                return false;
            string path = PathOf(row);
            if (Files.Exists(path) || StoredFile.Check(left, row, cancellationToken) is not null)
                return false;
            string folder = Path.GetDirectoryName(path)!;
            List<string> changed = [.. MakeFolder(folder), folder];
            Files.Rename(left, path);
            if (Options.Durability == Durability.Full)
                changed.ForEach(Files.FlushFolder);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A folder's time changes when a name comes or goes, so only those need to be looked into that changed since the index was last written.
    private async Task<MendReport> MendFoldersAsync(DateTimeOffset changedSince, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var findings = new List<ArchiveFinding>();
        var batch = new Dictionary<DicomUid, InstanceRecord>();
        int indexed = 0;
        foreach (string folder in SeriesFolders(Options.Folder, changedSince))
        {
            IReadOnlyList<IndexedInstance> rows = await Index.GetFolderAsync(folder, cancellationToken).ConfigureAwait(false);
            Dictionary<string, IndexedInstance> missing = rows.ToDictionary(row => row.File);
            foreach (string path in Directory.EnumerateFiles(InstancePath.Join(Options.Folder, folder)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report($"{folder}/{Path.GetFileName(path)}");
                if (missing.Remove(Path.GetFileName(path)))
                    continue;
                indexed += await TakeInAsync(path, folder, batch, findings, cancellationToken).ConfigureAwait(false);
                if (batch.Count >= MendBatch)
                    await CommitAsync().ConfigureAwait(false);
            }

            findings.AddRange(missing.Values.Select(row => new ArchiveFinding(FindingKind.FileMissing, PathBelow(row))));
        }

        await CommitAsync().ConfigureAwait(false);
        return new MendReport { FilesIndexed = indexed, Findings = findings };

        async Task CommitAsync()
        {
            try
            {
                if (batch.Count > 0)
                    await Index.CommitAsync([.. batch.Values.Select(IndexChange.Put)], cancellationToken).ConfigureAwait(false);
            }
            catch (DicomDataException)
            {
                // One of them cannot be indexed: the start does not fail for it.
                foreach (InstanceRecord record in batch.Values)
                    indexed -= await CommitOneAsync(record, findings, cancellationToken).ConfigureAwait(false) ? 0 : 1;
            }

            batch.Clear();
        }
    }

    private async Task<bool> CommitOneAsync(InstanceRecord record, List<ArchiveFinding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await Index.CommitAsync([IndexChange.Put(record)], cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DicomDataException)
        {
            string below = PathBelow(record.Instance);
            findings.Add(new ArchiveFinding(FindingKind.NotAnInstance, below));
            SetAside(PathOf(record.Instance), below);
            return false;
        }
    }

    private async Task<int> TakeInAsync(string path, string folder, Dictionary<DicomUid, InstanceRecord> batch, List<ArchiveFinding> findings, CancellationToken cancellationToken)
    {
        string below = $"{folder}/{Path.GetFileName(path)}";
        try
        {
            InstanceRecord record = StoredFile.Read(path, folder, Index.Attributes, cancellationToken);
            IndexedInstance? known = batch.GetValueOrDefault(record.Instance.SopInstanceUid)?.Instance
                ?? await Index.FindInstanceAsync(record.Instance.SopInstanceUid, cancellationToken).ConfigureAwait(false);
            if (known is null || !Files.Exists(PathOf(known)))
            {
                batch[record.Instance.SopInstanceUid] = MoveHome(path, record);
                return 1;
            }

            // Moved here from another folder a moment ago.
            if (PathOf(known) == path)
                return 0;
            findings.Add(new ArchiveFinding(FindingKind.Superseded, below));
        }
        catch (DicomDataException)
        {
            findings.Add(new ArchiveFinding(FindingKind.NotAnInstance, below));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            findings.Add(new ArchiveFinding(FindingKind.Unreadable, below));
            return 0;
        }

        SetAside(path, below);
        return 0;
    }

    // A file that was copied in lies anywhere; the index has one folder for a series.
    private InstanceRecord MoveHome(string path, InstanceRecord record)
    {
        string home = InstancePath.FolderOf(record.Attributes);
        if (home == record.Instance.Folder)
            return record;
        IndexedInstance moved = record.Instance with { Folder = home, File = InstancePath.FileOf(record.Instance.SopInstanceUid) };
        MakeFolder(InstancePath.Join(Options.Folder, home));
        // A file of that name is not indexed, or this one would not be: it is left, and this one goes beside it.
        if (Files.Exists(PathOf(moved)))
            moved = moved with { File = InstancePath.FileOf(moved.SopInstanceUid, moved.DataSetHash.Span) };
        Files.Rename(path, PathOf(moved));
        return record with { Instance = moved };
    }

    // Nothing is thrown away here: a person may want to look at it.
    private void SetAside(string path, string below)
    {
        string target = Path.Join(Options.Folder, OrphanFolder, below.Replace('/', '_'));
        try
        {
            Files.CreateFolder(Path.GetDirectoryName(target)!);
            Files.Rename(path, target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays where it is, and is found again.
        }
    }

    internal static string PathBelow(IndexedInstance instance) => $"{instance.Folder}/{instance.File}";

    // A folder can go while a server deletes beside us.
    private static string[] Entries(string folder, Func<string, string[]> read)
    {
        try
        {
            return read(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static IEnumerable<string> SeriesFolders(string root, DateTimeOffset changedSince)
    {
        foreach (string study in Directory.EnumerateDirectories(root))
        {
            string name = Path.GetFileName(study);
            if (name.StartsWith('.'))
                continue;
            foreach (string series in Entries(study, Directory.GetDirectories))
            {
                if (changedSince == DateTimeOffset.MinValue || Directory.GetLastWriteTimeUtc(series) >= changedSince)
                    yield return $"{name}/{Path.GetFileName(series)}";
            }
        }
    }
}
