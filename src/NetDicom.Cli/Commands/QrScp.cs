using System.CommandLine;
using System.Net;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Network;

namespace NetDicom.Cli.Commands;

/// <summary>The archive as a server (PS3.4 annexes B and C).</summary>
internal sealed class QrScp : Tool
{
    public const string Description = "an archive: receive, find and send DICOM objects (C-STORE, C-FIND, C-GET, C-MOVE)";

    private const int DefaultPort = 11112;

    private readonly Option<int> _port = Values.Count("--port", [], $"TCP port to listen on; 0: a free one, which is printed (default: {DefaultPort})", DefaultPort, 0, IPEndPoint.MaxPort);
    private readonly Option<bool> _open = new("--open") { Description = "let peers that the configuration does not name store, query and retrieve; otherwise they may echo only" };
    private readonly Option<string?> _durability = new("--durability")
    {
        Description = "before a sender is answered: none, nothing is flushed; file, the bytes are; full, the name and the index too (default: full)",
        HelpName = "HOW",
    };

    private readonly Option<bool> _clean = new("--clean") { Description = "delete every instance and the index, after a 'yes' on standard input, and end" };
    private readonly Option<int> _http = ArchiveKeeper.HttpOption();
    private readonly ArchiveLocation _location;
    private readonly ScpOptions _scp;

    public QrScp() : base("qrscp", Description)
    {
        _scp = new ScpOptions(Command, Name);
        _durability.AcceptOnlyFromAmong("none", "file", "full");
        Command.Options.Add(_port);
        Command.Options.Add(_open);
        Command.Options.Add(_durability);
        Command.Options.Add(_clean);
        Command.Options.Add(_http);
        _location = new ArchiveLocation(Command);
    }

    public override string Usage => "qrscp [options] [port]";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("qrscp --open", "an archive in ./netdicom-archive for programs on this machine, port 11112"),
        ("qrscp -ba 0.0.0.0 -c archive.json", "for the peers that the configuration names, on every interface"),
        ("qrscp --clean", "deletes everything it holds"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        ArchiveConfiguration configuration = _location.Read(arguments);
        configuration = configuration with
        {
            Open = configuration.Open || arguments.GetValue(_open),
            Durability = arguments.GetValue(_durability) switch { "none" => Durability.None, "file" => Durability.File, "full" => Durability.Full, _ => configuration.Durability },
        };
        string title = _scp.GivenTitle(arguments) ?? configuration.Title ?? _scp.Title(arguments);
        int port = _scp.GivenPort(arguments) ?? (arguments.GetResult(_port) is { Implicit: false } ? arguments.GetValue(_port) : configuration.Port ?? DefaultPort);
        TlsServerSettings? tls = configuration.Tls?.Server(console.Log);
        (DicomArchive archive, SqliteArchiveIndex index) = await ArchiveLocation.OpenAsync(configuration, console.Stop);
        await using (archive)
        {
            if (arguments.GetValue(_clean))
                return await CleanAsync(archive, configuration, console);
            ArchiveReports.Tell(archive.Mended, console);
            if (index.HasNewAttributes)
                console.Log.Warn("Attributes were added to the configuration: what was stored before has them after 'netdicom archive rebuild'");
            if (configuration is { Open: false, Peers: [] })
                console.Print("No peers are configured: whoever calls may echo only (--open lets everybody in)");
            await using ArchiveKeeper keeper = await ArchiveKeeper.StartAsync(archive, configuration.Keeping, arguments.GetValue(_http), console);
            var service = new ArchiveService(archive, configuration, title, console);
            DicomServerOptions options = ScpRun.Options(_scp, arguments, console);
            await ScpRun.UntilStoppedAsync(service.CreateEntity(), port, options with
            {
                // Whoever may reach it should have been meant to: this machine only, until told otherwise.
                BindAddress = options.BindAddress ?? configuration.Bind ?? IPAddress.Loopback,
                SelectTls = options.SelectTls ?? (tls is null ? null : tls.SelectAsync),
                OnNegotiate = service.NegotiateAsync,
            }, console);
            console.Json?.Write("summary", json =>
            {
                json.WriteString("tool", Name);
                json.WriteNumber("stored", service.Counts.Stored);
                json.WriteNumber("failed", service.Counts.Failed);
            });
        }

        return ExitCode.Success;
    }

    private static async Task<int> CleanAsync(DicomArchive archive, ArchiveConfiguration configuration, ToolConsole console)
    {
        long instances = (await archive.Index.GetStatisticsAsync(console.Stop)).Instances;
        console.Print($"This deletes all {instances} instances in {configuration.Instances} and the index. Type 'yes' to go on:");
        if (await Console.In.ReadLineAsync(console.Stop) != "yes")
        {
            console.Print("Nothing was deleted");
            return ExitCode.OperationFailed;
        }

        var batch = new List<IndexChange>();
        await foreach (IndexedInstance instance in archive.Index.GetAllAsync(console.Stop))
        {
            File.Delete(archive.PathOf(instance));
            batch.Add(IndexChange.Remove(instance.SopInstanceUid));
            if (batch.Count < 500)
                continue;
            await archive.Index.CommitAsync(batch, console.Stop);
            batch.Clear();
        }

        await archive.Index.CommitAsync(batch, console.Stop);
        foreach (string study in Directory.EnumerateDirectories(configuration.Instances).Where(folder => !Path.GetFileName(folder).StartsWith('.')))
            DeleteIfEmpty(study);
        console.Print($"Deleted {instances} instances");
        return ExitCode.Success;
    }

    // What is no instance of the archive stays.
    private static void DeleteIfEmpty(string folder)
    {
        foreach (string below in Directory.EnumerateDirectories(folder))
            DeleteIfEmpty(below);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
