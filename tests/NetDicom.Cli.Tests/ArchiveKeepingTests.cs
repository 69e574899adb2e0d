using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving.Keeping;

namespace NetDicom.Cli.Tests;

/// <summary>What a running archive tells: its log events, and its metrics in the text of Prometheus.</summary>
[Collection(nameof(ArchiveKeepingTests))]
public class ArchiveKeepingTests
{
    [Fact]
    public void The_log_events_of_the_archive_are_the_listed_ones()
    {
        string listed = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "promises", "archive-log-events.txt");
        string now = string.Concat(typeof(ArchiveEvents).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => (method, attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(pair => pair.attribute is not null).OrderBy(pair => pair.attribute!.EventId)
            .Select(pair => $"{pair.attribute!.EventId} {pair.attribute.Level} {pair.method.Name}: {pair.attribute.Message}\n"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(listed, now);
        Assert.Equal(File.ReadAllText(listed), now);
    }

    [Fact]
    public void Metrics_are_summed_up_by_labels_in_the_text_of_Prometheus()
    {
        using var collector = new MetricsCollector();
        // The collector heeds the meters by their names.
        using var meter = new Meter(ArchiveTelemetry.MeterName);
        Counter<long> counter = meter.CreateCounter<long>("test.bytes", "By", "Bytes.");
        Histogram<double> histogram = meter.CreateHistogram<double>("test.duration", "s", "A \\ duration.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        meter.CreateObservableUpDownCounter("test.open", () => 7L, "{thing}", "Open things.");
        using var other = new Meter("Another");
        other.CreateCounter<long>("other.count").Add(1);
        counter.Add(5, new KeyValuePair<string, object?>("test.kind", "a\"b"));
        counter.Add(6, new KeyValuePair<string, object?>("test.kind", "a\"b"));
        foreach (double value in (double[])[0.05, 0.1, 0.5, 2])
            histogram.Record(value);
        for (int i = 0; i < 2; i++)
        {
            var text = new StringBuilder();
            collector.Write(text);
            string written = text.ToString();
            Assert.Contains("# HELP test_bytes_total Bytes.\n# TYPE test_bytes_total counter\ntest_bytes_total{test_kind=\"a\\\"b\"} 11\n", written, StringComparison.Ordinal);
            Assert.Contains(
                "# HELP test_duration_seconds A \\\\ duration.\n# TYPE test_duration_seconds histogram\ntest_duration_seconds_bucket{le=\"0.1\"} 2\ntest_duration_seconds_bucket{le=\"1\"} 3\n"
                + "test_duration_seconds_bucket{le=\"+Inf\"} 4\ntest_duration_seconds_sum 2.65\ntest_duration_seconds_count 4\n", written, StringComparison.Ordinal);
            // A level is what it is now, however often it is asked for.
            Assert.Contains("# TYPE test_open gauge\ntest_open 7\n", written, StringComparison.Ordinal);
            Assert.DoesNotContain("other", written, StringComparison.Ordinal);
        }
    }

    private sealed class FaultLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add($"{eventId.Id} {formatter(state, exception)}");
        }
    }

    // In this collection, since its tests run one after the other, and each collector of the process sees the meter.
    [Fact]
    public async Task Metrics_that_cannot_be_told_are_a_line_in_the_log_and_health_is_told_all_the_same()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string folder = Directory.CreateTempSubdirectory("netdicom-http-").FullName;
        try
        {
            await using DicomArchive archive = await DicomArchive.OpenAsync(
                new ArchiveOptions { Folder = Path.Combine(folder, "instances"), Durability = Durability.None }, SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Path.Combine(folder, "index.sqlite") }), stop);
            using var meter = new Meter(ArchiveTelemetry.MeterName);
            meter.CreateObservableGauge("test.broken", long () => throw new ArithmeticException("no such level"));
            var log = new FaultLog();
            int port = FreePort();
            await using (ArchiveHttp http = ArchiveHttp.Start(archive, new IPEndPoint(IPAddress.Loopback, port), null, log))
            {
                using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
                await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/metrics", stop));
                Assert.Contains("\"ready\":true", await client.GetStringAsync("/health", stop), StringComparison.Ordinal);
            }

            Assert.Single(log.Lines, line => line.StartsWith("2024 ", StringComparison.Ordinal) && line.Contains("no such level", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }
}
