namespace NetDicom.Network;

/// <summary>A cancellation token that fires when the caller's does or when a time has passed on a given clock.</summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>More than a timer takes (49 days) is as good as no limit.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    private readonly CancellationTokenSource? _clock;
    private readonly CancellationTokenSource _either;

    public TimeLimit(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _clock = timeout > TimeSpan.Zero && timeout < s_longest ? new CancellationTokenSource(timeout, time) : null;
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _clock?.Token ?? default);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _clock?.Dispose();
    }
}
