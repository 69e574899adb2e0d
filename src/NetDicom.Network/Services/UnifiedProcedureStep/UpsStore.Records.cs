namespace NetDicom.Network;

public sealed partial class UpsStore
{
    private void Load(IUpsRecordStore records)
    {
        foreach (UpsRecord step in records.LoadSteps())
        {
            _steps[step.InstanceUid] = step.Attributes;
            foreach ((string ae, UpsSubscription state) in step.Subscriptions)
                _subscriptions.Set(ae, step.InstanceUid, state);
        }

        foreach (UpsGlobalSubscription subscription in records.LoadGlobalSubscriptions())
        {
            if (subscription.Keys is not { } keys)
                _subscriptions.Restore(subscription.ReceivingAE, subscription.State, null);
            else if (TryCompile(keys) is { } filter)
                _subscriptions.Restore(subscription.ReceivingAE, subscription.State, filter);
        }
    }

    private Func<DicomDataSet, bool>? TryCompile(DicomDataSet keys)
    {
        try
        {
            return _options.CompileFilter?.Invoke(keys);
        }
        catch (DicomDataException)
        {
            // The filters of this program are others than those of the one that kept it.
            return null;
        }
    }

    // Before the step changes here, so that nothing is told that a restart would not know; what was changed for it already is taken back.
    private void Keep(DicomUid instanceUid, DicomDataSet ups, Action? undo = null) =>
        Keep(records => records.SaveStep(new UpsRecord(instanceUid, ups, _subscriptions.StatesOf(instanceUid))), undo);

    // A global change that fails in the middle leaves records of what was not granted: they go with the next change of their step, or the user asks again.
    private void KeepSubscriptions(IEnumerable<DicomUid> instances, Action<IUpsRecordStore> keepGlobal, Action undo) =>
        Keep(
            records =>
            {
                foreach (DicomUid instance in instances)
                    records.SaveStep(new UpsRecord(instance, _steps[instance], _subscriptions.StatesOf(instance)));
                keepGlobal(records);
            },
            undo);

    private void Keep(Action<IUpsRecordStore> keep, Action? undo)
    {
        if (_options.Records is not { } records)
            return;
        try
        {
            keep(records);
        }
        catch
        {
            undo?.Invoke();
            throw;
        }
    }
}
