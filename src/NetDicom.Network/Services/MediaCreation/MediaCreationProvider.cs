using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Media Creation Management (PS3.4 annex S).</summary>
public static class MediaCreationProvider
{
    /// <summary>Answers N-CREATE, N-ACTION (initiate, cancel) and N-GET. The objects themselves come by C-STORE, which is the owner's to answer.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The requests.</param>
    public static void AddMediaCreationProvider(this ApplicationEntity entity, IMediaCreationStore store)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        DicomUid sopClass = SopClasses.MediaCreationManagement;
        entity.AddSupportedContext(sopClass);
        entity.OnNCreate(sopClass, (request, token) => store.CreateAsync(request.AffectedSopInstanceUid, request.AttributeList ?? [], token).ToAnswerAsync());
        entity.OnNGet(sopClass, (request, token) => store.GetAsync(request.RequestedSopInstanceUid, request.AttributeIdentifierList, token).ToAnswerAsync());
        entity.OnNAction(sopClass, (request, token) => ActAsync(store, request, token).ToAnswerAsync());
    }

    private static ValueTask<RuleResult> ActAsync(IMediaCreationStore store, NActionIndication request, CancellationToken token)
    {
        RuleResult known = ServiceRules.CheckActionInformation(SopClasses.MediaCreationManagement, request.ActionTypeId, request.ActionInformation);
        return !known.IsDone ? ValueTask.FromResult(known)
            : request.ActionTypeId == MediaCreationOperations.InitiateActionTypeId ? store.InitiateAsync(request.RequestedSopInstanceUid, request.ActionInformation, token)
            : store.CancelAsync(request.RequestedSopInstanceUid, token);
    }
}
