using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Answers one request of a DIMSE-N service (PS3.7 section 10.1) with what its handler says.</summary>
internal static class NormalizedService
{
    public static async Task AnswerAsync(ServiceInvocation invocation, Func<ValueTask<NResponse>> handler)
    {
        NResponse answer;
        OpenedStorageObject? dataSet = null;
        try
        {
            answer = await handler().ConfigureAwait(false) ?? throw new InvalidOperationException("a handler answered null");
            if (answer.Status.IsPending)
                throw new InvalidOperationException("a DIMSE-N service has one response, and a handler answered Pending");
            if (NeedsInstance(invocation, answer))
                throw new InvalidOperationException("N-CREATE without Affected SOP Instance UID: the handler must name the instance (PS3.7 section 10.1.5.1.4)");
            if (answer.DataSet is { } reply && invocation.Command.Command != CommandField.NDeleteRequest)
                dataSet = EncodedDataSet.Open(reply, invocation.TransferSyntax);
        }
        catch (Exception error) when (ServiceFailure.IsOfHandler(invocation, error))
        {
            ServiceFailure failure = ServiceFailure.From(invocation, error);
            answer = new NResponse { Status = failure.Status, ErrorComment = failure.Comment, AttributeIdentifierList = failure.OffendingElements };
        }

        using (dataSet)
        {
            invocation.Engine.Log.Responding(invocation.Command.Command, invocation.Command.MessageId, answer.Status);
            await invocation.SendAsync(Response(invocation.Command, answer, dataSet is not null), dataSet).ConfigureAwait(false);
        }
    }

    private static bool NeedsInstance(ServiceInvocation invocation, NResponse answer) =>
        invocation.Command.Command == CommandField.NCreateRequest && !answer.Status.IsFailure
        && answer.AffectedSopInstanceUid.IsNone && invocation.Command.AffectedSopInstanceUid.IsNone;

    private static DimseResponse Response(CommandSet command, NResponse answer, bool hasDataSet)
    {
        ushort id = command.MessageId;
        bool isAffected = command.Command is CommandField.NEventReportRequest or CommandField.NCreateRequest;
        DicomUid sopClass = !answer.AffectedSopClassUid.IsNone ? answer.AffectedSopClassUid : isAffected ? command.AffectedSopClassUid : command.RequestedSopClassUid;
        DicomUid instance = !answer.AffectedSopInstanceUid.IsNone ? answer.AffectedSopInstanceUid : isAffected ? command.AffectedSopInstanceUid : command.RequestedSopInstanceUid;
        DimseStatus status = answer.Status;
        string? comment = answer.ErrorComment;
        return command.Command switch
        {
            CommandField.NEventReportRequest => new NEventReportResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
                EventTypeId = answer.EventTypeId ?? command.EventTypeId, HasDataSet = hasDataSet,
            },
            CommandField.NGetRequest => new NGetResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
                AttributeIdentifierList = answer.AttributeIdentifierList, HasDataSet = hasDataSet,
            },
            CommandField.NSetRequest => new NSetResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
                AttributeIdentifierList = answer.AttributeIdentifierList, HasDataSet = hasDataSet,
            },
            CommandField.NActionRequest => new NActionResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
                // PS3.7 has no such element in N-ACTION-RSP: only the one status that PS3.4 wants it with.
                AttributeIdentifierList = status.Code == 0xB010 ? answer.AttributeIdentifierList : [],
                ActionTypeId = answer.ActionTypeId ?? command.ActionTypeId, HasDataSet = hasDataSet,
            },
            CommandField.NCreateRequest => new NCreateResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
                AttributeIdentifierList = answer.AttributeIdentifierList, HasDataSet = hasDataSet,
            },
            _ => new NDeleteResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = instance, Status = status, ErrorComment = comment, ErrorId = answer.ErrorId,
            },
        };
    }
}
