using NetDicom.Protocol;

namespace NetDicom.Network;

// The DIMSE-N services as their invoker (PS3.7 section 10.1). Common to all: the response is a value, whatever its status; a cancelled call gives up waiting and the place in the window
// stays taken until the answer is there, since DIMSE-N knows no cancel; in mid message cancelling aborts the association.
public sealed partial class Association
{
    /// <summary>Sends N-EVENT-REPORT-RQ (PS3.7 section 10.1.1): as the SCP of the SOP class, to its SCU.</summary>
    /// <param name="sopClass">Affected SOP Class UID.</param>
    /// <param name="sopInstance">Affected SOP Instance UID.</param>
    /// <param name="eventTypeId">Event Type ID.</param>
    /// <param name="eventInformation">The data set; null for none.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCP.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    /// <exception cref="DicomDataException">A data set cannot be written, or that of the answer cannot be read or is too long.</exception>
    public Task<NResponse> NEventReportAsync(
        DicomUid sopClass, DicomUid sopInstance, ushort eventTypeId, DicomDataSet? eventInformation = null, NServiceOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeAsync("N-EVENT-REPORT", CommandField.NEventReportResponse, sopClass, sopInstance, id => new NEventReportRequest
        {
            MessageId = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = sopInstance, EventTypeId = eventTypeId, HasDataSet = eventInformation is not null,
        }, eventInformation, options, cancellationToken);

    /// <summary>Sends N-GET-RQ (PS3.7 section 10.1.2).</summary>
    /// <param name="sopClass">Requested SOP Class UID.</param>
    /// <param name="sopInstance">Requested SOP Instance UID.</param>
    /// <param name="attributes">Attribute Identifier List: the attributes wanted; null or empty for all.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    /// <exception cref="DicomDataException">The data set of the answer cannot be read or is too long.</exception>
    public Task<NResponse> NGetAsync(
        DicomUid sopClass, DicomUid sopInstance, IReadOnlyList<DicomTag>? attributes = null, NServiceOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeAsync("N-GET", CommandField.NGetResponse, sopClass, sopInstance, id => new NGetRequest
        {
            MessageId = id, RequestedSopClassUid = sopClass, RequestedSopInstanceUid = sopInstance, AttributeIdentifierList = attributes ?? [],
        }, null, options, cancellationToken);

    /// <summary>Sends N-SET-RQ (PS3.7 section 10.1.3).</summary>
    /// <param name="sopClass">Requested SOP Class UID.</param>
    /// <param name="sopInstance">Requested SOP Instance UID.</param>
    /// <param name="modificationList">The data set.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    /// <exception cref="DicomDataException">A data set cannot be written, or that of the answer cannot be read or is too long.</exception>
    public Task<NResponse> NSetAsync(
        DicomUid sopClass, DicomUid sopInstance, DicomDataSet modificationList, NServiceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(modificationList);
        return InvokeAsync("N-SET", CommandField.NSetResponse, sopClass, sopInstance, id => new NSetRequest
        {
            MessageId = id, RequestedSopClassUid = sopClass, RequestedSopInstanceUid = sopInstance,
        }, modificationList, options, cancellationToken);
    }

    /// <summary>Sends N-ACTION-RQ (PS3.7 section 10.1.4).</summary>
    /// <param name="sopClass">Requested SOP Class UID.</param>
    /// <param name="sopInstance">Requested SOP Instance UID.</param>
    /// <param name="actionTypeId">Action Type ID.</param>
    /// <param name="actionInformation">The data set; null for none.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    /// <exception cref="DicomDataException">A data set cannot be written, or that of the answer cannot be read or is too long.</exception>
    public Task<NResponse> NActionAsync(
        DicomUid sopClass, DicomUid sopInstance, ushort actionTypeId, DicomDataSet? actionInformation = null, NServiceOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeAsync("N-ACTION", CommandField.NActionResponse, sopClass, sopInstance, id => new NActionRequest
        {
            MessageId = id, RequestedSopClassUid = sopClass, RequestedSopInstanceUid = sopInstance, ActionTypeId = actionTypeId, HasDataSet = actionInformation is not null,
        }, actionInformation, options, cancellationToken);

    /// <summary>Sends N-CREATE-RQ (PS3.7 section 10.1.5).</summary>
    /// <param name="sopClass">Affected SOP Class UID.</param>
    /// <param name="sopInstance">Affected SOP Instance UID; none leaves it to the peer, whose choice is <see cref="NResponse.AffectedSopInstanceUid"/>.</param>
    /// <param name="attributeList">The data set; null for none.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    /// <exception cref="DicomDataException">A data set cannot be written, or that of the answer cannot be read or is too long.</exception>
    public Task<NResponse> NCreateAsync(
        DicomUid sopClass, DicomUid sopInstance = default, DicomDataSet? attributeList = null, NServiceOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeAsync("N-CREATE", CommandField.NCreateResponse, sopClass, sopInstance, id => new NCreateRequest
        {
            MessageId = id, AffectedSopClassUid = sopClass, AffectedSopInstanceUid = sopInstance, HasDataSet = attributeList is not null,
        }, attributeList, options, cancellationToken);

    /// <summary>Sends N-DELETE-RQ (PS3.7 section 10.1.6).</summary>
    /// <param name="sopClass">Requested SOP Class UID.</param>
    /// <param name="sopInstance">Requested SOP Instance UID.</param>
    /// <param name="options">Presentation context and time limit.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NoPresentationContextException">No context for the SOP class on which this side is the SCU.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    public Task<NResponse> NDeleteAsync(DicomUid sopClass, DicomUid sopInstance, NServiceOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeAsync("N-DELETE", CommandField.NDeleteResponse, sopClass, sopInstance, id => new NDeleteRequest
        {
            MessageId = id, RequestedSopClassUid = sopClass, RequestedSopInstanceUid = sopInstance,
        }, null, options, cancellationToken);

    private Task<NResponse> InvokeAsync(
        string service, CommandField response, DicomUid sopClass, DicomUid sopInstance, Func<ushort, DimseRequest> create, DicomDataSet? dataSet, NServiceOptions? options,
        CancellationToken cancellationToken)
    {
        if (sopClass.IsNone)
            throw new ArgumentException("A SOP class is needed", nameof(sopClass));
        if (sopInstance.IsNone && response != CommandField.NCreateResponse)
            throw new ArgumentException("A SOP instance is needed", nameof(sopInstance));
        return NormalizedOperation.InvokeAsync(_engine, this, service, response, sopClass, sopInstance, create, dataSet, options, cancellationToken);
    }
}
