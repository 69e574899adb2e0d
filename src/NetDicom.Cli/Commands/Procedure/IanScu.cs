using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Procedures;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Procedure;

/// <summary>Instance Availability Notification as a client (PS3.4 annex R).</summary>
internal sealed class IanScu : Tool
{
    public const string Description = "tell a peer that objects are available (instance availability notification)";

    private readonly Argument<string[]> _words = Words.Argument("peer path…", "addr port, or AET@host:port; then the files and folders that are spoken of");
    private readonly PathOptions _paths;
    private readonly Option<string> _availability = new("--availability")
    {
        Description = "how: ONLINE, NEARLINE, OFFLINE or UNAVAILABLE (default: ONLINE)",
        HelpName = "WORD",
        DefaultValueFactory = _ => "ONLINE",
    };

    private readonly Option<string?> _retrieve = new("--retrieve-aet") { Description = "AE title from which they can be retrieved (default: our own)", HelpName = "AET" };
    private readonly Option<string?> _step = new("--mpps") { Description = "SOP Instance UID of the performed procedure step that made them (default: none)", HelpName = "UID" };
    private readonly DataSetOptions _keys;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public IanScu() : base("ianscu", Description)
    {
        Command.Arguments.Add(_words);
        _paths = new PathOptions(Command, withStdin: true);
        _availability.AcceptOnlyFromAmong("ONLINE", "NEARLINE", "OFFLINE", "UNAVAILABLE");
        foreach (Option option in (Option[])[_availability, _retrieve, _step])
            Command.Options.Add(option);
        _keys = new DataSetOptions(Command, "further attribute of each notification");
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "ianscu [options] addr port path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("ianscu RIS@ris.example:104 -r images --retrieve-aet ARCHIVE", "a notification for each study in the folder"),
        ("ianscu 127.0.0.1 11112 image.dcm --availability NEARLINE --mpps 1.2.3", "with the procedure step it belongs to"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> paths);
        _paths.Require(arguments, paths, "to tell of");
        string retrieve = arguments.GetValue(_retrieve) ?? _scu.CallingTitle(arguments);
        if (!AETitle.TryParse(retrieve, out _))
            throw new UsageException($"'{retrieve}' for --retrieve-aet is not an AE title");
        DicomUid step = arguments.GetValue(_step) is { } text ? ActionWords.ParseUid(text) : default;
        DicomDataSet given = _keys.Read(arguments);
        (IReadOnlyList<ReferencedObject> objects, int unreadable) = await ReferencedObject.ReadAsync(_paths.Scan(arguments, paths), console);
        // Study and series are of type 1 in a notification.
        foreach (ReferencedObject o in objects.Where(o => o.Study.IsNone || o.Series.IsNone))
        {
            console.Log.Error($"{o.Path} names no study or series, and nothing can be told of it");
            unreadable++;
        }

        objects = [.. objects.Where(o => !o.Study.IsNone && !o.Series.IsNone)];
        var report = new RequestReport(console, Name, "Instance Availability Notification");
        int code = ExitCode.InputNotRead;
        if (objects.Count > 0)
        {
            DicomUid sopClass = SopClasses.InstanceAvailabilityNotification;
            var connection = new ScuConnection(_scu, arguments, peer, console);
            code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, sopClass), [], async association =>
            {
                foreach (IGrouping<DicomUid, ReferencedObject> study in objects.GroupBy(o => o.Study))
                {
                    DicomUid uid = DicomUid.Generate();
                    DicomDataSet notification = Notification(given.Clone(), study, arguments.GetValue(_availability)!, retrieve, step);
                    report.Add($"N-CREATE (study {study.Key})", CommandField.NCreateResponse, uid, await association.NCreateAsync(sopClass, uid, notification, null, console.Stop));
                }

                return report.ExitCode;
            }, console);
        }

        if (code == ExitCode.Success && unreadable > 0)
            code = ExitCode.InputNotRead;
        report.Summarize(code);
        return code;
    }

    // PS3.4 table R.3.2-1.
    private static DicomDataSet Notification(DicomDataSet set, IGrouping<DicomUid, ReferencedObject> study, string availability, string retrieve, DicomUid step)
    {
        if (!set.Contains(DicomTags.ReferencedPerformedProcedureStepSequence))
        {
            DicomDataSet[] steps = [];
            if (!step.IsNone)
            {
                DicomDataSet reference = Filled.Reference(SopClasses.ModalityPerformedProcedureStep, step);
                reference.DefaultEmpty(DicomTags.PerformedWorkitemCodeSequence);
                steps = [reference];
            }

            set.Set(DicomTags.ReferencedPerformedProcedureStepSequence, steps);
        }

        set.Set(DicomTags.StudyInstanceUID, study.Key);
        set.Set(DicomTags.ReferencedSeriesSequence, [.. study.GroupBy(o => o.Series).Select(series => new DicomDataSet
        {
            { DicomTags.SeriesInstanceUID, series.Key },
            { DicomTags.ReferencedSOPSequence, [.. series.DistinctBy(o => o.SopInstance).Select(o => Filled.Reference(o.SopClass, o.SopInstance)
                .Set(DicomTags.InstanceAvailability, availability).Set(DicomTags.RetrieveAETitle, retrieve))] },
        })]);
        return set;
    }
}
