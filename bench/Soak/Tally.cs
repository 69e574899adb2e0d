using System.Collections;
using System.Collections.Concurrent;

namespace NetDicom.Bench.Soak;

/// <summary>What was done, and what went wrong.</summary>
internal sealed class Tally(int objects)
{
    private readonly BitArray _acknowledged = new(objects);
    private long _associations, _operations, _failures, _verified;

    public long Associations => Interlocked.Read(ref _associations);

    public long Operations => Interlocked.Read(ref _operations);

    public long Failures => Interlocked.Read(ref _failures);

    public long Verified => Interlocked.Read(ref _verified);

    public ConcurrentQueue<string> FirstFailures { get; } = new();

    public void Association() => Interlocked.Increment(ref _associations);

    public void Operation() => Interlocked.Increment(ref _operations);

    public void Verify() => Interlocked.Increment(ref _verified);

    public void Fail(string what)
    {
        Interlocked.Increment(ref _failures);
        if (FirstFailures.Count < 20)
            FirstFailures.Enqueue(what);
    }

    /// <summary>The archive has answered success for an object of the set.</summary>
    public void Acknowledge(int number)
    {
        lock (_acknowledged)
            _acknowledged[number] = true;
    }

    public bool IsAcknowledged(int number)
    {
        lock (_acknowledged)
            return _acknowledged[number];
    }
}
