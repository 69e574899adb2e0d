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
        long bytes = (await _archive.Index.GetStatisticsAsync(cancellationToken).ConfigureAwait(false)).Bytes;
        int deleted = 0, page = Page;
        while (true)
        {
            int before = deleted;
            IReadOnlyList<StoredStudy> oldest = await _archive.Index.GetOldestStudiesAsync(_options.Order, page, cancellationToken).ConfigureAwait(false);
            foreach (StoredStudy study in oldest)
            {
                DateTimeOffset now = _options.TimeProvider.GetUtcNow();
                if (RuleFor(study, now, bytes) is not { } rule)
                    return deleted;
                if (rule != RetentionRule.Age && now - study.ReceivedAt < _options.Spared)
                {
                    // With the order by Study Date an older one may follow that came earlier.
                    if (_options.Order == StudyOrder.StudyDate)
                        continue;
                    _options.OnUnmet?.Invoke(rule);
                    return deleted;
                }

                DeleteReport report = await _archive.DeleteAsync(new InstanceSelection { Studies = [study.StudyInstanceUid] }, null, cancellationToken).ConfigureAwait(false);
                if (report.Instances == 0)
                    continue;
                bytes -= report.Bytes;
                deleted++;
                ArchiveMetrics.Retired(report.Instances);
                _options.OnDeleted?.Invoke(new RetentionDeletion(study, rule, report));
            }

            if (deleted > before)
                continue;
            // A page from which nothing went would come again: behind what is spared there may be some that are not.
            if (oldest.Count == page)
            {
                page = (int)Math.Min(4L * page, int.MaxValue);
                continue;
            }

            if (RoomRule(bytes) is { } unmet)
                _options.OnUnmet?.Invoke(unmet);
            return deleted;
        }
    }

    private RetentionRule? RuleFor(StoredStudy study, DateTimeOffset now, long bytes) =>
        _options.MaxAge is { } age && now - study.DateIn(_options.Order) > age ? RetentionRule.Age : RoomRule(bytes);

    private RetentionRule? RoomRule(long bytes) =>
        _options.MaxBytes is { } most && bytes > most ? RetentionRule.Bytes
        : _options.MinFreeBytes is { } least && _archive.FreeBytes() is { } free && free < least ? RetentionRule.FreeSpace
        : null;
}
