namespace NetDicom.Archive;

/// <summary>What making an index anew came to.</summary>
/// <param name="Mended">Files that were indexed in this run, and what could not be.</param>
/// <param name="Instances">Instances in the new index.</param>
/// <param name="IsComplete">Whether all files were looked at: only then the new index takes the old one's place.</param>
public sealed record RebuildReport(MendReport Mended, long Instances, bool IsComplete);

// The index from the files alone.
public sealed partial class DicomArchive
{
    /// <summary>
    /// Makes an index anew out of the files of an archive, aside, and puts it in the place of the old one. Nobody else has the archive open from before the new index is opened until it is in its place.
    /// </summary>
    /// <param name="options">The archive: its folder and durability count.</param>
    /// <param name="open">Opens the new index, empty or as far as an earlier run came. Called when the archive is locked.</param>
    /// <param name="replace">Puts it in the place of the old one. Called when the new index is whole and closed, and the archive still locked.</param>
    /// <param name="progress">Told of each file that was looked at, by its path below the instance folder; null for none.</param>
    /// <param name="cancellationToken">Stops it: the new index stays as far as it is, for another call to go on with.</param>
    /// <exception cref="IOException">A folder cannot be read, or another program has the archive open.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    /// <exception cref="ArchiveIndexException">The new index cannot be used.</exception>
    public static async Task<RebuildReport> RebuildAsync(ArchiveOptions options, Func<IArchiveIndex> open, Action replace, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(replace);
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        using var taken = ArchiveLock.Take(options.Folder);
        RebuildReport report;
        // To the end: who had joined the program before us finishes a group first, and finds then that it has gone.
        using var turn = new ArchiveTurn(options.Folder);
        await turn.TakeAsync(cancellationToken).ConfigureAwait(false);
        IArchiveIndex index = open();
        await using (index.ConfigureAwait(false))
            report = await IndexAllAsync(new DicomArchive(options, index, new ArchiveFiles(), taken), progress, cancellationToken).ConfigureAwait(false);
        if (report.IsComplete)
            replace();
        turn.Give();
        return report;
    }

    private static async Task<RebuildReport> IndexAllAsync(DicomArchive archive, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        MendReport mended = MendReport.Nothing;
        bool isComplete = false;
        try
        {
            mended = await archive.MendFoldersAsync(DateTimeOffset.MinValue, progress, cancellationToken).ConfigureAwait(false);
            await archive.Index.SetCleanAsync(true, CancellationToken.None).ConfigureAwait(false);
            isComplete = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is indexed is not read again.
        }
        finally
        {
            await archive.Committer.CloseAsync().ConfigureAwait(false);
            archive.Volume?.Dispose();
            archive.Turn.Dispose();
        }

        return new RebuildReport(mended, (await archive.Index.GetStatisticsAsync(CancellationToken.None).ConfigureAwait(false)).Instances, isComplete);
    }
}
