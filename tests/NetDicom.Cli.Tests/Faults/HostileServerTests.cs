using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Faults;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Tests.Faults;

/// <summary>
/// The scenarios of hostile servers against our client tools, run to their ends: the reaction on the wire is the standard's, the exit code tells the truth, no
/// exception comes out and no file lies outside the folder.
/// </summary>
public sealed class HostileServerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netdicom-fault-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The exit code that belongs to each scenario, by its beginning; the longest one counts. 1: not established, 4: a failure status or no context, 5: aborted or lost.</summary>
    private static readonly Dictionary<string, int> s_exitCodes = new(StringComparer.Ordinal)
    {
        ["scu-associate/"] = 1,
        ["scu-store/response-before-the-data-set"] = 4,
        ["scu-associate/maximum-length"] = 5,
        ["scu-echo/"] = 5,
        ["scu-echo/maximum-length-8"] = 0,
        ["scu-echo/trickled"] = 0,
        ["scu-echo/status"] = 4,
        ["scu-echo/no-status"] = 4,
        ["scu-echo/a-status-of-one-byte"] = 4,
        ["scu-echo/a-comment"] = 4,
        ["scu-store/"] = 5,
        ["scu-store/status"] = 4,
        ["scu-store/status-b000"] = 0,
        ["scu-store/no-status"] = 4,
        ["scu-store/no-uids"] = 0,
        ["scu-store/maximum-length"] = 0,
        ["scu-find/"] = 5,
        ["scu-find/20000"] = 0,
        ["scu-find/a-match-of-70-megabytes"] = 4,
        ["scu-find/pending-without-a-data-set"] = 4,
        ["scu-find/an-empty-data-set"] = 4,
        ["scu-find/noise-as-data-set"] = 4,
        ["scu-find/length-past-the-end"] = 4,
        ["scu-find/sequences-5000-deep"] = 4,
        ["scu-find/escape-sequences"] = 0,
        ["scu-find/an-unknown-character-set"] = 0,
        ["scu-find/a-status-that-is-none"] = 4,
        ["scu-get/"] = 5,
        ["scu-get/uid"] = 4,
        ["scu-get/counts-that-cannot-be"] = 4,
        ["scu-get/no-counts"] = 0,
        ["scu-get/a-status-that-is-none"] = 4,
        ["scu-move/"] = 5,
        ["scu-move/a-status-that-is-none"] = 4,
        ["scu-move/counts-that-cannot-be"] = 4,
        ["scu-move/no-counts"] = 4,
        ["scu-move/pending-without-end"] = 4,
    };

    public static TheoryData<string> Scenarios => [.. BuiltInScenarios.All.Where(scenario => scenario.Role == FaultRole.Server).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_hostile_server_gets_the_reaction_of_the_standard_and_the_tool_tells_the_truth(string name)
    {
        FaultScenario scenario = BuiltInScenarios.Find(name).Single();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Task<FaultOutcome> playing = FaultRunner.RunAsync(scenario, new FaultSettings("", 0, "", "", s_patience), listener, TestContext.Current.CancellationToken);
        (int exitCode, string output) = await RunAsync(scenario, port).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        FaultOutcome outcome = await playing;
        Assert.True(outcome.Passed, $"line {outcome.Line}: {outcome.Expected}, but {outcome.Received}; the tool: {exitCode} {output}");
        Assert.Equal((name, ExitCodeOf(name)), (name, exitCode));
        Assert.DoesNotContain('\x1b', output);
        if (name == "scu-find/pending-for-ever")
            Assert.Contains("in spite of C-CANCEL", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Except(["object.dcm"]));
    }

    private static int ExitCodeOf(string name) => s_exitCodes.Where(row => name.StartsWith(row.Key, StringComparison.Ordinal)).MaxBy(row => row.Key.Length).Value;

    private async Task<(int ExitCode, string Output)> RunAsync(FaultScenario scenario, int port)
    {
        // A scenario with a patience of its own waits for one of the tool's limits; what comes before it is not to be cut off, however busy the machine is.
        (string acse, string dimse, string network) = scenario.Name switch
        {
            "scu-associate/silent" or "scu-associate/silent-to-the-last" => ("0.7", "50", "50"),
            "scu-echo/silent" or "scu-echo/half-a-response" or "scu-store/never-reads" => ("50", "0.7", "50"),
            "scu-echo/no-answer-to-the-release" => ("3", "50", "50"),
            // The limit of the wait after C-CANCEL is that between two matches too.
            "scu-find/pending-for-ever" => ("50", "1", "50"),
            _ => scenario.Patience is null ? ("50", "50", "50") : throw new InvalidOperationException($"which limit ends {scenario.Name}?"),
        };
        string[] common = ["127.0.0.1", port.ToString(CultureInfo.InvariantCulture), "-ta", acse, "-td", dimse, "-tn", network];
        string[] query = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3", .. common];
        string[] arguments = scenario.Name.Split('/')[0] switch
        {
            "scu-store" => ["storescu", .. common, ObjectFile(scenario.Name == "scu-store/never-reads" ? 64 * 1024 * 1024 : 50_000)],
            "scu-find" => ["findscu", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID", "-k", "PatientName", .. common],
            "scu-get" => ["getscu", .. query, "--class", "CTImageStorage", "--syntax", "ExplicitVRLittleEndian", "-od", Path.Combine(_folder.FullName, "in")],
            "scu-move" => ["movescu", .. query, "-aem", "ELSEWHERE"],
            _ => ["echoscu", .. common],
        };
        if (scenario.Name == "scu-find/pending-for-ever")
            arguments = [.. arguments, "--cancel", "3"];
        Tool tool = Dispatcher.Create(arguments[0])!;
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        using var interruption = new Interruption();
        using var log = new ToolLog(error, LogLevel.Information, LogFormat.Text);
        int exitCode;
        using (var console = new ToolConsole(output, log, null, false, interruption))
            exitCode = await tool.RunAsync(Dispatcher.Parse(tool, arguments[1..]), console);
        byte[] told = output.ToArray();
        return (exitCode, error + System.Text.Encoding.UTF8.GetString(told, 0, Math.Min(told.Length, 10_000)));
    }

    /// <summary>A CT object in a Part 10 file, byte by byte (PS3.10 7.1).</summary>
    private string ObjectFile(int length)
    {
        var meta = new List<byte>();
        Element(0x0002, "OB", [0, 1]);
        Element(0x0002, "UI", "1.2.840.10008.5.1.4.1.1.2\0"u8.ToArray());
        Element(0x0003, "UI", "1.2.3.4.5\0"u8.ToArray());
        Element(0x0010, "UI", "1.2.840.10008.1.2.1\0"u8.ToArray());
        byte[] head = [.. new byte[128], .. "DICM"u8, 2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0, (byte)meta.Count, 0, 0, 0, .. meta];
        byte[] dataSet = [8, 0, 0x18, 0, (byte)'U', (byte)'I', 10, 0, .. "1.2.3.4.5\0"u8, 0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'W', 0, 0, (byte)length, (byte)(length >> 8), (byte)(length >> 16), (byte)(length >> 24)];
        string path = Path.Combine(_folder.FullName, "object.dcm");
        using FileStream file = File.Create(path);
        file.Write(head);
        file.Write(dataSet);
        file.SetLength(head.Length + dataSet.Length + length);
        return path;

        void Element(ushort number, string vr, byte[] value)
        {
            bool isLong = vr == "OB";
            meta.AddRange([2, 0, (byte)(isLong ? 1 : number), 0, (byte)vr[0], (byte)vr[1]]);
            meta.AddRange(isLong ? [0, 0, (byte)value.Length, 0, 0, 0] : [(byte)value.Length, 0]);
            meta.AddRange(value);
        }
    }
}
