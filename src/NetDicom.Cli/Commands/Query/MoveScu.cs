using System.CommandLine;
using System.Net.Sockets;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Output;
using NetDicom.Cli.Querying;
using NetDicom.Cli.Receiving;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands.Query;

/// <summary>C-MOVE as a client (PS3.4 annex C.4.2): the peer sends the objects to an application entity that it knows by title.</summary>
internal sealed class MoveScu : Tool
{
    public const string Description = "have a peer send objects to another application, or to this one (C-MOVE)";

    private readonly RetrieveQueryOptions _query;
    private readonly Option<string> _destination = Values.Title("--move-aet", ["-aem"], "AE title of the receiver, as the peer knows it", "STORESCP");
    private readonly Option<bool> _store = new("--store") { Description = "be the receiver: listen as a storage SCP while the move runs, and keep what comes" };
    private readonly Option<int> _storePort = Values.Count("--store-port", [], "TCP port for --store; the peer must know it (default: 11113)", 11113, 1, 65535);
    private readonly Option<string> _storeTitle = Values.Title("--store-aet", [], "our AE title as the receiver for --store, and the destination unless -aem is given", "STORESCP");
    private readonly ReceivingOptions _receiving;
    private readonly ProgressOption _progress;
    private readonly ScuOptions _scu;
    private readonly RequestedSyntaxOptions _syntax;

    public MoveScu() : base("movescu", Description)
    {
        Common.SpeakByDefault();
        _query = new RetrieveQueryOptions(Command);
        foreach (Option option in (Option[])[_destination, _store, _storePort, _storeTitle])
            Command.Options.Add(option);
        _receiving = new ReceivingOptions(Command);
        _progress = new ProgressOption(Command);
        _scu = new ScuOptions(Command, Name, listens: true);
        _syntax = new RequestedSyntaxOptions(Command);
    }

    public override string Usage => "movescu [options] addr port -k KEY=VALUE …";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("movescu -S 127.0.0.1 11112 -aem WORKSTATION -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3", "from one to another"),
        ("movescu -S ARCHIVE@pacs.example:104 --store --store-aet ME --store-port 11113 -od study -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3", "to here: the peer must know ME at this machine's port 11113"),
    ];

    public override IReadOnlySet<string> VectorOptions => ReceivingOptions.Vectors;

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        (PeerAddress peer, QueryModel model, DicomDataSet query) = _query.Read(arguments, "to move");
        bool store = arguments.GetValue(_store);
        if (!store && (_receiving.Given(arguments) ?? Given(arguments, _storePort) ?? Given(arguments, _storeTitle)) is { } option)
            throw new UsageException($"{option} is of use with --store only");
        QueryNotes.Check(query, model, console.Log);
        DicomUid sopClass = QueryModels.Move(model);
        AETitle destination = AETitle.Parse(arguments.GetValue(store && Given(arguments, _destination) is null ? _storeTitle : _destination)!);
        var connection = new ScuConnection(_scu, arguments, peer, console);
        await using StoreReceiver? receiver = store ? new StoreReceiver(_receiving.Read(arguments), console) : null;
        await using DicomServer? server = receiver is null ? null : await ListenAsync(arguments, connection, receiver, console);
        await using ProgressDisplay? progress = ProgressDisplay.Start(_progress.IsWanted(arguments) && !Common.IsQuiet(arguments), console.Log, hasBytes: false);
        var report = new RetrieveReport(console, Name, CommandField.CMoveResponse, progress) { Receiver = receiver, ComesHere = destination == AETitle.Parse(arguments.GetValue(_storeTitle)!) };
        int code = await ScuRun.RunAsync(connection, _syntax.Contexts(arguments, sopClass), _query.Extensions(arguments, sopClass),
            association => report.FollowAsync(association.MoveAsync(sopClass, query, destination, null, console.Stop), destination), console);

        // The peer may still be about to release: what it sends is taken to its end.
        if (server is not null)
            await server.StopAsync(CancellationToken.None);
        if (code == ExitCode.Success && receiver is { Failed: > 0 })
            code = ExitCode.OperationFailed;
        report.Summarize(code);
        return code;
    }

    private async Task<DicomServer> ListenAsync(ParseResult arguments, ScuConnection connection, StoreReceiver receiver, ToolConsole console)
    {
        var entity = new ApplicationEntity(arguments.GetValue(_storeTitle)!);
        entity.AddSupportedContexts(PresentationContexts.Verification);
        entity.AddSupportedContexts(PresentationContexts.Storage);
        entity.OnStore(receiver.ReceiveAsync);
        int port = arguments.GetValue(_storePort);
        try
        {
            DicomServer server = await entity.StartServerAsync(port, connection.ServerOptions, console.Stop);
            console.Log.Info($"Listening for the objects on port {server.Port}");
            return server;
        }
        catch (SocketException e)
        {
            throw new UsageException($"Cannot listen on port {port}: {e.Message}; another one is given with --store-port");
        }
    }

    private static string? Given(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false } ? option.Name : null;
}
