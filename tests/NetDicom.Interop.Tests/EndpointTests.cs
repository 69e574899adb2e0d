using System.Globalization;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>
/// What a server of ours can be reached by: its port, and nothing else but the run-time's own diagnostics socket, which machine code has not, the process's user alone can open, and an environment variable turns off (docs/security.md).
/// </summary>
public class EndpointTests
{
    private const string ListeningState = "0A";

    public static TheoryData<string, bool> Servers() => new() { { "storescp", true }, { "storescp", false }, { "echoscp", false }, { "qrscp", false } };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_server_listens_at_its_port_and_nowhere_else(string tool, bool diagnostics)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var folder = new TemporaryFolder();
        string[] options = tool switch
        {
            "storescp" => ["0", "-od", folder.Folder("objects")],
            "qrscp" => ["0", "--database-location", folder.File("index.sqlite"), "--instance-location", folder.Folder("instances")],
            _ => ["0"],
        };
        await using ChildProcess server = ChildProcess.Start(NetDicomProgram.File, [tool, .. options], new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = diagnostics ? "1" : "0", ["TMPDIR"] = folder.Folder("tmp") });
        string line = await server.WaitForLineAsync("Listening on port ");
        int port = int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        HashSet<string> sockets = Sockets(server.Id);

        string[] tcp = [.. Table("tcp").Concat(Table("tcp6")).Where(row => row[3] == ListeningState && sockets.Contains(row[9])).Select(row => row[1].Split(':')[^1])];
        Assert.All(tcp, hex => Assert.Equal(port, int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        Assert.NotEmpty(tcp);
        Assert.DoesNotContain(Table("udp").Concat(Table("udp6")), row => sockets.Contains(row[9]));

        // Flags 00010000: a socket that listens (SO_ACCEPTCON).
        string[] local = [.. Table("unix").Where(row => row[3] == "00010000" && sockets.Contains(row[6])).Select(row => row.ElementAtOrDefault(7) ?? "")];
        // Machine code has no such socket.
        if (!diagnostics || NetDicomProgram.IsNative)
        {
            Assert.Empty(local);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("tmp")));
            return;
        }

        string path = Assert.Single(local);
        Assert.StartsWith($"dotnet-diagnostic-{server.Id}-", Path.GetFileName(path), StringComparison.Ordinal);
#pragma warning disable CA1416 // Linux only: skipped elsewhere, above.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path) & (UnixFileMode)0x1FF);
#pragma warning restore CA1416
    }

    private static HashSet<string> Sockets(int process)
    {
        var inodes = new HashSet<string>();
        foreach (string descriptor in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
        {
            const string prefix = "socket:[";
            if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith(prefix, StringComparison.Ordinal))
                inodes.Add(target[prefix.Length..^1]);
        }

        return inodes;
    }

    private static IEnumerable<string[]> Table(string name) =>
        File.Exists($"/proc/net/{name}") ? File.ReadAllLines($"/proc/net/{name}").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : [];
}
