using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests.Diagnostics;

/// <summary>Meters and activity sources are the process's: nothing else may talk meanwhile.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryCollection;

[Collection(nameof(TelemetryTests))]
public class TelemetryTests
{
    [Fact]
    public void The_instruments_are_the_listed_ones()
    {
        var lines = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == NetDicomTelemetry.MeterName)
                    lines.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}: {instrument.Description}");
            },
        };
        NetworkMetrics.ConnectionOpened(AssociationRole.Acceptor);
        NetworkMetrics.ConnectionClosed(AssociationRole.Acceptor);
        listener.Start();
        string now = string.Concat(lines.Order(StringComparer.Ordinal).Select(line => line + "\n"))
            + $"activity source {NetDicomTelemetry.ActivitySourceName}: association, C-ECHO, C-STORE and the other services by name\n";
        string listed = Path.Combine(Repository.Root, "docs", "promises", "telemetry.txt");
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(listed, now);
        Assert.Equal(File.ReadAllText(listed), now);
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        Assert.All(lines, line => Assert.Contains($"`{line.Split(' ')[0]}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_count_associations_messages_bytes_and_durations_by_status()
    {
        using Measures measures = await Measures.StartAsync();
        await using (DicomServer server = await Scp().StartServerAsync(0, new DicomServerOptions { RequireCalledAETitle = true }))
        {
            await using Association association = await Scu().AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "SCP" });
            // The acceptor counts the association when its answer is out: by the first message it has.
            await association.EchoAsync();
            Assert.Equal(1, measures.Level("netdicom.associations.open", "requestor"));
            Assert.Equal(1, measures.Level("netdicom.associations.open", "acceptor"));
            StoreOutcome outcome = await association.StoreAsync(
                StorageObject.FromStream("test", new MemoryStream(new byte[10_000]), SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian));
            Assert.Equal(StoreFailure.Refused, outcome.Failure);
            await association.ReleaseAsync();
            await Assert.ThrowsAsync<AssociationRejectedException>(() => Scu().AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "OTHER" }));
        }

        foreach (string role in new[] { "requestor", "acceptor" })
        {
            Assert.Equal(1, measures.Sum("netdicom.associations.accepted", role));
            Assert.Equal(1, measures.Sum("netdicom.associations.rejected", role, "1", "7"));
            Assert.Equal(1, measures.Sum("netdicom.associations.ended", role, "Released"));
            Assert.Equal(0, measures.Level("netdicom.associations.open", role));
            Assert.Equal(0, measures.Level("netdicom.connections.open", role));
        }

        Assert.Equal(1, measures.Sum("netdicom.dimse.messages", "requestor", "sent", "C-ECHO"));
        Assert.Equal(1, measures.Sum("netdicom.dimse.messages", "acceptor", "received", "C-STORE"));
        Assert.Equal(1, measures.Sum("netdicom.dimse.messages", "requestor", "received", "C-STORE"));
        Assert.InRange(measures.Sum("netdicom.network.bytes", "acceptor", "received"), 10_000, 12_000);
        Assert.Equal(measures.Sum("netdicom.network.bytes", "acceptor", "received"), measures.Sum("netdicom.network.bytes", "requestor", "sent"));
        foreach (string side in new[] { "invoker", "performer" })
        {
            Assert.Equal(1, measures.Count("netdicom.dimse.operation.duration", side, "C-STORE", "C123"));
            Assert.Equal(1, measures.Count("netdicom.dimse.operation.duration", side, "C-ECHO", "0000"));
            Assert.Equal(0, measures.Level("netdicom.operations.open", side));
        }
    }

    [Fact]
    public async Task Traces_have_a_span_for_each_association_and_each_operation_and_handlers_run_within_theirs()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == NetDicomTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string? within = null;
        ApplicationEntity scp = Scp();
        scp.OnEcho((_, _) =>
        {
            within = Activity.Current?.DisplayName;
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using (DicomServer server = await scp.StartServerAsync(0))
        {
            await using Association association = await Scu().AssociateAsync("127.0.0.1", server.Port);
            await association.EchoAsync();
            await association.StoreAsync(StorageObject.FromStream("test", new MemoryStream(new byte[100]), SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian));
            Assert.Null(Activity.Current);
            await association.ReleaseAsync();
        }

        Assert.Equal("C-ECHO", within);
        foreach (ActivityKind kind in new[] { ActivityKind.Client, ActivityKind.Server })
        {
            Activity association = Assert.Single(stopped, activity => activity.Kind == kind && activity.DisplayName == "association");
            Activity echo = Assert.Single(stopped, activity => activity.Kind == kind && activity.DisplayName == "C-ECHO");
            Activity store = Assert.Single(stopped, activity => activity.Kind == kind && activity.DisplayName == "C-STORE");
            Assert.Equal(association.SpanId, echo.ParentSpanId);
            Assert.Equal(association.SpanId, store.ParentSpanId);
            Assert.Equal(("SCU", "Released"), (association.GetTagItem("netdicom.calling_ae"), association.GetTagItem("netdicom.end")));
            Assert.Equal(("0000", ActivityStatusCode.Unset), (echo.GetTagItem("netdicom.status"), echo.Status));
            Assert.Equal(("C123", ActivityStatusCode.Error), (store.GetTagItem("netdicom.status"), store.Status));
        }
    }

    [Fact]
    public async Task What_a_peer_asks_belongs_to_its_association_and_not_to_what_was_current_when_the_server_was_started()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == NetDicomTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        using var starting = new Activity("starting");
        starting.Start();
        DicomServer server = await Scp().StartServerAsync(0);
        starting.Stop();
        Activity.Current = null;
        ActivitySource.AddActivityListener(listener);
        await using (server)
        {
            await using Association scu = await Scu().AssociateAsync("127.0.0.1", server.Port);
            await scu.EchoAsync();
            await scu.ReleaseAsync();
        }

        Activity association = Assert.Single(stopped, activity => activity.Kind == ActivityKind.Server && activity.DisplayName == "association");
        Assert.Equal(default, association.ParentSpanId);
        Assert.Equal(association.SpanId, Assert.Single(stopped, activity => activity.Kind == ActivityKind.Server && activity.DisplayName == "C-ECHO").ParentSpanId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_that_throws_changes_nothing(bool atStart)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == NetDicomTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => Throw(atStart),
            ActivityStopped = _ => Throw(!atStart),
        };
        ActivitySource.AddActivityListener(listener);
        ApplicationEntity scp = Scp();
        await using DicomServer server = await scp.StartServerAsync(0);
        await using Association association = await Scu().AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
        StoreOutcome outcome = await association.StoreAsync(
            StorageObject.FromStream("test", new MemoryStream(new byte[100]), SopClasses.CTImageStorage, new DicomUid("1.2.3"), TransferSyntax.ExplicitVRLittleEndian)).WaitAsync(RawPeer.Patience);
        Assert.Equal(StoreFailure.Refused, outcome.Failure);
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);

        static void Throw(bool now)
        {
            if (now)
                throw new InvalidOperationException("a listener that fails");
        }
    }

    [Fact]
    public async Task A_meter_listener_that_throws_changes_nothing()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == NetDicomTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("a listener that fails"));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a listener that fails"));
        listener.Start();
        await using DicomServer server = await Scp().StartServerAsync(0);
        await using Association association = await Scu().AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync().WaitAsync(RawPeer.Patience));
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
    }

    private static ApplicationEntity Scp()
    {
        ApplicationEntity scp = new ApplicationEntity("SCP").WithVerification().WithStorage();
        scp.OnStore(async (request, cancellationToken) =>
        {
            await request.AsStream().CopyToAsync(Stream.Null, cancellationToken);
            return new DimseStatus(0xC123);
        });
        return scp;
    }

    private static ApplicationEntity Scu() => new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).WithRequested(SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian);

    private sealed class Measures : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> _all = new();
        private readonly MeterListener _listener = new();

        private Measures()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == NetDicomTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        /// <summary>Begins when the connections of the tests before are closed: their ends would be counted too.</summary>
        public static async Task<Measures> StartAsync()
        {
            var patience = Stopwatch.StartNew();
            while (true)
            {
                var measures = new Measures();
                if (measures.Level("netdicom.connections.open", "requestor") + measures.Level("netdicom.connections.open", "acceptor") == 0)
                    return measures;
                measures.Dispose();
                Assert.True(patience.Elapsed < RawPeer.Patience, "connections of other tests are open still");
                await Task.Yield();
            }
        }

        public void Dispose() => _listener.Dispose();

        public double Sum(string name, params string[] tags) => Of(name, tags).Sum(measure => measure.Value);

        public int Count(string name, params string[] tags) => Of(name, tags).Count();

        /// <summary>A level as it is now.</summary>
        public double Level(string name, string tag)
        {
            _listener.RecordObservableInstruments();
            return Of(name, [tag]).Last().Value;
        }

        private IEnumerable<(string Name, double Value, string[] Tags)> Of(string name, string[] tags) =>
            _all.Where(measure => measure.Name == name && tags.All(tag => measure.Tags.Contains(tag)));

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = new List<string>();
            foreach (KeyValuePair<string, object?> tag in tags)
                values.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tag.Value}"));
            _all.Enqueue((instrument.Name, value, [.. values]));
        }
    }
}
