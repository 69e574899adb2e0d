using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Output;
using NetDicom.TestSupport;

namespace NetDicom.Cli.Tests.Archiving;

/// <summary>Health and metrics where some of those who ask are slow, or say nothing.</summary>
[Collection(nameof(ArchiveKeepingTests))]
public sealed class ArchiveHttpTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-http-").FullName;
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly int _port = FreePort();
    private ToolLog? _log;
    private HookedIndex? _index;
    private DicomArchive? _archive;
    private ArchiveHttp? _http;

    public async ValueTask InitializeAsync()
    {
        _log = new ToolLog(_error, LogLevel.Warning, LogFormat.Text);
        _index = new HookedIndex(SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Path.Combine(_folder, "index.sqlite"), Durability = Durability.None }));
        _archive = await DicomArchive.OpenAsync(new ArchiveOptions { Folder = Path.Combine(_folder, "instances"), Durability = Durability.None }, _index);
        _http = ArchiveHttp.Start(_archive, new IPEndPoint(IPAddress.Loopback, _port), null, _log, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _http!.DisposeAsync();
        await _archive!.DisposeAsync();
        _log!.Dispose();
        await _error.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Clients_that_are_silent_or_stop_in_mid_request_keep_nobody_from_asking()
    {
        var silent = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
                if (i % 2 == 0)
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: 127."), TestContext.Current.CancellationToken);
                silent.Add(client);
            }

            foreach (string path in (string[])["/health", "/health/live", "/metrics"])
                Assert.Equal(HttpStatusCode.OK, await AskAsync(path));
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task An_answer_that_hangs_delays_no_other_is_cut_off_at_its_limit_and_its_work_is_canceled()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _index!.OnGetStatistics = async stop =>
        {
            await using CancellationTokenRegistration registration = stop.Register(() => canceled.TrySetResult());
            reached.TrySetResult();
            await canceled.Task;
            stop.ThrowIfCancellationRequested();
        };
        Task<HttpStatusCode> hanging = AskAsync("/metrics");
        await reached.Task;
        Assert.Equal(HttpStatusCode.OK, await AskAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("/health"));
        await _clock.WhenTimerWithin(TimeSpan.FromSeconds(15));
        _clock.Advance(TimeSpan.FromSeconds(15));
        // Cut off, by the end of the connection or by a status: never a yes.
        Assert.NotEqual(HttpStatusCode.OK, await hanging.WaitAsync(TimeSpan.FromSeconds(30)).ContinueWith(one => one.IsCompletedSuccessfully ? one.Result : HttpStatusCode.ServiceUnavailable, TaskScheduler.Default));
        Assert.True(hanging.IsCompleted);
        await canceled.Task;
        _index.OnGetStatistics = null;
        Assert.Equal(HttpStatusCode.OK, await AskAsync("/metrics"));
        Assert.Contains("did not take the answer in time", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health")]
    public async Task Whatever_an_answer_fails_with_who_asks_is_not_kept_waiting(string path)
    {
        // What a broken connection fails with too.
        _index!.OnGetStatistics = _index.OnSetClean = _ => throw new InvalidOperationException("the index is in a state that it should not be in");
        HttpStatusCode status;
        try
        {
            status = await AskAsync(path).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (HttpRequestException)
        {
            status = HttpStatusCode.ServiceUnavailable;
        }

        Assert.True(status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError, status.ToString());
        _index.OnGetStatistics = _index.OnSetClean = null;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(path));
    }

    [Fact]
    public async Task Health_checks_that_hang_are_one_and_whoever_asks_then_or_later_is_answered()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        int checks = 0;
        _index!.OnSetClean = stop =>
        {
            Interlocked.Increment(ref checks);
            reached.TrySetResult(stop);
            return gate.Task;
        };
        List<Task<HttpStatusCode>> hanging = [AskAsync("/health")];
        CancellationToken token = await reached.Task;
        hanging.AddRange(Enumerable.Range(0, 20).Select(_ => AskAsync("/health")));
        await _clock.WhenTimerWithin(TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.All(await Task.WhenAll(hanging), status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        Assert.True(token.IsCancellationRequested);

        // It hangs on, and nobody waits for it any more.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("/health/live"));
        Assert.Equal(1, checks);
        Assert.Contains("no answer of the index or the folder in 10 s", _error.ToString(), StringComparison.Ordinal);
        _index.OnSetClean = null;
        gate.SetResult();
        // Its end comes by itself; then it is looked anew.
        HttpStatusCode status = default;
        for (int tries = 0; tries < 1000 && status != HttpStatusCode.OK; tries++)
            status = await AskAsync("/health");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private async Task<HttpStatusCode> AskAsync(string path)
    {
        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_port}{path}"));
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
