using System.CommandLine;
using System.Diagnostics;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Querying;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Query;

/// <summary>C-FIND as a client (PS3.4 annexes C, K and CC).</summary>
internal class FindScu : Tool
{
    public const string Description = "query a peer for patients, studies, worklist entries or procedure steps (C-FIND)";

    private readonly Argument<string[]> _words = Words.Argument("peer", "addr port, or AET@host:port");
    private readonly ModelOptions? _model;
    private readonly DataSetOptions _keys;
    private readonly FindExtensionOptions _extensions;
    private readonly Option<bool> _write = new("--write", "-w") { Description = "write each answer as a file: rsp000001.dcm and so on" };
    private readonly Option<string> _folder = new("--output-directory", "-od") { Description = "folder for --write; made when it is missing (default: .)", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
    private readonly Option<int> _cancel = Values.Count("--cancel", [], "send C-CANCEL after N answers (default: never)", 0, 1, int.MaxValue);
    private readonly Option<bool> _csv = new("--csv") { Description = "answers as comma-separated values, the asked keys as columns (default: a readable list)" };
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public FindScu() : this("findscu", Description, withModels: true)
    {
    }

    protected FindScu(string name, string description, bool withModels) : base(name, description)
    {
        Common.SpeakByDefault();
        Common.DescribeJson("one JSON object for each answer, its data set as DICOM JSON, and a summary last");
        Command.Arguments.Add(_words);
        _model = withModels ? new ModelOptions(Command, withWorklists: true) : null;
        _keys = new DataSetOptions(Command, "key of the query");
        _extensions = new FindExtensionOptions(Command, withModels);
        foreach (Option option in (Option[])[_write, _folder, _cancel, _csv])
            Command.Options.Add(option);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => $"{Name} [options] addr port -k KEY=VALUE …";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("findscu -S 127.0.0.1 11112 -k QueryRetrieveLevel=STUDY -k PatientID=1CT1 -k StudyInstanceUID -k StudyDate", "the studies of a patient"),
        ("findscu -S ARCHIVE@pacs.example:104 -k QueryRetrieveLevel=STUDY -k StudyDate=20260101-20260131 -k ModalitiesInStudy --csv", "a table of a month"),
        ("findscu -W 127.0.0.1 11112 -k PatientName -k ScheduledProcedureStepSequence[0].Modality=CT --json", "the CT worklist, one JSON object an entry"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> rest);
        if (rest.Count > 0)
            throw new UsageException($"'{rest[0]}' is one word too many; keys are given with -k");
        QueryModel model = _model?.Read(arguments) ?? QueryModel.Worklist;
        DicomDataSet query = Query(arguments);
        QueryNotes.Check(query, model, console.Log);
        if (arguments.GetValue(_csv) && Common.WantsJson(arguments))
            throw new UsageException("--csv and --json exclude each other");
        var connection = new ScuConnection(_scu, arguments, peer, console);
        DicomUid[] classes = QueryModels.Find(model);
        IReadOnlyList<SopClassExtendedNegotiation> extended = _extensions.Read(arguments, model, classes);
        var report = new FindReport(console, Name, QueryModels.ServiceClass(model))
        {
            Csv = arguments.GetValue(_csv) ? new MatchCsv(query) : null,
            Files = arguments.GetValue(_write) ? new MatchFiles(arguments.GetValue(_folder)!) : null,
        };
        report.Start();
        FindResponse? final = null;
        bool cancelled = false;
        long cancelledAt = 0;
        int code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, classes), extended, AskAsync, console);
        report.Summarize(final, cancelled, code);
        return code;

        async Task<int> AskAsync(Association association)
        {
            FindExtensionOptions.Report(extended, association, console);
            // None accepted: the library says so of the first.
            DicomUid sopClass = classes.FirstOrDefault(uid => association.TryFindContext(uid) is not null, classes[0]);
            FindOperation operation = association.FindAsync(sopClass, query, null, console.Stop);
            await foreach (FindResponse response in operation.ReadResponsesAsync())
            {
                if (!response.Status.IsPending)
                {
                    final = response;
                    continue;
                }

                if (cancelled)
                {
                    // What comes after the wish to stop was on its way already; but not for ever.
                    if (connection.DimseTimeout <= TimeSpan.Zero || Stopwatch.GetElapsedTime(cancelledAt) < connection.DimseTimeout)
                        continue;
                    console.Log.Error("The peer sends answers in spite of C-CANCEL: the association is aborted");
                    await association.AbortAsync();
                    return ExitCode.AssociationLost;
                }

                report.Add(response, sopClass);
                if (arguments.GetValue(_cancel) is var enough and > 0 && report.Matches == enough)
                {
                    cancelled = true;
                    cancelledAt = Stopwatch.GetTimestamp();
                    console.Log.Info("Sending C-CANCEL Request");
                    await operation.CancelAsync();
                }
            }

            if (final is null)
                return ExitCode.OperationFailed;
            report.Finish(final, cancelled);
            return final.Status.IsFailure || (final.Status.IsCancel && !cancelled) || report.NotWritten > 0 || report.Damaged > 0 ? ExitCode.OperationFailed : ExitCode.Success;
        }
    }

    /// <summary>The query.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    protected virtual DicomDataSet Query(ParseResult arguments) => _keys.IsGiven(arguments)
        ? _keys.Read(arguments)
        : throw new UsageException("nothing to ask for: give keys with -k, or a file with -f");

    /// <summary>Whether the user said what to ask for.</summary>
    protected bool HasQuery(ParseResult arguments) => _keys.IsGiven(arguments);
}
