using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NetDicom.Archive;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>
/// <c>/health</c> (and <c>/health/live</c>, <c>/health/ready</c>) and <c>/metrics</c>, for who watches the archive. Why this is an <see cref="HttpListener"/> and no ASP.NET Core: decision 5.
/// </summary>
internal sealed class ArchiveHttp : IAsyncDisposable
{
    /// <summary>Answers to <c>/metrics</c> that are worked on at a time: they are long, and each of them asks the index.</summary>
    private const int MaxMetrics = 8;

    /// <summary>Requests for metrics, and as many others, that wait for their turn or are answered; further ones are cut off.</summary>
    private const int MaxOpen = 64;

    /// <summary>How long an answer may take, from the request that is there whole to the last byte that the asker took: three times what the index waits for its lock.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(15);

    private readonly DicomArchive _archive;
    private readonly long? _leastFree;
    private readonly ILogger _log;
    private readonly HttpListener _listener;
    private readonly MetricsCollector _metrics = new();
    private readonly SharedHealthCheck _health;
    // Who does not take the metrics keeps nobody from asking for health.
    private readonly Lane _metricsLane = new(MaxMetrics);
    private readonly Lane _otherLane = new(MaxOpen);
    private readonly TimeProvider _timeProvider;
    private readonly Task _work;
    private bool _wasReady = true;
    private long _tooSlow;

    private ArchiveHttp(HttpListener listener, DicomArchive archive, long? leastFree, ILogger log, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _listener = listener;
        _archive = archive;
        _health = new SharedHealthCheck(archive, timeProvider);
        _leastFree = leastFree;
        _log = log;
        _work = Task.Run(ServeAsync);
    }

    /// <exception cref="UsageException">The port cannot be had.</exception>
    public static ArchiveHttp Start(DicomArchive archive, IPEndPoint endPoint, long? leastFree, ILogger log, TimeProvider? timeProvider = null)
    {
        try
        {
            var http = new ArchiveHttp(Listen(endPoint), archive, leastFree, log, timeProvider ?? TimeProvider.System);
            ArchiveEvents.HttpListening(log, endPoint.ToString());
            return http;
        }
        catch (Exception e) when (e is HttpListenerException or System.Net.Sockets.SocketException or ArgumentException)
        {
            throw new UsageException($"Cannot tell health and metrics at {endPoint}: {e.Message}");
        }
    }

    private static HttpListener Listen(IPEndPoint endPoint)
    {
        string host = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any) ? "*" : endPoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{endPoint.Address}]" : endPoint.Address.ToString();
        if (!IPAddress.IsLoopback(endPoint.Address))
            return Listen(endPoint.Port, host);
        try
        {
            // Who asks this machine by name says so in the request, and may come by the other kind of address.
            return Listen(endPoint.Port, host, "localhost");
        }
        catch (Exception e) when (e is HttpListenerException or System.Net.Sockets.SocketException)
        {
            // No such name, or its address is not to be had: the one that was asked for is.
            return Listen(endPoint.Port, host);
        }
    }

    private static HttpListener Listen(int port, params ReadOnlySpan<string> hosts)
    {
        var listener = new HttpListener();
        try
        {
            foreach (string host in hosts)
                listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/"));
            // Nobody has to ask at length here.
            listener.TimeoutManager.IdleConnection = TimeSpan.FromSeconds(30);
            listener.Start();
            return listener;
        }
        catch
        {
            listener.Close();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _work;
        _metrics.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            Lane lane = context.Request.Url?.AbsolutePath == "/metrics" ? _metricsLane : _otherLane;
            if (lane.TryEnter())
                _ = ServeAsync(context, lane);
            else
                context.Response.Abort();
        }
    }

    // Side by side, since an asker may be slow; few at a time, since it is for programs that look now and then, and no way to make the archive busy.
    private async Task ServeAsync(HttpListenerContext context, Lane lane)
    {
        using var limit = new CancellationTokenSource(s_answerLimit, _timeProvider);
        try
        {
            await lane.Turns.WaitAsync(limit.Token);
            // On a thread of its own: closing a response writes without a token.
            Task answer = Task.Run(() => TakeTurnAsync(context, lane, limit.Token), CancellationToken.None);
            try
            {
                await answer.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                CutOff(context);
                ArchiveEvents.HttpTooSlow(_log, Interlocked.Increment(ref _tooSlow));
            }
        }
        catch (OperationCanceledException)
        {
            CutOff(context);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // Who asked has gone, or we are; or it was the index that failed so, and who asks must not wait for ever.
            CutOff(context);
        }
        finally
        {
            lane.Leave();
        }
    }

    // The turn ends with the work, not with the answer: what nothing can cancel, such as a call to a disk that is away, must not pile up behind answers that were cut off.
    private async Task TakeTurnAsync(HttpListenerContext context, Lane lane, CancellationToken limit)
    {
        try
        {
            await AnswerOrFailAsync(context, limit);
        }
        finally
        {
            lane.Turns.Release();
        }
    }

    // Closes the connection, which ends a write that hangs. Where nothing was written yet that is an answer without a body, which must not say that all is well.
    private static void CutOff(HttpListenerContext context)
    {
        try
        {
            context.Response.StatusCode = 503;
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            // Written already.
        }

        context.Response.Abort();
    }

    // One answer that fails is not the end of all: who watches would take the archive for dead.
    private async Task AnswerOrFailAsync(HttpListenerContext context, CancellationToken limit)
    {
        try
        {
            await AnswerAsync(context, limit);
        }
        catch (Exception e) when (e is not (HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException or OperationCanceledException))
        {
            ArchiveEvents.HttpFailed(_log, e.GetType().Name, e.Message);
            Answer(context, 500, "text/plain; charset=utf-8", "this cannot be told: the log says why\n"u8);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken limit)
    {
        if (context.Request.HttpMethod is not ("GET" or "HEAD"))
        {
            context.Response.AddHeader("Allow", "GET, HEAD");
            Answer(context, 405, "text/plain; charset=utf-8", "GET or HEAD\n"u8);
            return;
        }

        switch (context.Request.Url?.AbsolutePath)
        {
            case "/health/live":
                Answer(context, 200, "text/plain; charset=utf-8", "live\n"u8);
                break;
            case "/health" or "/health/ready":
                await AnswerHealthAsync(context, limit);
                break;
            case "/metrics":
                await AnswerMetricsAsync(context, limit);
                break;
            default:
                Answer(context, 404, "text/plain; charset=utf-8", "/health, /health/live, /health/ready or /metrics\n"u8);
                break;
        }
    }

    private async Task AnswerHealthAsync(HttpListenerContext context, CancellationToken limit)
    {
        ArchiveHealth? health = await _health.GetAsync().WaitAsync(limit);
        bool isFull = _leastFree is { } least && health?.FreeBytes < least;
        bool isReady = health is { IsReady: true } && !isFull;
        if (_wasReady && !isReady)
            ArchiveEvents.NotReady(_log, health is null ? string.Create(CultureInfo.InvariantCulture, $"no answer of the index or the folder in {SharedHealthCheck.Limit.TotalSeconds} s") : health.IndexError ?? health.FolderError ?? "too little free space");
        _wasReady = isReady;
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteBoolean("live", true);
            json.WriteBoolean("ready", isReady);
            // Why stands in the log: paths are nothing for whoever asks.
            json.WriteString("index", health is null ? "unknown" : health.IndexError is null ? "writable" : "failed");
            json.WriteString("folder", health is null ? "unknown" : health.FolderError is null ? "writable" : "failed");
            json.WriteString("space", health is null ? "unknown" : isFull ? "low" : "enough");
            if (health?.FreeBytes is { } free)
                json.WriteNumber("freeBytes", free);
            json.WriteEndObject();
        }

        Answer(context, isReady ? 200 : 503, "application/json", body.ToArray());
    }

    private async Task AnswerMetricsAsync(HttpListenerContext context, CancellationToken limit)
    {
        var text = new StringBuilder();
        _metrics.Write(text);
        try
        {
            IndexStatistics statistics = await _archive.Index.GetStatisticsAsync(limit);
            PrometheusText.Gauge(text, "netdicom_archive_patients", "Patients in the index.", statistics.Patients);
            PrometheusText.Gauge(text, "netdicom_archive_studies", "Studies in the index.", statistics.Studies);
            PrometheusText.Gauge(text, "netdicom_archive_series", "Series in the index.", statistics.Series);
            PrometheusText.Gauge(text, "netdicom_archive_instances", "Instances in the index.", statistics.Instances);
            PrometheusText.Gauge(text, "netdicom_archive_bytes", "Bytes of all files.", statistics.Bytes);
        }
        catch (Exception e) when (e is ArchiveIndexException or ObjectDisposedException)
        {
            // What cannot be read is left out; that it cannot is what /health is for.
        }

        if (_archive.FreeBytes() is { } free)
            PrometheusText.Gauge(text, "netdicom_archive_free_bytes", "Free bytes of the file system of the instances.", free);
        Answer(context, 200, "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Answer(HttpListenerContext context, int status, string type, ReadOnlySpan<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength64 = body.Length;
        if (context.Request.HttpMethod != "HEAD")
            context.Response.OutputStream.Write(body);
        context.Response.Close();
    }

    /// <summary>Requests of one kind: how many are open, and how many of them are worked on.</summary>
    private sealed class Lane(int atATime)
    {
        private int _open;

        public SemaphoreSlim Turns { get; } = new(atATime);

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _open) <= MaxOpen)
                return true;
            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _open);
    }
}
