using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Inventory Creation (PS3.4 annex KK): each transition of figure KK.2-1, each status, the events.</summary>
public class InventoryCreationTests
{
    private static readonly DicomUid s_transaction = new("1.2.3.7");
    private static readonly InventoryReference s_inventory = new(new SopReference(SopClasses.InventoryStorage, new DicomUid("1.2.3.8")), "ARCHIVE");

    private static DicomDataSet Of(string level = "STUDY", params DicomDataSet[] scope) =>
        new DicomDataSet().Set(DicomTags.TransactionUID, s_transaction).Set(DicomTags.InventoryLevel, level).Set(DicomTags.ScopeOfInventorySequence, scope);

    /// <summary>Every step between the states.</summary>
    public static TheoryData<InventoryProductionStatus, InventoryProductionStatus, bool> Steps()
    {
        InventoryProductionStatus[] all = Enum.GetValues<InventoryProductionStatus>();
        (InventoryProductionStatus, InventoryProductionStatus)[] allowed =
        [
            (InventoryProductionStatus.Processing, InventoryProductionStatus.Paused), (InventoryProductionStatus.Processing, InventoryProductionStatus.Complete),
            (InventoryProductionStatus.Processing, InventoryProductionStatus.Failure), (InventoryProductionStatus.Processing, InventoryProductionStatus.Canceled),
            (InventoryProductionStatus.Paused, InventoryProductionStatus.Processing), (InventoryProductionStatus.Paused, InventoryProductionStatus.Canceled),
        ];
        return [.. all.SelectMany(from => all.Where(to => to != from).Select(to =>
            new TheoryDataRow<InventoryProductionStatus, InventoryProductionStatus, bool>(from, to, allowed.Contains((from, to)))))];
    }

    [Theory, MemberData(nameof(Steps))]
    public void Production_goes_the_ways_of_the_standard_and_each_step_is_told(InventoryProductionStatus from, InventoryProductionStatus to, bool allowed)
    {
        var store = new InventoryCreationStore();
        Reach(store, from);
        var told = new List<InventoryEvent>();
        store.Happened += told.Add;
        Assert.Equal(allowed, store.Report(s_transaction, to, 5, to == InventoryProductionStatus.Complete ? s_inventory : null));
        Assert.Equal(allowed ? to : from, store.Find(s_transaction)!.Status);
        if (!allowed)
        {
            Assert.Empty(told);
            return;
        }

        InventoryEvent one = Assert.Single(told);
        int type = to switch { InventoryProductionStatus.Complete => 11, InventoryProductionStatus.Processing or InventoryProductionStatus.Paused => 12, _ => 13 };
        Assert.Equal((type, "USER", InventoryCreationRules.ToTerm(to)), (one.EventTypeId, one.User, one.Information.GetString(DicomTags.TransactionStatus)));
        Assert.True(InventoryCreationRules.ReadEvent(one.EventTypeId, one.Information, out InventoryProduction? read).IsDone);
        Assert.Equal((s_transaction, to, type == 13 ? 0 : 5, type == 11 ? s_inventory : null), (read!.TransactionUid, read.Status, read.StudyRecords, read.Inventory));
    }

    [Theory]
    [InlineData(InventoryProductionStatus.Processing, InventoryCreationRules.Pause, 0x0000, InventoryProductionStatus.Paused)]
    [InlineData(InventoryProductionStatus.Paused, InventoryCreationRules.Pause, 0x0000, InventoryProductionStatus.Paused)]
    [InlineData(InventoryProductionStatus.Processing, InventoryCreationRules.Resume, 0x0000, InventoryProductionStatus.Processing)]
    [InlineData(InventoryProductionStatus.Paused, InventoryCreationRules.Resume, 0x0000, InventoryProductionStatus.Processing)]
    [InlineData(InventoryProductionStatus.Processing, InventoryCreationRules.Cancel, 0x0000, InventoryProductionStatus.Canceled)]
    [InlineData(InventoryProductionStatus.Paused, InventoryCreationRules.Cancel, 0x0000, InventoryProductionStatus.Canceled)]
    [InlineData(InventoryProductionStatus.Complete, InventoryCreationRules.Pause, 0x0110, InventoryProductionStatus.Complete)]
    [InlineData(InventoryProductionStatus.Failure, InventoryCreationRules.Resume, 0x0110, InventoryProductionStatus.Failure)]
    [InlineData(InventoryProductionStatus.Canceled, InventoryCreationRules.Cancel, 0x0110, InventoryProductionStatus.Canceled)]
    public void A_user_pauses_resumes_and_cancels_what_is_not_over(InventoryProductionStatus from, ushort action, int status, InventoryProductionStatus to)
    {
        var store = new InventoryCreationStore();
        Reach(store, from);
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, s_transaction);
        if (action == InventoryCreationRules.Cancel)
            information.Set(DicomTags.RetainInstances, "NO");
        Assert.Equal((status, to), ((int)store.Act("USER", action, information).Status.Code, store.Find(s_transaction)!.Status));
    }

    [Theory]
    [InlineData("no such level", 0x0212)]
    [InlineData("a mechanism", 0x0212)]
    [InlineData("a key", 0xB010)]
    [InlineData("two scopes", 0x0115)]
    [InlineData("no transaction", 0x0114)]
    [InlineData("no UID", 0x0115)]
    [InlineData("no scope", 0x0114)]
    [InlineData("in use", 0x0115)]
    [InlineData("too many", 0x0213)]
    [InlineData("all", 0x0000)]
    public void An_inventory_is_begun_or_refused_with_its_status(string what, int status)
    {
        var store = new InventoryCreationStore(new InventoryCapabilities { Levels = ["STUDY"], SupportsKey = tag => tag == DicomTags.StudyDate }, what == "too many" ? 0 : 10);
        DicomDataSet scope = new DicomDataSet().Set(DicomTags.GeneralMatchingSequence, new DicomDataSet().Set(DicomTags.StudyDate, "20260101"));
        DicomDataSet information = Of(what == "no such level" ? "INSTANCE" : "STUDY", what == "two scopes" ? [scope, new DicomDataSet()] : [scope]);
        switch (what)
        {
            case "a mechanism":
                information.GetSequence(DicomTags.ScopeOfInventorySequence)![0].Set(DicomTags.ExtendedMatchingMechanisms, "RANGE");
                break;
            case "a key":
                information.GetSequence(DicomTags.ScopeOfInventorySequence)![0].Set(DicomTags.RangeMatchingSequence, new DicomDataSet().Set(DicomTags.PatientBirthDate, "1970"));
                break;
            case "no transaction":
                information.Remove(DicomTags.TransactionUID);
                break;
            case "no UID":
                information.Set(DicomElement.Create(DicomTags.TransactionUID, DicomVR.LO, "x"));
                break;
            case "no scope":
                information.Remove(DicomTags.ScopeOfInventorySequence);
                break;
            case "in use":
                Assert.True(store.Act("USER", InventoryCreationRules.Initiate, information).IsDone);
                break;
        }

        RuleResult result = store.Act("USER", InventoryCreationRules.Initiate, information);
        Assert.Equal(status, result.Status.Code);
        if (what == "a key")
            Assert.Equal(DicomTags.PatientBirthDate, Assert.Single(result.Elements));
    }

    [Fact]
    public void A_transaction_is_its_users_own_and_has_to_be_there()
    {
        var store = new InventoryCreationStore();
        DicomDataSet request = new DicomDataSet().Set(DicomTags.TransactionUID, s_transaction);
        Assert.Equal(0x0115, store.Act("USER", InventoryCreationRules.RequestStatus, request).Status.Code);
        Reach(store, InventoryProductionStatus.Processing);
        Assert.Equal(0x0124, store.Act("OTHER", InventoryCreationRules.RequestStatus, request).Status.Code);
        Assert.Equal(0x0124, store.Act("OTHER", InventoryCreationRules.Pause, request).Status.Code);
        Assert.Equal(0x0115, store.Act("USER", InventoryCreationRules.Cancel, request.Clone().Set(DicomTags.RetainInstances, "PERHAPS")).Status.Code);
        Assert.False(store.Remove(s_transaction));
        Assert.Throws<ArgumentException>(() => store.Report(s_transaction, InventoryProductionStatus.Complete, 1));
        Assert.True(store.Report(s_transaction, InventoryProductionStatus.Complete, 1, s_inventory));
        Assert.False(store.ReportStatus(s_transaction));
        Assert.True(store.Remove(s_transaction));
    }

    [Theory]
    [InlineData("another type", 0x0113)]
    [InlineData("no transaction", 0x0115)]
    [InlineData("another status", 0x0115)]
    [InlineData("no instance", 0x0114)]
    [InlineData("nowhere", 0x0114)]
    public void An_event_that_is_none_is_refused_with_its_status(string what, int status)
    {
        var production = new InventoryProduction(s_transaction, "USER", [], InventoryProductionStatus.Complete, 3, null) { Inventory = s_inventory };
        InventoryEvent happened = InventoryCreationRules.EventOf(production);
        DicomTag? without = what switch { "no transaction" => DicomTags.TransactionUID, "no instance" => DicomTags.ReferencedSOPInstanceUID, "nowhere" => DicomTags.RetrieveAETitle, _ => null };
        if (without is { } tag)
            happened.Information.Remove(tag);
        ushort type = (ushort)(what switch { "another type" => 14, "another status" => 12, _ => 11 });
        Assert.Equal(status, InventoryCreationRules.ReadEvent(type, happened.Information, out InventoryProduction? read).Status.Code);
        Assert.Null(read);
    }

    [Fact]
    public async Task An_inventory_is_asked_for_paused_told_of_and_cancelled_on_one_association()
    {
        var store = new InventoryCreationStore { Retain = _ => s_inventory };
        // Told before the response is out: the event follows it all the same.
        store.Changed += production => store.ReportStatus(production.TransactionUid);
        ApplicationEntity entity = Queries.Scp();
        await using InventoryCreationProvider provider = entity.AddInventoryCreationProvider(store);
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.InventoryCreation);
        await peer.SendAsync(1, new NActionRequest { MessageId = 1, RequestedSopClassUid = SopClasses.InventoryCreation, RequestedSopInstanceUid = Uids.StorageManagementInstance, ActionTypeId = 11, HasDataSet = true }, Of().Bytes());
        Assert.Equal((CommandField.NActionResponse, DimseStatus.Success), await NextAsync());
        (CommandSet report, byte[]? data) = await peer.ReadMessageAsync();
        Assert.Equal((CommandField.NEventReportRequest, (ushort?)12, Uids.StorageManagementInstance), (report.Command, report.EventTypeId, report.AffectedSopInstanceUid));
        Assert.Contains("PROCESSING", System.Text.Encoding.ASCII.GetString(data!), StringComparison.Ordinal);
        await peer.SendAsync(1, new NEventReportResponse { MessageIdBeingRespondedTo = report.MessageId });
        foreach ((ushort action, int status) in ((ushort, int)[])[(16, 0x0123), (12, 0x0112)])
        {
            DicomUid instance = action == 12 ? s_transaction : Uids.StorageManagementInstance;
            await peer.SendAsync(1, new NActionRequest { MessageId = 2, RequestedSopClassUid = SopClasses.InventoryCreation, RequestedSopInstanceUid = instance, ActionTypeId = action, HasDataSet = true }, Of().Bytes());
            Assert.Equal((CommandField.NActionResponse, new DimseStatus((ushort)status)), await NextAsync());
        }

        async Task<(CommandField, DimseStatus)> NextAsync()
        {
            (CommandSet response, _) = await peer.ReadMessageAsync();
            return (response.Command, response.Status);
        }
    }

    [Fact]
    public async Task The_end_of_an_inventory_is_told_on_an_association_of_the_providers_own()
    {
        var user = new ApplicationEntity("USER");
        var events = Channel.CreateUnbounded<InventoryProduction>();
        user.AddRequestedContexts(PresentationContexts.StorageManagement);
        user.AddSupportedContexts(PresentationContexts.WithRoles(PresentationContexts.StorageManagement, scu: true, scp: true));
        user.OnNEventReport(SopClasses.InventoryCreation, (report, _) =>
        {
            RuleResult read = InventoryCreationRules.ReadEvent(report.EventTypeId, report.EventInformation, out InventoryProduction? production);
            events.Writer.TryWrite(production!);
            return ValueTask.FromResult(read.ToResponse());
        });
        await using DicomServer receiver = await user.StartServerAsync(0);
        var lost = new List<InventoryEvent>();
        var store = new InventoryCreationStore { Retain = _ => s_inventory };
        ApplicationEntity entity = Queries.Scp();
        await using InventoryCreationProvider provider = entity.AddInventoryCreationProvider(store, new InventoryCreationProviderOptions
        {
            Resolve = (title, _) => ValueTask.FromResult<EntityAddress?>(title == user.Title ? new("127.0.0.1", receiver.Port) : null),
            OnUndelivered = (one, _) => lost.Add(one),
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        var second = new DicomUid("1.2.3.9");
        await using (Association association = await user.AssociateAsync(server))
        {
            Assert.Equal(DimseStatus.Success, (await association.InitiateInventoryAsync(s_transaction, "STUDY", statusInterval: 5)).Status);
            Assert.Equal(5, store.Find(s_transaction)!.StatusInterval);
            Assert.Equal(DimseStatus.Success, (await association.InitiateInventoryAsync(second, "STUDY")).Status);
            Assert.Equal(DimseStatus.Success, (await association.PauseInventoryAsync(second)).Status);
            Assert.Equal(DimseStatus.Success, (await association.RequestInventoryStatusAsync(second)).Status);
            Assert.Equal(DimseStatus.Success, (await association.ResumeInventoryAsync(second)).Status);
            Assert.Equal(DimseStatus.Success, (await association.CancelInventoryAsync(second, retainInstances: true)).Status);
            foreach (InventoryProductionStatus status in (InventoryProductionStatus[])[InventoryProductionStatus.Paused, InventoryProductionStatus.Paused, InventoryProductionStatus.Processing, InventoryProductionStatus.Canceled])
                Assert.Equal((second, status), await NextAsync());
            await association.ReleaseAsync();
        }

        Assert.True(store.Report(s_transaction, InventoryProductionStatus.Complete, 42, s_inventory));
        Assert.Equal((s_transaction, InventoryProductionStatus.Complete), await NextAsync());
        await provider.WhenEventsSentAsync().WaitAsync(RawPeer.Patience);
        Assert.Empty(lost);

        async Task<(DicomUid, InventoryProductionStatus)> NextAsync()
        {
            InventoryProduction told = await events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
            if (told.Status is InventoryProductionStatus.Canceled or InventoryProductionStatus.Complete)
                Assert.Equal(s_inventory, told.Inventory);
            return (told.TransactionUid, told.Status);
        }
    }

    private static void Reach(InventoryCreationStore store, InventoryProductionStatus status)
    {
        Assert.True(store.Act("USER", InventoryCreationRules.Initiate, Of()).IsDone);
        if (status != InventoryProductionStatus.Processing)
            Assert.True(store.Report(s_transaction, status, 1, status == InventoryProductionStatus.Complete ? s_inventory : null));
    }
}
