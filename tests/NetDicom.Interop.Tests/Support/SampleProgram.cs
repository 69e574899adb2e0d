using System.Globalization;

namespace NetDicom.Interop.Tests.Support;

/// <summary>The samples, run as <c>dotnet run --project samples</c> runs them.</summary>
internal static class SampleProgram
{
    private static readonly string s_file = NetDicomProgram.Built("samples", "NetDicom.Samples");

    /// <summary>Runs a user to its end, which is a good one.</summary>
    /// <returns>The lines it said.</returns>
    public static async Task<string[]> RunAsync(string name, int port, params string[] arguments)
    {
        Ended ended = await ChildProcess.RunAsync(s_file, [name, "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), .. arguments]);
        Assert.True(ended.ExitCode == 0 && ended.Error.Length == 0, $"{name}: {ended}");
        return ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static ChildProcess Start(string name, params string[] arguments) => ChildProcess.Start(s_file, [name, .. arguments]);

    /// <summary>Starts a provider on a free port, in a folder.</summary>
    public static async Task<Provider> ServeAsync(string name, string? folder, params string[] arguments)
    {
        ChildProcess process = ChildProcess.Start(s_file, [name, "0", .. arguments], folder: folder);
        try
        {
            return new Provider(process, await Ports.OfAsync(process));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    internal sealed class Provider(ChildProcess process, int port) : IAsyncDisposable
    {
        public ChildProcess Process => process;

        public int Port => port;

        public string PortText => port.ToString(CultureInfo.InvariantCulture);

        /// <summary>Ctrl-C, and the end that follows is a good one.</summary>
        public async Task StopAsync()
        {
            process.Signal(Signals.Interrupt);
            Ended ended = await process.EndAsync();
            Assert.True(ended.ExitCode == 0, ended.ToString());
        }

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
