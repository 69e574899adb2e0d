using System.CommandLine;
using System.Diagnostics;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>C-ECHO as a client (PS3.4 annex A).</summary>
internal sealed class EchoScu : Tool
{
    public const string Description = "ask a peer whether it is there (C-ECHO)";

    private readonly Argument<string[]> _words = Words.Argument("peer", "addr port, or AET@host:port");
    private readonly Option<int> _repeat = Values.Count("--repeat", [], "requests on the one association (default: 1)", 1, 1, int.MaxValue);
    private readonly Option<bool> _abort = new("--abort") { Description = "end with A-ABORT instead of a release" };
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public EchoScu() : base("echoscu", Description)
    {
        Command.Arguments.Add(_words);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command);
        Command.Options.Add(_repeat);
        Command.Options.Add(_abort);
    }

    public override string Usage => "echoscu [options] addr port";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("echoscu 127.0.0.1 11112", "prints the round trip"),
        ("echoscu ARCHIVE@pacs.example:104 -aet CONSOLE --repeat 10", "ten requests; smallest, median and largest round trip"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> rest);
        if (rest.Count > 0)
            throw new UsageException($"'{rest[0]}' is one word too many");
        var connection = new ScuConnection(_scu, arguments, peer, console);
        var report = new EchoReport(console);
        bool established = false;
        int code;
        try
        {
            await using Association association = await connection.OpenAsync(
                _syntax.Contexts(arguments, SopClasses.Verification), console.Stop);
            established = true;
            for (int i = 1; i <= arguments.GetValue(_repeat); i++)
                await EchoOnceAsync(association, i, report, console);
            if (arguments.GetValue(_abort))
                await association.AbortAsync();
            else
                await association.ReleaseAsync(console.Stop);

            code = report.Failures == 0 ? ExitCode.Success : ExitCode.OperationFailed;
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            console.Log.Error(Failures.Describe(e));
            code = Failures.ExitCodeOf(e, established);
        }
        catch (OperationCanceledException) when (console.Stop.IsCancellationRequested)
        {
            code = console.FinalExitCode(ExitCode.Interrupted);
        }

        report.Summarize(code);
        return code;
    }

    private static async Task EchoOnceAsync(Association association, int number, EchoReport report, ToolConsole console)
    {
        long start = Stopwatch.GetTimestamp();
        DimseStatus status = await association.EchoAsync(console.Stop);
        TimeSpan roundTrip = Stopwatch.GetElapsedTime(start);
        report.Add(number, status, roundTrip);
    }
}
