namespace NetDicom.Cli.Commands.Data;

/// <summary>A few pieces of work side by side whose results are taken in the order in which they were started.</summary>
internal sealed class OrderedWork<T>(int most) : IAsyncDisposable
    where T : IDisposable
{
    private readonly Queue<Task<T>> _tasks = new();

    public int Count => _tasks.Count;

    /// <summary>Whether a result has to be taken before more may be started: results are not to pile up in memory.</summary>
    public bool IsFull => _tasks.Count >= 2 * most;

    public void Start(Func<Task<T>> work) => _tasks.Enqueue(Task.Run(work));

    public async Task<T> TakeAsync() => await _tasks.Dequeue();

    /// <summary>Waits for what was not taken.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_tasks.TryDequeue(out Task<T>? task))
        {
            try
            {
                (await task).Dispose();
            }
            catch (OperationCanceledException)
            {
                // The tool was stopped; nobody waits for this one.
            }
        }
    }
}
