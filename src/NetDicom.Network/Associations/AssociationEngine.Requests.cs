using NetDicom.Protocol;

namespace NetDicom.Network;

// The requests of this side: a Message ID, a place in the window, the message, the time limit for its answer.
internal sealed partial class AssociationEngine
{
    private readonly SemaphoreSlim _storeTaker = new(1, 1);
    private Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? _onStore;

    /// <summary>What takes the objects of the C-GET that runs; null if that is the entity's own handler.</summary>
    public Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>>? StoreTaker => Volatile.Read(ref _onStore);

    /// <summary>Lets <paramref name="onStore"/> take all objects that come, when nobody else does, until the result is disposed.</summary>
    public async Task<IDisposable> TakeStoresAsync(Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> onStore, CancellationToken cancellationToken)
    {
        // The one before it may never be looked at again: the end of the association is not for it alone.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dispatcher.Ended);
        try
        {
            await _storeTaker.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw UpperLayer.Ended!.ToException();
        }

        Volatile.Write(ref _onStore, onStore);
        return new StoreTaking(this);
    }

    public async Task<DimseStatus> EchoAsync(NegotiatedContext context, CancellationToken cancellationToken)
    {
        var operation = new AwaitedOperation(CommandField.CEchoResponse, context.Id, SopClasses.Verification);
        Answer answer = await InvokeAsync(
            "Echo", operation, id => new CEchoRequest { MessageId = id, AffectedSopClassUid = SopClasses.Verification }, null, cancellationToken).ConfigureAwait(false);
        return answer.Status;
    }

    /// <summary>Takes a Message ID for an operation; nothing is sent yet.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    public void Register(PendingOperation operation) => _pending.Register(operation);

    /// <summary>Takes back a request that gets no answer any more, or of which nothing was sent.</summary>
    public void Forget(PendingOperation operation)
    {
        _pending.Remove(operation);
        // The idle limit may have passed over a request that was about to leave.
        if (_role == AssociationRole.Acceptor)
            UpperLayer.RestartIdle();
    }

    /// <summary>A request is out whole. From here on the DIMSE time limit runs.</summary>
    public void OnSent(PendingOperation operation)
    {
        lock (_dimseLimit)
        {
            operation.State = PendingState.Sent;
            WatchResponses();
        }
    }

    /// <summary>Sends a request when the window has a place for it, and waits for its one answer. A caller that stops waiting leaves the place taken until the answer is there.</summary>
    /// <param name="service">Its name in the log.</param>
    /// <param name="operation">What waits for the answer.</param>
    /// <param name="create">Makes the command set for a Message ID.</param>
    /// <param name="dataSet">Its data set; null without one.</param>
    /// <param name="cancellationToken">Stops waiting; in mid message the association is aborted.</param>
    public async Task<Answer> InvokeAsync(
        string service, AwaitedOperation operation, Func<ushort, DimseRequest> create, OpenedStorageObject? dataSet, CancellationToken cancellationToken)
    {
        await Window.TakeAsync(cancellationToken).ConfigureAwait(false);
        bool answerable = false;
        try
        {
            await SendRequestAsync(service, operation, create, dataSet, cancellationToken).ConfigureAwait(false);
            answerable = true;
        }
        finally
        {
            if (!answerable)
                Window.Give();
        }

        GivePlaceAfter(operation.Task);
        Answer answer = await operation.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        Log.ReceivedResponse(service, answer.Status);
        return answer;
    }

    /// <summary>Gives an operation its Message ID and sends its request. The caller has the place in the window.</summary>
    public async Task SendRequestAsync(
        string service, PendingOperation operation, Func<ushort, DimseRequest> create, OpenedStorageObject? dataSet, CancellationToken cancellationToken)
    {
        Register(operation);
        try
        {
            operation.BeginSending(UpperLayer.Watch);
            Log.SendingRequest(service, operation.MessageId);
            await SendMessageAsync(operation.ContextId, create(operation.MessageId), dataSet, cancellationToken).ConfigureAwait(false);
            OnSent(operation);
        }
        catch
        {
            Forget(operation);
            throw;
        }
    }

    /// <summary>Sends a message, request or response, with or without a data set.</summary>
    public async ValueTask SendMessageAsync(byte contextId, DimseMessage message, OpenedStorageObject? dataSet, CancellationToken cancellationToken)
    {
        if (dataSet is null)
        {
            await Writer.SendAsync(contextId, message).ConfigureAwait(false);
            return;
        }

        try
        {
            using OutgoingMessage outgoing = await OutgoingMessage.PrepareAsync(Writer, contextId, message, dataSet, cancellationToken).ConfigureAwait(false);
            await outgoing.SendAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PduViolationException violation)
        {
            // The peer's maximum length has no room for a fragment.
            await UpperLayer.ViolateAsync(violation).ConfigureAwait(false);
            throw UpperLayer.Ended!.ToException();
        }
    }

    /// <summary>Gives a place in the window back when <paramref name="answered"/> completes, in whatever way.</summary>
    public void GivePlaceAfter(Task answered) => _ = answered.ContinueWith(
        static (_, window) => ((OperationsWindow)window!).Give(), Window, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Under the lock: a request that leaves while the answer to another is taken must not lose its deadline.
    private void WatchResponses()
    {
        // A requestor that performs sub-operations of its C-GET, or reads nothing since its user is slow, has no answer to expect meanwhile.
        bool isOurTurn = _readsNothing || (_role == AssociationRole.Requestor && _dispatcher.Running > 0);
        if (!isOurTurn && _pending.LongestTimeout(DimseTimeout) is { } limit)
            UpperLayer.Watchdog.Set(TimeoutKind.DimseResponse, limit);
        else
            UpperLayer.Watchdog.Clear(TimeoutKind.DimseResponse);
    }

    private sealed class StoreTaking(AssociationEngine engine) : IDisposable
    {
        public void Dispose()
        {
            Volatile.Write(ref engine._onStore, null);
            engine._storeTaker.Release();
        }
    }
}
