namespace NetDicom.Network;

/// <summary>
/// The data set of a message that is being received. While it is open its reader owns the receiving end of the association; the
/// association's loop waits for <see cref="WhenConsumedAsync"/> and then reads on.
/// </summary>
internal sealed class IncomingDataSet(MessageReader reader)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _lastPieceGiven;
    private bool _consumed;

    /// <summary>The next piece; empty at the end. A piece is valid until the next call: the last one too, which is why only the call after it hands the connection back.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_consumed)
        {
            if (_lastPieceGiven)
            {
                HandBack();
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlyMemory<byte> piece = await reader.ReadDataAsync(cancellationToken).ConfigureAwait(false);
            _lastPieceGiven = reader.IsDataSetComplete;
            if (!piece.IsEmpty)
                return piece;
        }

        return default;
    }

    /// <summary>Passes over what the handler left.</summary>
    public async ValueTask FinishAsync()
    {
        while (!(await ReadAsync(CancellationToken.None).ConfigureAwait(false)).IsEmpty)
        {
        }
    }

    public Task WhenConsumedAsync()
    {
        lock (_gate)
        {
            if (_consumed)
                return Task.CompletedTask;
            // The loop must not run on the stack of the handler that reads the last piece.
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <summary>Ends the reading: nothing more is given out, and the loop goes on.</summary>
    public void HandBack()
    {
        lock (_gate)
        {
            _consumed = true;
            _waiter?.TrySetResult();
        }
    }
}
