using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Inventory Creation as its user (PS3.4 section KK.2.2.2). A success means that the request was taken: how it goes on comes as events. The response is a value, whatever its status.</summary>
public static class InventoryOperations
{
    /// <summary>Initiate (N-ACTION 11): asks for an inventory. B010H: it is made without the keys of <see cref="NResponse.AttributeIdentifierList"/>.</summary>
    public static Task<NResponse> InitiateInventoryAsync(this Association association, InventoryRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ActAsync(association, InventoryAction.Initiate, request.ToDataSet(), cancellationToken);
    }

    /// <summary>Request Status (N-ACTION 12): one event 12 follows.</summary>
    /// <param name="association">With a context of Inventory Creation.</param>
    /// <param name="transactionUid">The transaction.</param>
    /// <param name="statusInterval">A new Requested Status Interval; 0 for none; null leaves it as it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> RequestInventoryStatusAsync(this Association association, DicomUid transactionUid, ushort? statusInterval = null, CancellationToken cancellationToken = default)
    {
        DicomDataSet information = Transaction(transactionUid);
        if (statusInterval is { } interval)
            information.Set(DicomTags.RequestedStatusInterval, (long)interval);
        return ActAsync(association, InventoryAction.RequestStatus, information, cancellationToken);
    }

    /// <summary>Cancel (N-ACTION 13).</summary>
    /// <param name="association">With a context of Inventory Creation.</param>
    /// <param name="transactionUid">The transaction.</param>
    /// <param name="retainInstances">Whether what was made so far is to be kept: then event 11 names it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CancelInventoryAsync(this Association association, DicomUid transactionUid, bool retainInstances, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryAction.Cancel, Transaction(transactionUid).Set(DicomTags.RetainInstances, retainInstances ? "Y" : "N"), cancellationToken);

    /// <summary>Pause (N-ACTION 14).</summary>
    public static Task<NResponse> PauseInventoryAsync(this Association association, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryAction.Pause, Transaction(transactionUid), cancellationToken);

    /// <summary>Resume (N-ACTION 15).</summary>
    public static Task<NResponse> ResumeInventoryAsync(this Association association, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, InventoryAction.Resume, Transaction(transactionUid), cancellationToken);

    /// <summary>
    /// Makes an entity a receiver of the events, on associations that it opens with the Inventory Creation class and on those that providers open to its servers: 0112H for another instance than
    /// the well-known one, and what <see cref="InventoryEvent.Read"/> says.
    /// </summary>
    /// <param name="entity">The entity; associations and servers that are started afterwards take part.</param>
    /// <param name="handler">Is told of each event.</param>
    public static void OnInventoryEvent(this ApplicationEntity entity, Func<InventoryEvent, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(handler);
        // The provider asks for the association then, as SCP.
        entity.AddSupportedContexts(PresentationContexts.WithRoles([PresentationContexts.Create(SopClasses.InventoryCreation, [])], scu: true, scp: true));
        entity.OnNEventReport(SopClasses.InventoryCreation, async (request, cancellationToken) =>
        {
            RuleResult judged = ServiceRules.CheckInstance(SopClasses.InventoryCreation, request.AffectedSopInstanceUid);
            InventoryEvent? happened = null;
            if (judged.IsDone)
                judged = InventoryEvent.Read(request.EventTypeId, request.EventInformation, out happened);
            if (happened is null)
                return judged.ToResponse();
            await handler(happened, cancellationToken).ConfigureAwait(false);
            return DimseStatus.Success;
        });
    }

    private static DicomDataSet Transaction(DicomUid uid) => new DicomDataSet().Set(DicomTags.TransactionUID, uid);

    private static Task<NResponse> ActAsync(Association association, InventoryAction action, DicomDataSet information, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(SopClasses.InventoryCreation, Uids.StorageManagementInstance, (ushort)action, information, cancellationToken: cancellationToken);
    }
}
