using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Brings the peer's requests to their handlers and the handlers' answers back. Handlers run beside the reading loop, as many at a time as
/// the asynchronous operations window grants (PS3.7 annex D.3.3.3); without negotiation that is one.
/// </summary>
internal sealed class RequestDispatcher(AssociationEngine engine, ServiceHandlers handlers, int window)
{
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _slots = new(window, window);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _running;

    public Association Association { get; set; } = null!;

    /// <summary>Handlers at work now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Called once when the association has ended: handlers learn it through their token.</summary>
    public void End() => _ = _ended.CancelAsync();

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
    public async ValueTask DispatchAsync(CommandSet command, NegotiatedContext context)
    {
        if (command.Command == CommandField.CCancelRequest)
        {
            // Nothing of ours can be cancelled yet, and a C-CANCEL for nothing is ignored (PS3.7 section 9.3.2.3).
            return;
        }

        if (!IsRequest(command.Command) || !command.Contains(CommandTags.MessageId))
        {
            // There is no response that such a message could have.
            await engine.UpperLayer.ViolateAsync(new PduViolationException(
                AbortReason.InvalidPduParameterValue, $"a message with command field {(ushort)command.Command:X4}H and {(command.Contains(CommandTags.MessageId) ? "a" : "no")} Message ID (PS3.7 annex E)")).ConfigureAwait(false);
            return;
        }

        await _slots.WaitAsync().ConfigureAwait(false);
        lock (_gate)
            _running++;
        IncomingDataSet? dataSet = command.HasDataSet ? engine.OpenDataSet() : null;
        Task handling = HandleAsync(Request.From(command), command, context, dataSet);
        if (dataSet is not null && !handling.IsCompleted)
            await dataSet.WhenConsumedAsync().ConfigureAwait(false);
    }

    private static bool IsRequest(CommandField command) => command is CommandField.CEchoRequest or CommandField.CStoreRequest or CommandField.CFindRequest
        or CommandField.CGetRequest or CommandField.CMoveRequest or CommandField.NEventReportRequest or CommandField.NGetRequest or CommandField.NSetRequest
        or CommandField.NActionRequest or CommandField.NCreateRequest or CommandField.NDeleteRequest;

    private async Task HandleAsync(Request request, CommandSet command, NegotiatedContext context, IncomingDataSet? dataSet)
    {
        try
        {
            (DimseStatus status, string? comment) = await AnswerAsync(request, command, context, dataSet).ConfigureAwait(false);
            if (dataSet is not null)
                await dataSet.FinishAsync().ConfigureAwait(false);
            await RespondAsync(request, context, status, comment).ConfigureAwait(false);
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
            lock (_gate)
            {
                if (--_running == 0)
                {
                    _idle?.TrySetResult();
                    _idle = null;
                }
            }

            _slots.Release();
            engine.OnIdle();
        }
    }

    private async ValueTask<(DimseStatus Status, string? Comment)> AnswerAsync(Request request, CommandSet command, NegotiatedContext context, IncomingDataSet? dataSet)
    {
        if (command.FindViolation() is { } violation)
        {
            engine.Log.RequestRefused(request.Command, request.MessageId, violation);
            return (RefusalOf(command), violation);
        }

        // An instance UID that is none could become a path, or the name of another object: it goes no further.
        if (command.Command == CommandField.CStoreRequest && command.AffectedSopInstanceUid.IsNone)
            return (DimseStatus.InvalidSopInstance, "Affected SOP Instance UID is not a UID");
        if (command.Command is CommandField.CEchoRequest or CommandField.CStoreRequest && command.AffectedSopClassUid != context.AbstractSyntax)
            return (DimseStatus.SopClassNotSupported, "SOP Class does not fit the presentation context");
        // Without role selection only the acceptor performs (PS3.7 annex D.3.3.4): a peer we connected to must not store here by the way.
        if (command.Command is CommandField.CEchoRequest or CommandField.CStoreRequest && !context.ScpRole)
            return (DimseStatus.SopClassNotSupported, "the SCP role was not negotiated");
        try
        {
            switch (command.Command)
            {
                case CommandField.CEchoRequest:
                    engine.Log.ReceivedRequest("Echo", request.MessageId);
                    return (handlers.Echo is null ? DimseStatus.Success : await handlers.Echo(new EchoRequest(Association, request.MessageId), _ended.Token).ConfigureAwait(false), null);
                case CommandField.CStoreRequest when handlers.Store is not null && dataSet is not null:
                    engine.Log.ReceivedRequest("Store", request.MessageId);
                    return (await handlers.Store(new StoreRequest(Association, command, context, dataSet), _ended.Token).ConfigureAwait(false), null);
                case CommandField.CStoreRequest when dataSet is null:
                    return (DimseStatus.CannotUnderstand, "C-STORE-RQ without a data set");
                default:
                    return (DimseStatus.UnrecognizedOperation, null);
            }
        }
        catch (AssociationEndedException) when (engine.UpperLayer.Ended is not null)
        {
            throw;
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            throw engine.UpperLayer.Ended!.ToException();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && request.Command == CommandField.CStoreRequest)
        {
            // Disk full, read-only, no permission: the sender may try again later or elsewhere (PS3.4 table B.2-1).
            engine.Log.HandlerFailed(request.Command, request.MessageId, error);
            return (DimseStatus.OutOfResources, "the object could not be written");
        }
        catch (Exception error)
        {
            // The peer learns that it failed, not how: an exception's text is for our log.
            engine.Log.HandlerFailed(request.Command, request.MessageId, error);
            return (request.Command == CommandField.CStoreRequest ? DimseStatus.CannotUnderstand : DimseStatus.ProcessingFailure, "the handler failed");
        }
    }

    private static DimseStatus RefusalOf(CommandSet command) => command.Command switch
    {
        CommandField.CStoreRequest when command.AffectedSopInstanceUid.IsNone => DimseStatus.InvalidSopInstance,
        CommandField.CEchoRequest or CommandField.CStoreRequest when command.AffectedSopClassUid.IsNone => DimseStatus.SopClassNotSupported,
        CommandField.CStoreRequest => DimseStatus.CannotUnderstand,
        _ => DimseStatus.MistypedArgument,
    };

    private async ValueTask RespondAsync(Request request, NegotiatedContext context, DimseStatus status, string? comment)
    {
        engine.Log.Responding(request.Command, request.MessageId, status);
        string? errorComment = status.IsFailure ? comment : null;
        await engine.Writer.SendAsync(context.Id, request.CreateResponse(status, errorComment)).ConfigureAwait(false);
    }

    /// <summary>
    /// What of a request is needed to answer it: the command set itself is filled anew by the next message. The two services that come by the
    /// million are answered from a few values, the others from a copy.
    /// </summary>
    private readonly record struct Request(CommandField Command, ushort MessageId, DicomUid SopClassUid, DicomUid SopInstanceUid, CommandSet? Copy)
    {
        public static Request From(CommandSet command) => new(
            command.Command,
            command.MessageId,
            command.AffectedSopClassUid,
            command.AffectedSopInstanceUid,
            command.Command is CommandField.CEchoRequest or CommandField.CStoreRequest ? null : command.Copy());

        public DimseResponse CreateResponse(DimseStatus status, string? errorComment) => Command switch
        {
            CommandField.CStoreRequest => new CStoreResponse
            {
                MessageIdBeingRespondedTo = MessageId,
                AffectedSopClassUid = SopClassUid,
                AffectedSopInstanceUid = SopInstanceUid,
                Status = status,
                ErrorComment = errorComment,
            },
            CommandField.CEchoRequest => new CEchoResponse { MessageIdBeingRespondedTo = MessageId, AffectedSopClassUid = SopClassUid, Status = status, ErrorComment = errorComment },
            _ => DimseResponse.To(Copy!, status, errorComment),
        };
    }
}
