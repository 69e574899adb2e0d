using System.Text;
using System.Threading.Channels;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Inventory Creation over sockets: a maker that is paused, canceled and fails, and what its user is told.</summary>
public class InventoryCreationProviderTests
{
    private static readonly DicomUid s_transaction = new("1.2.77");
    private static readonly DicomUid s_inventory = new("1.2.9");

    private static InventoryRequest Request() => new() { TransactionUid = s_transaction, Level = InventoryLevel.Study };

    private static InventoryProduct Product(long records) => new() { SopInstanceUid = s_inventory, StudyRecords = records, RetrieveAETitles = ["TEST"] };

    /// <summary>A maker that goes from step to step when it is told to: to the end with a product, or to a failure.</summary>
    private sealed class Maker
    {
        private readonly Channel<long> _steps = Channel.CreateUnbounded<long>();
        private readonly Channel<long> _done = Channel.CreateUnbounded<long>();

        public bool ReturnsWhenCanceled { get; init; }

        public InventoryProduction? Production { get; private set; }

        /// <summary>Has it report a number of records; 0 ends it, a negative one fails it.</summary>
        public void Step(long records) => _steps.Writer.TryWrite(records);

        public async Task WhenDoneAsync(long records) => Assert.Equal(records, await _done.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience));

        public async Task<InventoryProduct> MakeAsync(InventoryProduction production, CancellationToken cancellationToken)
        {
            Production = production;
            try
            {
                while (true)
                {
                    long records = await _steps.Reader.ReadAsync(cancellationToken);
                    if (records == 0)
                        return Product(production.StudyRecords);
                    await production.ReportAsync(records < 0 ? throw new InvalidOperationException("the disk is full") : records, $"at {records}", cancellationToken);
                    _done.Writer.TryWrite(records);
                }
            }
            catch (OperationCanceledException) when (ReturnsWhenCanceled)
            {
                return Product(production.StudyRecords);
            }
        }
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly Channel<InventoryEvent> _events = Channel.CreateUnbounded<InventoryEvent>();
        private DicomServer? _server;

        public required InventoryCreationProvider Provider { get; init; }

        public Association Association { get; private set; } = null!;

        public ApplicationEntity User { get; } = Queries.Scu(SopClasses.InventoryCreation);

        public DicomServer Server => _server!;

        public static async Task<Scene> StartAsync(Maker maker, InventoryCreationProviderOptions? options = null, ListLog? log = null)
        {
            ApplicationEntity entity = Queries.Scp();
            var scene = new Scene { Provider = entity.AddInventoryCreationProvider(maker.MakeAsync, options) };
            scene._server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
            scene.User.OnInventoryEvent((happened, _) =>
            {
                scene._events.Writer.TryWrite(happened);
                return ValueTask.CompletedTask;
            });
            scene.Association = await scene.User.AssociateAsync(scene._server);
            return scene;
        }

        /// <summary>The next event: type, state, records and comment.</summary>
        public async Task<string> NextAsync()
        {
            InventoryEvent happened = await _events.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
            Assert.Equal(s_transaction, happened.TransactionUid);
            Assert.Equal(happened.Type == InventoryEventType.TerminatedWithInstances ? s_inventory : default, happened.Product?.SopInstanceUid ?? default);
            return $"{(int)happened.Type} {happened.State.ToTerm()} {happened.StudyRecords} {happened.Comment}".TrimEnd();
        }

        public async ValueTask DisposeAsync()
        {
            await Association.DisposeAsync();
            await Provider.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_inventory_is_asked_for_reported_paused_resumed_and_completed()
    {
        var maker = new Maker();
        await using Scene scene = await Scene.StartAsync(maker);
        Assert.Equal(DimseStatus.Success, (await scene.Association.InitiateInventoryAsync(Request())).Status);
        maker.Step(5);
        await maker.WhenDoneAsync(5);
        Assert.Equal(DimseStatus.Success, (await scene.Association.RequestInventoryStatusAsync(s_transaction)).Status);
        Assert.Equal("12 PROCESSING 5 at 5", await scene.NextAsync());

        Assert.Equal(DimseStatus.Success, (await scene.Association.PauseInventoryAsync(s_transaction)).Status);
        Assert.Equal("12 PAUSED 5", await scene.NextAsync());
        Assert.Equal(DimseStatus.Success, (await scene.Association.PauseInventoryAsync(s_transaction)).Status);
        maker.Step(6);
        Assert.Equal(InventoryState.Paused, scene.Provider.StateOf(s_transaction));
        Assert.Equal(DimseStatus.Success, (await scene.Association.ResumeInventoryAsync(s_transaction)).Status);
        Assert.Equal("12 PROCESSING", (await scene.NextAsync())[..13]);
        await maker.WhenDoneAsync(6);
        maker.Step(0);
        Assert.Equal("12 COMPLETE 6", await scene.NextAsync());
        Assert.Equal("11 COMPLETE 6", await scene.NextAsync());

        await scene.Provider.WhenIdleAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(0, scene.Provider.ProductionCount);
        // It is remembered: its state can be asked for, but it does not change, and its UID is used up.
        Assert.Equal(DimseStatus.Success, (await scene.Association.RequestInventoryStatusAsync(s_transaction)).Status);
        Assert.Equal("12 COMPLETE 6", await scene.NextAsync());
        foreach (Task<NResponse> answer in (Task<NResponse>[])[scene.Association.CancelInventoryAsync(s_transaction, false), scene.Association.PauseInventoryAsync(s_transaction), scene.Association.ResumeInventoryAsync(s_transaction)])
            Assert.Equal(0x0110, (await answer).Status.Code);
        Assert.Equal(0x0115, (await scene.Association.InitiateInventoryAsync(Request())).Status.Code);
    }

    [Theory]
    [InlineData(true, true, "11 CANCELED 5")]
    [InlineData(true, false, "13 CANCELED")]
    [InlineData(false, true, "13 CANCELED")]
    public async Task A_canceled_production_keeps_its_instances_if_it_is_asked_to_and_has_any(bool returns, bool retain, string terminated)
    {
        var maker = new Maker { ReturnsWhenCanceled = returns };
        await using Scene scene = await Scene.StartAsync(maker);
        Assert.Equal(DimseStatus.Success, (await scene.Association.InitiateInventoryAsync(Request())).Status);
        maker.Step(5);
        await maker.WhenDoneAsync(5);
        Assert.Equal(DimseStatus.Success, (await scene.Association.CancelInventoryAsync(s_transaction, retain)).Status);
        Assert.Equal("12 CANCELED 5", await scene.NextAsync());
        Assert.Equal(terminated, await scene.NextAsync());
        Assert.Equal(retain, maker.Production!.RetainInstances);
    }

    [Fact]
    public async Task A_paused_production_can_be_canceled()
    {
        var maker = new Maker();
        await using Scene scene = await Scene.StartAsync(maker);
        await scene.Association.InitiateInventoryAsync(Request());
        maker.Step(5);
        await maker.WhenDoneAsync(5);
        // From within, as for want of resources.
        Assert.True(maker.Production!.Pause("short of space"));
        Assert.False(maker.Production.Pause());
        Assert.Equal("12 PAUSED 5 short of space", await scene.NextAsync());
        maker.Step(6);
        Assert.Equal(DimseStatus.Success, (await scene.Association.CancelInventoryAsync(s_transaction, false)).Status);
        Assert.Equal("12 CANCELED", (await scene.NextAsync())[..11]);
        Assert.Equal("13 CANCELED", await scene.NextAsync());
        Assert.False(maker.Production.Resume());
    }

    [Fact]
    public async Task A_maker_that_fails_is_FAILURE_and_its_exception_is_not_told()
    {
        var maker = new Maker();
        using var log = new ListLog();
        await using Scene scene = await Scene.StartAsync(maker, log: log);
        await scene.Association.InitiateInventoryAsync(Request());
        maker.Step(-1);
        Assert.Equal("12 FAILURE 0 the inventory could not be made", await scene.NextAsync());
        Assert.Equal("13 FAILURE  the inventory could not be made", await scene.NextAsync());
        Assert.EndsWith($"the inventory of transaction {s_transaction} could not be made; it is reported as failed the disk is full", await log.WhenLoggedAsync(1404), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_is_reported_at_the_interval_that_was_asked_for_until_the_end()
    {
        var clock = new FakeTimeProvider();
        var maker = new Maker();
        await using Scene scene = await Scene.StartAsync(maker, new InventoryCreationProviderOptions { TimeProvider = clock, StatusIntervalUnit = TimeSpan.FromSeconds(1) });
        Assert.Equal(DimseStatus.Success, (await scene.Association.InitiateInventoryAsync(Request() with { StatusInterval = 10 })).Status);
        for (int i = 0; i < 2; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal("12 PROCESSING 0", await scene.NextAsync());
        }

        await scene.Association.RequestInventoryStatusAsync(s_transaction, statusInterval: 60);
        Assert.Equal("12 PROCESSING 0", await scene.NextAsync());
        clock.Advance(TimeSpan.FromSeconds(59));
        maker.Step(7);
        await maker.WhenDoneAsync(7);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("12 PROCESSING 7 at 7", await scene.NextAsync());
        maker.Step(0);
        Assert.Equal("12 COMPLETE 7", await scene.NextAsync());
        Assert.Equal("11 COMPLETE 7", await scene.NextAsync());
        clock.Advance(TimeSpan.FromHours(1));
        await scene.Provider.WhenIdleAsync().WaitAsync(RawPeer.Patience);
        await scene.Association.RequestInventoryStatusAsync(s_transaction);
        Assert.Equal("12 COMPLETE 7", await scene.NextAsync());
    }

    [Fact]
    public async Task An_interval_longer_than_any_timer_takes_is_cut_and_not_a_failure_that_keeps_a_place()
    {
        var clock = new FakeTimeProvider();
        var maker = new Maker();
        await using Scene scene = await Scene.StartAsync(maker, new InventoryCreationProviderOptions { TimeProvider = clock, StatusIntervalUnit = TimeSpan.FromHours(1), MaxProductions = 1 });
        Assert.Equal(DimseStatus.Success, (await scene.Association.InitiateInventoryAsync(Request() with { StatusInterval = ushort.MaxValue })).Status);
        clock.Advance(TimeSpan.FromDays(49));
        Assert.Equal("12 PROCESSING 0", await scene.NextAsync());
        maker.Step(0);
        Assert.Equal("12 COMPLETE 0", await scene.NextAsync());
        await scene.Provider.WhenIdleAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(0, scene.Provider.ProductionCount);
    }

    [Fact]
    public async Task Each_rule_is_a_status_on_the_wire()
    {
        await using Scene scene = await Scene.StartAsync(new Maker(), new InventoryCreationProviderOptions
        {
            MaxProductions = 1,
            IsAuthorized = (_, action) => action != InventoryAction.Resume,
            Capabilities = new InventoryCapabilities { Levels = new HashSet<InventoryLevel> { InventoryLevel.Study }, IsKeySupported = tag => tag != DicomTags.PatientName },
        });
        Association association = scene.Association;
        DicomUid sopClass = SopClasses.InventoryCreation;
        Assert.Equal(0x0112, (await association.NActionAsync(sopClass, new DicomUid("1.2.3"), 11, Request().ToDataSet())).Status.Code);
        Assert.Equal(0x0123, (await association.NActionAsync(sopClass, Uids.StorageManagementInstance, 9, Request().ToDataSet())).Status.Code);
        Assert.Equal(0x0114, (await association.NActionAsync(sopClass, Uids.StorageManagementInstance, 11, [])).Status.Code);
        Assert.Equal(0x0115, (await association.PauseInventoryAsync(s_transaction)).Status.Code);
        Assert.Equal(0x0115, (await association.RequestInventoryStatusAsync(s_transaction)).Status.Code);
        Assert.Equal(0x0124, (await association.ResumeInventoryAsync(s_transaction)).Status.Code);
        Assert.Equal(0x0212, (await association.InitiateInventoryAsync(Request() with { Level = InventoryLevel.Instance })).Status.Code);
        DicomDataSet scope = InventoryScope.FromIdentifier(new DicomDataSet().Set(DicomTags.PatientName, "DOE*").Set(DicomTags.StudyDate, "2020-"));
        NResponse warned = await association.InitiateInventoryAsync(Request() with { Scope = scope });
        Assert.Equal((0xB010, DicomTags.PatientName), (warned.Status.Code, Assert.Single(warned.AttributeIdentifierList)));
        Assert.Equal(InventoryState.Processing, scene.Provider.StateOf(s_transaction));
        Assert.Equal(0x0213, (await association.InitiateInventoryAsync(Request() with { TransactionUid = new DicomUid("1.2.78") })).Status.Code);
        Assert.Equal(0x0115, (await association.NActionAsync(sopClass, Uids.StorageManagementInstance, 13,
            new DicomDataSet().Set(DicomTags.TransactionUID, s_transaction).Set(DicomTags.RetainInstances, "MAYBE"))).Status.Code);
    }

    [Fact]
    public async Task A_user_that_is_gone_is_told_on_an_association_of_ours_or_its_events_are_given_up()
    {
        var lost = new List<string>();
        var address = new TaskCompletionSource<EntityAddress?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var maker = new Maker();
        await using Scene scene = await Scene.StartAsync(maker, new InventoryCreationProviderOptions
        {
            Resolve = async (title, _) => title.ToString() == "SCU" ? await address.Task : null,
            OnUndelivered = (user, happened) => lost.Add($"{user} {happened.Type}"),
        });
        await using DicomServer receiver = await scene.User.StartServerAsync(0);
        await scene.Association.InitiateInventoryAsync(Request());
        await scene.Association.ReleaseAsync();
        maker.Step(0);
        address.SetResult(new EntityAddress("127.0.0.1", receiver.Port));
        Assert.Equal("12 COMPLETE 0", await scene.NextAsync());
        Assert.Equal("11 COMPLETE 0", await scene.NextAsync());
        Assert.Empty(lost);
        await receiver.StopAsync();
        await using Association again = await scene.User.AssociateAsync(scene.Server);
        await again.InitiateInventoryAsync(Request() with { TransactionUid = new DicomUid("1.2.78") });
        await again.ReleaseAsync();
        maker.Step(-1);
        await scene.Provider.WhenIdleAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(["SCU Status", "SCU TerminatedWithoutInstances"], lost);
    }

    private static byte[] Element(ushort group, ushort element, string vr, byte[] value) =>
        [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), .. Encoding.ASCII.GetBytes(vr), (byte)value.Length, 0, .. value];

    [Fact]
    public async Task Initiate_and_the_last_event_in_bytes_of_the_standard()
    {
        var maker = new Maker();
        ApplicationEntity entity = Queries.Scp();
        await using InventoryCreationProvider provider = entity.AddInventoryCreationProvider(maker.MakeAsync);
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.InventoryCreation);
        DicomUid instance = new("1.2.840.10008.5.1.4.1.1.201.1.1");
        // Scope of Inventory Sequence (0008,0400) without an item, Inventory Level (0008,0403), Transaction UID (0008,1195).
        byte[] scope = [0x08, 0x00, 0x00, 0x04, (byte)'S', (byte)'Q', 0, 0, 0, 0, 0, 0];
        byte[] transaction = Element(0x0008, 0x1195, "UI", "1.2.77"u8.ToArray());
        byte[] information = [.. scope, .. Element(0x0008, 0x0403, "CS", "STUDY "u8.ToArray()), .. transaction];
        await peer.SendAsync(1, new NActionRequest { MessageId = 3, RequestedSopClassUid = SopClasses.InventoryCreation, RequestedSopInstanceUid = instance, ActionTypeId = 11, HasDataSet = true }, information);
        CommandSet response = (await peer.ReadMessageAsync()).Command;
        Assert.Equal((CommandField.NActionResponse, (ushort)3, DimseStatus.Success), (response.Command, response.MessageIdBeingRespondedTo, response.Status));
        maker.Step(0);
        byte[] records = [0x08, 0x00, 0x28, 0x04, (byte)'U', (byte)'V', 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        foreach (ushort type in (ushort[])[12, 11])
        {
            (CommandSet report, byte[]? data) = await peer.ReadMessageAsync();
            Assert.Equal((CommandField.NEventReportRequest, SopClasses.InventoryCreation, instance, (ushort?)type), (report.Command, report.AffectedSopClassUid, report.AffectedSopInstanceUid, report.EventTypeId));
            // Transaction Status (0008,0417), Total Number of Study Records (0008,0428): UV has two reserved bytes and a length of 32 bits (PS3.5 table 7.1-1).
            Assert.True(data.AsSpan().IndexOf(Element(0x0008, 0x0417, "CS", "COMPLETE"u8.ToArray())) >= 0, Convert.ToHexString(data!));
            Assert.True(data.AsSpan().IndexOf(records) >= 0, Convert.ToHexString(data!));
            Assert.True(data.AsSpan().IndexOf(transaction) >= 0);
            await peer.SendAsync(1, new NEventReportResponse { MessageIdBeingRespondedTo = report.MessageId });
        }

        await provider.WhenIdleAsync().WaitAsync(RawPeer.Patience);
    }
}
