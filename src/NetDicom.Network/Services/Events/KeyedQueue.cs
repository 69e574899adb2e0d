namespace NetDicom.Network;

/// <summary>Works on items in the order in which they came, key by key; the keys do not wait for each other. Safe for several threads.</summary>
/// <param name="maxWaiting">Most items of a key that wait.</param>
/// <param name="work">Works on what there is of a key, until it is told that there is nothing left. An item is taken before anything can go wrong with it.</param>
/// <param name="onFailure">Told of an exception of the work.</param>
internal sealed class KeyedQueue<TKey, TItem>(int maxWaiting, Func<TKey, IAsyncEnumerable<TItem>, Task> work, Action<TKey, Exception> onFailure) where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Queue<TItem>> _waiting = [];
    private readonly HashSet<Task> _working = [];

    /// <returns>False if there are too many of the key.</returns>
    public bool TryAdd(TKey key, TItem item)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(key, out Queue<TItem>? items))
            {
                if (items.Count >= maxWaiting)
                    return false;
                items.Enqueue(item);
                return true;
            }

            _waiting.Add(key, new Queue<TItem>([item]));
            Task task = Task.Run(() => RunAsync(key));
            _working.Add(task);
            _ = task.ContinueWith(
                ended =>
                {
                    lock (_gate)
                        _working.Remove(ended);
                }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return true;
        }
    }

    /// <summary>Completes when what is there now has been worked on.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_working);
    }

    private async Task RunAsync(TKey key)
    {
        while (true)
        {
            try
            {
                await work(key, TakeAsync(key)).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // An owner's hook that throws though it must not: it costs what it was called for, not what comes after.
                onFailure(key, error);
            }

            lock (_gate)
            {
                if (_waiting[key].Count == 0)
                {
                    _waiting.Remove(key);
                    return;
                }
            }
        }
    }

    private async IAsyncEnumerable<TItem> TakeAsync(TKey key)
    {
        await Task.CompletedTask.ConfigureAwait(false); // the worker wants a stream; the items are there
        while (true)
        {
            TItem? item;
            lock (_gate)
            {
                if (!_waiting[key].TryDequeue(out item))
                    yield break;
            }

            yield return item;
        }
    }
}
