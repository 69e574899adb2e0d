using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Receiving;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>C-STORE as a server (PS3.4 annex B).</summary>
internal sealed class StoreScp : Tool
{
    public const string Description = "receive DICOM objects and write them to a folder (C-STORE)";

    private static readonly HashSet<string> s_vectors = ["--on-stored", "--on-study"];

    private readonly Option<string> _folder = new("--output-directory", "-od")
    {
        Description = "folder for what is received; made when it is missing (default: .)",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<bool> _ignore = new("--ignore") { Description = "answer success and keep nothing" };
    private readonly Option<bool> _noEcho = new("--no-echo") { Description = "do not accept verification (C-ECHO)" };
    private readonly Option<string> _layout = new("--layout")
    {
        Description = "flat: CT.1.2.3; study: {StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm; or a template of such placeholders, also {SOPClassUID} and {Prefix} (default: flat)",
        HelpName = "LAYOUT",
        DefaultValueFactory = _ => "flat",
    };

    private readonly Option<string> _existing = new("--existing")
    {
        Description = "when the file is there already: replace it, keep it (and answer success), or keep both, the new one with a number (default: replace)",
        HelpName = "WHAT",
        DefaultValueFactory = _ => "replace",
    };

    private readonly Option<string> _durability = new("--durability")
    {
        Description = "before the peer is answered: none, nothing is flushed; file, the file is; full, its name in the folder too (default: none)",
        HelpName = "HOW",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<bool> _unknown = new("--accept-unknown") { Description = "accept classes that no standard knows (promiscuous)" };
    private readonly Option<int> _maxAssociations = Values.Count("--max-associations", [], "associations at one time; one more is rejected (default: 100)", 100, 1, 100_000);
    private readonly Option<bool> _requireCalled = new("--require-called-aet") { Description = "reject who calls us by another title" };
    private readonly Option<string[]> _requireCalling = new("--require-calling-aet")
    {
        Description = "reject callers with other titles than these",
        HelpName = "AET…",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _onStored = new("--on-stored")
    {
        Description = "run a program after each object; its arguments go on to a lone ; or one of our own long options. Placeholders: {path}, {sopClassUid}, {sopInstanceUid}, {transferSyntaxUid}, "
            + "{callingAeTitle}, {calledAeTitle}; in the environment too, as NETDICOM_PATH, NETDICOM_SOP_CLASS_UID and so on. Never a shell",
        HelpName = "PROGRAM ARG…",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _onStudy = new("--on-study")
    {
        Description = "run a program when no more objects of a study come. Placeholders: {folder}, {studyInstanceUid}, {objects}",
        HelpName = "PROGRAM ARG…",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<TimeSpan> _studyQuiet = Values.Seconds("--study-quiet", [], "how long nothing of a study must come for --on-study", 10, zeroIsNone: false);
    private readonly Option<TimeSpan> _delay = Values.Seconds("--delay-response", [], "fault: wait before each response", 0, zeroIsNone: false);
    private readonly Option<bool> _refuse = new("--refuse") { Description = "fault: answer every object with A700 (out of resources) and keep nothing" };
    private readonly Option<bool> _reject = new("--reject") { Description = "fault: reject every association" };
    private readonly Option<int> _abortAfter = Values.Count("--abort-after", [], "fault: abort instead of the next response, once N objects of an association were answered (default: never)", -1, 0, int.MaxValue);
    private readonly Option<bool> _abortDuring = new("--abort-during") { Description = "fault: abort in the middle of a data set" };
    private readonly Option<ushort?> _status = new("--status")
    {
        Description = "fault: answer every object with this status, four hexadecimal digits; kept only if it is a success or warning",
        HelpName = "CODE",
        CustomParser = Values.Status,
    };

    private readonly ScpOptions _scp;
    private readonly PreferredSyntaxOptions _syntax;

    public StoreScp() : base("storescp", Description)
    {
        _scp = new ScpOptions(Command, Name);
        _syntax = new PreferredSyntaxOptions(Command);
        _existing.AcceptOnlyFromAmong("replace", "keep", "both");
        _durability.AcceptOnlyFromAmong("none", "file", "full");
        foreach (Option option in (Option[])[_folder, _ignore, _noEcho, _layout, _existing, _durability, _unknown, _maxAssociations, _requireCalled, _requireCalling,
            _onStored, _onStudy, _studyQuiet, _delay, _refuse, _reject, _abortAfter, _abortDuring, _status])
            Command.Options.Add(option);
        Exclusive.Add(Command, _refuse, _status);
        Exclusive.Add(Command, _ignore, _onStored);
        Exclusive.Add(Command, _ignore, _onStudy);
    }

    public override string Usage => "storescp [options] port";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("storescp 11112 -od received", "keeps what comes as received/CT.1.2.3 and so on"),
        ("storescp 11112 -od archive --layout study --durability full", "a folder for each study and series; answers when the file is on the disk"),
        ("storescp 11112 -od in --on-stored dcmdump {path}", "runs a program on each object"),
    ];

    public override IReadOnlySet<string> VectorOptions => s_vectors;

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        int port = _scp.Port(arguments);
        var receiver = new StoreReceiver(ReceiverOptions(arguments), console);
        await using (receiver)
        {
            var entity = new ApplicationEntity(_scp.Title(arguments));
            IReadOnlyList<TransferSyntax>? preferred = Syntaxes.Preferred(_syntax.Read(arguments));
            bool implicitOnly = _syntax.Read(arguments) == TransferSyntaxChoice.ImplicitLittleEndian;
            if (!arguments.GetValue(_noEcho))
            {
                entity.AddSupportedContext(SopClasses.Verification, implicitOnly ? preferred! : Syntaxes.Default);
                entity.OnEcho((request, _) =>
                {
                    EchoRequests.Report(request, console);
                    return ValueTask.FromResult(DimseStatus.Success);
                });
            }

            if (implicitOnly)
                entity.AddSupportedContexts(SopClasses.Storage.Select(uid => new PresentationContext(uid, [TransferSyntax.ImplicitVRLittleEndian.Uid])));
            else
                entity.AddSupportedContexts(PresentationContexts.Storage);
            entity.OnStore(receiver.ReceiveAsync);
            await ScpRun.UntilStoppedAsync(entity, port, ScpRun.Options(_scp, arguments, console) with
            {
                PreferredTransferSyntaxes = preferred,
                AcceptUnknownStorage = arguments.GetValue(_unknown),
                MaxAssociations = arguments.GetValue(_maxAssociations),
                RequireCalledAETitle = arguments.GetValue(_requireCalled),
                // Nobody's title is on an empty list.
                AllowedCallingAETitles = arguments.GetValue(_reject) ? [] : CallingTitles(arguments),
            }, console);
        }

        receiver.Summarize();
        return ExitCode.Success;
    }

    private StoreReceiverOptions ReceiverOptions(ParseResult arguments)
    {
        string folder = arguments.GetValue(_folder)!;
        ProgramCall? onStudy = ProgramCall.Parse("--on-study", arguments.GetValue(_onStudy), StoreReceiver.StudyPlaceholders);
        if (onStudy is null && arguments.GetResult(_studyQuiet) is { Implicit: false })
            throw new UsageException("--study-quiet is of use with --on-study only");
        return new StoreReceiverOptions
        {
            Folder = folder,
            Store = arguments.GetValue(_ignore) ? null : new InstanceStore(
                folder,
                InstanceLayout.Parse(arguments.GetValue(_layout)!),
                arguments.GetValue(_existing) switch { "keep" => ExistingChoice.Keep, "both" => ExistingChoice.Both, _ => ExistingChoice.Replace },
                arguments.GetValue(_durability) switch { "full" => Durability.Full, "file" => Durability.File, _ => Durability.None },
                needsStudy: onStudy is not null),
            OnStored = ProgramCall.Parse("--on-stored", arguments.GetValue(_onStored), StoreReceiver.ObjectPlaceholders),
            OnStudy = onStudy,
            StudyQuiet = arguments.GetValue(_studyQuiet),
            Faults = new FaultPlan
            {
                ResponseDelay = arguments.GetValue(_delay),
                Status = arguments.GetValue(_refuse) ? new DimseStatus(0xA700) : arguments.GetValue(_status) is { } code ? new DimseStatus(code) : null,
                AbortAfter = arguments.GetValue(_abortAfter) is var after and >= 0 ? after : null,
                AbortDuring = arguments.GetValue(_abortDuring),
            },
        };
    }

    private string[]? CallingTitles(ParseResult arguments)
    {
        string[]? titles = arguments.GetValue(_requireCalling);
        if (titles is null or [])
            return null;
        foreach (string title in titles)
        {
            if (!AETitle.TryParse(title, out _))
                throw new UsageException($"'{title}' for --require-calling-aet is not an AE title");
        }

        return titles;
    }
}
