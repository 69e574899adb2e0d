using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace NetDicom.Bench.Soak;

/// <summary>What a server process uses at one moment; memory in MiB.</summary>
internal readonly record struct Usage(double Seconds, double Resident, double Heap, int Handles, int Threads);

/// <summary>The program as a server in a process of its own, watched from outside: /proc, and the runtime's counters for the GC heap.</summary>
internal sealed class WatchedServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _errors = [];
    private double _heap;

    private WatchedServer(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int Port { get; private set; }

    public bool HasEnded => _process.HasExited;

    public List<Usage> Samples { get; } = [];

    /// <summary>The last lines it said on standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    public static async Task<WatchedServer> StartAsync(string program, string tool, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, [tool, "0", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        var server = new WatchedServer(tool, process);
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) => server.Said(e.Data, port);
        process.ErrorDataReceived += (_, e) => server.Said(e.Data, port);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        server.Port = await port.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var watch = new Thread(server.WatchHeap) { IsBackground = true };
        watch.Start();
        return server;
    }

    public void Sample(double seconds)
    {
        if (_process.HasExited)
            return;
        string[] status = File.ReadAllLines($"/proc/{_process.Id}/status");
        Samples.Add(new Usage(seconds, Number("VmRSS:") / 1024.0, _heap, Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length, (int)Number("Threads:")));

        double Number(string field) =>
            double.Parse(status.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t', ' ').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
    }

    /// <summary>Ends it as a user does, and answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Said(string? line, TaskCompletionSource<int> port)
    {
        if (line is null)
            return;
        const string listening = "Listening on port ";
        int at = line.IndexOf(listening, StringComparison.Ordinal);
        if (at >= 0 && int.TryParse(line.AsSpan(at + listening.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            port.TrySetResult(number);
        lock (_errors)
        {
            _errors.Add(line);
            if (_errors.Count > 20)
                _errors.RemoveAt(0);
        }
    }

    private void WatchHeap()
    {
        try
        {
            using EventPipeSession session = new DiagnosticsClient(_process.Id).StartEventPipeSession(
                [new EventPipeProvider("System.Runtime", EventLevel.Informational, 0, new Dictionary<string, string> { ["EventCounterIntervalSec"] = "5" })], requestRundown: false);
            using var source = new EventPipeEventSource(session.EventStream);
            source.Dynamic.All += e =>
            {
                if (e.EventName == "EventCounters" && e.PayloadValue(0) is IDictionary<string, object> outer && outer["Payload"] is IDictionary<string, object> counter
                    && (string)counter["Name"] == "gc-heap-size")
                    _heap = Convert.ToDouble(counter["Mean"], CultureInfo.InvariantCulture);
            };
            source.Process();
        }
        catch (Exception ended)
        {
            // The server is gone, or its diagnostics are off: the heap stays 0 and the resident memory is what counts.
            Console.Error.WriteLine($"{Name}: the heap is not watched any more: {ended.Message}");
        }
    }
}
