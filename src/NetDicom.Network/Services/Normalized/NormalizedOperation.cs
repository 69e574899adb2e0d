using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Sends one request of a DIMSE-N service (PS3.7 section 10.1) and makes a value of its response.</summary>
internal static class NormalizedOperation
{
    /// <param name="engine">The association's.</param>
    /// <param name="association">The association.</param>
    /// <param name="service">Name of the service.</param>
    /// <param name="response">The response it has.</param>
    /// <param name="sopClass">SOP class the message names.</param>
    /// <param name="sopInstance">SOP instance the message names; none if it names none.</param>
    /// <param name="create">Makes the command set.</param>
    /// <param name="dataSet">The data set, if any.</param>
    /// <param name="options">The caller's options.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<NResponse> InvokeAsync(
        AssociationEngine engine, Association association, string service, CommandField response, DicomUid sopClass, DicomUid sopInstance,
        Func<ushort, DimseRequest> create, DicomDataSet? dataSet, NServiceOptions? options, CancellationToken cancellationToken)
    {
        options ??= new NServiceOptions();
        // N-EVENT-REPORT goes from the SCP to the SCU, all others from the SCU to the SCP (PS3.7 section 7.5.2).
        NegotiatedContext context = association.FindContextFor(sopClass, options.AbstractSyntax, asScp: response == CommandField.NEventReportResponse);
        var syntax = new TransferSyntax(context.TransferSyntax);
        using OpenedStorageObject? encoded = dataSet is null ? null : EncodedDataSet.Open(dataSet, syntax);
        var operation = new AwaitedOperation(response, context.Id, sopClass, sopInstance, engine.Services.Options.MaxDataSetLength, options.ResponseTimeout);
        Answer answer = await engine.InvokeAsync(service, operation, create, encoded, cancellationToken).ConfigureAwait(false);
        return Of(answer, syntax, engine.Services.Options.MaxDataSetLength);
    }

    private static NResponse Of(in Answer answer, TransferSyntax syntax, int maxDataSetLength)
    {
        DicomDataSet? dataSet = ReceivedDataSet.Read(answer, syntax, maxDataSetLength);
        DimseResponse response = answer.Response!; // only C-STORE-RSP and C-ECHO-RSP come without it
        var result = new NResponse { Status = response.Status, DataSet = dataSet, AffectedSopClassUid = response.AffectedSopClassUid, ErrorComment = response.ErrorComment };
        return response switch
        {
            NEventReportResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId, EventTypeId = r.EventTypeId },
            NGetResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId, AttributeIdentifierList = r.AttributeIdentifierList },
            NSetResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId, AttributeIdentifierList = r.AttributeIdentifierList },
            NActionResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId, ActionTypeId = r.ActionTypeId, AttributeIdentifierList = r.AttributeIdentifierList },
            NCreateResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId, AttributeIdentifierList = r.AttributeIdentifierList },
            NDeleteResponse r => result with { AffectedSopInstanceUid = r.AffectedSopInstanceUid, ErrorId = r.ErrorId },
            _ => throw new InvalidOperationException($"{response.Command} is no response of a DIMSE-N service"),
        };
    }
}
