using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Procedures;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Procedure;

/// <summary>Storage Commitment, push model, as a client (PS3.4 annex J).</summary>
internal sealed class StgCmtScu : Tool
{
    public const string Description = "ask a peer to commit itself to keeping objects, and wait for its report (storage commitment)";

    private readonly Argument<string[]> _words = Words.Argument("peer path…", "addr port, or AET@host:port; then the files and folders that were sent");
    private readonly PathOptions _paths;
    private readonly Option<TimeSpan> _wait = Values.Seconds("--wait", [], "longest wait for the report", 60, zeroIsNone: true);
    private readonly Option<int> _port = Values.Count("--report-port", [], "TCP port to take the report on when it comes on an association of the peer's; the peer must know it and our title (default: 11113)", 11113, 1, 65535);
    private readonly Option<bool> _release = new("--release") { Description = "release the association after the request, for peers that report only then, on one of their own (default: it stays open until the report is there)" };
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public StgCmtScu() : base("stgcmtscu", Description)
    {
        Command.Arguments.Add(_words);
        _paths = new PathOptions(Command, withStdin: true);
        foreach (Option option in (Option[])[_wait, _port, _release])
            Command.Options.Add(option);
        _scu = new ScuOptions(Command, Name, listens: true);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "stgcmtscu [options] addr port path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("stgcmtscu ARCHIVE@pacs.example:104 -aet MODALITY --report-port 11113 -r images", "an outcome for each object; 4 if one is not committed"),
        ("stgcmtscu 127.0.0.1 11112 --wait 600 --release image.dcm", "for a peer that reports later, on an association of its own"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> paths);
        _paths.Require(arguments, paths, "to ask for");
        (IReadOnlyList<ReferencedObject> objects, int unreadable) = await ReferencedObject.ReadAsync(_paths.Scan(arguments, paths), console);
        var report = new CommitmentReport(objects, console);
        int code = objects.Count == 0 ? ExitCode.InputNotRead : await AskAsync(arguments, peer, report, console);
        if (code == ExitCode.Success && unreadable > 0)
            code = ExitCode.InputNotRead;
        report.GiveUp();
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", Name);
            json.WriteNumber("objects", report.Asked);
            json.WriteNumber("committed", report.Committed);
            json.WriteNumber("failed", report.Failed);
            json.WriteNumber("unreadable", unreadable);
            json.WriteNumber("exitCode", code);
        });
        return code;
    }

    private async Task<int> AskAsync(ParseResult arguments, PeerAddress peer, CommitmentReport report, ToolConsole console)
    {
        DicomUid sopClass = SopClasses.StorageCommitmentPushModel;
        var connection = new ScuConnection(_scu, arguments, peer, console);
        connection.Entity.OnNEventReport(sopClass, (indication, _) => ValueTask.FromResult(report.Take(indication)));
        await using DicomServer? listener = await Listener.StartAsync(connection, sopClass, arguments.GetValue(_port), arguments.GetResult(_port) is { Implicit: false }, console);
        // With all options of the tools the association may be silent for --network-timeout at most; the wait has a limit of its own.
        int code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, sopClass), [], async association =>
        {
            NResponse answer = await association.NActionAsync(sopClass, Uids.StorageCommitmentPushModelInstance, 1, report.Request(), null, console.Stop);
            if (answer.Status.IsFailure)
            {
                console.Log.Error($"Storage commitment was not granted: {StatusText.Describe(answer.Status, CommandField.NActionResponse, "Storage Commitment", answer.ErrorComment)}");
                return ExitCode.OperationFailed;
            }

            console.Log.Info($"Requested for {report.Asked} objects, transaction {report.TransactionUid}; waiting for the report");
            if (arguments.GetValue(_release))
                await ScuRun.ReleaseAsync(association, console);
            return await WaitAsync(association, listener is not null, arguments.GetValue(_wait), report, console);
        }, console);
        if (listener is not null)
            await listener.StopAsync(CancellationToken.None);
        return code;
    }

    private static async Task<int> WaitAsync(Association association, bool isListening, TimeSpan longest, CommitmentReport report, ToolConsole console)
    {
        Task limit = Task.Delay(longest, console.Stop);
        // A peer may end the association and report on one of its own; without a listener there is nothing left to wait for then.
        Task first = await Task.WhenAny(isListening ? [report.Complete, limit] : [report.Complete, limit, association.Completion]);
        console.Stop.ThrowIfCancellationRequested();
        if (!report.Complete.IsCompleted)
        {
            console.Log.Error(first == limit
                ? $"No report within {longest.TotalSeconds:0.###} s: does the peer know our title, address and --report-port? --wait says how long to wait"
                : "The peer ended the association without a report, and no port is open for one of its own: give --report-port");
            return ExitCode.AssociationLost;
        }

        return report.Failed > 0 ? ExitCode.OperationFailed : ExitCode.Success;
    }
}
