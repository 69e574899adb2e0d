using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetDicom.Bench.Rows;

/// <summary>The programs that are measured, as command lines. A receiver's has {port} and {out}, a sender's {port} and {in}.</summary>
internal sealed class Programs(string netdicom, string reference)
{
    public string NetDicom => netdicom;

    public string Reference => reference;

    public Receiver Bare(int pdu = 1 << 20, int window = 64) => new("reference", [reference, "receive", "{port}", "{out}", Text(pdu), Text(window)]);

    public Receiver Ours(params string[] options) => new("netdicom", [netdicom, "storescp", "{port}", "-ba", "127.0.0.1", "-od", "{out}", .. options]);

    public Sender BareSender(int window = 1) => new("reference", [reference, "send", "127.0.0.1", "{port}", "{in}", Text(window)]);

    public Sender OurSender(params string[] options) => new("netdicom", [netdicom, "storescu", "127.0.0.1", "{port}", "-r", "{in}", .. options]);

    public static Receiver? StoreScp(bool noDelay, params string[] options) => Find("storescp") is { } path ? new("DCMTK storescp" + Note(noDelay, options), [path, .. options, "-od", "{out}", "{port}"]) { NoDelay = noDelay } : null;

    public static Sender? StoreScu(bool noDelay) => Find("storescu") is { } path ? new("DCMTK storescu" + Note(noDelay, []), [path, "-R", "+sd", "+r", "127.0.0.1", "{port}", "{in}"]) { NoDelay = noDelay } : null;

    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Note(bool noDelay, string[] options) => string.Concat(options.Select(option => " " + option)) + (noDelay ? "" : ", stock");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A server to be started. DCMTK's programs wait for acknowledgements of small packets unless the environment says TCP_NODELAY.</summary>
internal sealed record Receiver(string Name, string[] Command)
{
    public bool NoDelay { get; init; } = true;
}

/// <summary>A client to be run to its end.</summary>
internal sealed record Sender(string Name, string[] Command)
{
    public bool NoDelay { get; init; } = true;
}

/// <summary>A receiver that runs: on a port that was free, into a folder of its own.</summary>
internal sealed class RunningReceiver : IDisposable
{
    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private readonly Process _process;

    public RunningReceiver(Receiver receiver, string folder)
    {
        // What a run that was stopped left behind would be counted.
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Folder = Directory.CreateDirectory(folder).FullName;
        Port = FreePort();
        _process = Run(receiver.Command, Port, "", folder, receiver.NoDelay);
        AwaitListening();
    }

    public string Folder { get; }

    public int Port { get; }

    public int Count => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Count(file => !Path.GetFileName(file).StartsWith('.'));

    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Most resident memory so far, in MiB.</summary>
    public double PeakMemory => Memory("VmHWM:");

    /// <summary>Resident memory now, in MiB.</summary>
    public double MemoryNow => Memory("VmRSS:");

    public static Process Run(string[] command, int port, string input, string output, bool noDelay)
    {
        Process process = Create(command, port, input, output, noDelay);
        process.ErrorDataReceived += (_, _) => { };
        Begin(process);
        return process;
    }

    /// <summary>A process yet to be begun, so that its lines can be listened to.</summary>
    public static Process Create(string[] command, int port, string input, string output, bool noDelay)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(argument.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{in}", input, StringComparison.Ordinal).Replace("{out}", output, StringComparison.Ordinal));
        if (noDelay)
            start.Environment["TCP_NODELAY"] = "1";
        else
            start.Environment.Remove("TCP_NODELAY");
        return new Process { StartInfo = start };
    }

    public static void Begin(Process process)
    {
        process.OutputDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>A line of /proc/PID/status, in MiB.</summary>
    public static double MemoryOf(int process, string field)
    {
        string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private double Memory(string field) => MemoryOf(_process.Id, field);

    // Looks at the system's table of sockets: a connection to see would count as a peer.
    private void AwaitListening()
    {
        string port = ":" + Port.ToString("X4", CultureInfo.InvariantCulture) + " ";
        long began = Stopwatch.GetTimestamp();
        while (!s_tables.Where(File.Exists).SelectMany(File.ReadLines).Any(line => line.Contains(port, StringComparison.Ordinal) && line.Contains(" 0A ", StringComparison.Ordinal)))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException($"{_process.StartInfo.FileName} does not listen");
            Thread.Sleep(10);
        }

        Thread.Sleep(300);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
