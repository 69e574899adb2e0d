using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Procedure steps and subscriptions that outlive the program (PS3.4 section CC.2.3), in files and in a memory that fails.</summary>
public sealed class UpsRecordStoreTests : IDisposable
{
    private static readonly DicomUid s_global = Uids.UPSGlobalSubscriptionInstance, s_filtered = Uids.UPSFilteredGlobalSubscriptionInstance;
    private static readonly DicomUid s_first = new("1.2.3.1"), s_second = new("1.2.3.2"), s_lock = new("1.2.99.1");

    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-ups-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The filter of these tests: the Worklist Label.
    private UpsStoreOptions Options(IUpsRecordStore? records = null) => new()
    {
        Records = records ?? new UpsFolder(_folder), CompileFilter = keys => step => step.GetStringOrDefault(DicomTags.WorklistLabel) == keys.GetStringOrDefault(DicomTags.WorklistLabel),
    };

    private static DicomDataSet To(string ae, string? deletionLock = null, string? label = null)
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.ReceivingAE, ae);
        if (deletionLock is not null)
            information.Set(DicomTags.DeletionLock, deletionLock);
        return label is null ? information : information.Set(DicomTags.WorklistLabel, label);
    }

    [Fact]
    public async Task A_subscriber_is_told_of_a_step_that_is_made_after_a_restart_and_the_lock_on_an_old_one_still_holds()
    {
        var events = Channel.CreateUnbounded<(DicomUid Step, string State)>();
        ApplicationEntity watcher = Queries.Scu(SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepEvent, SopClasses.UnifiedProcedureStepPush, SopClasses.UnifiedProcedureStepPull);
        watcher.OnUpsEvent((happened, _) =>
        {
            if (happened.Type == UpsEventType.StateReport)
                events.Writer.TryWrite((happened.InstanceUid, happened.Information.GetStringOrDefault(DicomTags.ProcedureStepState) ?? ""));
            return ValueTask.CompletedTask;
        });
        await RunAsync(async association =>
        {
            (await association.SubscribeUpsAsync(s_global, watcher.Title)).EnsureSuccess();
            (await association.CreateUpsAsync(s_first, ProviderFacts.NewUps())).EnsureSuccess();
            (await association.ChangeUpsStateAsync(s_first, UpsState.InProgress, s_lock)).EnsureSuccess();
            Assert.Equal([(s_first, "SCHEDULED"), (s_first, "IN PROGRESS")], [await NextAsync(), await NextAsync()]);
        });
        await RunAsync(async association =>
        {
            (await association.CreateUpsAsync(s_second, ProviderFacts.NewUps())).EnsureSuccess();
            Assert.Equal((s_second, "SCHEDULED"), await NextAsync());
            Assert.Equal(0xC301, (await association.SetUpsAsync(s_first, ProviderFacts.UpsEnd(), new DicomUid("1.2.99.2"))).Status.Code);
            (await association.SetUpsAsync(s_first, ProviderFacts.UpsEnd(), s_lock)).EnsureSuccess();
            (await association.ChangeUpsStateAsync(s_first, UpsState.Completed, s_lock)).EnsureSuccess();
            Assert.Equal((s_first, "COMPLETED"), await NextAsync());
        });

        async Task RunAsync(Func<Association, Task> work)
        {
            ApplicationEntity entity = Queries.Scp();
            await using UpsProvider provider = entity.AddUpsProvider(new UpsStore(Options()));
            await using DicomServer server = await entity.StartServerAsync(0);
            await using Association association = await watcher.AssociateAsync(server);
            await work(association);
            await association.ReleaseAsync();
        }

        Task<(DicomUid, string)> NextAsync() => events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public void Every_kind_of_subscription_is_what_it_was_and_what_was_taken_back_stays_so()
    {
        UpsStore store = Store();
        Assert.True(store.Create(s_first, ProviderFacts.NewUps()).Result.IsDone);
        Assert.True(store.Subscribe(s_global, To("ALL", "TRUE")).Result.IsDone);
        Assert.True(store.Subscribe(s_filtered, To("SOME", "FALSE", "CT")).Result.IsDone);
        Assert.True(store.Subscribe(s_first, To("ONE", "TRUE")).Result.IsDone);
        Assert.True(store.Subscribe(s_global, To("GONE", "FALSE")).Result.IsDone);
        Assert.True(store.Unsubscribe(s_global, To("GONE")).Result.IsDone);
        Assert.True(store.Subscribe(s_global, To("HALF", "FALSE")).Result.IsDone);
        Assert.True(store.SuspendGlobalSubscription(s_global, To("HALF")).Result.IsDone);
        Assert.True(store.Subscribe(s_first, To("LEFT", "FALSE")).Result.IsDone);
        Assert.True(store.Unsubscribe(s_first, To("LEFT")).Result.IsDone);
        for (int restart = 0; restart < 2; restart++)
        {
            store = Store();
            Assert.Equal([UpsSubscription.WithLock, UpsSubscription.WithoutLock, UpsSubscription.None, UpsSubscription.None, UpsSubscription.None],
                ((string[])["ALL", "SOME", "ONE", "GONE", "HALF"]).Select(store.GlobalSubscriptionOf));
            Assert.Equal([UpsSubscription.WithLock, UpsSubscription.None, UpsSubscription.WithLock, UpsSubscription.None, UpsSubscription.WithoutLock, UpsSubscription.None],
                ((string[])["ALL", "SOME", "ONE", "GONE", "HALF", "LEFT"]).Select(ae => store.SubscriptionOf(ae, s_first)));
        }

        // The filter works as before: one step passes it, the other does not.
        UpsOutcome other = store.Create(s_second, ProviderFacts.NewUps().Set(DicomTags.WorklistLabel, "MR")), fits = store.Create(new DicomUid("1.2.3.3"), ProviderFacts.NewUps().Set(DicomTags.WorklistLabel, "CT"));
        Assert.Equal((false, true), (other.Events.Any(one => one.ReceivingAE == "SOME"), fits.Events.Any(one => one.ReceivingAE == "SOME")));
        Assert.True(Store().Snapshot().Count == 3);
    }

    [Fact]
    public void A_step_is_kept_with_its_text_and_its_private_elements_and_gone_when_it_is_removed()
    {
        DicomDataSet made = ProviderFacts.NewUps().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(DicomTags.PatientName, "Müller^Jörg")
            .Set(DicomElement.Create(new DicomTag(0x0099, 0x0010), DicomVR.LO, "SOMEBODY ELSE")).Set(DicomElement.Create(new DicomTag(0x0099, 0x1001), DicomVR.LO, "theirs"));
        UpsStore store = Store();
        Assert.True(store.Create(s_first, made).Result.IsDone);
        DicomDataSet kept = Assert.Single(Store().Snapshot());
        Assert.True(kept.ContentEquals(Assert.Single(store.Snapshot())));
        Assert.Equal(("Müller^Jörg", "theirs"), (kept.GetString(DicomTags.PatientName), kept.GetString(new DicomTag(0x0099, 0x1001))));
        Assert.True(store.RequestCancel(s_first, "ASKER", null).Result.IsDone);
        Assert.Equal("CANCELED", Assert.Single(Store().Snapshot()).GetString(DicomTags.ProcedureStepState));
        Assert.Equal(1, store.RemoveEnded());
        Assert.Empty(Store().Snapshot());
    }

    [Fact]
    public void A_file_that_is_cut_off_is_told_and_passed_over_or_comes_out()
    {
        UpsStore store = Store();
        Assert.True(store.Create(s_first, ProviderFacts.NewUps()).Result.IsDone && store.Create(s_second, ProviderFacts.NewUps()).Result.IsDone);
        string file = Directory.GetFiles(_folder, $"{s_first}.dcm", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^20]);
        Assert.ThrowsAny<Exception>(() => Store());
        var told = new List<string>();
        Assert.Single(new UpsStore(Options(new UpsFolder(_folder) { OnUnreadable = (path, _) => told.Add(path) })).Snapshot());
        Assert.Equal([file], told);
    }

    [Theory]
    [InlineData("create"), InlineData("take"), InlineData("set"), InlineData("cancel"), InlineData("subscribe"), InlineData("subscribe globally"), InlineData("unsubscribe"), InlineData("unsubscribe globally"), InlineData("suspend")]
    public void What_cannot_be_kept_is_not_done(string what)
    {
        var failing = new FailingRecords(new UpsFolder(_folder));
        var store = new UpsStore(Options(failing));
        Assert.True(store.Create(s_first, ProviderFacts.NewUps()).Result.IsDone && store.Subscribe(s_global, To("THERE", "TRUE")).Result.IsDone);
        DicomDataSet before = store.Snapshot().Single();
        failing.Fails = true;
        Assert.Throws<IOException>(() => what switch
        {
            "create" => store.Create(s_second, ProviderFacts.NewUps()),
            "take" => store.ChangeState(s_first, new DicomDataSet().Set(DicomTags.ProcedureStepState, "IN PROGRESS").Set(DicomTags.TransactionUID, s_lock)),
            "set" => store.Set(s_first, new DicomDataSet().Set(DicomTags.ProcedureStepLabel, "other")),
            "cancel" => store.RequestCancel(s_first, "ASKER", null),
            "subscribe" => store.Subscribe(s_first, To("NEW", "FALSE")),
            "subscribe globally" => store.Subscribe(s_global, To("NEW", "FALSE")),
            "unsubscribe" => store.Unsubscribe(s_first, To("THERE")),
            "unsubscribe globally" => store.Unsubscribe(s_global, To("THERE")),
            _ => store.SuspendGlobalSubscription(s_global, To("THERE")),
        });
        failing.Fails = false;
        foreach (UpsStore one in (UpsStore[])[store, Store()])
        {
            Assert.True(Assert.Single(one.Snapshot()).ContentEquals(before));
            Assert.Equal((UpsSubscription.WithLock, UpsSubscription.WithLock), (one.GlobalSubscriptionOf("THERE"), one.SubscriptionOf("THERE", s_first)));
            Assert.Equal((UpsSubscription.None, UpsSubscription.None), (one.GlobalSubscriptionOf("NEW"), one.SubscriptionOf("NEW", s_first)));
        }

        Assert.True(store.Create(s_second, ProviderFacts.NewUps()).Result.IsDone);
    }

    [Fact]
    public async Task Over_the_network_that_is_0110H()
    {
        var failing = new FailingRecords(new UpsFolder(_folder)) { Fails = true };
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore(Options(failing)));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.UnifiedProcedureStepPush).AssociateAsync(server);
        Assert.Equal(DimseStatus.ProcessingFailure, (await association.CreateUpsAsync(s_first, ProviderFacts.NewUps())).Status);
        failing.Fails = false;
        Assert.True((await association.CreateUpsAsync(s_first, ProviderFacts.NewUps())).Status.IsSuccess);
    }

    private UpsStore Store() => new(Options());

    private sealed class FailingRecords(IUpsRecordStore inner) : IUpsRecordStore
    {
        public bool Fails { get; set; }

        public void SaveStep(UpsRecord record) => Do(() => inner.SaveStep(record));

        public void RemoveStep(DicomUid instanceUid) => Do(() => inner.RemoveStep(instanceUid));

        public void SaveGlobalSubscription(UpsGlobalSubscription subscription) => Do(() => inner.SaveGlobalSubscription(subscription));

        public void RemoveGlobalSubscription(string receivingAE) => Do(() => inner.RemoveGlobalSubscription(receivingAE));

        public IEnumerable<UpsRecord> LoadSteps() => inner.LoadSteps();

        public IEnumerable<UpsGlobalSubscription> LoadGlobalSubscriptions() => inner.LoadGlobalSubscriptions();

        private void Do(Action keep)
        {
            if (Fails)
                throw new IOException("no space left");
            keep();
        }
    }
}
