using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A request that is answered by several responses, the last without Pending: C-FIND, C-GET, C-MOVE. The responses wait here for their consumer, a bounded number of them: what is more stays on the
/// connection (matches), or takes the place of the one before (progress).
/// </summary>
internal sealed class ResponseStream(CommandField response, byte contextId, DicomUid sopClass, TimeSpan? responseTimeout, int maxWaiting, int maxBytes)
    : PendingOperation(response, contextId)
{
    private readonly Lock _gate = new();
    private readonly Queue<Answer> _waiting = new();
    private readonly AsyncSignal _changed = new(inline: false);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private long _bytes;
    private AssociationEnd? _end;
    private Answer? _last;
    private bool _abandoned;

    public override DicomUid SopClassUid => sopClass;

    public override TimeSpan? ResponseTimeout => responseTimeout;

    public override bool TakesPending => true;

    public override long? MaxDataSetLength => Volatile.Read(ref _abandoned) ? null : maxBytes;

    public override Task WhenRoom
    {
        get
        {
            lock (_gate)
                return _room?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Completes, never with an error, when the last response is there or will not come.</summary>
    public Task Finished => _finished.Task;

    /// <summary>The last response; null as long as it is not there.</summary>
    public Answer? Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    public override void OnAnswer(in Answer answer)
    {
        bool isLast = !answer.Status.IsPending;
        lock (_gate)
        {
            if (isLast)
                _last = answer;
            if (!_abandoned)
                Enqueue(answer);
        }

        if (isLast)
            _finished.TrySetResult();
        _changed.Set();
    }

    public override void OnEnded(AssociationEnd end)
    {
        lock (_gate)
        {
            _end = end;
            _room?.TrySetResult();
            _room = null;
        }

        _finished.TrySetResult();
        _changed.Set();
    }

    /// <summary>The next response. One reader at a time; after the last there is none.</summary>
    /// <exception cref="AssociationEndedException">The association ended, and what had come before is read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is lost.</exception>
    public async ValueTask<Answer> ReadAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _changed).ConfigureAwait(false))
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                lock (_gate)
                {
                    if (_waiting.TryDequeue(out Answer answer))
                    {
                        _bytes -= answer.DataSet?.Length ?? 0;
                        if (_room is not null && _waiting.Count <= maxWaiting / 2 && _bytes <= maxBytes / 2)
                            MakeRoom();
                        return answer;
                    }

                    if (_end is not null)
                        throw _end.ToException();
                }

                await _changed.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Nobody reads any more: what comes is passed over.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            Volatile.Write(ref _abandoned, true);
            _waiting.Clear();
            _bytes = 0;
            MakeRoom();
        }
    }

    private void Enqueue(in Answer answer)
    {
        if (Response != CommandField.CFindResponse)
        {
            // Of the progress only the latest is news.
            if (_waiting.TryPeek(out Answer before) && before.Status.IsPending)
                _waiting.Dequeue();
            _waiting.Enqueue(answer);
            return;
        }

        _waiting.Enqueue(answer);
        _bytes += answer.DataSet?.Length ?? 0;
        if ((_waiting.Count >= maxWaiting || _bytes >= maxBytes) && answer.Status.IsPending && _end is null)
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
