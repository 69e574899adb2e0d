using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Output;
using NetDicom.Cli.Sending;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>C-STORE as a client (PS3.4 annex B).</summary>
internal sealed class StoreScu : Tool
{
    public const string Description = "send DICOM files to a peer (C-STORE)";

    private readonly Argument<string[]> _words = Words.Argument("peer path…", "addr port, or AET@host:port; then files and folders");

    private readonly PathOptions _paths;
    private readonly Option<bool> _required = new("--required-contexts", "-cx")
    {
        Description = "propose the pairs of class and transfer syntax found, one syntax a context: the default, unless another option says what to propose",
    };

    private readonly Option<bool> _all = new("--all-contexts") { Description = "propose the usual storage classes, whatever is found, each with the uncompressed transfer syntaxes" };
    private readonly Option<int> _parallel = Values.Count("--parallel", [], "associations side by side (default: 1)", 1, 1, 256);
    private readonly Option<int> _retry = Values.Count("--retry", [], "repetitions when there is no association or it is lost, each after a longer wait (default: 0)", 0, 0, 1_000_000);
    private readonly Option<string?> _resume = new("--resume") { Description = "journal of what was acknowledged; a second run with it sends the rest", HelpName = "FILE" };
    private readonly Option<string?> _originator = new("--move-originator")
    {
        Description = "send as a sub-operation of the C-MOVE of this AE, with its message ID after a colon: AET:ID",
        HelpName = "AET:ID",
    };

    private readonly Option<bool> _halt = new("--halt") { Description = "stop at the first file that is not stored (default: go on)" };
    private readonly Option<bool> _noHalt = new("--no-halt", "-nh") { Description = "go on after a file that is not stored: the default, accepted for old scripts" };
    private readonly Option<string?> _decompress = new("--decompress") { Description = "never: compressed pixel data is sent as it is or not at all (default, and the only choice)", HelpName = "WHEN" };
    private readonly ProgressOption _progress;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public StoreScu() : base("storescu", Description)
    {
        Command.Arguments.Add(_words);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command, _required);
        _progress = new ProgressOption(Command);
        _paths = new PathOptions(Command, withStdin: true);
        _decompress.AcceptOnlyFromAmong("never");
        foreach (Option option in (Option[])[_required, _all, _parallel, _retry, _resume, _originator, _halt, _noHalt, _decompress])
            Command.Options.Add(option);
        Exclusive.Add(Command, _required, _all);
        Exclusive.Add(Command, _halt, _noHalt);
    }

    public override string Usage => "storescu [options] addr port path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("storescu 127.0.0.1 11112 image.dcm", "one file"),
        ("storescu ARCHIVE@pacs.example:104 -r study --parallel 4 --retry 5 --resume study.journal", "a folder with all below it, four at a time, to be continued after a break"),
        ("find . -name '*.dcm' | netdicom storescu 127.0.0.1 11112 --stdin --json", "paths from a pipe, one JSON object for each outcome"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> paths);
        _paths.Require(arguments, paths, "to send");
        var connection = new ScuConnection(_scu, arguments, peer, console);
        StoreJobOptions options = new()
        {
            Parallel = arguments.GetValue(_parallel),
            Retry = arguments.GetValue(_retry),
            Halt = arguments.GetValue(_halt),
            Store = Originator(arguments.GetValue(_originator)) with { StopAtFirstFailure = arguments.GetValue(_halt) },
        };
        using Journal? journal = arguments.GetValue(_resume) is { } file ? Journal.Open(file, connection.Name) : null;
        StoreReport report;
        await using (ProgressDisplay? progress = ProgressDisplay.Start(_progress.IsWanted(arguments) && !Common.IsQuiet(arguments), console.Log))
        {
            report = new StoreReport(console, progress);
            var job = new StoreJob(connection, Plan(arguments), options, report, journal, console, progress);
            try
            {
                await job.RunAsync(_paths.Scan(arguments, paths), _paths.FromStdin(arguments));
            }
            catch (OperationCanceledException) when (console.Stop.IsCancellationRequested)
            {
                // The summary says how far it came; the exit code is the signal's.
            }
        }

        if (report.Tally.Files == report.Tally[FileOutcome.Unreadable] && !console.Stop.IsCancellationRequested)
            console.Log.Error("No suitable DICOM files found");
        int code = console.FinalExitCode(report.Tally.Files == 0 ? ExitCode.InputNotRead : report.Tally.ExitCode);
        report.Summarize(code);
        return code;
    }

    private ContextPlan Plan(ParseResult arguments)
    {
        TransferSyntaxChoice choice = _syntax.Read(arguments);
        if (arguments.GetValue(_all))
        {
            DicomUid[] syntaxes = [.. Syntaxes.Requested(choice).Select(s => s.Uid)];
            return ContextPlan.Fixed(SopClasses.Storage.Select(uid => new ProposedContext(uid, syntaxes)));
        }

        return choice == TransferSyntaxChoice.None
            ? ContextPlan.Found()
            : ContextPlan.OneSyntax(Syntaxes.One(choice).Uid);
    }

    private static StoreOptions Originator(string? text)
    {
        if (text is null)
            return new StoreOptions();
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !AETitle.TryParse(text[..colon], out AETitle title)
            || !ushort.TryParse(text[(colon + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort id))
            throw new UsageException($"'{text}' for --move-originator is not AET:ID, such as WORKSTATION:7");
        return new StoreOptions { MoveOriginatorAETitle = title, MoveOriginatorMessageId = id };
    }
}
