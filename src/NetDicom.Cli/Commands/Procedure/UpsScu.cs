using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Procedures;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Procedure;

/// <summary>Unified Procedure Steps as a client (PS3.4 annex CC).</summary>
internal sealed class UpsScu : Tool
{
    public const string Description = "work with unified procedure steps: create, get, change, subscribe, watch (UPS)";

    private const string Service = "Unified Procedure Step";

    private static readonly string[] s_actions = ["create", "get", "set", "claim", "complete", "discontinue", "cancel", "subscribe", "unsubscribe", "suspend", "watch"];

    private readonly Argument<string[]> _words = Words.Argument("peer action…",
        "addr port, or AET@host:port; then create [UID], get UID, set UID, claim UID (to IN PROGRESS), complete UID, discontinue UID (to CANCELED), cancel UID (ask its performer to cancel it), "
        + "subscribe [UID], unsubscribe [UID], suspend (no UID: the global subscription, with -k the filtered one), watch [UID] (subscribe, print events until a signal comes, unsubscribe)");

    private readonly DataSetOptions _keys;
    private readonly Option<string?> _transaction = new("--transaction") { Description = "Transaction UID: the one that claim printed, for set, complete and discontinue (default: claim makes one)", HelpName = "UID" };
    private readonly Option<string?> _receiver = new("--receiving-aet") { Description = "AE title that gets the events of a subscription (default: our own)", HelpName = "AET" };
    private readonly Option<bool> _lock = new("--deletion-lock") { Description = "subscribe, watch: the step is not to be deleted before this subscription ends" };
    private readonly Option<string?> _reason = new("--reason") { Description = "cancel: why, in words", HelpName = "TEXT" };
    private readonly Option<int> _port = Values.Count("--report-port", [], "watch: TCP port to take events on; the peer must know it and our title (default: 11113)", 11113, 1, 65535);
    private readonly Option<int> _events = Values.Count("--events", [], "watch: end after N events (default: never)", 0, 1, int.MaxValue);
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public UpsScu() : base("upsscu", Description)
    {
        Command.Arguments.Add(_words);
        _keys = new DataSetOptions(Command, "attribute of the step (create, set), attribute that is wanted (get), key of the filter (subscribe, watch)");
        foreach (Option option in (Option[])[_transaction, _receiver, _lock, _reason, _port, _events])
            Command.Options.Add(option);
        _scu = new ScuOptions(Command, Name, listens: true);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "upsscu [options] addr port ACTION [UID]";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("upsscu 127.0.0.1 11112 create -k ProcedureStepLabel=Segment -k PatientID=1CT1", "makes a step and prints its UID"),
        ("upsscu 127.0.0.1 11112 claim 1.2.3", "takes it to work on; the transaction UID that is printed is the key to it"),
        ("upsscu 127.0.0.1 11112 complete 1.2.3 --transaction 2.25.7", "ends it"),
        ("upsscu MANAGER@ups.example:104 -aet WATCHER watch --report-port 11113 --json", "subscribes to all steps and prints what happens"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        PeerAddress peer = PeerAddress.TakeFrom(arguments.GetValue(_words) ?? [], out IReadOnlyList<string> rest);
        string action = ActionWords.Action(rest, s_actions);
        bool isSubscription = action is "subscribe" or "unsubscribe" or "suspend" or "watch";
        DicomUid uid = ActionWords.Uid(rest, isNeeded: !isSubscription && action != "create");
        if (rest.Count > 2 || (action == "suspend" && rest.Count > 1))
            throw new UsageException($"'{rest[^1]}' is one word too many");
        DicomDataSet given = _keys.Read(arguments);
        if (uid.IsNone && action == "create")
            uid = DicomUid.Generate();
        if (uid.IsNone && isSubscription)
            uid = given.Count > 0 ? Uids.UPSFilteredGlobalSubscriptionInstance : Uids.UPSGlobalSubscriptionInstance;

        var connection = new ScuConnection(_scu, arguments, peer, console);
        var report = new RequestReport(console, Name, Service);
        IReadOnlyList<PresentationContext> contexts = _syntax.Contexts(arguments, ClassesFor(action));
        Func<Request, Task> invoke = Invocation(action, arguments, given);
        var events = new UpsEventReport(console, arguments.GetValue(_events));
        connection.Entity.OnNEventReport((indication, _) => ValueTask.FromResult(events.Take(indication)));
        await using DicomServer? listener = action == "watch"
            ? await Listener.StartAsync(connection, SopClasses.UnifiedProcedureStepEvent, arguments.GetValue(_port), isWanted: true, console)
            : null;
        bool isDone = false;
        int code = await ScuRun.RunAsync(connection, contexts, [], async association =>
        {
            await invoke(new Request(association, uid, report, console.Stop));
            isDone = report.ExitCode == ExitCode.Success;
            return report.ExitCode;
        }, console);
        // A signal may come while the association is released: the subscription stands then, and is ended all the same.
        if (listener is not null && isDone && (code == ExitCode.Success || console.Stop.IsCancellationRequested))
            code = await WatchAsync(connection, contexts, new Watching(uid, Receiver(arguments)), events, report, console);
        // Whoever brought the last event has an association open, and may release it; a signal does not wait for that.
        if (listener is not null)
            await listener.StopAsync(console.Stop);
        report.Summarize(code);
        return code;
    }

    // Which class has the service (PS3.4 tables CC.2-1 to CC.2-5); the first that the peer accepts is used.
    private static DicomUid[] ClassesFor(string action) => action switch
    {
        "create" => [SopClasses.UnifiedProcedureStepPush],
        "set" or "claim" or "complete" or "discontinue" => [SopClasses.UnifiedProcedureStepPull],
        "cancel" => [SopClasses.UnifiedProcedureStepPush, SopClasses.UnifiedProcedureStepWatch],
        "get" => [SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepPush],
        _ => [SopClasses.UnifiedProcedureStepWatch],
    };

    private Func<Request, Task> Invocation(string action, ParseResult arguments, DicomDataSet given)
    {
        switch (action)
        {
            case "create":
                DicomDataSet step = UpsDataSet.Create(given, DateTime.Now);
                return async request => request.Report.Add("N-CREATE", CommandField.NCreateResponse, request.Uid,
                    await request.Association.NCreateAsync(SopClasses.UnifiedProcedureStepPush, request.Uid, step, request.Options, request.Stop));
            case "get":
                return async request => request.Report.Add("N-GET", CommandField.NGetResponse, request.Uid,
                    await request.Association.NGetAsync(SopClasses.UnifiedProcedureStepPush, request.Uid, [.. given.Select(e => e.Tag)], request.Options, request.Stop), showDataSet: true);
            case "set":
                if (given.Count == 0)
                    throw new UsageException("nothing to set: give attributes with -k or -f");
                given.Set(DicomTags.TransactionUID, Transaction(arguments) ?? throw new UsageException("a claimed step is changed with its --transaction UID"));
                return async request => request.Report.Add("N-SET", CommandField.NSetResponse, request.Uid,
                    await request.Association.NSetAsync(SopClasses.UnifiedProcedureStepPush, request.Uid, given, request.Options, request.Stop));
            case "claim":
                DicomUid made = Transaction(arguments) ?? DicomUid.Generate();
                return async request =>
                {
                    if (await ActAsync(request, 1, $"N-ACTION (claim, transaction {made})", UpsDataSet.ChangeState("IN PROGRESS", made)))
                        request.Report.Say("transactionUid", made);
                };
            case "complete" or "discontinue":
                DicomUid transaction = Transaction(arguments) ?? throw new UsageException($"{action} needs the --transaction UID with which the step was claimed");
                return request => ActAsync(request, 1, $"N-ACTION ({action})", UpsDataSet.ChangeState(action == "complete" ? "COMPLETED" : "CANCELED", transaction));
            case "cancel":
                if (arguments.GetValue(_reason) is { } reason)
                    given.Set(DicomTags.ReasonForCancellation, reason);
                return request => ActAsync(request, 2, "N-ACTION (request cancel)", given.Count > 0 ? given : null);
            case "unsubscribe":
                return request => ActAsync(request, 4, "N-ACTION (unsubscribe)", UpsDataSet.Subscription([], Receiver(arguments), null));
            case "suspend":
                return request => ActAsync(request, 5, "N-ACTION (suspend global subscription)", UpsDataSet.Subscription([], Receiver(arguments), null));
            default:
                return request => ActAsync(request, 3, "N-ACTION (subscribe)", UpsDataSet.Subscription(given, Receiver(arguments), arguments.GetValue(_lock)));
        }
    }

    private static async Task<bool> ActAsync(Request request, ushort type, string name, DicomDataSet? information) => request.Report.Add(name, CommandField.NActionResponse, request.Uid,
        await request.Association.NActionAsync(SopClasses.UnifiedProcedureStepPush, request.Uid, type, information, request.Options, request.Stop));

    // Events come on associations of the peer's: ours is not needed meanwhile. The end of the subscription needs another, which a signal no longer stops.
    private static async Task<int> WatchAsync(
        ScuConnection connection, IReadOnlyList<PresentationContext> contexts, Watching watching, UpsEventReport events, RequestReport report, ToolConsole console)
    {
        try
        {
            await events.Enough.WaitAsync(console.Stop);
        }
        catch (OperationCanceledException)
        {
            console.Log.Info("Stopping: the subscription is ended");
        }

        try
        {
            await using Association association = await connection.OpenAsync(contexts, CancellationToken.None);
            await ActAsync(new Request(association, watching.Uid, report, CancellationToken.None), 4, "N-ACTION (unsubscribe)", UpsDataSet.Subscription([], watching.Receiver, null));
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            console.Log.Error($"The subscription was not ended: {Failures.Describe(e)}");
            return console.FinalExitCode(ExitCode.OperationFailed);
        }

        return console.FinalExitCode(report.ExitCode);
    }

    private DicomUid? Transaction(ParseResult arguments) => arguments.GetValue(_transaction) is { } text ? ActionWords.ParseUid(text) : null;

    private string Receiver(ParseResult arguments)
    {
        string title = arguments.GetValue(_receiver) ?? _scu.CallingTitle(arguments);
        return AETitle.TryParse(title, out _) ? title : throw new UsageException($"'{title}' for --receiving-aet is not an AE title");
    }

    private sealed record Watching(DicomUid Uid, string Receiver);

    private sealed record Request(Association Association, DicomUid Uid, RequestReport Report, CancellationToken Stop)
    {
        /// <summary>The context: instances are of class UPS Push whichever class was negotiated (PS3.4 annex CC.3.1.1).</summary>
        public NServiceOptions Options { get; } = new()
        {
            AbstractSyntax = Association.Contexts.FirstOrDefault(c => c.IsAccepted && c.ScuRole)?.AbstractSyntax ?? SopClasses.UnifiedProcedureStepPush,
        };
    }
}
