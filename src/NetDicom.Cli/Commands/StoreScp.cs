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

    private readonly Option<bool> _noEcho = new("--no-echo") { Description = "do not accept verification (C-ECHO)" };
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

    private readonly ReceivingOptions _receiving;
    private readonly ScpOptions _scp;
    private readonly PreferredSyntaxOptions _syntax;

    public StoreScp() : base("storescp", Description)
    {
        _scp = new ScpOptions(Command, Name);
        _syntax = new PreferredSyntaxOptions(Command);
        _receiving = new ReceivingOptions(Command);
        foreach (Option option in (Option[])[_noEcho, _unknown, _maxAssociations, _requireCalled, _requireCalling, _delay, _refuse, _reject, _abortAfter, _abortDuring, _status])
            Command.Options.Add(option);
        Exclusive.Add(Command, _refuse, _status);
    }

    public override string Usage => "storescp [options] port";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("storescp 11112 -od received", "keeps what comes as received/CT.1.2.3 and so on"),
        ("storescp 11112 -od archive --layout study --durability full", "a folder for each study and series; answers when the file is on the disk"),
        ("storescp 11112 -od in --on-stored dcmdump {path}", "runs a program on each object"),
    ];

    public override IReadOnlySet<string> VectorOptions => ReceivingOptions.Vectors;

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        int port = _scp.Port(arguments);
        var receiver = new StoreReceiver(_receiving.Read(arguments, Faults(arguments)), console);
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

    private FaultPlan Faults(ParseResult arguments) => new()
    {
        ResponseDelay = arguments.GetValue(_delay),
        Status = arguments.GetValue(_refuse) ? new DimseStatus(0xA700) : arguments.GetValue(_status) is { } code ? new DimseStatus(code) : null,
        AbortAfter = arguments.GetValue(_abortAfter) is var after and >= 0 ? after : null,
        AbortDuring = arguments.GetValue(_abortDuring),
    };

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
