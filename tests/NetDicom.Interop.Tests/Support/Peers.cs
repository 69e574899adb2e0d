using System.Globalization;

namespace NetDicom.Interop.Tests.Support;

/// <summary>The programs of others that we talk to, from Debian packages.</summary>
internal static class Peers
{
    /// <summary>DCMTK leaves Nagle's algorithm on unless told so; each small object then costs 40 ms.</summary>
    public static IReadOnlyDictionary<string, string> NoDelay { get; } = new Dictionary<string, string> { ["TCP_NODELAY"] = "1" };

    /// <summary>The path of a program; the test is skipped when it is not installed.</summary>
    public static string Require(string program, string package)
    {
        string? found = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is null)
            Assert.Skip($"{program} is not installed (Debian package {package})");
        return found!;
    }

    public static string Dcmtk(string program) => Require(program, "dcmtk");

    /// <summary>Starts DCMTK's storescp; every transfer syntax is accepted, data sets are kept as received.</summary>
    public static Task<Receiver> StoreScpAsync(string folder, bool noDelay = true, params string[] options) =>
        ReceiverAsync("storescp", ["-v", "+B", "+xa", "-od", folder, .. options], noDelay);

    /// <summary>Starts DCMTK's dcmrecv with the profile of its own configuration that takes everything.</summary>
    public static Task<Receiver> DcmRecvAsync(string folder, params string[] options)
    {
        const string configuration = "/etc/dcmtk/storescp.cfg";
        if (!File.Exists(configuration))
            Assert.Skip($"{configuration} is not there (Debian package dcmtk)");
        return ReceiverAsync("dcmrecv", ["-v", "+B", "-xf", configuration, "AllDICOM", "-od", folder, .. options], noDelay: true);
    }

    private static async Task<Receiver> ReceiverAsync(string program, IEnumerable<string> arguments, bool noDelay)
    {
        int port = Ports.Free();
        string text = port.ToString(CultureInfo.InvariantCulture);
        ChildProcess process = ChildProcess.Start(Dcmtk(program), [.. arguments, text], noDelay ? NoDelay : null);
        try
        {
            await Ports.WaitUntilListeningAsync(port, process);
            return new Receiver(process, text);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    internal sealed class Receiver(ChildProcess process, string port) : IAsyncDisposable
    {
        public ChildProcess Process => process;

        public string Port => port;

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
