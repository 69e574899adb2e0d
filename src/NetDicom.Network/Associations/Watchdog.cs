namespace NetDicom.Network;

/// <summary>
/// The deadlines of one association over one timer. Setting a deadline is a write to an array; the timer is touched only when the
/// earliest deadline moves forward, so a busy association costs no timer operations and an idle one no wake-ups beyond its own limits.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>Not a limit: nothing was said for a while, so that the connection can rest.</summary>
    public const TimeoutKind Quiet = TimeoutKind.ReceiveRate + 1;

    private const int KindCount = (int)Quiet + 1;

    /// <summary>A system timer takes 49 days at most; one that fires before any deadline only sets itself again.</summary>
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly Action<TimeoutKind> _expired;
    private readonly long[] _deadlines = new long[KindCount];
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _wake = long.MaxValue;
    private bool _disposed;

    public Watchdog(TimeProvider time, Action<TimeoutKind> expired)
    {
        _time = time;
        _expired = expired;
        // Not Array.Fill: that is vector code, which the precompiled runtime does not hold and would compile at each start (docs/performance.md).
        for (int i = 0; i < _deadlines.Length; i++)
            _deadlines[i] = long.MaxValue;
    }

    /// <summary>The monotonic clock as a span since an origin of its own.</summary>
    public TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Sets or moves a deadline. A span of zero or less means no limit.</summary>
    public void Set(TimeoutKind kind, TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            Clear(kind);
            return;
        }

        long now = Now.Ticks;
        // TimeSpan.MaxValue is a way to say "never", and must not come out as a time in the past.
        long deadline = timeout.Ticks < long.MaxValue - now ? now + timeout.Ticks : long.MaxValue - 1;
        // An exchange, not a plain write: it must be seen before _wake is read, or Fire could miss the deadline while this misses the wake.
        Interlocked.Exchange(ref _deadlines[(int)kind], deadline);
        if (deadline < Volatile.Read(ref _wake))
            Arm(deadline);
    }

    /// <summary>Takes a deadline away.</summary>
    public void Clear(TimeoutKind kind) => Volatile.Write(ref _deadlines[(int)kind], long.MaxValue);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Arm(long deadline)
    {
        lock (_gate)
        {
            if (_disposed || deadline >= _wake)
                return;
            _wake = deadline;
            // One tick late rather than early: a callback before its deadline would only have to come again.
            TimeSpan due = TimeSpan.FromTicks(Math.Clamp(deadline - Now.Ticks, 0, s_longestSleep.Ticks)) + TimeSpan.FromMilliseconds(1);
            if (_timer is null)
            {
                // A timer keeps the context that it is made in, and this one lives as long as the association.
                AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
                _timer = _time.CreateTimer(static state => ((Watchdog)state!).Fire(), this, due, Timeout.InfiniteTimeSpan);
                flow?.Undo();
            }
            else
                _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _wake = long.MaxValue;
        }

        long now = Now.Ticks;
        long next = long.MaxValue;
        for (int kind = 0; kind < KindCount; kind++)
        {
            long deadline = Volatile.Read(ref _deadlines[kind]);
            if (deadline > now)
                next = Math.Min(next, deadline);
            else if (Interlocked.CompareExchange(ref _deadlines[kind], long.MaxValue, deadline) == deadline)
                _expired((TimeoutKind)kind);
        }

        if (next != long.MaxValue)
            Arm(next);
    }
}
