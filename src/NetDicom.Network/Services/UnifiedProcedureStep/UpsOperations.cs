using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Unified Procedure Step as its user (PS3.4 annex CC). The messages name UPS Push; they go on a context of the class that the operation belongs to, or of another UPS class if only that was
/// accepted. The response is a value, whatever its status.
/// </summary>
public static class UpsOperations
{
    /// <summary>N-CREATE (section CC.2.5): a step to be done, SCHEDULED.</summary>
    /// <param name="association">With a context of UPS Push.</param>
    /// <param name="upsUid">SOP Instance UID; none lets the provider choose: <see cref="NResponse.AffectedSopInstanceUid"/>.</param>
    /// <param name="attributes">The attributes of table CC.2.5-3; not changed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> CreateUpsAsync(this Association association, DicomUid upsUid, DicomDataSet attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(attributes);
        DicomDataSet ups = attributes.Clone().Set(DicomTags.ProcedureStepState, UpsState.Scheduled.ToTerm());
        return association.NCreateAsync(SopClasses.UnifiedProcedureStepPush, upsUid, ups, On(association, SopClasses.UnifiedProcedureStepPush), cancellationToken);
    }

    /// <summary>N-SET (section CC.2.6).</summary>
    /// <param name="association">With a context of UPS Pull.</param>
    /// <param name="upsUid">The step.</param>
    /// <param name="changes">The attributes; not changed.</param>
    /// <param name="transactionUid">The lock of a step that is IN PROGRESS; none for one that is SCHEDULED.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> SetUpsAsync(this Association association, DicomUid upsUid, DicomDataSet changes, DicomUid transactionUid = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(changes);
        DicomDataSet modifications = changes.Clone();
        if (!transactionUid.IsNone)
            modifications.Set(DicomTags.TransactionUID, transactionUid);
        return association.NSetAsync(SopClasses.UnifiedProcedureStepPush, upsUid, modifications, On(association, SopClasses.UnifiedProcedureStepPull), cancellationToken);
    }

    /// <summary>N-GET (section CC.2.7).</summary>
    public static Task<NResponse> GetUpsAsync(this Association association, DicomUid upsUid, IReadOnlyList<DicomTag>? attributes = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NGetAsync(SopClasses.UnifiedProcedureStepPush, upsUid, attributes, On(association, SopClasses.UnifiedProcedureStepPull), cancellationToken);
    }

    /// <summary>Change UPS State (N-ACTION 1, section CC.2.1).</summary>
    /// <param name="association">With a context of UPS Pull.</param>
    /// <param name="upsUid">The step.</param>
    /// <param name="state">IN PROGRESS takes the step; COMPLETED and CANCELED end it.</param>
    /// <param name="transactionUid">The lock: made by who takes the step, and shown with every change of it afterwards.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> ChangeUpsStateAsync(this Association association, DicomUid upsUid, UpsState state, DicomUid transactionUid, CancellationToken cancellationToken = default) =>
        ActAsync(association, SopClasses.UnifiedProcedureStepPull, upsUid, 1,
            new DicomDataSet().Set(DicomTags.TransactionUID, transactionUid).Set(DicomTags.ProcedureStepState, state.ToTerm()), cancellationToken);

    /// <summary>Request UPS Cancel (N-ACTION 2, section CC.2.2): of somebody else's step.</summary>
    /// <param name="association">With a context of UPS Push or Watch.</param>
    /// <param name="upsUid">The step.</param>
    /// <param name="information">Reason, contact (table CC.2.2-1); null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> RequestUpsCancelAsync(this Association association, DicomUid upsUid, DicomDataSet? information = null, CancellationToken cancellationToken = default) =>
        ActAsync(association, SopClasses.UnifiedProcedureStepPush, upsUid, 2, information, cancellationToken);

    /// <summary>Subscribe to Receive UPS Event Reports (N-ACTION 3, section CC.2.3).</summary>
    /// <param name="association">With a context of UPS Watch.</param>
    /// <param name="upsUid">A step; or <see cref="Uids.UPSGlobalSubscriptionInstance"/> for all, <see cref="Uids.UPSFilteredGlobalSubscriptionInstance"/> for those that match.</param>
    /// <param name="receiver">Who is to get the events.</param>
    /// <param name="deletionLock">Ended steps are to be kept until this subscription is gone.</param>
    /// <param name="keys">Matching keys of a filtered global subscription.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static Task<NResponse> SubscribeUpsAsync(
        this Association association, DicomUid upsUid, AETitle receiver, bool deletionLock = false, DicomDataSet? keys = null, CancellationToken cancellationToken = default) =>
        ActAsync(association, SopClasses.UnifiedProcedureStepWatch, upsUid, 3,
            Receiver(receiver, keys).Set(DicomTags.DeletionLock, deletionLock ? "TRUE" : "FALSE"), cancellationToken);

    /// <summary>Unsubscribe from Receiving UPS Event Reports (N-ACTION 4): of a step, or of all and globally.</summary>
    public static Task<NResponse> UnsubscribeUpsAsync(this Association association, DicomUid upsUid, AETitle receiver, CancellationToken cancellationToken = default) =>
        ActAsync(association, SopClasses.UnifiedProcedureStepWatch, upsUid, 4, Receiver(receiver, null), cancellationToken);

    /// <summary>Suspend Global Subscription (N-ACTION 5): steps made from now on are not reported.</summary>
    public static Task<NResponse> SuspendUpsSubscriptionAsync(this Association association, AETitle receiver, CancellationToken cancellationToken = default) =>
        ActAsync(association, SopClasses.UnifiedProcedureStepWatch, Uids.UPSGlobalSubscriptionInstance, 5, Receiver(receiver, null), cancellationToken);

    /// <summary>
    /// Makes an entity a receiver of UPS events, on associations that it opens with the UPS Event class and on those that providers open to its servers. Other event types than those of table
    /// CC.2.4-1 are answered 0113H.
    /// </summary>
    /// <param name="entity">The entity; associations and servers that are started afterwards take part.</param>
    /// <param name="handler">Is told of each event; <see cref="UpsEvent.ReceivingAE"/> is this entity.</param>
    public static void OnUpsEvent(this ApplicationEntity entity, Func<UpsEvent, CancellationToken, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(handler);
        // The provider asks for the association then, as SCP.
        entity.AddSupportedContexts(PresentationContexts.WithRoles([PresentationContexts.Create(SopClasses.UnifiedProcedureStepEvent, [])], scu: true, scp: true));
        entity.OnNEventReport(SopClasses.UnifiedProcedureStepPush, async (request, cancellationToken) =>
        {
            if (request.EventTypeId is < (ushort)UpsEventType.StateReport or > (ushort)UpsEventType.Assigned)
                return DimseStatus.NoSuchEventType;
            await handler(new UpsEvent(entity.Title.ToString(), request.AffectedSopInstanceUid, (UpsEventType)request.EventTypeId, request.EventInformation ?? []), cancellationToken).ConfigureAwait(false);
            return DimseStatus.Success;
        });
    }

    private static Task<NResponse> ActAsync(Association association, DicomUid ofClass, DicomUid upsUid, ushort type, DicomDataSet? information, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(association);
        return association.NActionAsync(SopClasses.UnifiedProcedureStepPush, upsUid, type, information, On(association, ofClass), cancellationToken);
    }

    private static DicomDataSet Receiver(AETitle receiver, DicomDataSet? keys) => (keys?.Clone() ?? []).Set(DicomTags.ReceivingAE, receiver.ToString());

    private static NServiceOptions? On(Association association, DicomUid abstractSyntax) =>
        association.TryFindContext(abstractSyntax) is null ? null : new NServiceOptions { AbstractSyntax = abstractSyntax };
}
