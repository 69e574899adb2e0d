using System.Globalization;

namespace NetDicom.Interop.Tests.Support;

/// <summary>An archive of our program in a folder of the test, started and started again.</summary>
internal sealed class ArchiveServer(TemporaryFolder folder)
{
    public string Instances => folder.File("archive/instances");

    public string Database => folder.File("archive/index.sqlite");

    public string[] Location => ["--database-location", Database, "--instance-location", Instances];

    public Task<NetDicomProgram.Server> StartAsync(params string[] options) => NetDicomProgram.StartServerAsync("qrscp", [.. Location, .. options]);

    public Task<Ended> CareAsync(params string[] arguments) => NetDicomProgram.RunAsync(["archive", .. arguments, .. Location]);

    /// <summary>Starts it with a configuration, at a port that others know already.</summary>
    public Task<NetDicomProgram.Server> StartAtAsync(int port, string configuration, params string[] options)
    {
        string path = folder.File("archive.json");
        File.WriteAllText(path, configuration);
        return NetDicomProgram.RestartServerAsync("qrscp", port.ToString(CultureInfo.InvariantCulture), [.. Location, "-c", path, .. options]);
    }

    /// <summary>Ends it as a user does.</summary>
    public static async Task<Ended> StopAsync(NetDicomProgram.Server server)
    {
        server.Process.Signal(Signals.Interrupt);
        return await server.Process.EndAsync();
    }

    /// <summary>The stored files by SOP Instance UID.</summary>
    public Dictionary<string, byte[]> Stored() => Directory.EnumerateFiles(Instances, "*.dcm", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToDictionary(file => Part10.MetaUid(file, 0x0003));

    /// <summary>Writes a configuration with one peer that is a destination.</summary>
    public string Configure(string destination, string port)
    {
        string path = folder.File("archive.json");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture,
            $$"""{ "peers": [ { "title": "KNOWN" }, { "title": "READER", "rights": ["query", "retrieve"] }, { "title": "{{destination}}", "host": "127.0.0.1", "port": {{port}} } ] }"""));
        return path;
    }
}
