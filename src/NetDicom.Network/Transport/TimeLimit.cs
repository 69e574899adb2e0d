namespace NetDicom.Network;

/// <summary>A cancellation token that fires when the caller's does or when a time has passed on a given clock.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource? _clock;
    private readonly CancellationTokenSource _either;

    public TimeLimit(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _clock = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, time) : null;
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _clock?.Token ?? default);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _clock?.Dispose();
    }
}
