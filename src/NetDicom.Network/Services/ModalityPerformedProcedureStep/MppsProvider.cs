using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Modality Performed Procedure Step (PS3.4 annex F).</summary>
public static class MppsProvider
{
    /// <summary>Most events of one association that wait; a user that takes none loses later ones, as one that is not connected does.</summary>
    private const int MaxWaitingEvents = 1000;

    /// <summary>
    /// Answers N-CREATE and N-SET of Modality Performed Procedure Step, N-GET of its Retrieve class, and sends the events of its Notification class (PS3.4 section F.9) on every association on
    /// which a user asked for that class, after they happened and in their order. A user that has no association open is not told.
    /// </summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The steps.</param>
    public static void AddMppsProvider(this ApplicationEntity entity, MppsStore store)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.ModalityPerformedProcedureStep, SopClasses.ModalityPerformedProcedureStepRetrieve, SopClasses.ModalityPerformedProcedureStepNotification])
            entity.AddSupportedContext(sopClass);
        entity.OnNCreate(SopClasses.ModalityPerformedProcedureStep, (request, _) => store.Create(request.AffectedSopInstanceUid, request.AttributeList ?? []).ToAnswerAsync());
        entity.OnNSet(SopClasses.ModalityPerformedProcedureStep, (request, _) => store.Set(request.RequestedSopInstanceUid, request.ModificationList).ToAnswerAsync());
        entity.OnNGet(SopClasses.ModalityPerformedProcedureStepRetrieve, (request, _) => store.Get(request.RequestedSopInstanceUid, request.AttributeIdentifierList).ToAnswerAsync());

        var open = new OpenAssociations(entity, SopClasses.ModalityPerformedProcedureStepNotification);
        KeyedQueue<Association, EventReport> events = AssociationEvents.Queue(MaxWaitingEvents);
        store.Changed += (step, happened) =>
        {
            var report = new EventReport(SopClasses.ModalityPerformedProcedureStepNotification, step, (ushort)happened, null);
            foreach (Association association in open.All())
                events.TryAdd(association, report);
        };
    }
}
