using System.Collections.Concurrent;

namespace NetDicom.Archive;

/// <summary>
/// Threads that wait for the device. Several flushes at once cost little more than one: the file system takes them to its journal together (docs/performance.md). Threads of its own, since those of the pool are as many as there are
/// processors, and would all stand still.
/// </summary>
internal sealed class FlushCrew : IDisposable
{
    /// <summary>Flushes that are waited for at one time.</summary>
    private const int Threads = 8;

    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _queue = [];
    private int _started;

    /// <summary>Does some work on threads of the crew. The first error is told when all has ended.</summary>
    public Task RunAsync(IReadOnlyCollection<Action> work)
    {
        var all = new List<Task>(work.Count);
        foreach (Action one in work)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            all.Add(done.Task);
            _queue.Add((one, done));
            // As many as were ever wanted at once: who stores one at a time has two.
            if (_started < Math.Min(Threads, all.Count))
                Start();
        }

        return Task.WhenAll(all);
    }

    /// <summary>Ends the threads when what was given is done.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Start()
    {
        _started++;
        new Thread(Work, 256 * 1024) { IsBackground = true, Name = "archive flush" }.Start();
    }

    private void Work()
    {
        foreach ((Action work, TaskCompletionSource done) in _queue.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }
}
