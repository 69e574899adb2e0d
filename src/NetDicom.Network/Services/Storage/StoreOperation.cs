using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Sends objects on one association: as many at a time as the window allows, and always with the next one opened and its first bytes read. When an
/// answer makes room, the next message leaves from the reading loop itself; the caller learns the outcome while the peer already works again.
/// </summary>
internal sealed class StoreOperation(AssociationEngine engine, Association association, StoreOptions options)
{
    /// <summary>Objects taken from the source whose outcomes the caller has not seen, at most: unreadable ones could otherwise pile up behind a slow answer.</summary>
    private const int MaxAhead = 64;

    // Outcomes are told in the order of the objects: what is known already of a later one waits for the earlier.
    private readonly Queue<Slot> _slots = new();
    private readonly AsyncSignal _changed = new(engine.RunContinuationsInline);
    private volatile bool _failed;

    public async IAsyncEnumerable<StoreOutcome> RunAsync(IAsyncEnumerable<StorageObject> objects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<StorageObject> source = objects.GetAsyncEnumerator(cancellationToken);
        Task<bool>? moving = null;
        Task? change = null;
        OutgoingStore? outgoing = null;
        bool atEnd = false;
        CancellationTokenRegistration cancelling = cancellationToken.UnsafeRegister(static me => ((StoreOperation)me!)._changed.Set(), this);
        try
        {
            while (true)
            {
                while (_slots.TryPeek(out Slot? slot) && slot.Outcome is { } outcome)
                {
                    _slots.Dequeue();
                    yield return outcome;
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (atEnd && _slots.Count == 0)
                    yield break;
                // A source that failed is told when the objects before have their outcomes.
                bool failed = moving is { IsCompleted: true, IsCompletedSuccessfully: false } && _slots.Count > 0;
                if (atEnd || failed || outgoing is { IsDone: false } || _slots.Count >= Math.Max(MaxAhead, 2 * Window.Size))
                {
                    if (change is null)
                    {
                        await _changed.WaitAsync().ConfigureAwait(false);
                    }
                    else
                    {
                        await change.ConfigureAwait(false);
                        change = null;
                    }

                    continue;
                }

                moving ??= source.MoveNextAsync().AsTask();
                if (!moving.IsCompletedSuccessfully && _slots.Count > 0)
                {
                    // A source that has to wait for its next object must not hold back the outcomes of the others.
                    change ??= _changed.WaitAsync().AsTask();
                    if (await Task.WhenAny(moving, change).ConfigureAwait(false) == change)
                    {
                        await change.ConfigureAwait(false);
                        change = null;
                    }

                    continue;
                }

                bool moved = await moving.WaitAsync(cancellationToken).ConfigureAwait(false);
                moving = null;
                atEnd = !moved;
                if (atEnd)
                    continue;
                var next = new Slot();
                _slots.Enqueue(next);
                outgoing = await PrepareAsync(source.Current, next, cancellationToken).ConfigureAwait(false);
                if (outgoing is not null)
                    await outgoing.StartAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await cancelling.DisposeAsync().ConfigureAwait(false);
            // A message that is on its way is let go; one that still waits for its place is not sent.
            if (outgoing is not null)
                await outgoing.LeaveAsync().ConfigureAwait(false);
            // A source that is still looking for its next object is disposed when it has found it.
            if (moving is { IsCompleted: false })
                _ = moving.ContinueWith(_ => source.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            else
                await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens an object and makes its message; or null, with its outcome told, if that cannot be done.</summary>
    private async ValueTask<OutgoingStore?> PrepareAsync(StorageObject storageObject, Slot slot, CancellationToken cancellationToken)
    {
        if (IsStopped || !association.IsOpen)
        {
            Tell(slot, Unsent(storageObject, null, StoreFailure.NotSent, association.End?.ToException()));
            return null;
        }

        OpenedStorageObject? opened = null;
        OutgoingStore? outgoing = null;
        try
        {
            opened = storageObject.Open();
            if (association.TryFindContext(opened.SopClassUid, opened.TransferSyntax) is not { } context)
            {
                context = FindConvertible(opened) ?? association.FindContext(opened.SopClassUid, opened.TransferSyntax);
                opened = await ConvertedStorageObject.CreateAsync(opened, context.TransferSyntax, cancellationToken).ConfigureAwait(false);
            }

            outgoing = new OutgoingStore(this, slot, context.Id, storageObject, opened, cancellationToken);
            engine.Register(outgoing);
            outgoing.Message = await OutgoingMessage.PrepareAsync(engine.Writer, context.Id, CreateRequest(outgoing), opened, cancellationToken).ConfigureAwait(false);
            return outgoing;
        }
        catch (Exception error)
        {
            if (outgoing is not null)
                engine.Forget(outgoing);
            opened?.Dispose();
            if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            if (error is PduViolationException violation)
            {
                // The peer's maximum length has no room for a fragment: no object can be sent, and the object is not to blame.
                await engine.UpperLayer.ViolateAsync(violation).ConfigureAwait(false);
                error = association.End!.ToException();
            }

            StoreFailure failure = error switch
            {
                NoPresentationContextException => StoreFailure.NoPresentationContext,
                AssociationEndedException => StoreFailure.NotSent,
                _ => StoreFailure.CannotRead,
            };
            Tell(slot, Unsent(storageObject, opened, failure, error));
            return null;
        }
    }

    /// <summary>The outcome of an object of which nothing was sent. What was not opened, or could not be, may still be known by name.</summary>
    private static StoreOutcome Unsent(StorageObject storageObject, OpenedStorageObject? opened, StoreFailure failure, Exception? error) => new()
    {
        StorageObject = storageObject,
        SopClassUid = opened?.SopClassUid ?? storageObject.KnownIdentity.SopClassUid,
        SopInstanceUid = opened?.SopInstanceUid ?? storageObject.KnownIdentity.SopInstanceUid,
        TransferSyntax = opened?.TransferSyntax ?? storageObject.KnownIdentity.TransferSyntax,
        Failure = failure,
        Error = error,
    };

    /// <summary>An accepted context the object can be re-encoded for without touching a pixel. Compressed data are never changed.</summary>
    private NegotiatedContext? FindConvertible(OpenedStorageObject opened)
    {
        foreach (NegotiatedContext context in association.Contexts)
        {
            if (context.IsAccepted && context.ScuRole && context.AbstractSyntax == opened.SopClassUid && DataSetTranscoder.CanTranscode(opened.TransferSyntax, context.TransferSyntax))
                return context;
        }

        return null;
    }

    private CStoreRequest CreateRequest(OutgoingStore outgoing) => new()
    {
        MessageId = outgoing.MessageId,
        AffectedSopClassUid = outgoing.Opened.SopClassUid,
        AffectedSopInstanceUid = outgoing.Opened.SopInstanceUid,
        Priority = options.Priority,
        MoveOriginatorAETitle = options.MoveOriginatorAETitle,
        MoveOriginatorMessageId = options.MoveOriginatorAETitle.IsNone ? null : options.MoveOriginatorMessageId,
    };

    private void Tell(Slot slot, StoreOutcome outcome)
    {
        if (options.StopAtFirstFailure && !outcome.IsStored)
            _failed = true;
        slot.Outcome = outcome;
        _changed.Set();
    }

    /// <summary>What is kept of a C-STORE-RSP.</summary>
    private readonly record struct StoreAnswer(DimseStatus Status, string? ErrorComment, IReadOnlyList<DicomTag> OffendingElements);

    /// <summary>The place of one object in the order of outcomes.</summary>
    private sealed class Slot
    {
        private StoreOutcome? _outcome;

        public StoreOutcome? Outcome
        {
            get => Volatile.Read(ref _outcome);
            set => Volatile.Write(ref _outcome, value);
        }
    }

    /// <summary>One object on its way: its place in the window, its message, its answer. Both the end of the sending and the answer are needed for the outcome.</summary>
    private sealed class OutgoingStore(StoreOperation operation, Slot slot, byte contextId, StorageObject storageObject, OpenedStorageObject opened, CancellationToken cancellationToken)
        : PendingOperation(CommandField.CStoreResponse, contextId), IWindowWaiter
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource? _whenDone;
        private bool _left;
        private StoreAnswer? _answer;
        private AssociationEnd? _end;
        private Exception? _sendError;
        private bool _hasPlace;
        private bool _sent;
        private bool _told;

        public OpenedStorageObject Opened => opened;

        public override DicomUid SopClassUid => opened.SopClassUid;

        public override DicomUid SopInstanceUid => opened.SopInstanceUid;

        public OutgoingMessage? Message { get; set; }

        /// <summary>True when the message has left, or will not: the next object may be prepared.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Sends if there is a place in the window, or when there is one.</summary>
        public ValueTask StartAsync()
        {
            if (!operation.Window.TakeOrWait(this))
                return default;
            lock (_gate)
                _hasPlace = true;
            return new ValueTask(SendAsync());
        }

        /// <summary>On the reading loop: an answer made room.</summary>
        public void OnPlace()
        {
            bool left;
            lock (_gate)
            {
                // Known before anything else: whoever leaves from here on waits for the message, or finds that it is not sent.
                _hasPlace = true;
                left = _left;
            }

            if (left)
                Finish(static me => me._sendError = new OperationCanceledException());
            else
                _ = SendAsync();
        }

        /// <summary>The caller has left: what has not begun to go is taken back, and what has is waited for.</summary>
        public async ValueTask LeaveAsync()
        {
            if (operation.Window.Withdraw(this))
            {
                Finish(static me => me._sendError = new OperationCanceledException());
                return;
            }

            Task? whenDone = null;
            lock (_gate)
            {
                if (IsDone)
                    return;
                // Without a place it is no longer in the queue: it is about to be given one, and gives it back.
                if (_hasPlace)
                    whenDone = (_whenDone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                else
                    _left = true;
            }

            if (whenDone is not null)
                await whenDone.ConfigureAwait(false);
        }

        public override void OnAnswer(in Answer answer)
        {
            var taken = new StoreAnswer(answer.Status, answer.ErrorComment, answer.OffendingElements);
            operation.Log.ReceivedResponse("Store", taken.Status);
            Finish(me => me._answer = taken);
        }

        public override void OnEnded(AssociationEnd end)
        {
            bool waiting = operation.Window.Withdraw(this);
            Finish(me =>
            {
                me._end = end;
                me._sent |= waiting;
            });
        }

        private async Task SendAsync()
        {
            Exception? failure = null;
            try
            {
                if (operation.IsStopped)
                    throw new OperationCanceledException("no more objects are to be sent");
                if (operation.End is { } end)
                    throw end.ToException();
                BeginSending(operation.Watch);
                operation.Log.SendingRequest("Store", MessageId);
                await Message!.SendAsync(cancellationToken).ConfigureAwait(false);
                operation.OnSent(this);
            }
            catch (Exception error)
            {
                failure = error;
            }

            Finish(me =>
            {
                me._sent = true;
                me._sendError = failure;
            });
        }

        private void Finish(Action<OutgoingStore> change)
        {
            StoreOutcome? outcome = null;
            TaskCompletionSource? whenDone;
            bool done;
            lock (_gate)
            {
                change(this);
                done = (_sent || _sendError is not null) && !IsDone;
                IsDone |= done;
                if (!_told && IsDone && (_answer is not null || _end is not null || _sendError is not null))
                {
                    _told = true;
                    outcome = CreateOutcome();
                }

                whenDone = _whenDone;
            }

            if (done)
            {
                Message?.Dispose();
                opened.Dispose();
                whenDone?.SetResult();
            }

            if (outcome is not null)
            {
                if (_answer is null)
                    operation.Forget(this);
                operation.Complete(slot, outcome, givePlace: _hasPlace);
            }
            else if (done)
            {
                operation._changed.Set();
            }
        }

        private StoreOutcome CreateOutcome()
        {
            bool started = Message is { IsStarted: true };
            (StoreFailure failure, Exception? error) = (_answer, _sendError) switch
            {
                ({ } answer, _) => (IsStored(answer.Status) ? StoreFailure.None : StoreFailure.Refused, null),
                (_, ObjectReadException read) => (StoreFailure.CannotRead, read.InnerException),
                (_, OperationCanceledException) => (started ? StoreFailure.AssociationLost : StoreFailure.NotSent, _sendError),
                _ => (started ? StoreFailure.AssociationLost : StoreFailure.NotSent, _sendError ?? _end?.ToException()),
            };
            return new StoreOutcome
            {
                StorageObject = storageObject,
                SopClassUid = opened.SopClassUid,
                SopInstanceUid = opened.SopInstanceUid,
                TransferSyntax = opened.TransferSyntax,
                Bytes = Message?.DataSetBytesSent ?? 0,
                Status = _answer?.Status,
                ErrorComment = _answer?.ErrorComment,
                OffendingElements = _answer?.OffendingElements ?? [],
                Failure = failure,
                Error = error,
            };
        }

        // 0111H says that the peer has the object: nothing is lost, and a job that sends again must not fail for it.
        private static bool IsStored(DimseStatus status) => status.IsSuccess || status.IsWarning || status == DimseStatus.DuplicateSopInstance;
    }

    private bool IsStopped => _failed || options.Stop.IsCancellationRequested;

    private OperationsWindow Window => engine.Window;

    private AssociationLog Log => engine.Log;

    private AssociationWatch Watch => engine.UpperLayer.Watch;

    private AssociationEnd? End => association.End;

    private void OnSent(OutgoingStore outgoing) => engine.OnSent(outgoing);

    private void Forget(OutgoingStore outgoing) => engine.Forget(outgoing);

    private void Complete(Slot slot, StoreOutcome outcome, bool givePlace)
    {
        if (options.StopAtFirstFailure && !outcome.IsStored)
            _failed = true;
        // The next message first, then the news: the peer should not wait for our caller.
        if (givePlace)
            engine.Window.Give();
        Tell(slot, outcome);
    }
}
