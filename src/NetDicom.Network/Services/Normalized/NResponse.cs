using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The response of a DIMSE-N service (PS3.7 section 10.1): what a handler answers, and what the requestor gets.</summary>
public sealed record NResponse
{
    /// <summary>Status (0000,0900). Default success.</summary>
    public DimseStatus Status { get; init; }

    /// <summary>
    /// The data set: Event Reply, Attribute List or Action Reply; null without one. As a handler's answer it is sent with whatever status; N-DELETE has none.
    /// </summary>
    public DicomDataSet? DataSet { get; init; }

    /// <summary>Affected SOP Class UID (0000,0002). None in a handler's answer: that of the request is sent.</summary>
    public DicomUid AffectedSopClassUid { get; init; }

    /// <summary>
    /// Affected SOP Instance UID (0000,1000). None in a handler's answer: that of the request is sent. A handler of N-CREATE sets it where the request names none.
    /// </summary>
    public DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Error Comment (0000,0902); cut to 64 characters when sent.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>Error ID (0000,0903).</summary>
    public ushort? ErrorId { get; init; }

    /// <summary>Attribute Identifier List (0000,1005): the attributes that a status of N-GET, N-SET or N-CREATE is about (0105H, 0107H, 0120H), or B010H of N-ACTION.</summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList { get; init; } = [];

    /// <summary>Event Type ID (0000,1002) of an N-EVENT-REPORT-RSP. Null in a handler's answer: that of the request is sent.</summary>
    public ushort? EventTypeId { get; init; }

    /// <summary>Action Type ID (0000,1008) of an N-ACTION-RSP. Null in a handler's answer: that of the request is sent.</summary>
    public ushort? ActionTypeId { get; init; }

    /// <summary>Throws unless the operation was done: a success or a warning.</summary>
    /// <returns>This response.</returns>
    /// <exception cref="DimseStatusException">The status is a failure.</exception>
    public NResponse EnsureSuccess() =>
        Status.IsSuccess || Status.IsWarning ? this : throw new DimseStatusException(Status, ErrorComment, AttributeIdentifierList);

    /// <summary>A response with no more than a status.</summary>
    public static implicit operator NResponse(DimseStatus status) => new() { Status = status };
}
