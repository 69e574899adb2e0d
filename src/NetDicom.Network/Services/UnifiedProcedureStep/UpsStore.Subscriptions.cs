using NetDicom.Protocol;

namespace NetDicom.Network;

public sealed partial class UpsStore
{
    /// <summary>Subscribe to Receive UPS Event Reports (N-ACTION 3, PS3.4 section CC.2.3): to one UPS, globally, or globally with a filter.</summary>
    public UpsOutcome Subscribe(DicomUid instanceUid, DicomDataSet information)
    {
        ArgumentNullException.ThrowIfNull(information);
        RuleResult read = ReadReceiver(information, out string ae);
        if (!read.IsDone)
            return new(read);
        if (information.GetStringOrDefault(DicomTags.DeletionLock) is not ("TRUE" or "FALSE") and var given)
            return new(RuleResult.Of(given is null ? DimseStatus.NoSuchArgument : DimseStatus.InvalidArgumentValue, "Deletion Lock is TRUE or FALSE", DicomTags.DeletionLock));
        bool asksLock = information.GetString(DicomTags.DeletionLock) == "TRUE";
        UpsSubscription state = asksLock && _options.GivesDeletionLocks ? UpsSubscription.WithLock : UpsSubscription.WithoutLock;
        RuleResult done = asksLock && !_options.GivesDeletionLocks ? RuleResult.Of(0xB301, "deletion lock not granted") : RuleResult.Success;
        lock (_gate)
        {
            if (instanceUid == Uids.UPSGlobalSubscriptionInstance || instanceUid == Uids.UPSFilteredGlobalSubscriptionInstance)
                return SubscribeGlobally(instanceUid, information, ae, state, done);
            if (!_steps.TryGetValue(instanceUid, out DicomDataSet? ups))
                return new(UpsRules.Unknown);
            if (_subscriptions.Of(ae, instanceUid) == UpsSubscription.None && _subscriptions.CountOf(instanceUid) >= _options.MaxSubscribers)
                return new(RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another subscriber"));
            Action undo = _subscriptions.Remember(ae);
            _subscriptions.Set(ae, instanceUid, state);
            Keep(instanceUid, ups, undo);
            return new(done, [new UpsEvent(ae, instanceUid, UpsEventType.StateReport, UpsEvents.StateReport(ups))]);
        }
    }

    /// <summary>Unsubscribe from Receiving UPS Event Reports (N-ACTION 4): from one UPS, or from all and globally.</summary>
    public UpsOutcome Unsubscribe(DicomUid instanceUid, DicomDataSet information)
    {
        ArgumentNullException.ThrowIfNull(information);
        RuleResult read = ReadReceiver(information, out string ae);
        if (!read.IsDone)
            return new(read);
        lock (_gate)
        {
            if (instanceUid == Uids.UPSGlobalSubscriptionInstance || instanceUid == Uids.UPSFilteredGlobalSubscriptionInstance && _options.CompileFilter is not null)
            {
                DicomUid[] instances = _subscriptions.InstancesOf(ae);
                Action undo = _subscriptions.Remember(ae);
                _subscriptions.UnsubscribeGlobally(ae);
                KeepSubscriptions(instances, records => records.RemoveGlobalSubscription(ae), undo);
            }
            else if (_steps.TryGetValue(instanceUid, out DicomDataSet? ups))
            {
                Action undo = _subscriptions.Remember(ae);
                _subscriptions.Set(ae, instanceUid, UpsSubscription.None);
                Keep(instanceUid, ups, undo);
            }
            else
            {
                return new(UpsRules.Unknown);
            }

            return new(RuleResult.Success);
        }
    }

    /// <summary>Suspend Global Subscription (N-ACTION 5): new steps are no longer reported, those subscribed to are. Only the global instances take it (C314H).</summary>
    public UpsOutcome SuspendGlobalSubscription(DicomUid instanceUid, DicomDataSet information)
    {
        ArgumentNullException.ThrowIfNull(information);
        RuleResult read = ReadReceiver(information, out string ae);
        if (!read.IsDone)
            return new(read);
        lock (_gate)
        {
            if (instanceUid == Uids.UPSGlobalSubscriptionInstance || instanceUid == Uids.UPSFilteredGlobalSubscriptionInstance && _options.CompileFilter is not null)
            {
                _options.Records?.RemoveGlobalSubscription(ae);
                _subscriptions.SuspendGlobal(ae);
                return new(RuleResult.Success);
            }

            return new(_steps.ContainsKey(instanceUid) ? RuleResult.Of(0xC314, "only the global subscription can be suspended") : UpsRules.Unknown);
        }
    }

    /// <summary>SCP Status Change (event 4) for everybody who has a subscription.</summary>
    public IReadOnlyList<UpsEvent> StatusChange(bool isRestarted, bool subscriptionsKept, bool stepsKept)
    {
        DicomDataSet information = UpsEvents.ScpStatusChange(isRestarted, subscriptionsKept, stepsKept);
        lock (_gate)
            return [.. _subscriptions.All().Select(ae => new UpsEvent(ae, Uids.UPSGlobalSubscriptionInstance, UpsEventType.ScpStatusChange, information))];
    }

    /// <summary>What an AE has on one UPS.</summary>
    public UpsSubscription SubscriptionOf(string receivingAE, DicomUid instanceUid)
    {
        lock (_gate)
            return _subscriptions.Of(receivingAE, instanceUid);
    }

    /// <summary>What an AE has globally.</summary>
    public UpsSubscription GlobalSubscriptionOf(string receivingAE)
    {
        lock (_gate)
            return _subscriptions.GlobalOf(receivingAE);
    }

    private UpsOutcome SubscribeGlobally(DicomUid instanceUid, DicomDataSet information, string ae, UpsSubscription state, RuleResult done)
    {
        Func<DicomDataSet, bool>? filter = null;
        DicomDataSet? keys = null;
        if (instanceUid == Uids.UPSFilteredGlobalSubscriptionInstance)
        {
            if (_options.CompileFilter is not { } compile)
                return new(UpsRules.Unknown);
            keys = information.Clone();
            keys.Remove(DicomTags.ReceivingAE);
            keys.Remove(DicomTags.DeletionLock);
            try
            {
                filter = compile(keys);
            }
            catch (DicomDataException refused)
            {
                return new(RuleResult.Of(DimseStatus.InvalidArgumentValue, "a matching key cannot be read", refused.Tag is { } tag ? [tag] : []));
            }
        }

        if (_subscriptions.GlobalOf(ae) == UpsSubscription.None && _subscriptions.GlobalCount >= _options.MaxSubscribers)
            return new(RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another subscriber"));
        DicomUid[] before = _subscriptions.InstancesOf(ae);
        Action undo = _subscriptions.Remember(ae);
        _subscriptions.SubscribeGlobally(ae, state, filter, _steps);
        KeepSubscriptions(_subscriptions.InstancesOf(ae).Except(before), records => records.SaveGlobalSubscription(new UpsGlobalSubscription(ae, state, keys)), undo);
        // PS3.4 CC.2.4.3: with lock, the present state of every UPS that is reported from now on.
        return new(done, state != UpsSubscription.WithLock ? [] : [.. _steps.Where(pair => filter is null || filter(pair.Value))
            .Select(pair => new UpsEvent(ae, pair.Key, UpsEventType.StateReport, UpsEvents.StateReport(pair.Value)))]);
    }

    private RuleResult ReadReceiver(DicomDataSet information, out string ae)
    {
        ae = information.GetStringOrDefault(DicomTags.ReceivingAE)?.Trim(' ') ?? "";
        if (!AETitle.TryParse(ae, out _))
            return RuleResult.Of(ae.Length == 0 ? DimseStatus.NoSuchArgument : DimseStatus.InvalidArgumentValue, "Receiving AE is no AE title", DicomTags.ReceivingAE);
        if (_options.IsKnownReceiver is { } known && !known(ae))
            return RuleResult.Of(0xC308, "receiving AE title is not known", DicomTags.ReceivingAE);
        return _options.SupportsEvents ? RuleResult.Success : RuleResult.Of(0xC315, "event reports are not supported");
    }
}
