using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Procedures;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Procedure;

/// <summary>Modality Performed Procedure Step as a client (PS3.4 annex F.7).</summary>
internal sealed class MppsScu : Tool
{
    public const string Description = "report a performed procedure step: create, set, complete, discontinue (MPPS)";

    private const string Service = "Modality Performed Procedure Step";

    private readonly Argument<string[]> _words = Words.Argument("peer action…",
        "addr port, or AET@host:port; then create [UID], set UID, complete UID [path…] or discontinue UID [path…]. Without UID create makes one and prints it; the paths are the objects that were made");

    private readonly Option<string?> _worklist = new("--from-worklist") { Description = "create: take patient, study and scheduled step from this worklist entry (a file of mwlscu -w)", HelpName = "FILE" };
    private readonly PathOptions _paths;
    private readonly DataSetOptions _keys;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public MppsScu() : base("mppsscu", Description)
    {
        Command.Arguments.Add(_words);
        _keys = new DataSetOptions(Command, "attribute of the step; what is mandatory and not given gets a value of its own or none");
        Command.Options.Add(_worklist);
        _paths = new PathOptions(Command, withStdin: false);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "mppsscu [options] addr port create|set|complete|discontinue [UID] [path…]";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("mppsscu RIS@ris.example:104 create --from-worklist rsp000001.dcm", "starts the step of a worklist entry, and prints its UID"),
        ("mppsscu 127.0.0.1 11112 create 1.2.3 -k Modality=CT -k PatientID=1CT1", "starts an unscheduled step"),
        ("mppsscu 127.0.0.1 11112 complete 1.2.3 images", "ends it, with the series and objects of a folder"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> rest);
        string action = ActionWords.Action(rest, "create", "set", "complete", "discontinue");
        bool create = action == "create";
        DicomUid uid = ActionWords.Uid(rest, isNeeded: !create);
        string[] paths = [.. rest.Skip(2)];
        if (paths.Length > 0 && action is "create" or "set")
            throw new UsageException($"'{paths[0]}' is one word too many");
        if (!create && arguments.GetValue(_worklist) is not null)
            throw new UsageException("--from-worklist is for create");
        if (action == "set" && !_keys.IsGiven(arguments))
            throw new UsageException("nothing to set: give attributes with -k or -f");

        DicomDataSet given = _keys.Read(arguments);
        int unreadable = 0;
        if (create)
        {
            if (uid.IsNone)
                uid = DicomUid.Generate();
            MppsDataSet.Create(given, arguments.GetValue(_worklist) is { } file ? DataSetOptions.Load(file) : null, _scu.CallingTitle(arguments), DateTime.Now);
        }
        else if (action != "set")
        {
            IReadOnlyList<ReferencedObject> objects = [];
            if (paths.Length > 0)
                (objects, unreadable) = await ReferencedObject.ReadAsync(_paths.Scan(arguments, paths), console);
            MppsDataSet.End(given, action == "complete" ? "COMPLETED" : "DISCONTINUED", objects, DateTime.Now);
            if (action == "complete" && given.GetSequence(DicomTags.PerformedSeriesSequence) is not { Count: > 0 })
                console.Log.Warn("A completed step has at least one series (PS3.4 table F.7.2-1): name the files that were made, or give PerformedSeriesSequence with -k");
        }

        var connection = new ScuConnection(_scu, arguments, peer, console);
        var report = new RequestReport(console, Name, Service);
        DicomUid sopClass = SopClasses.ModalityPerformedProcedureStep;
        int code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, sopClass), [], async association =>
        {
            NResponse answer = create
                ? await association.NCreateAsync(sopClass, uid, given, null, console.Stop)
                : await association.NSetAsync(sopClass, uid, given, null, console.Stop);
            // A step that is broken off has often made nothing. Only a peer that has no series of it yet is given one: it would take the place of those it has.
            if (action == "discontinue" && !given.Contains(DicomTags.PerformedSeriesSequence) && (answer.Status == DimseStatus.MissingAttribute || answer.Status == DimseStatus.MissingAttributeValue))
            {
                console.Log.Info($"The peer answered {StatusText.Code(answer.Status)}: asked again with a series without objects, which a step needs at its end");
                answer = await association.NSetAsync(sopClass, uid, MppsDataSet.AddSeriesWithoutObjects(given), null, console.Stop);
            }

            report.Add($"{(create ? "N-CREATE" : "N-SET")} ({action})", create ? CommandField.NCreateResponse : CommandField.NSetResponse, uid, answer);
            return report.ExitCode;
        }, console);
        if (code == ExitCode.Success && unreadable > 0)
            code = ExitCode.InputNotRead;
        report.Summarize(code);
        return code;
    }
}
