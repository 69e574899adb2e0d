using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Makes an entity a machine parameter verifier (PS3.4 annex DD).</summary>
public static class MachineVerificationProvider
{
    /// <summary>Event Type ID of Pending: the verification has begun.</summary>
    public const ushort PendingEventTypeId = 1;

    /// <summary>Event Type ID of Done, which tells the status.</summary>
    public const ushort DoneEventTypeId = 2;

    /// <summary>
    /// Answers all services of RT Conventional and RT Ion Machine Verification. A request for verification (N-ACTION) is answered at once; Pending and Done follow as events on its association
    /// (section DD.3.2.5). A user whose association has ended meanwhile is not told, and asks with N-GET.
    /// </summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="store">The verifications, and what verifies.</param>
    public static void AddMachineVerificationProvider(this ApplicationEntity entity, IMachineVerificationStore store)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(store);
        // No limit of its own: the store lets each of its verifications begin only once at a time.
        var work = new KeyedQueue<Association, Func<Task>>(int.MaxValue, async (_, items) =>
        {
            await foreach (Func<Task> item in items.ConfigureAwait(false))
                await item().ConfigureAwait(false);
        }, (association, error) => association.Log.ReportingFailed(error));
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.RTConventionalMachineVerification, SopClasses.RTIonMachineVerification])
        {
            entity.AddSupportedContext(sopClass);
            entity.OnNCreate(sopClass, (request, token) => store.CreateAsync(sopClass, request.AffectedSopInstanceUid, request.AttributeList ?? [], token).ToAnswerAsync());
            entity.OnNSet(sopClass, (request, token) => store.SetAsync(sopClass, request.RequestedSopInstanceUid, request.ModificationList, token).ToAnswerAsync());
            entity.OnNGet(sopClass, (request, token) => store.GetAsync(sopClass, request.RequestedSopInstanceUid, request.AttributeIdentifierList, token).ToAnswerAsync());
            entity.OnNDelete(sopClass, (request, token) => store.DeleteAsync(sopClass, request.RequestedSopInstanceUid, token).ToAnswerAsync());
            entity.OnNAction(sopClass, (request, token) => BeginAsync(store, sopClass, work, request, token).ToAnswerAsync());
        }
    }

    private static async ValueTask<RuleResult> BeginAsync(
        IMachineVerificationStore store, DicomUid sopClass, KeyedQueue<Association, Func<Task>> work, NActionIndication request, CancellationToken ended)
    {
        RuleResult result = ServiceRules.CheckAction(sopClass, request.ActionTypeId);
        if (!result.IsDone)
            return result;
        // Asked for before the answer is given.
        Task answered = request.WhenAnswered;
        DicomUid instance = request.RequestedSopInstanceUid;
        result = await store.BeginAsync(sopClass, instance, ended).ConfigureAwait(false);
        if (result.IsDone)
            work.TryAdd(request.Association, () => VerifyAsync(store, sopClass, instance, request.Association, answered, ended));
        return result;
    }

    private static async Task VerifyAsync(IMachineVerificationStore store, DicomUid sopClass, DicomUid instance, Association association, Task answered, CancellationToken ended)
    {
        await answered.ConfigureAwait(false);
        await TellAsync(association, new EventReport(sopClass, instance, PendingEventTypeId, null)).ConfigureAwait(false);
        var status = TreatmentVerificationStatus.NotVerified;
        try
        {
            status = await store.VerifyAsync(sopClass, instance, ended).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The owner's verification failed, or the user has gone: nothing is verified.
            if (error is not OperationCanceledException || !ended.IsCancellationRequested)
                association.Log.MachineNotVerified(error);
        }

        DicomDataSet information = new DicomDataSet().Set(DicomTags.TreatmentVerificationStatus, MachineVerificationOutcome.ToTerm(status));
        await TellAsync(association, new EventReport(sopClass, instance, DoneEventTypeId, information)).ConfigureAwait(false);
    }

    private static async Task TellAsync(Association association, EventReport report)
    {
        try
        {
            await association.NEventReportAsync(report.SopClassUid, report.InstanceUid, report.EventTypeId, report.Information).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DicomNetworkException or ObjectDisposedException)
        {
            // Gone.
        }
    }
}
