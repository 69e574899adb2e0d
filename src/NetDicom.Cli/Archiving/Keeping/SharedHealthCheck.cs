using NetDicom.Archive;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>
/// Checks an archive for all who ask: one check at a time and one a second, whose outcome is everybody's. Where the index or the disk gives no answer, who asks gets one all the same, and no second check joins the one that hangs.
/// </summary>
internal sealed class SharedHealthCheck(DicomArchive archive, TimeProvider timeProvider)
{
    /// <summary>How long a check may take: twice what the index waits for its lock.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<ArchiveHealth> _check = Task.FromResult(new ArchiveHealth(null, null, null));
    private Task<ArchiveHealth?> _outcome = Task.FromResult<ArchiveHealth?>(null);
    private long? _endedAt;

    /// <summary>How the archive is, or was within the last second; null if that could not be found out within <see cref="Limit"/>.</summary>
    public Task<ArchiveHealth?> GetAsync()
    {
        lock (_gate)
        {
            // Under way, or hanging since an earlier question, which was told that: another one would hang beside it.
            if (!_outcome.IsCompleted || !_check.IsCompleted)
                return _outcome;
            if (_endedAt is { } at && timeProvider.GetElapsedTime(at) < s_age && _outcome is { IsCompletedSuccessfully: true, Result: not null })
                return _outcome;
            var limit = new CancellationTokenSource(Limit, timeProvider);
            // On a thread of its own: what hangs may be a call that no token ends.
            _check = Task.Run(() => CheckAsync(limit.Token), CancellationToken.None);
            return _outcome = WithinLimitAsync(_check, limit);
        }
    }

    private async Task<ArchiveHealth?> WithinLimitAsync(Task<ArchiveHealth> check, CancellationTokenSource limit)
    {
        using (limit)
        {
            try
            {
                return await check.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            finally
            {
                lock (_gate)
                    _endedAt = timeProvider.GetTimestamp();
            }
        }
    }

    private async Task<ArchiveHealth> CheckAsync(CancellationToken limit)
    {
        try
        {
            return await archive.CheckHealthAsync(limit);
        }
        catch (ObjectDisposedException)
        {
            return new ArchiveHealth("the archive is closed", null, null);
        }
    }
}
