using NetDicom.Protocol;

namespace NetDicom.Network;

// C-STORE and C-ECHO: checked and answered from a few values, without a copy of the command set.
internal sealed partial class RequestDispatcher
{
    private async ValueTask<Reply> AnswerAsync(Request request, CommandSet command, NegotiatedContext context, IncomingDataSet? dataSet)
    {
        if (command.FindViolation() is { } violation)
        {
            engine.Log.RequestRefused(request.Command, request.MessageId, violation);
            return new(RefusalOf(command), violation);
        }

        // An instance UID that is none could become a path, or the name of another object: it goes no further.
        if (command.Command == CommandField.CStoreRequest && command.AffectedSopInstanceUid.IsNone)
            return new(DimseStatus.InvalidSopInstance, "Affected SOP Instance UID is not a UID");
        if (request.SopClassUid != context.AbstractSyntax)
            return new(DimseStatus.SopClassNotSupported, "SOP Class does not fit the presentation context");
        // Without role selection only the acceptor performs (PS3.7 annex D.3.3.4): a peer we connected to must not store here by the way.
        if (!context.ScpRole)
            return new(DimseStatus.SopClassNotSupported, "the SCP role was not negotiated");
        try
        {
            if (request.Command == CommandField.CEchoRequest)
            {
                engine.Log.ReceivedRequest("Echo", request.MessageId);
                return new(handlers.Echo is null ? DimseStatus.Success : await handlers.Echo(new EchoRequest(Association, request.MessageId), _ended.Token).ConfigureAwait(false));
            }

            if ((engine.StoreTaker ?? handlers.Store.Find(request.SopClassUid)) is not { } store)
                return new(handlers.Store.IsEmpty ? DimseStatus.UnrecognizedOperation : DimseStatus.SopClassNotSupported);
            if (dataSet is null)
                return new(DimseStatus.CannotUnderstand, "C-STORE-RQ without a data set");
            engine.Log.ReceivedRequest("Store", request.MessageId);
            return new(await store(new StoreRequest(Association, command, context, dataSet), _ended.Token).ConfigureAwait(false));
        }
        catch (AssociationEndedException) when (engine.UpperLayer.Ended is not null)
        {
            throw;
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            throw engine.UpperLayer.Ended!.ToException();
        }
        catch (DimseStatusException answer) when (!answer.Status.IsPending)
        {
            return new(answer.Status, answer.ErrorComment, answer.OffendingElements);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && request.Command == CommandField.CStoreRequest)
        {
            // Disk full, read-only, no permission: the sender may try again later or elsewhere (PS3.4 table B.2-1).
            engine.Log.HandlerFailed(request.Command, request.MessageId, error);
            return new(DimseStatus.OutOfResources, "the object could not be written");
        }
        catch (Exception error)
        {
            // The peer learns that it failed, not how: an exception's text is for our log.
            engine.Log.HandlerFailed(request.Command, request.MessageId, error);
            return new(request.Command == CommandField.CStoreRequest ? DimseStatus.CannotUnderstand : DimseStatus.ProcessingFailure, "the handler failed");
        }
    }

    private static DimseStatus RefusalOf(CommandSet command) => command.Command switch
    {
        CommandField.CStoreRequest when command.AffectedSopInstanceUid.IsNone => DimseStatus.InvalidSopInstance,
        CommandField.CEchoRequest or CommandField.CStoreRequest when command.AffectedSopClassUid.IsNone => DimseStatus.SopClassNotSupported,
        CommandField.CStoreRequest => DimseStatus.CannotUnderstand,
        _ => DimseStatus.MistypedArgument,
    };

    private ValueTask RespondAsync(Request request, NegotiatedContext context, Reply reply, bool onLoop)
    {
        engine.Log.Responding(request.Command, request.MessageId, reply.Status);
        return engine.Writer.AnswerAsync(context.Id, request.CreateResponse(reply), onLoop);
    }

    /// <summary>What a request is answered with.</summary>
    private readonly record struct Reply(DimseStatus Status, string? Comment = null, IReadOnlyList<DicomTag>? OffendingElements = null);

    /// <summary>What of a request is needed to answer it: the command set itself is filled anew by the next message.</summary>
    private readonly record struct Request(CommandField Command, ushort MessageId, DicomUid SopClassUid, DicomUid SopInstanceUid)
    {
        public static Request From(CommandSet command) => new(command.Command, command.MessageId, command.AffectedSopClassUid, command.AffectedSopInstanceUid);

        public DimseResponse CreateResponse(in Reply reply) => Command == CommandField.CStoreRequest
            ? new CStoreResponse
            {
                MessageIdBeingRespondedTo = MessageId,
                AffectedSopClassUid = SopClassUid,
                AffectedSopInstanceUid = SopInstanceUid,
                Status = reply.Status,
                ErrorComment = reply.Comment,
                OffendingElements = reply.OffendingElements ?? [],
            }
            : new CEchoResponse { MessageIdBeingRespondedTo = MessageId, AffectedSopClassUid = SopClassUid, Status = reply.Status, ErrorComment = reply.Comment };
    }
}
