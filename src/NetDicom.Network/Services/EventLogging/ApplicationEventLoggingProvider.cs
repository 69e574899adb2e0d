namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Application Event Logging (PS3.4 annex P).</summary>
public static class ApplicationEventLoggingProvider
{
    /// <summary>Answers Record Procedural Event: 0123H for another action, 0112H for another instance than the well-known one, and what the log says.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="record">
    /// Logs an event, and says so, or why not: <see cref="ProceduralEventLog.Record"/>, or one of the owner's that asks <see cref="ProceduralEventRules"/>. What it throws is answered 0110H.
    /// </param>
    public static void AddProceduralEventLoggingProvider(this ApplicationEntity entity, Func<NActionIndication, CancellationToken, ValueTask<RuleResult>> record) =>
        Add(entity, SopClasses.ProceduralEventLogging, record);

    /// <summary>As the other, with a log in memory.</summary>
    public static void AddProceduralEventLoggingProvider(this ApplicationEntity entity, ProceduralEventLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        Add(entity, SopClasses.ProceduralEventLogging, (request, _) => ValueTask.FromResult(log.Record(request.ActionInformation)));
    }

    /// <summary>Answers Record Substance Administration Event: 0123H for another action, 0112H for another instance than the well-known one, and what the log says.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="record">
    /// Logs an administration, and says so, or why not: <see cref="SubstanceAdministrationLog.Record"/>, or one of the owner's that asks <see cref="SubstanceAdministrationLogRules"/>. What it
    /// throws is answered 0110H.
    /// </param>
    public static void AddSubstanceAdministrationLoggingProvider(this ApplicationEntity entity, Func<NActionIndication, CancellationToken, ValueTask<RuleResult>> record) =>
        Add(entity, SopClasses.SubstanceAdministrationLogging, record);

    /// <summary>As the other, with a log in memory.</summary>
    public static void AddSubstanceAdministrationLoggingProvider(this ApplicationEntity entity, SubstanceAdministrationLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        Add(entity, SopClasses.SubstanceAdministrationLogging, (request, _) => ValueTask.FromResult(log.Record(request.ActionInformation)));
    }

    private static void Add(ApplicationEntity entity, DicomUid sopClass, Func<NActionIndication, CancellationToken, ValueTask<RuleResult>> record)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(record);
        entity.AddSupportedContext(sopClass);
        entity.OnNAction(sopClass, (request, token) =>
        {
            RuleResult known = ServiceRules.CheckAction(sopClass, request.ActionTypeId);
            if (known.IsDone)
                known = ServiceRules.CheckInstance(sopClass, request.RequestedSopInstanceUid);
            return known.IsDone ? record(request, token).ToAnswerAsync() : known.ToAnswerAsync();
        });
    }
}
