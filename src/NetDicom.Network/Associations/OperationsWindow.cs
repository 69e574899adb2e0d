using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Something that waits for its place in the window. Called on the reading loop, or at once by whoever asks.</summary>
internal interface IWindowWaiter
{
    void OnPlace();
}

/// <summary>
/// The asynchronous operations window as the invoker keeps it (PS3.7 annex D.3.3.3): so many requests may be without their answer at a time.
/// Without negotiation that is one.
/// </summary>
internal sealed class OperationsWindow(int size)
{
    /// <summary>What "unlimited" (0) comes to: more outstanding requests gain nothing on any line, and each costs the peer memory.</summary>
    public const int Cap = 256;

    private readonly Lock _gate = new();
    private readonly LinkedList<IWindowWaiter> _waiters = [];
    private int _free = size;

    /// <summary>Requests that may be outstanding.</summary>
    public int Size { get; } = size;

    /// <summary>The size for a number from the wire, 0 meaning unlimited.</summary>
    public static int SizeOf(ushort negotiated) => negotiated == 0 ? Cap : Math.Min((int)negotiated, Cap);

    /// <summary>Takes a place if one is free; otherwise <paramref name="waiter"/> gets the next one in its turn.</summary>
    /// <returns>Whether a place was taken; then <see cref="IWindowWaiter.OnPlace"/> is not called.</returns>
    public bool TakeOrWait(IWindowWaiter waiter)
    {
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            _waiters.AddLast(waiter);
            return false;
        }
    }

    /// <summary>Gives up waiting.</summary>
    /// <returns>False if the place was given in the meantime: it must be given back.</returns>
    public bool Withdraw(IWindowWaiter waiter)
    {
        lock (_gate)
            return _waiters.Remove(waiter);
    }

    /// <summary>Gives a place to the one who waits longest, or keeps it free.</summary>
    public void Give()
    {
        IWindowWaiter? next;
        lock (_gate)
        {
            next = _waiters.First?.Value;
            if (next is null)
                _free++;
            else
                _waiters.RemoveFirst();
        }

        next?.OnPlace();
    }

    /// <summary>Waits for a place.</summary>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskWaiter();
        if (TakeOrWait(waiter))
            return;
        try
        {
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(waiter))
                Give();
            throw;
        }
    }

    private sealed class TaskWaiter : TaskCompletionSource, IWindowWaiter
    {
        public TaskWaiter() : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
        }

        public void OnPlace() => TrySetResult();
    }
}
