using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>PS3.4 CC.2.3 and CC.2.4: who is told what.</summary>
public class UpsEventTests
{
    private static readonly DicomUid _lock = new("1.2.99.1");
    private static readonly DicomUid _uid = new("1.2.3");

    private static DicomDataSet NewUps(string readiness = "READY", bool assigned = false)
    {
        IReadOnlyList<Dictionary<string, string>> rows = RuleFacts.Read("ups-attributes.tsv");
        DicomDataSet ups = RuleFacts.Build(rows, row => row["n_create"].Split('/')[0] is "1" or "2").Set(DicomTags.ProcedureStepState, "SCHEDULED").Set(DicomTags.InputReadinessState, readiness);
        foreach (DicomTag tag in (DicomTag[])[DicomTags.ProcedureStepProgressInformationSequence, DicomTags.UnifiedProcedureStepPerformedProcedureSequence, DicomTags.ScheduledStationNameCodeSequence])
            ups.Set(DicomElement.CreateEmpty(tag, DicomVR.SQ));
        ups.Set(DicomElement.CreateEmpty(DicomTags.TransactionUID, DicomVR.UI));
        return assigned ? ups.Set(DicomTags.ScheduledStationNameCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "S1")) : ups;
    }

    private static DicomDataSet For(string ae, bool deletionLock = false) => new DicomDataSet().Set(DicomTags.ReceivingAE, ae).Set(DicomTags.DeletionLock, deletionLock ? "TRUE" : "FALSE");

    private static DicomDataSet To(string state) => new DicomDataSet().Set(DicomTags.ProcedureStepState, state).Set(DicomTags.TransactionUID, _lock);

    private static string Print(IEnumerable<UpsEvent> events) => string.Join(", ", events.Select(one => $"{one.ReceivingAE}:{(int)one.Type}:{one.Information.GetStringOrDefault(DicomTags.ProcedureStepState)}"));

    [Fact]
    public void A_new_UPS_is_reported_to_the_global_subscribers_and_inherits_their_state()
    {
        var store = new UpsStore();
        store.Subscribe(UpsInstances.Global, For("A", true));
        store.Subscribe(UpsInstances.Global, For("B"));
        Assert.Equal("A:1:SCHEDULED, B:1:SCHEDULED", Print(store.Create(_uid, NewUps()).Events));
        Assert.Equal((UpsSubscription.WithLock, UpsSubscription.WithoutLock), (store.SubscriptionOf("A", _uid), store.SubscriptionOf("B", _uid)));
    }

    [Fact]
    public void A_new_UPS_with_a_station_is_also_reported_as_assigned()
    {
        var store = new UpsStore();
        store.Subscribe(UpsInstances.Global, For("A"));
        IReadOnlyList<UpsEvent> events = store.Create(_uid, NewUps(assigned: true)).Events;
        Assert.Equal("A:1:SCHEDULED, A:5:", Print(events));
        Assert.Equal("S1", events[1].Information.GetString("ScheduledStationNameCodeSequence[0].CodeValue"));
        Assert.Equal("READY", events[0].Information.GetString(DicomTags.InputReadinessState));
    }

    [Fact]
    public void Subscribing_globally_without_lock_takes_on_what_is_not_subscribed_to_and_reports_nothing()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        Assert.Empty(store.Subscribe(UpsInstances.Global, For("A")).Events);
        Assert.Equal(UpsSubscription.WithoutLock, store.SubscriptionOf("A", _uid));
        Assert.Equal(UpsSubscription.WithoutLock, store.GlobalSubscriptionOf("A"));
    }

    [Fact]
    public void Subscribing_globally_with_lock_reports_the_present_state_of_every_UPS()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Create(new DicomUid("1.2.4"), NewUps());
        Assert.Equal("A:1:SCHEDULED, A:1:SCHEDULED", Print(store.Subscribe(UpsInstances.Global, For("A", true)).Events));
    }

    [Fact]
    public void Subscribing_globally_leaves_what_is_subscribed_to_as_it_is()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("A", true));
        store.Subscribe(UpsInstances.Global, For("A"));
        Assert.Equal(UpsSubscription.WithLock, store.SubscriptionOf("A", _uid));
    }

    [Fact]
    public void Subscribing_to_one_UPS_reports_its_present_state()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        Assert.Equal("A:1:SCHEDULED", Print(store.Subscribe(_uid, For("A")).Events));
        Assert.Equal("A:1:IN PROGRESS", Print(store.ChangeState(_uid, To("IN PROGRESS")).Events));
    }

    [Fact]
    public void Unsubscribing_from_one_UPS_ends_its_reports_only()
    {
        var store = new UpsStore();
        store.Subscribe(UpsInstances.Global, For("A"));
        store.Create(_uid, NewUps());
        Assert.True(store.Unsubscribe(_uid, For("A")).Result.IsDone);
        Assert.Empty(store.ChangeState(_uid, To("IN PROGRESS")).Events);
        Assert.Equal("A:1:SCHEDULED", Print(store.Create(new DicomUid("1.2.4"), NewUps()).Events));
    }

    [Fact]
    public void Unsubscribing_globally_ends_all_reports()
    {
        var store = new UpsStore();
        store.Subscribe(UpsInstances.Global, For("A"));
        store.Create(_uid, NewUps());
        store.Unsubscribe(UpsInstances.Global, For("A"));
        Assert.Empty(store.ChangeState(_uid, To("IN PROGRESS")).Events);
        Assert.Empty(store.Create(new DicomUid("1.2.4"), NewUps()).Events);
        Assert.Equal(UpsSubscription.None, store.SubscriptionOf("A", _uid));
    }

    [Fact]
    public void Suspending_the_global_subscription_ends_reports_of_new_steps_only()
    {
        var store = new UpsStore();
        store.Subscribe(UpsInstances.Global, For("A"));
        store.Create(_uid, NewUps());
        Assert.True(store.SuspendGlobalSubscription(UpsInstances.Global, For("A")).Result.IsDone);
        Assert.Equal("A:1:IN PROGRESS", Print(store.ChangeState(_uid, To("IN PROGRESS")).Events));
        Assert.Empty(store.Create(new DicomUid("1.2.4"), NewUps()).Events);
    }

    [Fact]
    public void Only_a_global_subscription_can_be_suspended()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        Assert.Equal(0xC314, store.SuspendGlobalSubscription(_uid, For("A")).Result.Status.Code);
        Assert.Equal(0xC307, store.SuspendGlobalSubscription(new DicomUid("1.9"), For("A")).Result.Status.Code);
    }

    [Fact]
    public void A_filtered_subscription_is_told_of_what_matches_its_keys()
    {
        var store = new UpsStore(new UpsStoreOptions
        {
            CompileFilter = keys => ups => ups.GetStringOrDefault(DicomTags.InputReadinessState) == keys.GetStringOrDefault(DicomTags.InputReadinessState),
        });
        store.Create(new DicomUid("1.2.1"), NewUps("READY"));
        store.Create(new DicomUid("1.2.2"), NewUps("INCOMPLETE"));
        Assert.Equal("A:1:SCHEDULED", Print(store.Subscribe(UpsInstances.FilteredGlobal, For("A", true).Set(DicomTags.InputReadinessState, "READY")).Events));
        Assert.Equal("A:1:SCHEDULED", Print(store.Create(new DicomUid("1.2.4"), NewUps("READY")).Events));
        Assert.Empty(store.Create(new DicomUid("1.2.5"), NewUps("INCOMPLETE")).Events);
        store.Unsubscribe(UpsInstances.FilteredGlobal, For("A"));
        Assert.Empty(store.Create(new DicomUid("1.2.6"), NewUps("READY")).Events);
    }

    [Fact]
    public void A_filtered_subscription_is_refused_with_C307H_where_it_is_not_supported() =>
        Assert.Equal(0xC307, new UpsStore().Subscribe(UpsInstances.FilteredGlobal, For("A")).Result.Status.Code);

    [Theory]
    [InlineData("", "TRUE", 0x0114)]
    [InlineData("MUCH TOO LONG A TITLE", "TRUE", 0x0115)]
    [InlineData("A", "", 0x0114)]
    [InlineData("A", "YES", 0x0115)]
    [InlineData("UNKNOWN", "TRUE", 0xC308)]
    public void A_subscription_that_lacks_something_is_refused(string ae, string deletionLock, int status)
    {
        var store = new UpsStore(new UpsStoreOptions { IsKnownReceiver = title => title != "UNKNOWN" });
        var information = new DicomDataSet();
        if (ae.Length > 0)
            information.Set(DicomTags.ReceivingAE, ae);
        if (deletionLock.Length > 0)
            information.Set(DicomTags.DeletionLock, deletionLock);
        Assert.Equal(status, store.Subscribe(UpsInstances.Global, information).Result.Status.Code);
    }

    [Fact]
    public void A_UPS_that_is_not_known_cannot_be_subscribed_to()
    {
        Assert.Equal(0xC307, new UpsStore().Subscribe(_uid, For("A")).Result.Status.Code);
        Assert.Equal(0xC307, new UpsStore().Unsubscribe(_uid, For("A")).Result.Status.Code);
    }

    [Fact]
    public void A_provider_without_deletion_locks_says_B301H_and_one_without_events_C315H()
    {
        var store = new UpsStore(new UpsStoreOptions { GivesDeletionLocks = false });
        store.Create(_uid, NewUps());
        Assert.Equal(0xB301, store.Subscribe(_uid, For("A", true)).Result.Status.Code);
        Assert.Equal(UpsSubscription.WithoutLock, store.SubscriptionOf("A", _uid));
        Assert.Equal(0xC315, new UpsStore(new UpsStoreOptions { SupportsEvents = false }).Subscribe(UpsInstances.Global, For("A")).Result.Status.Code);
    }

    [Fact]
    public void A_cancelled_SCHEDULED_UPS_is_reported_in_progress_and_canceled_with_the_reason()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("A"));
        IReadOnlyList<UpsEvent> events = store.RequestCancel(_uid, "ASKER", new DicomDataSet().Set(DicomTags.ReasonForCancellation, "wrong patient")).Events;
        Assert.Equal("A:1:IN PROGRESS, A:1:CANCELED", Print(events));
        Assert.Equal("wrong patient", events[1].Information.GetString(DicomTags.ReasonForCancellation));
        DicomDataSet ups = Assert.Single(store.Snapshot());
        Assert.True(UpsRules.CheckFinal(ups, UpsState.Canceled).IsDone);
    }

    [Fact]
    public void A_cancel_request_for_a_UPS_in_progress_goes_to_its_subscribers()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("PERFORMER"));
        store.ChangeState(_uid, To("IN PROGRESS"));
        DicomDataSet request = new DicomDataSet().Set(DicomTags.ReasonForCancellation, "late").Set(DicomTags.ContactDisplayName, "Desk 3");
        UpsEvent asked = Assert.Single(store.RequestCancel(_uid, "ASKER", request).Events);
        Assert.Equal((UpsEventType.CancelRequested, "ASKER", "late", "Desk 3"),
            (asked.Type, asked.Information.GetString(DicomTags.RequestingAE), asked.Information.GetString(DicomTags.ReasonForCancellation), asked.Information.GetString(DicomTags.ContactDisplayName)));
    }

    [Fact]
    public void Progress_readiness_and_assignment_are_reported_when_they_change()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("A"));
        Assert.Equal("A:1:SCHEDULED", Print(store.Set(_uid, new DicomDataSet().Set(DicomTags.InputReadinessState, "INCOMPLETE")).Events));
        Assert.Empty(store.Set(_uid, new DicomDataSet().Set(DicomTags.InputReadinessState, "INCOMPLETE")).Events);
        Assert.Equal("A:5:", Print(store.Set(_uid, new DicomDataSet().Set(DicomTags.ScheduledStationNameCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "S1"))).Events));
        store.ChangeState(_uid, To("IN PROGRESS"));
        UpsEvent progress = Assert.Single(store.Set(_uid, new DicomDataSet().Set(DicomTags.TransactionUID, _lock)
            .Set(DicomTags.ProcedureStepProgressInformationSequence, new DicomDataSet().Set(DicomTags.ProcedureStepProgress, "50"))).Events);
        Assert.Equal((UpsEventType.ProgressReport, "50"), (progress.Type, progress.Information.GetString("ProcedureStepProgressInformationSequence[0].ProcedureStepProgress")));
    }

    [Theory]
    [InlineData(true, true, false, "RESTARTED", "WARM START", "COLD START")]
    [InlineData(false, true, true, "GOING DOWN", "WARM START", "WARM START")]
    public void A_change_of_the_provider_is_told_to_every_subscriber(bool restarted, bool subscriptions, bool steps, string status, string list, string upsList)
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("A"));
        store.Subscribe(UpsInstances.Global, For("B"));
        IReadOnlyList<UpsEvent> events = store.StatusChange(restarted, subscriptions, steps);
        Assert.Equal("A:4:, B:4:", Print(events));
        Assert.Equal((status, list, upsList), (events[0].Information.GetString(DicomTags.SCPStatus), events[0].Information.GetString(DicomTags.SubscriptionListStatus), events[0].Information.GetString(DicomTags.UnifiedProcedureStepListStatus)));
    }

    [Fact]
    public void An_ended_UPS_is_kept_until_its_last_deletion_lock_is_gone()
    {
        var store = new UpsStore();
        store.Create(_uid, NewUps());
        store.Subscribe(_uid, For("A", true));
        store.Subscribe(_uid, For("B", true));
        Assert.Equal(0, store.RemoveEnded());
        store.RequestCancel(_uid, "ASKER", null);
        Assert.Equal(0, store.RemoveEnded());
        store.Unsubscribe(_uid, For("A"));
        Assert.Equal(0, store.RemoveEnded());
        store.Unsubscribe(_uid, For("B"));
        Assert.Equal(1, store.RemoveEnded());
        Assert.Equal(0xC307, store.Get(_uid, []).Status.Code);
    }
}
