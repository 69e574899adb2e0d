using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using NetDicom.Cli.Faults;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands;

/// <summary>A scripted peer that misbehaves, for the trial of others: docs/fault.md.</summary>
internal sealed class FaultPeer : Tool
{
    public const string Description = "a scripted peer, client or server, that delays, trickles, truncates, corrupts and aborts: to try one's own system with";

    private readonly Argument<string[]> _words = Words.Argument("action", "connect ADDR PORT SCENARIO…; listen PORT SCENARIO…; list [SCENARIO…]; show SCENARIO…. A scenario is a name or a group of 'list', 'all', or a file");
    private readonly Option<string> _calling = Values.Title("--calling-aet", ["-aet", "--aetitle"], "our AE title", "FAULT");
    private readonly Option<string> _called = Values.Title("--called-aet", ["-aec", "--call"], "AE title of the peer", "ANY-SCP");
    private readonly Option<TimeSpan> _patience = Values.Seconds("--patience", [], "longest wait for one answer, where the scenario says nothing else", 10, zeroIsNone: false);
    private readonly Option<bool> _loop = new("--loop") { Description = "listen: play the scenarios again and again until stopped, one for each connection" };
    private readonly Option<IPAddress?> _bind = new("--bind-address", "-ba")
    {
        Description = "listen: address of the interface to listen on (default: this machine only, 127.0.0.1)",
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            if (!IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
                result.AddError($"'{result.Tokens[0].Value}' for --bind-address is not an IP address");
            return address;
        },
    };

    public FaultPeer() : base("fault", Description)
    {
        Command.Arguments.Add(_words);
        Command.Options.Add(_calling);
        Command.Options.Add(_called);
        Command.Options.Add(_patience);
        Command.Options.Add(_loop);
        Command.Options.Add(_bind);
    }

    public override string Usage => "fault [options] connect addr port scenario… | listen port scenario… | list [scenario…] | show scenario…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("fault list", "the scenarios that are there, each with what is wrong and what the standard asks for"),
        ("fault connect 127.0.0.1 11112 all", "every scenario for a server; exit code 4 if one reaction is not the standard's"),
        ("fault connect 127.0.0.1 11112 associate data/no-pdv my.fault", "a group, one by its name, those of a file"),
        ("fault listen 11113 scu-find/pending-for-ever", "waits for one client and plays a hostile SCP"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        string[] words = arguments.GetValue(_words) ?? [];
        var settings = new FaultSettings("", 0, arguments.GetValue(_called)!, arguments.GetValue(_calling)!, arguments.GetValue(_patience));
        switch (words)
        {
            case ["list", ..]:
                return List(words.Length == 1 ? BuiltInScenarios.All : Choose(words[1..], null), console);
            case ["show", _, ..]:
                return Show(Choose(words[1..], null), console);
            case ["connect", string host, string port, _, ..]:
                return await ConnectAsync(settings with { Host = host, Port = PeerAddress.ParsePort(port, 1) }, Choose(words[3..], FaultRole.Client), console);
            case ["listen", string port, _, ..]:
                return await ListenAsync(settings, PeerAddress.ParsePort(port, 0), arguments.GetValue(_bind) ?? IPAddress.Loopback, arguments.GetValue(_loop), Choose(words[2..], FaultRole.Server), console);
            default:
                throw new UsageException("one of connect, listen, list and show is wanted, with what belongs to it");
        }
    }

    /// <summary>The scenarios that words name: names and groups of those built in, "all", files.</summary>
    /// <exception cref="UsageException">A word names none, or one of the other role.</exception>
    internal static IReadOnlyList<FaultScenario> Choose(IReadOnlyList<string> words, FaultRole? role)
    {
        var chosen = new List<FaultScenario>();
        foreach (string word in words)
        {
            List<FaultScenario> found = [.. word == "all" ? BuiltInScenarios.All.Where(s => !s.Name.StartsWith("slow/", StringComparison.Ordinal)) : BuiltInScenarios.Find(word)];
            if (found.Count == 0)
                found = Read(word);
            List<FaultScenario> fitting = [.. found.Where(scenario => role is null || scenario.Role == role)];
            if (fitting.Count == 0)
                throw new UsageException($"'{word}' is for 'fault {(role == FaultRole.Client ? "listen" : "connect")}': it plays a {(role == FaultRole.Client ? "server" : "client")}");
            chosen.AddRange(fitting);
        }

        return chosen;
    }

    private static List<FaultScenario> Read(string path)
    {
        try
        {
            return ScenarioParser.Parse(path, File.ReadAllText(path));
        }
        catch (ScenarioException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"'{path}' is neither a scenario of 'netdicom fault list' nor a file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}");
        }
    }

    private static int List(IReadOnlyList<FaultScenario> scenarios, ToolConsole console)
    {
        foreach (FaultScenario scenario in scenarios)
        {
            console.Print($"{(scenario.Role == FaultRole.Client ? "connect" : "listen ")}  {scenario.Name}  {scenario.About}");
            console.Json?.Write("scenario", json =>
            {
                json.WriteString("name", scenario.Name);
                json.WriteString("role", FaultReport.Role(scenario));
                json.WriteString("about", scenario.About);
            });
        }

        return ExitCode.Success;
    }

    private static int Show(IReadOnlyList<FaultScenario> scenarios, ToolConsole console)
    {
        foreach (FaultScenario scenario in scenarios)
        {
            console.Print(scenario.Text);
            console.Json?.Write("scenario", json =>
            {
                json.WriteString("name", scenario.Name);
                json.WriteString("role", FaultReport.Role(scenario));
                json.WriteString("about", scenario.About);
                json.WriteString("text", scenario.Text);
            });
        }

        return ExitCode.Success;
    }

    private static async Task<int> ConnectAsync(FaultSettings settings, IReadOnlyList<FaultScenario> scenarios, ToolConsole console)
    {
        var report = new FaultReport(console);
        foreach (FaultScenario scenario in scenarios)
            report.Add(await FaultRunner.RunAsync(scenario, settings, null, console.Stop));
        return report.Summarize();
    }

    private static async Task<int> ListenAsync(FaultSettings settings, int port, IPAddress address, bool loop, IReadOnlyList<FaultScenario> scenarios, ToolConsole console)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen();
        }
        catch (SocketException e)
        {
            throw new UsageException($"Cannot listen on port {port}: {e.Message}");
        }

        int bound = ((IPEndPoint)listener.LocalEndPoint!).Port;
        console.Json?.Write("listening", json => json.WriteNumber("port", bound));
        console.Print($"Listening on port {bound}");
        var report = new FaultReport(console);
        do
        {
            foreach (FaultScenario scenario in scenarios)
                report.Add(await FaultRunner.RunAsync(scenario, settings, listener, console.Stop));
        }
        while (loop);
        return report.Summarize();
    }
}
