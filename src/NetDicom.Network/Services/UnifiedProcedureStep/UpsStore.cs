using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Unified procedure steps in memory, with their subscriptions (PS3.4 annex CC), for tests and small uses. Each operation answers with the response and the events that are to be sent. With
/// <see cref="UpsStoreOptions.Records"/> they outlive the store; what that cannot keep is not done, and its exception comes out.
/// Safe for several threads; what goes in and out is copied.
/// </summary>
public sealed partial class UpsStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, DicomDataSet> _steps = [];
    private readonly UpsSubscriptions _subscriptions = new();
    private readonly UpsStoreOptions _options;

    /// <summary>Makes a store with what its records have.</summary>
    /// <remarks>A filtered global subscription is passed over where <see cref="UpsStoreOptions.CompileFilter"/> is missing or refuses its keys; its record stays.</remarks>
    public UpsStore(UpsStoreOptions? options = null)
    {
        _options = options ?? new UpsStoreOptions();
        if (_options.Records is { } records)
            Load(records);
    }

    /// <summary>N-CREATE (PS3.4 section CC.2.5).</summary>
    public UpsOutcome Create(DicomUid instanceUid, DicomDataSet attributes)
    {
        RuleResult result = UpsRules.CheckCreate(attributes);
        if (!result.IsDone)
            return new(result);
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        DicomDataSet ups = attributes.Clone();
        bool modified = !UpsEvents.IsFilled(ups, DicomTags.WorklistLabel);
        if (modified)
            ups.Set(DicomTags.WorklistLabel, _options.DefaultWorklistLabel);
        ups.Set(DicomTags.SOPClassUID, SopClasses.UnifiedProcedureStepPush).Set(DicomTags.SOPInstanceUID, uid);
        Touch(ups);
        lock (_gate)
        {
            UpsTransition transition = UpsTransition.Find(UpsRequest.Create, _steps.TryGetValue(uid, out DicomDataSet? there) ? UpsRules.StateOf(there) : null);
            if (transition.NewState is null)
                return new(RuleResult.Of(transition.Status, "there is such a UPS"));
            if (_steps.Count >= _options.MaxInstances)
                return new(RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another UPS"));
            _subscriptions.Created(uid, ups);
            Keep(uid, ups, () => _subscriptions.Deleted(uid));
            _steps.Add(uid, ups);
            // PS3.4 CC.2.4.3: to every global subscriber whose filter it passes, and who will do it if that is known.
            List<UpsEvent> events = [.. Report(uid, UpsEventType.StateReport, UpsEvents.StateReport(ups))];
            if (IsAssigned(ups))
                events.AddRange(Report(uid, UpsEventType.Assigned, UpsEvents.Assigned(ups)));
            RuleResult done = modified ? RuleResult.Of(0xB300, "created with modifications", DicomTags.WorklistLabel) with { Attributes = new DicomDataSet().Set(DicomTags.WorklistLabel, _options.DefaultWorklistLabel) } : RuleResult.Success;
            return new(done with { InstanceUid = uid }, events);
        }
    }

    /// <summary>N-SET (PS3.4 section CC.2.6).</summary>
    public UpsOutcome Set(DicomUid instanceUid, DicomDataSet changes)
    {
        lock (_gate)
        {
            DicomDataSet? present = _steps.GetValueOrDefault(instanceUid);
            RuleResult result = UpsRules.CheckSet(present, changes);
            if (!result.IsDone)
                return new(result);
            DicomDataSet ups = result.Attributes!;
            Touch(ups);
            Keep(instanceUid, ups);
            _steps[instanceUid] = ups;
            var events = new List<UpsEvent>();
            if (present!.GetStringOrDefault(DicomTags.InputReadinessState) != ups.GetStringOrDefault(DicomTags.InputReadinessState))
                events.AddRange(Report(instanceUid, UpsEventType.StateReport, UpsEvents.StateReport(ups)));
            if (changes.Contains(DicomTags.ProcedureStepProgressInformationSequence))
                events.AddRange(Report(instanceUid, UpsEventType.ProgressReport, UpsEvents.ProgressReport(ups)));
            if (IsAssigned(changes))
                events.AddRange(Report(instanceUid, UpsEventType.Assigned, UpsEvents.Assigned(ups)));
            return new(result with { Attributes = null }, events);
        }
    }

    /// <summary>N-GET (PS3.4 section CC.2.7).</summary>
    public RuleResult Get(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        lock (_gate)
            return UpsRules.Get(_steps.GetValueOrDefault(instanceUid), attributeIdentifierList);
    }

    /// <summary>Every UPS as a query may see it: without its transaction UID (PS3.4 section CC.2.8). For C-FIND, with AttributeQuery of NetDicom.Archive.</summary>
    public IReadOnlyList<DicomDataSet> Snapshot()
    {
        lock (_gate)
        {
            var all = new List<DicomDataSet>(_steps.Count);
            foreach (DicomDataSet ups in _steps.Values)
            {
                DicomDataSet copy = ups.Clone();
                copy.Remove(DicomTags.TransactionUID);
                all.Add(copy);
            }

            return all;
        }
    }

    /// <summary>Change UPS State (N-ACTION 1, PS3.4 section CC.2.1).</summary>
    public UpsOutcome ChangeState(DicomUid instanceUid, DicomDataSet information)
    {
        lock (_gate)
        {
            DicomDataSet? present = _steps.GetValueOrDefault(instanceUid);
            RuleResult read = UpsRules.ReadChangeState(information, present is null ? default : UpsRules.TransactionUidOf(present), out UpsRequest request);
            if (!read.IsDone)
                return new(present is null ? UpsRules.Unknown : read);
            UpsTransition transition = UpsTransition.Find(request, present is null ? null : UpsRules.StateOf(present));
            if (transition.NewState is not { } state)
                return new(RuleResult.Of(transition.Status, CommentOf(transition.Status)));
            DicomDataSet ups = present!.Clone();
            if (state == UpsState.InProgress)
                ups.Set(DicomTags.TransactionUID, information.GetUid(DicomTags.TransactionUID));
            ups.Set(DicomTags.ProcedureStepState, state.ToTerm());
            if (state is UpsState.Completed or UpsState.Canceled && UpsRules.CheckFinal(ups, state) is { IsDone: false } lacking)
                return new(lacking);
            Touch(ups);
            Keep(instanceUid, ups);
            return Become(instanceUid, ups);
        }
    }

    /// <summary>Request UPS Cancel (N-ACTION 2, PS3.4 section CC.2.2).</summary>
    /// <param name="instanceUid">The UPS.</param>
    /// <param name="requestingAE">Who asks: the calling AE title.</param>
    /// <param name="information">The action information, if there is any.</param>
    public UpsOutcome RequestCancel(DicomUid instanceUid, string requestingAE, DicomDataSet? information)
    {
        lock (_gate)
        {
            DicomDataSet? present = _steps.GetValueOrDefault(instanceUid);
            UpsTransition transition = UpsTransition.Find(UpsRequest.RequestCancel, present is null ? null : UpsRules.StateOf(present));
            if (transition.NotifiesPerformer)
            {
                if (_options.OnCancelRequest?.Invoke(present!.Clone()) is { } refused)
                    return new(refused);
                return new(RuleResult.Success, [.. Report(instanceUid, UpsEventType.CancelRequested, UpsEvents.CancelRequested(requestingAE, information))]);
            }

            if (transition.NewState is null)
                return new(RuleResult.Of(transition.Status, CommentOf(transition.Status)));
            // PS3.4 CC.2.2.3: nobody works on it, so the provider takes it up itself, fills what CANCELED needs, and ends it; both changes are reported.
            DicomDataSet ups = present!.Clone().Set(DicomTags.ProcedureStepState, UpsState.InProgress.ToTerm()).Set(DicomTags.TransactionUID, DicomUid.Generate());
            Touch(ups);
            DicomDataSet canceled = Canceled(ups, information);
            Keep(instanceUid, canceled);
            UpsOutcome taken = Become(instanceUid, ups);
            UpsOutcome ended = Become(instanceUid, canceled);
            return new(RuleResult.Success, [.. taken.Events, .. ended.Events]);
        }
    }

    /// <summary>Takes out every ended UPS that no deletion lock holds; returns how many (PS3.4 section CC.2.1.3).</summary>
    public int RemoveEnded()
    {
        lock (_gate)
        {
            DicomUid[] ended = [.. _steps.Where(pair => UpsRules.StateOf(pair.Value) is UpsState.Completed or UpsState.Canceled && !_subscriptions.IsLocked(pair.Key)).Select(pair => pair.Key)];
            foreach (DicomUid uid in ended)
            {
                _options.Records?.RemoveStep(uid);
                _steps.Remove(uid);
                _subscriptions.Deleted(uid);
            }

            return ended.Length;
        }
    }

    private UpsOutcome Become(DicomUid instanceUid, DicomDataSet ups)
    {
        _steps[instanceUid] = ups;
        return new(RuleResult.Success, [.. Report(instanceUid, UpsEventType.StateReport, UpsEvents.StateReport(ups))]);
    }

    private DicomDataSet Canceled(DicomDataSet ups, DicomDataSet? information)
    {
        DicomDataSet canceled = ups.Clone();
        DicomDataSet progress = canceled.GetSequence(DicomTags.ProcedureStepProgressInformationSequence) is { Count: > 0 } there ? there[0].Clone() : new DicomDataSet();
        progress.Set(DicomTags.ProcedureStepCancellationDateTime, Now());
        if (information?.GetStringOrDefault(DicomTags.ReasonForCancellation) is { } reason)
            progress.Set(DicomTags.ReasonForCancellation, reason);
        DicomSequence? codes = information?.GetSequence(DicomTags.ProcedureStepDiscontinuationReasonCodeSequence);
        // 110513 DCM: discontinued for unspecified reason (PS3.16 CID 9300).
        progress.Set(DicomTags.ProcedureStepDiscontinuationReasonCodeSequence, codes is { Count: > 0 }
            ? [.. codes.Select(code => code.Clone())]
            : [new DicomDataSet().Set(DicomTags.CodeValue, "110513").Set(DicomTags.CodingSchemeDesignator, "DCM").Set(DicomTags.CodeMeaning, "Discontinued for unspecified reason")]);
        return canceled.Set(DicomTags.ProcedureStepProgressInformationSequence, progress).Set(DicomTags.ProcedureStepState, UpsState.Canceled.ToTerm());
    }

    private IEnumerable<UpsEvent> Report(DicomUid instanceUid, UpsEventType type, DicomDataSet information) =>
        _options.SupportsEvents ? _subscriptions.Of(instanceUid).Select(ae => new UpsEvent(ae, instanceUid, type, information)) : [];

    private void Touch(DicomDataSet ups) => ups.Set(DicomTags.ScheduledProcedureStepModificationDateTime, Now());

    private DicomDateTime Now() => new(_options.TimeProvider.GetUtcNow().UtcDateTime, DateTimePrecision.Second, TimeSpan.Zero);

    private static bool IsAssigned(DicomDataSet set) =>
        UpsEvents.IsFilled(set, DicomTags.ScheduledStationNameCodeSequence) || UpsEvents.IsFilled(set, DicomTags.ScheduledHumanPerformersSequence);

    private static string CommentOf(DimseStatus status) => status.Code switch
    {
        0xB304 => "already CANCELED",
        0xB306 => "already COMPLETED",
        0xC300 => "the UPS may no longer be updated",
        0xC301 => "the right transaction UID was not given",
        0xC302 => "already IN PROGRESS",
        0xC303 => "only N-CREATE makes SCHEDULED",
        0xC310 => "the UPS is not IN PROGRESS",
        0xC311 => "already COMPLETED",
        _ => "no such UPS is managed here",
    };
}
