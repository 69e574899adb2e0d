namespace NetDicom.Archive;

/// <summary>Applies the rules of <see cref="RetentionOptions"/> to an archive, again and again.</summary>
public sealed class ArchiveRetention : IAsyncDisposable
{
    /// <summary>Studies looked at in one go.</summary>
    private const int Page = 50;

    private readonly DicomArchive _archive;
    private readonly RetentionOptions _options;
    private CareLoop? _loop;

    private ArchiveRetention(DicomArchive archive, RetentionOptions options)
    {
        _archive = archive;
        _options = options;
    }

    /// <summary>Applies the rules now and at every interval. To be disposed before the archive.</summary>
    /// <exception cref="ArgumentException">There is no rule, or no time between two applications of the rules.</exception>
    public static ArchiveRetention Start(DicomArchive archive, RetentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        if (!options.HasRules)
            throw new ArgumentException("there is no rule", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Interval, TimeSpan.Zero, nameof(options));
        var retention = new ArchiveRetention(archive, options);
        retention._loop = new CareLoop(retention.TurnAsync, options.Interval, options.TimeProvider, options.OnError);
        return retention;
    }

    /// <summary>Applies the rules once.</summary>
    /// <returns>How many studies went.</returns>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    /// <exception cref="IOException">Studies cannot be deleted.</exception>
    public static Task<int> ApplyAsync(DicomArchive archive, RetentionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        return new ArchiveRetention(archive, options).ApplyAsync(cancellationToken);
    }

    /// <summary>Stops; a study whose deletion has begun is deleted as far as its group of instances goes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
            await _loop.DisposeAsync().ConfigureAwait(false);
    }

    private async Task TurnAsync(CancellationToken stop)
    {
        await ApplyAsync(stop).ConfigureAwait(false);
        await CareLoop.WaitAsync(_options.Interval, _options.TimeProvider, stop).ConfigureAwait(false);
    }

    private async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        if (!_options.HasRules)
            return 0;
        int deleted = await ApplyAgeAsync(cancellationToken).ConfigureAwait(false);
        return deleted + await ApplyRoomAsync(cancellationToken).ConfigureAwait(false);
    }

    // The two rules look at studies in orders of their own: what was the oldest examination may have come today.
    private async Task<int> ApplyAgeAsync(CancellationToken cancellationToken)
    {
        int deleted = 0, page = Page;
        while (_options.MaxAge is { } age)
        {
            int before = deleted;
            IReadOnlyList<StoredStudy> oldest = await _archive.Index.GetOldestStudiesAsync(_options.AgeBy, page, cancellationToken).ConfigureAwait(false);
            foreach (StoredStudy study in oldest)
            {
                if (_options.TimeProvider.GetUtcNow() - study.DateIn(_options.AgeBy) <= age)
                    return deleted;
                if (await DeleteAsync(study, RetentionRule.Age, cancellationToken).ConfigureAwait(false) is not null)
                    deleted++;
            }

            if (deleted > before)
                continue;
            if (oldest.Count < page)
                return deleted;
            page = Longer(page);
        }

        return deleted;
    }

    private async Task<int> ApplyRoomAsync(CancellationToken cancellationToken)
    {
        long bytes = (await _archive.Index.GetStatisticsAsync(cancellationToken).ConfigureAwait(false)).Bytes;
        int deleted = 0, page = Page;
        while (RoomRule(bytes) is not null)
        {
            int before = deleted;
            IReadOnlyList<StoredStudy> oldest = await _archive.Index.GetOldestStudiesAsync(_options.Order, page, cancellationToken).ConfigureAwait(false);
            foreach (StoredStudy study in oldest)
            {
                if (RoomRule(bytes) is not { } rule)
                    return deleted;
                if (_options.TimeProvider.GetUtcNow() - study.ReceivedAt < _options.Spared)
                {
                    // In the other orders an older one may follow that came earlier.
                    if (_options.Order != StudyOrder.Received)
                        continue;
                    _options.OnUnmet?.Invoke(rule);
                    return deleted;
                }

                if (await DeleteAsync(study, rule, cancellationToken).ConfigureAwait(false) is not { } report)
                    continue;
                bytes -= report.Bytes;
                deleted++;
            }

            if (deleted > before)
                continue;
            // A page from which nothing went would come again: behind what is spared there may be some that are not.
            if (oldest.Count == page)
            {
                page = Longer(page);
                continue;
            }

            if (RoomRule(bytes) is { } unmet)
                _options.OnUnmet?.Invoke(unmet);
            return deleted;
        }

        return deleted;
    }

    private async Task<DeleteReport?> DeleteAsync(StoredStudy study, RetentionRule rule, CancellationToken cancellationToken)
    {
        DeleteReport report = await _archive.DeleteAsync(new InstanceSelection { Studies = [study.StudyInstanceUid] }, null, cancellationToken).ConfigureAwait(false);
        if (report.Instances == 0)
            return null;
        ArchiveMetrics.Retired(report.Instances);
        _options.OnDeleted?.Invoke(new RetentionDeletion(study, rule, report));
        return report;
    }

    private static int Longer(int page) => (int)Math.Min(4L * page, int.MaxValue);

    private RetentionRule? RoomRule(long bytes) =>
        _options.MaxBytes is { } most && bytes > most ? RetentionRule.Bytes
        : _options.MinFreeBytes is { } least && _archive.FreeBytes() is { } free && free < least ? RetentionRule.FreeSpace
        : null;
}
