using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Unified Procedure Step over sockets: services, statuses, and events on the subscriber's association or on a new one.</summary>
public class UpsProviderTests
{
    private static readonly DicomUid s_ups = new("1.2.3.4");
    private static readonly DicomUid s_lock = new("1.2.99.1");

    private static ApplicationEntity User() =>
        Queries.Scu(SopClasses.UnifiedProcedureStepPush, SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepQuery);

    [Fact]
    public async Task A_step_is_made_taken_worked_on_and_completed()
    {
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore());
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        NResponse created = await association.CreateUpsAsync(default, ProviderFacts.NewUps());
        Assert.True(created.Status.IsSuccess, $"{created.Status} {created.ErrorComment} {string.Join(' ', created.AttributeIdentifierList)}");
        DicomUid ups = created.AffectedSopInstanceUid;
        Assert.False(ups.IsNone);
        Assert.Equal(DimseStatus.Success, (await association.ChangeUpsStateAsync(ups, UpsState.InProgress, s_lock)).Status);
        Assert.Equal(0xC304, (await association.ChangeUpsStateAsync(ups, UpsState.Completed, s_lock)).Status.Code);
        Assert.Equal(DimseStatus.Success, (await association.SetUpsAsync(ups, ProviderFacts.UpsEnd(), s_lock)).Status);
        Assert.Equal(DimseStatus.Success, (await association.ChangeUpsStateAsync(ups, UpsState.Completed, s_lock)).Status);
        Assert.Equal("COMPLETED", (await association.GetUpsAsync(ups, [DicomTags.ProcedureStepState])).DataSet!.GetString(DicomTags.ProcedureStepState));
        Assert.Equal(0xB306, (await association.ChangeUpsStateAsync(ups, UpsState.Completed, s_lock)).Status.Code);
    }

    [Theory]
    [InlineData("unknown step", 0xC307)]
    [InlineData("second taker", 0xC302)]
    [InlineData("wrong lock", 0xC301)]
    [InlineData("N-SET without lock", 0xC301)]
    [InlineData("no such action", 0x0123)]
    [InlineData("not SCHEDULED", 0xC309)]
    [InlineData("twice", 0x0111)]
    [InlineData("filter not supported", 0xC307)]
    [InlineData("one step cannot be suspended", 0xC314)]
    public async Task Each_rule_is_a_status_on_the_wire(string what, int status)
    {
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore());
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        DicomUid push = SopClasses.UnifiedProcedureStepPush;
        Assert.True((await association.CreateUpsAsync(s_ups, ProviderFacts.NewUps())).Status.IsSuccess);
        Assert.True((await association.ChangeUpsStateAsync(s_ups, UpsState.InProgress, s_lock)).Status.IsSuccess);
        NResponse answer = what switch
        {
            "unknown step" => await association.GetUpsAsync(new DicomUid("1.2.3.5")),
            "second taker" => await association.ChangeUpsStateAsync(s_ups, UpsState.InProgress, new DicomUid("1.2.99.2")),
            "wrong lock" => await association.ChangeUpsStateAsync(s_ups, UpsState.Canceled, new DicomUid("1.2.99.2")),
            "N-SET without lock" => await association.SetUpsAsync(s_ups, new DicomDataSet().Set(DicomTags.ProcedureStepLabel, "x")),
            "no such action" => await association.NActionAsync(push, s_ups, 9),
            "not SCHEDULED" => await association.NCreateAsync(push, default, ProviderFacts.NewUps().Set(DicomTags.ProcedureStepState, "COMPLETED")),
            "twice" => await association.CreateUpsAsync(s_ups, ProviderFacts.NewUps()),
            "filter not supported" => await association.SubscribeUpsAsync(Uids.UPSFilteredGlobalSubscriptionInstance, AETitle.Parse("WATCHER")),
            _ => await association.NActionAsync(push, s_ups, 5, new DicomDataSet().Set(DicomTags.ReceivingAE, "WATCHER")),
        };
        Assert.Equal(status, answer.Status.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_reach_the_subscriber_in_order(bool onOpenAssociation)
    {
        var events = Channel.CreateUnbounded<UpsEvent>();
        var watcher = new ApplicationEntity("WATCHER");
        watcher.AddRequestedContext(SopClasses.UnifiedProcedureStepWatch);
        if (onOpenAssociation)
            watcher.AddRequestedContext(SopClasses.UnifiedProcedureStepEvent);
        watcher.OnUpsEvent((one, _) =>
        {
            events.Writer.TryWrite(one);
            return ValueTask.CompletedTask;
        });
        await using DicomServer receiver = await watcher.StartServerAsync(0);
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore(), new UpsProviderOptions
        {
            Resolve = (title, _) => ValueTask.FromResult(!onOpenAssociation && title.ToString() == "WATCHER" ? new EntityAddress("127.0.0.1", receiver.Port) : null),
            OnUndelivered = (one, status) => events.Writer.TryComplete(new InvalidOperationException($"{one.Type} was not delivered: {status}")),
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association watching = await watcher.AssociateAsync(server);
        Assert.Equal(DimseStatus.Success, (await watching.SubscribeUpsAsync(Uids.UPSGlobalSubscriptionInstance, watcher.Title, deletionLock: true)).Status);
        await using Association association = await User().AssociateAsync(server);
        await association.CreateUpsAsync(s_ups, ProviderFacts.NewUps());
        await association.ChangeUpsStateAsync(s_ups, UpsState.InProgress, s_lock);
        await association.RequestUpsCancelAsync(s_ups, new DicomDataSet().Set(DicomTags.ReasonForCancellation, "no longer needed"));
        await association.SetUpsAsync(s_ups, ProviderFacts.UpsEnd(), s_lock);
        await association.ChangeUpsStateAsync(s_ups, UpsState.Completed, s_lock);
        provider.ReportStatusChange(isRestarted: false, subscriptionsKept: false, stepsKept: false);
        var told = new List<string>();
        while (told.Count == 0 || told[^1] != "ScpStatusChange GOING DOWN")
        {
            UpsEvent one = await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
            Assert.Equal(one.Type == UpsEventType.ScpStatusChange ? Uids.UPSGlobalSubscriptionInstance : s_ups, one.InstanceUid);
            if (one.Type != UpsEventType.Assigned)
            {
                told.Add($"{one.Type} {one.Information.GetStringOrDefault(DicomTags.ProcedureStepState) ?? one.Information.GetStringOrDefault(DicomTags.SCPStatus)
                    ?? one.Information.GetStringOrDefault(DicomTags.RequestingAE)}");
            }
        }

        Assert.Equal(["StateReport SCHEDULED", "StateReport IN PROGRESS", "CancelRequested SCU", "StateReport COMPLETED", "ScpStatusChange GOING DOWN"], told);
        Assert.Equal(DimseStatus.Success, (await watching.UnsubscribeUpsAsync(Uids.UPSGlobalSubscriptionInstance, watcher.Title)).Status);
        await association.CreateUpsAsync(default, ProviderFacts.NewUps());
        await provider.WhenEventsSentAsync().WaitAsync(RawPeer.Patience);
        Assert.False(events.Reader.TryRead(out _));
    }

    [Fact]
    public async Task The_owner_learns_of_events_that_reach_nobody_and_the_subscription_stays_with_its_lock()
    {
        var store = new UpsStore();
        var lost = new TaskCompletionSource<UpsEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(store, new UpsProviderOptions { OnUndelivered = (one, _) => lost.TrySetResult(one) });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        await association.CreateUpsAsync(s_ups, ProviderFacts.NewUps());
        Assert.Equal(DimseStatus.Success, (await association.SubscribeUpsAsync(s_ups, AETitle.Parse("NOBODY"), deletionLock: true)).Status);
        Assert.Equal(("NOBODY", UpsEventType.StateReport), await lost.Task.WaitAsync(RawPeer.Patience) is var one ? (one.ReceivingAE, one.Type) : default);
        await provider.WhenEventsSentAsync().WaitAsync(RawPeer.Patience);
        // PS3.4 section CC.2.4.3: that it could not be told has no effect on them.
        Assert.Equal(UpsSubscription.WithLock, store.SubscriptionOf("NOBODY", s_ups));
    }

    [Fact]
    public async Task Steps_are_queried_without_their_locks_and_a_bad_identifier_is_A900H()
    {
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore(), new UpsProviderOptions
        {
            CompileQuery = keys =>
            {
                string wanted = keys.GetStringOrDefault(DicomTags.ProcedureStepState) ?? throw new DicomDataException("no state", DicomTags.ProcedureStepState);
                return ups => ups.GetString(DicomTags.ProcedureStepState) == wanted ? ups : null;
            },
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await User().AssociateAsync(server);
        await association.CreateUpsAsync(s_ups, ProviderFacts.NewUps());
        await association.CreateUpsAsync(default, ProviderFacts.NewUps());
        await association.ChangeUpsStateAsync(s_ups, UpsState.InProgress, s_lock);
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepQuery])
        {
            DicomDataSet match = Assert.Single(await association.FindAsync(sopClass, new DicomDataSet().Set(DicomTags.ProcedureStepState, "IN PROGRESS")).ToListAsync());
            Assert.Equal(s_ups, match.GetUid(DicomTags.SOPInstanceUID));
            Assert.False(match.Contains(DicomTags.TransactionUID));
        }

        DimseStatusException refused = await Assert.ThrowsAsync<DimseStatusException>(() => association.FindAsync(SopClasses.UnifiedProcedureStepPull, []).ToListAsync());
        Assert.Equal((0xA900, DicomTags.ProcedureStepState), (refused.Status.Code, Assert.Single(refused.OffendingElements)));
    }
}
