using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Brings the peer's requests to their handlers and the handlers' answers back. Handlers run beside the reading loop, as many at a time as
/// the asynchronous operations window grants (PS3.7 annex D.3.3.3); without negotiation that is one.
/// </summary>
/// <remarks>
/// A request beyond the window breaks PS3.7 annex D.3.3.3, but several senders make one, and it does no harm if it waits. Some of them wait in memory, with their data sets, so that the loop reads on and a
/// C-CANCEL-RQ or A-ABORT behind them is seen. The others, and every C-STORE, wait on the connection.
/// </remarks>
internal sealed partial class RequestDispatcher(AssociationEngine engine, ServiceHandlers handlers, int window)
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly Dictionary<ushort, ServiceInvocation> _cancellable = [];
    private TaskCompletionSource? _idle;
    private long _waitingBytes;
    private int _placesTaken;
    private int _running;
    private bool _isOver;

    public Association Association { get; set; } = null!;

    /// <summary>Fires when the association has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Requests that are not answered yet: their handlers are at work or they wait for their turn.</summary>
    public int Running => Volatile.Read(ref _running);

    private bool IsOver
    {
        get
        {
            lock (_gate)
                return _isOver;
        }
    }

    /// <summary>Called once when the association has ended: handlers learn it through their token.</summary>
    public void End()
    {
        _ = _ended.CancelAsync();
        Waiting[] waiting;
        lock (_gate)
        {
            _isOver = true;
            waiting = [.. _waiting];
            _waiting.Clear();
            _waitingBytes = 0;
            _placesTaken += waiting.Length;
        }

        // Each finds that there is nobody to answer, and ends: no handler is called, which would be all of them at once.
        foreach (Waiting request in waiting)
            request.Start();
    }

    /// <summary>Completes when every request so far is answered. Who awaits it does not run on the stack of the last handler.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_running == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Starts the handler and returns when the message's data set is off the connection: the loop may read on.</summary>
    public ValueTask DispatchAsync(CommandSet command, NegotiatedContext context)
    {
        if (command.Command == CommandField.CCancelRequest)
        {
            Cancel(command.MessageIdBeingRespondedTo, context.Id);
            return default;
        }

        if (!IsRequest(command.Command) || !command.Contains(CommandTags.MessageId))
        {
            // There is no response that such a message could have.
            return engine.UpperLayer.ViolateAsync(new PduViolationException(
                AbortReason.InvalidPduParameterValue, $"a message with command field {(ushort)command.Command:X4}H and {(command.Contains(CommandTags.MessageId) ? "a" : "no")} Message ID (PS3.7 annex E)"));
        }

        return command.Command is CommandField.CStoreRequest or CommandField.CEchoRequest
            ? DispatchFrequentAsync(command, context)
            : DispatchServiceAsync(command.Copy(), context);
    }

    private static bool IsRequest(CommandField command) => command is CommandField.CEchoRequest or CommandField.CStoreRequest or CommandField.CFindRequest
        or CommandField.CGetRequest or CommandField.CMoveRequest or CommandField.NEventReportRequest or CommandField.NGetRequest or CommandField.NSetRequest
        or CommandField.NActionRequest or CommandField.NCreateRequest or CommandField.NDeleteRequest;

    /// <summary>C-STORE and C-ECHO: they come by the million, and the data set of a C-STORE is read by its handler.</summary>
    private ValueTask DispatchFrequentAsync(CommandSet command, NegotiatedContext context) =>
        TryBegin() ? StartFrequentAsync(command, context) : DispatchOverWindowAsync(command, context);

    private ValueTask StartFrequentAsync(CommandSet command, NegotiatedContext context)
    {
        IncomingDataSet? dataSet = command.HasDataSet ? engine.OpenDataSet() : null;
        engine.OnWorkChanged();
        Task handling = HandleAsync(Request.From(command), command, context, dataSet);
        if (dataSet is null || handling.IsCompleted)
            return default;
        engine.Writer.Flush();
        return new ValueTask(dataSet.WhenConsumedAsync());
    }

    private async ValueTask DispatchOverWindowAsync(CommandSet command, NegotiatedContext context)
    {
        if (!command.HasDataSet)
        {
            CommandSet copy = command.Copy();
            if (TryWaitInMemory(0, () =>
            {
                if (IsOver)
                    OnAnswered(givePlace: true);
                else
                    _ = HandleAsync(Request.From(copy), copy, context, null);
            }))
                return;
        }

        if (await TryWaitOnConnectionAsync().ConfigureAwait(false))
        {
            await StartFrequentAsync(command, context).ConfigureAwait(false);
            return;
        }

        var request = Request.From(command);
        if (command.HasDataSet)
            await engine.CollectDataSetAsync(0).ConfigureAwait(false);
        _ = RefuseAsync(request, context);
    }

    /// <summary>All other services: their data sets are short, and held in memory before the handler is called.</summary>
    private async ValueTask DispatchServiceAsync(CommandSet command, NegotiatedContext context)
    {
        // Also where it will be refused: what follows is behind it.
        ReadOnlyMemory<byte>? encoded = command.HasDataSet ? await engine.CollectDataSetAsync(handlers.Options.MaxDataSetLength).ConfigureAwait(false) : null;
        var invocation = new ServiceInvocation(engine, Association, command, context, _ended.Token) { Encoded = encoded, OnAnswering = Forget };
        if (ServiceInvocation.IsCancellable(command.Command))
        {
            lock (_gate)
                invocation.IsDuplicate = !_cancellable.TryAdd(command.MessageId, invocation);
        }

        if (!TryBegin())
        {
            if (TryWaitInMemory(encoded?.Length ?? 0, () => StartUnlessOver(invocation)))
                return;
            invocation.IsOverdue = !await TryWaitOnConnectionAsync().ConfigureAwait(false);
            if (invocation.IsOverdue)
                Begin();
        }

        engine.OnWorkChanged();
        Start(invocation);
    }

    // Not on the loop's stack: a query whose matches are all there and leave at once would keep it from seeing a C-CANCEL-RQ.
    private void Start(ServiceInvocation invocation) => _ = Task.Run(() => HandleServiceAsync(invocation));

    private void StartUnlessOver(ServiceInvocation invocation)
    {
        if (!IsOver)
        {
            Start(invocation);
            return;
        }

        Forget(invocation);
        invocation.Close();
        OnAnswered(givePlace: true);
    }

    private void Cancel(ushort messageId, byte contextId)
    {
        // A C-CANCEL-RQ for nothing, or too late, is ignored (PS3.7 section 9.3.2.3).
        lock (_gate)
        {
            if (_cancellable.TryGetValue(messageId, out ServiceInvocation? invocation) && invocation.Context.Id == contextId)
                invocation.RequestCancel();
        }
    }

    // By reference: its Message ID may be that of another one already.
    private void Forget(ServiceInvocation invocation)
    {
        lock (_gate)
        {
            if (_cancellable.TryGetValue(invocation.Command.MessageId, out ServiceInvocation? known) && known == invocation)
                _cancellable.Remove(invocation.Command.MessageId);
        }
    }

    /// <summary>Takes a place in the window, if one is free and nobody waits for it.</summary>
    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_placesTaken >= window || _waiting.Count > 0)
                return false;
            _placesTaken++;
            _running++;
            return true;
        }
    }

    /// <summary>Takes a place beside the window.</summary>
    private void Begin()
    {
        lock (_gate)
        {
            _placesTaken++;
            _running++;
        }
    }

    private bool TryWaitInMemory(int bytes, Action start)
    {
        lock (_gate)
        {
            if (_isOver || _waiting.Count >= handlers.Options.MaxWaitingRequests || (_waitingBytes > 0 && _waitingBytes + bytes > handlers.Options.MaxDataSetLength))
                return false;
            // Not on the stack of the handler that makes room.
            _waiting.AddLast(new Waiting(() => ThreadPool.UnsafeQueueUserWorkItem(static start => start(), start, preferLocal: false), bytes));
            _waitingBytes += bytes;
            _running++;
        }

        // A handler may have ended since the loop found no place.
        StartNext();
        return true;
    }

    /// <summary>Waits for a place, and meanwhile takes no message; only the end of the connection is noticed.</summary>
    /// <returns>False if the peer is gone, or seems to be: the request is not to be handled, so that what is behind it is seen.</returns>
    private async ValueTask<bool> TryWaitOnConnectionAsync()
    {
        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var give = new Waiting(place.SetResult, 0);
        lock (_gate)
        {
            if (_isOver)
                return false;
            _waiting.AddLast(give);
            _running++;
        }

        // A handler may have ended since the loop found no place.
        StartNext();
        await engine.PauseAsync(place.Task).ConfigureAwait(false);
        bool hasPlace;
        lock (_gate)
        {
            hasPlace = !_waiting.Remove(give);
            if (hasPlace && !_isOver)
                return true;
        }

        OnAnswered(hasPlace);
        return false;
    }

    private void StartNext()
    {
        Waiting? next = null;
        lock (_gate)
        {
            if (_placesTaken < window && _waiting.First is { } first)
            {
                next = first.Value;
                _waiting.RemoveFirst();
                _waitingBytes -= next.Bytes;
                _placesTaken++;
            }
        }

        next?.Start();
    }

    private void OnAnswered(bool givePlace)
    {
        lock (_gate)
        {
            if (givePlace)
                _placesTaken--;
            if (--_running == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }
        }

        StartNext();
        engine.OnIdle();
    }

    /// <summary>A request that waits for its turn: what to do then, and how much of its data set is held.</summary>
    private sealed class Waiting(Action start, int bytes)
    {
        public Action Start => start;

        public int Bytes => bytes;
    }

    private async Task HandleServiceAsync(ServiceInvocation invocation)
    {
        OperationMeasure measure = OperationMeasure.Start(
            engine.UpperLayer.Watch, OperationSide.Performer, invocation.Command.Command, invocation.Command.MessageId, SopClassOf(invocation.Command));
        if (measure.Activity is { } activity)
            System.Diagnostics.Activity.Current = activity;
        try
        {
            await AnswerServiceAsync(invocation).ConfigureAwait(false);
        }
        catch (Exception) when (engine.UpperLayer.Ended is not null)
        {
            // There is nobody to answer any more.
        }
        catch (AssociationEndedException)
        {
            // Nobody will listen: this side has asked for release meanwhile, and sends nothing more (PS3.8 table 9-10, Sta7). The release goes on.
        }
        catch (Exception error)
        {
            engine.Log.LoopFailed(error);
            await engine.AbortAsync().ConfigureAwait(false);
        }
        finally
        {
            // A C-CANCEL-RQ must not find it closed.
            Forget(invocation);
            invocation.Close();
            measure.Stop(invocation.FinalStatus);
            OnAnswered(givePlace: true);
        }
    }

    private async Task HandleAsync(Request request, CommandSet command, NegotiatedContext context, IncomingDataSet? dataSet)
    {
        OperationMeasure measure = OperationMeasure.Start(engine.UpperLayer.Watch, OperationSide.Performer, request.Command, request.MessageId, request.SopClassUid);
        if (measure.Activity is { } activity)
            System.Diagnostics.Activity.Current = activity;
        DimseStatus? answered = null;
        try
        {
            ValueTask<Reply> answering = AnswerAsync(request, command, context, dataSet);
            // With a data set the loop is the caller; it is so still when nothing has to be waited for.
            bool onLoop = dataSet is not null && answering.IsCompleted;
            Reply reply = await answering.ConfigureAwait(false);
            if (dataSet is not null)
            {
                ValueTask finishing = dataSet.FinishAsync();
                onLoop &= finishing.IsCompleted;
                await finishing.ConfigureAwait(false);
            }

            await RespondAsync(request, context, reply, onLoop).ConfigureAwait(false);
            answered = reply.Status;
        }
        catch (AssociationEndedException)
        {
            // There is nobody to answer any more.
        }
        catch (Exception error)
        {
            engine.Log.LoopFailed(error);
            await engine.AbortAsync().ConfigureAwait(false);
        }
        finally
        {
            // Also where the association or the handler ended in mid data set: the loop waits for the connection, and it alone can end.
            dataSet?.HandBack();
            measure.Stop(answered);
            OnAnswered(givePlace: true);
        }
    }

    private async Task RefuseAsync(Request request, NegotiatedContext context)
    {
        try
        {
            await RespondAsync(request, context, new(DimseStatus.OutOfResources, "too many requests at a time"), onLoop: false).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // As expected: the peer is gone.
        }
    }
}
