using System.Globalization;
using System.Text.Json;

namespace NetDicom.Interop.Tests.Support;

/// <summary>Our program, run as a user runs it.</summary>
internal static class NetDicomProgram
{
    /// <summary>The program that the variable NETDICOM names, a published one; else the build output of its project beside ours: same configuration, same framework.</summary>
    public static string File { get; } = FindProgram();

    public static Task<Ended> RunAsync(params string[] arguments) => ChildProcess.RunAsync(File, arguments);

    public static ChildProcess Start(params string[] arguments) => ChildProcess.Start(File, arguments);

    /// <summary>Starts a server tool on a free port and waits until it says which.</summary>
    public static Task<Server> StartServerAsync(string tool, params string[] options) => RestartServerAsync(tool, "0", options);

    /// <summary>Starts a server tool on a port that others know, or that an earlier one had.</summary>
    public static async Task<Server> RestartServerAsync(string tool, string wantedPort, params string[] options)
    {
        ChildProcess process = Start([tool, wantedPort, .. options]);
        try
        {
            string line = await process.WaitForLineAsync(options.Contains("--json") ? "\"type\":\"listening\"" : "Listening on port ");
            int port = options.Contains("--json")
                ? JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32()
                : int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            return new Server(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether it is machine code: there is no run-time in it that a debugger of .NET could ask.</summary>
    public static bool IsNative { get; } = !System.IO.File.Exists(Path.Combine(Path.GetDirectoryName(File)!, "NetDicom.Cli.dll"));

    /// <summary>A program of the repository as it was built.</summary>
    /// <param name="project">The folder of its project, from the root.</param>
    /// <param name="name">The name of its file.</param>
    public static string Built(string project, string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string framework = output.Name, configuration = output.Parent!.Name;
        DirectoryInfo root = output.Parent.Parent!.Parent!.Parent!.Parent!;
        string file = Path.Combine(root.FullName, project, "bin", configuration, framework, name);
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException("The program is not built", file);
    }

    private static string FindProgram()
    {
        if (Environment.GetEnvironmentVariable("NETDICOM") is { Length: > 0 } published)
            return System.IO.File.Exists(published) ? Path.GetFullPath(published) : throw new FileNotFoundException("NETDICOM names no program", published);
        return Built(Path.Combine("src", "NetDicom.Cli"), "netdicom");
    }

    internal sealed class Server(ChildProcess process, int port) : IAsyncDisposable
    {
        public ChildProcess Process => process;

        public string Port { get; } = port.ToString(CultureInfo.InvariantCulture);

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
