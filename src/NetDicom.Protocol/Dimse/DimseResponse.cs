namespace NetDicom.Protocol;

/// <summary>A response: C-xxx-RSP or N-xxx-RSP.</summary>
public abstract class DimseResponse : DimseMessage
{
    private protected DimseResponse()
    {
    }

    /// <summary>Message ID Being Responded To (0000,0120): the Message ID of the request.</summary>
    public ushort MessageIdBeingRespondedTo { get; init; }

    /// <summary>Affected SOP Class UID (0000,0002): if there is one, that of the request.</summary>
    public DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Status (0000,0900).</summary>
    public DimseStatus Status { get; init; }

    /// <summary>Error Comment (0000,0902): some words on a failure; cut to 64 characters when written.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>
    /// The response without data set to a request of any kind, with the Message ID, SOP class and instance of the request (Affected or Requested) and its event or action
    /// type: what a server sends when it can say no more than a status.
    /// </summary>
    /// <exception cref="ArgumentException">There is no response to <paramref name="request"/>: it is a response, a C-CANCEL-RQ, or unknown.</exception>
    public static DimseResponse To(CommandSet request, DimseStatus status, string? errorComment = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ushort id = request.MessageId;
        DicomUid affected = request.AffectedSopClassUid, requested = request.RequestedSopClassUid;
        return request.Command switch
        {
            CommandField.CEchoRequest => new CEchoResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, Status = status, ErrorComment = errorComment },
            CommandField.CStoreRequest => new CStoreResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, AffectedSopInstanceUid = request.AffectedSopInstanceUid, Status = status, ErrorComment = errorComment,
            },
            CommandField.CFindRequest => new CFindResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, Status = status, ErrorComment = errorComment },
            CommandField.CGetRequest => new CGetResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, Status = status, ErrorComment = errorComment },
            CommandField.CMoveRequest => new CMoveResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, Status = status, ErrorComment = errorComment },
            CommandField.NEventReportRequest => new NEventReportResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, AffectedSopInstanceUid = request.AffectedSopInstanceUid, Status = status, ErrorComment = errorComment,
                EventTypeId = request.EventTypeId,
            },
            CommandField.NGetRequest => new NGetResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = requested, AffectedSopInstanceUid = request.RequestedSopInstanceUid, Status = status, ErrorComment = errorComment,
            },
            CommandField.NSetRequest => new NSetResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = requested, AffectedSopInstanceUid = request.RequestedSopInstanceUid, Status = status, ErrorComment = errorComment,
            },
            CommandField.NActionRequest => new NActionResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = requested, AffectedSopInstanceUid = request.RequestedSopInstanceUid, Status = status, ErrorComment = errorComment,
                ActionTypeId = request.ActionTypeId,
            },
            CommandField.NCreateRequest => new NCreateResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = affected, AffectedSopInstanceUid = request.AffectedSopInstanceUid, Status = status, ErrorComment = errorComment,
            },
            CommandField.NDeleteRequest => new NDeleteResponse
            {
                MessageIdBeingRespondedTo = id, AffectedSopClassUid = requested, AffectedSopInstanceUid = request.RequestedSopInstanceUid, Status = status, ErrorComment = errorComment,
            },
            _ => throw new ArgumentException($"nothing is answered to a {request.Command}", nameof(request)),
        };
    }
}
