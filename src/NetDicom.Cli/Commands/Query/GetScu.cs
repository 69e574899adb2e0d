using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Output;
using NetDicom.Cli.Querying;
using NetDicom.Cli.Receiving;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Query;

/// <summary>C-GET as a client (PS3.4 annex C.4.3): the objects come on the same association.</summary>
internal sealed class GetScu : Tool
{
    public const string Description = "retrieve objects from a peer over the same association (C-GET)";

    private readonly RetrieveQueryOptions _query;
    private readonly Option<string[]> _classes = new("--class")
    {
        Description = "storage class to propose, by UID or keyword; may be given often (default: those of the key SOPClassesInStudy, or else the 58 usual ones)",
        HelpName = "UID",
    };

    private readonly Option<string[]> _syntaxes = new("--syntax")
    {
        Description = "transfer syntax to propose for each class, by UID or keyword; may be given often (default: the uncompressed ones in one context, then as many compressed ones, each in its own, as 128 contexts allow)",
        HelpName = "UID",
    };

    private readonly ReceivingOptions _receiving;
    private readonly ProgressOption _progress;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public GetScu() : base("getscu", Description)
    {
        Common.SpeakByDefault();
        _query = new RetrieveQueryOptions(Command);
        Command.Options.Add(_classes);
        Command.Options.Add(_syntaxes);
        _receiving = new ReceivingOptions(Command);
        _progress = new ProgressOption(Command);
        _scu = new ScuOptions(Command, Name);
        _syntax = new RequestedSyntaxOptions(Command, _syntaxes);
    }

    public override string Usage => "getscu [options] addr port -k KEY=VALUE …";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("getscu -S 127.0.0.1 11112 -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3 -od study", "a study"),
        ("getscu -S ARCHIVE@pacs.example:104 -k QueryRetrieveLevel=SERIES -k StudyInstanceUID=1.2.3 -k SeriesInstanceUID=1.2.3.4 --class CTImageStorage --layout study", "a CT series, in whatever transfer syntax the peer has it"),
    ];

    public override IReadOnlySet<string> VectorOptions => ReceivingOptions.Vectors;

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        (PeerAddress peer, QueryModel model, DicomDataSet query) = _query.Read(arguments, "to get");
        IReadOnlyList<DicomUid> inStudy = GetContexts.TakeFrom(query);
        QueryNotes.Check(query, model, console.Log);
        DicomUid sopClass = QueryModels.Get(model);
        IReadOnlyList<PresentationContext> contexts = GetContexts.For(
            sopClass, arguments.GetValue(_classes) is { Length: > 0 } given ? [.. given.Select(GetContexts.ParseClass)] : inStudy, WantedSyntaxes(arguments), out int leftOut);
        // -xe, -xb and -xi are for the query too; --syntax is for the objects.
        if (_syntax.Read(arguments) is var choice and not TransferSyntaxChoice.None)
            contexts = [new PresentationContext(sopClass, [Syntaxes.One(choice).Uid]), .. contexts.Skip(1)];
        if (leftOut > 0)
            console.Log.Debug($"{leftOut} pairs of class and transfer syntax do not fit into the 128 contexts of an association: --class and --syntax say which are wanted");
        var connection = new ScuConnection(_scu, arguments, peer, console);
        await using var receiver = new StoreReceiver(_receiving.Read(arguments), console);
        await using ProgressDisplay? progress = ProgressDisplay.Start(_progress.IsWanted(arguments) && !Common.IsQuiet(arguments), console.Log, hasBytes: false);
        var report = new RetrieveReport(console, Name, CommandField.CGetResponse, progress) { Receiver = receiver, ComesHere = true };
        int code = await ScuRun.RunAsync(connection, contexts, _query.Extensions(arguments, sopClass),
            association => report.FollowAsync(association.GetAsync(sopClass, query, receiver.ReceiveAsync, null, console.Stop)), console);
        report.Summarize(code);
        return code;
    }

    private IReadOnlyList<TransferSyntax> WantedSyntaxes(ParseResult arguments)
    {
        if (arguments.GetValue(_syntaxes) is { Length: > 0 } given)
            return [.. given.Select(GetContexts.ParseSyntax)];
        TransferSyntaxChoice choice = _syntax.Read(arguments);
        return choice == TransferSyntaxChoice.None ? [] : [Syntaxes.One(choice)];
    }
}
