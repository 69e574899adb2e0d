using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// What runs an open association: the loop that reads messages, the requests of ours that wait for responses, and the handlers that work
/// on the peer's. Reading, handling and sending are independent: a slow handler never keeps the loop from seeing an abort.
/// </summary>
internal sealed partial class AssociationEngine
{
    private readonly MessageReader _reader;
    private readonly PendingOperations _pending = new();
    private readonly Lock _dimseLimit = new();
    private readonly RequestDispatcher _dispatcher;
    private readonly AssociationRole _role;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _atMessageBoundary = true;
    private volatile bool _readsNothing;

    public AssociationEngine(UpperLayer upperLayer, AssociationRole role, IReadOnlyList<NegotiatedContext> contexts, UserInformation peer, AsynchronousOperationsWindow window, ServiceHandlers handlers)
    {
        UpperLayer = upperLayer;
        Services = handlers;
        _role = role;
        _reader = new MessageReader(upperLayer, contexts);
        Writer = new MessageWriter(upperLayer, peer.MaximumLength ?? 0);
        // The numbers are the requestor's point of view on both sides (PS3.7 annex D.3.3.3).
        (ushort invoked, ushort performed) = role == AssociationRole.Requestor ? (window.Invoked, window.Performed) : (window.Performed, window.Invoked);
        Window = new OperationsWindow(OperationsWindow.SizeOf(invoked));
        _dispatcher = new RequestDispatcher(this, handlers, OperationsWindow.SizeOf(performed));
        Writer.GathersAnswers = performed != 1;
        upperLayer.BeforeReceiving = Writer.Flush;
        upperLayer.OnEnded = OnEnded;
        upperLayer.IsWaitingForPeer = IsWaitingForPeer;
        upperLayer.ExpectsAnswer = () => !_pending.IsEmpty;
        // A limit may have passed, or the server been stopped, before there was anyone to tell.
        if (upperLayer.Ended is { } end)
            OnEnded(end);
    }

    public UpperLayer UpperLayer { get; }

    public MessageWriter Writer { get; }

    /// <summary>What the entity answers, and how.</summary>
    public ServiceHandlers Services { get; }

    /// <summary>How many requests of ours may be without an answer at a time.</summary>
    public OperationsWindow Window { get; }

    public AssociationLog Log => UpperLayer.Log;

    public TimeSpan DimseTimeout { get; init; }

    /// <summary>Whether the consumer of outcomes goes on within the reading loop (<see cref="AssociationOptions.RunContinuationsInline"/>).</summary>
    public bool RunContinuationsInline { get; init; }

    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public Task Completion => _completion.Task;

    /// <summary>True while nothing is read on, since a consumer of ours is slow: <see cref="PauseAsync"/>.</summary>
    public bool IsPaused => _readsNothing;

    /// <summary>True while the peer is being served or we are: releasing now would cut work off.</summary>
    public bool IsBusy => _pending.HasOpen || _dispatcher.Running > 0 || !_atMessageBoundary || _reader.MidMessage;

    public Task WhenHandledAsync() => _dispatcher.WhenIdleAsync();

    /// <param name="association">What handlers get.</param>
    /// <param name="inOwnContext">
    /// Not in the context of the caller, as the loop of a server's association is anyway: it outlives the request or the activity that is current there, and so do its handlers.
    /// </param>
    public void Start(Association association, bool inOwnContext = false)
    {
        _dispatcher.Association = association;
        if (inOwnContext)
            ThreadPool.UnsafeQueueUserWorkItem(static engine => _ = engine.RunAsync(), this, preferLocal: false);
        else
            _ = RunAsync();
    }

    /// <summary>There will be no loop to end: who waits for that is told.</summary>
    public void NotStarted() => _completion.TrySetResult();

    /// <summary>Asks for release and waits for its end. Where the peer has asked itself and a handler still works, it returns at once: that handler may be the caller.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (UpperLayer.Ended is null)
        {
            // A message on its way is not cut: the turn is ours when it is out.
            await Writer.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (UpperLayer.State == UlState.Sta6)
                {
                    await Writer.TransmitAsync(default).ConfigureAwait(false);
                    Log.Releasing();
                    UpperLayer.Watchdog.Set(TimeoutKind.Release, ReleaseTimeout);
                    await UpperLayer.RequestAsync(UlEvent.Evt11).ConfigureAwait(false);
                }
            }
            finally
            {
                Writer.GiveTurn();
            }
        }

        // Sta8: we agree when the last handler has ended (AR-4), and a handler that waited here for that would wait for itself.
        if (UpperLayer.State == UlState.Sta8 && _dispatcher.Running > 0)
            return;
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (UpperLayer.Ended is { Kind: not AssociationEndKind.Released } end)
            throw end.ToException();
    }

    public async Task AbortAsync()
    {
        try
        {
            await UpperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally, AbortSource = AbortSource.ServiceUser }).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // The peer was faster.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (UpperLayer.Ended is null && !IsBusy)
        {
            try
            {
                await ReleaseAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (AssociationEndedException)
            {
                // Disposing does not throw: the end is on the association for those who look.
            }
        }

        await AbortAsync().ConfigureAwait(false);
        // The peer that received our abort closes at once; one that does not is left to ARTIM.
        await Task.WhenAny(Completion, Task.Delay(CloseWait)).ConfigureAwait(false);
    }

    /// <summary>How long a user of ours waits for the close after our last PDU; the rest of ARTIM is the connection's own business.</summary>
    internal static readonly TimeSpan CloseWait = TimeSpan.FromMilliseconds(500);

    /// <summary>Called by the dispatcher when a handler ended: from now on the peer's silence counts.</summary>
    public void OnIdle()
    {
        if (_role == AssociationRole.Acceptor)
            UpperLayer.RestartIdle();
        OnWorkChanged();
    }

    /// <summary>A request of the peer has come, or its handler has ended: the peer is alive, and while we work it is not the peer that is slow (the sub-operations of a C-GET).</summary>
    public void OnWorkChanged()
    {
        if (_pending.IsEmpty)
            return;
        lock (_dimseLimit)
            WatchResponses();
    }

    public IncomingDataSet OpenDataSet() => new(_reader);

    /// <summary>Takes the data set of the message at hand into memory; null if it is longer than <paramref name="limit"/> bytes.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> CollectDataSetAsync(long limit) => _reader.CollectAsync(limit);

    /// <summary>Takes no message until <paramref name="goOn"/> completes or the peer's end is seen. No limit runs meanwhile.</summary>
    public async ValueTask PauseAsync(Task goOn)
    {
        Writer.Flush();
        lock (_dimseLimit)
        {
            _readsNothing = true;
            WatchResponses();
        }

        try
        {
            await UpperLayer.ReadAheadAsync(goOn).ConfigureAwait(false);
        }
        finally
        {
            lock (_dimseLimit)
            {
                _readsNothing = false;
                WatchResponses();
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _atMessageBoundary = true;
                UlToken token = await _reader.ReadCommandAsync().ConfigureAwait(false);
                switch (token)
                {
                    case UlToken.Fragment:
                        _atMessageBoundary = false;
                        await OnMessageAsync(_reader.Command, _reader.Context).ConfigureAwait(false);
                        break;
                    case UlToken.ReleaseIndication:
                        OnReleaseIndication();
                        break;
                    case UlToken.ReleaseResponseDue:
                        // Sta12: the peer has agreed already, and this answer is the last PDU. In Sta9 its answer is still to come.
                        if (UpperLayer.State == UlState.Sta12)
                            UpperLayer.EndReleased();
                        await UpperLayer.RequestAsync(UlEvent.Evt14).ConfigureAwait(false);
                        break;
                    default:
                        // Released or aborted: the connection is closed already.
                        return;
                }
            }
        }
        catch (AssociationEndedException)
        {
            // The end is on the upper layer, and whoever waited was told.
        }
        catch (Exception error)
        {
            // Nothing of a peer's or a handler's should come here: it is ours. The association cannot go on, the others do.
            Log.LoopFailed(error);
            await AbortAsync().ConfigureAwait(false);
        }
        finally
        {
            try
            {
                UpperLayer.Dispose();
                Log.Ended(UpperLayer.Ended!);
                UpperLayer.Watch.Ended(UpperLayer.Ended!);
            }
            finally
            {
                // Also where a logger throws: nobody may wait for ever.
                _completion.TrySetResult();
            }
        }
    }

    private async ValueTask OnMessageAsync(CommandSet command, NegotiatedContext context)
    {
        Log.CommandReceived(command, context);
        UpperLayer.Watch.DimseReceived(command, context);
        if (((ushort)command.Command & 0x8000) == 0)
        {
            await _dispatcher.DispatchAsync(command, context).ConfigureAwait(false);
            return;
        }

        try
        {
            PendingOperation operation = _pending.Match(command, context);
            if (operation.Response is CommandField.CStoreResponse or CommandField.CEchoResponse)
                Complete(operation, new Answer(command.Status, command.ErrorComment) { OffendingElements = command.OffendingElements }, isLast: true);
            else
                await OnResponseAsync(operation, command).ConfigureAwait(false);
        }
        catch (PduViolationException violation)
        {
            await UpperLayer.ViolateAsync(violation).ConfigureAwait(false);
        }
    }

    private async ValueTask OnResponseAsync(PendingOperation operation, CommandSet command)
    {
        var answer = new Answer(command.Status, command.ErrorComment, (DimseResponse)DimseMessage.Read(command));
        if (command.HasDataSet)
        {
            ReadOnlyMemory<byte>? dataSet = await _reader.CollectAsync(operation.MaxDataSetLength ?? 0).ConfigureAwait(false);
            answer = answer with { DataSet = dataSet, IsDataSetTooLong = dataSet is null };
        }

        Complete(operation, answer, isLast: !(operation.TakesPending && answer.Status.IsPending));
        // The consumer is slow: so shall be the peer.
        if (operation.WhenRoom is { IsCompleted: false } room)
            await PauseAsync(room).ConfigureAwait(false);
    }

    private void Complete(PendingOperation operation, in Answer answer, bool isLast)
    {
        lock (_dimseLimit)
        {
            if (isLast)
            {
                operation.StopMeasuring(answer.Status);
                _pending.Remove(operation);
            }

            WatchResponses();
        }

        operation.OnAnswer(answer);
    }

    private void OnReleaseIndication()
    {
        Log.ReleaseRequested();
        _ = AgreeToReleaseAsync();
    }

    // What the peer asked for before is answered first (AR-7); then we agree (AR-4). The loop reads on meanwhile: in Sta8 the peer may abort or be gone.
    private async Task AgreeToReleaseAsync()
    {
        try
        {
            await _dispatcher.WhenIdleAsync().ConfigureAwait(false);
            await Writer.FlushAsync().ConfigureAwait(false);
            UpperLayer.EndReleased();
            await UpperLayer.RequestAsync(UlEvent.Evt14).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // The peer did not wait for the answer.
        }
    }

    private void OnEnded(AssociationEnd end)
    {
        _pending.End(end);
        _dispatcher.End();
    }

    // The idle limit is about a peer that owes us something: the rest of a message, or (to an acceptor) the next one. An answer it owes has a limit of its own.
    private bool IsWaitingForPeer() => !_atMessageBoundary || _reader.MidMessage || (_role == AssociationRole.Acceptor && _dispatcher.Running == 0 && !_pending.HasOpen);
}
