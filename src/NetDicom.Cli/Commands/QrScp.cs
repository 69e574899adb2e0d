using System.CommandLine;
using System.Net;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>The archive as a server (PS3.4 annexes B and C).</summary>
internal sealed class QrScp : Tool
{
    public const string Description = "an archive: receive, find, send and commit DICOM objects; worklist and procedure steps";

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
    private readonly Option<string?> _output = new("--output", "-o") { Description = "with import: the file to write (default: standard output)", HelpName = "FILE" };
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
        Command.Options.Add(_output);
        _location = new ArchiveLocation(Command);
    }

    public override string Usage => "qrscp [options] [port], or qrscp import FILE.ini";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("qrscp --open", "an archive in ./netdicom-archive for programs on this machine, port 11112"),
        ("qrscp -ba 0.0.0.0 -c archive.json", "for the peers that the configuration names, on every interface"),
        ("qrscp --clean", "deletes every instance it holds"),
        ("qrscp import qrscp.ini -o archive.json", "the configuration of pynetdicom's qrscp as one for -c"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        if (_scp.Words(arguments) is ["import", .. string[] files])
            return Import(files, arguments.GetValue(_output));
        ArchiveConfiguration configuration = _location.Read(arguments);
        configuration = configuration with
        {
            Open = configuration.Open || arguments.GetValue(_open),
            Durability = arguments.GetValue(_durability) switch { "none" => Durability.None, "file" => Durability.File, "full" => Durability.Full, _ => configuration.Durability },
        };
        string title = _scp.GivenTitle(arguments) ?? configuration.Title ?? _scp.Title(arguments);
        DicomServerOptions options = OptionsOf(configuration, arguments, console);
        IReadOnlyList<ArchiveListener> listeners = ListenersOf(configuration, arguments);
        (DicomArchive archive, SqliteArchiveIndex index) = await OpenAsync(configuration, console);
        await using (archive)
        {
            if (arguments.GetValue(_clean))
                return await CleanAsync(archive, configuration, console);
            ArchiveReports.Tell(archive.Mended, console);
            if (ArchiveReports.AttributesText(index) is { } attributes)
            {
                ArchiveEvents.AttributesChanged(console.Log, attributes);
                // Whoever changed the configuration looks at the start of the server, whatever is logged.
                if (!console.Log.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Warning))
                    console.Print($"Index: {attributes}");
            }

            if (!archive.HasReserve)
                ArchiveEvents.NoReserve(console.Log, archive.Options.Folder);
            if (configuration is { Open: false, Peers: [] })
                console.Print("No peers are configured: whoever calls may echo only (--open lets everybody in)");
            await using ArchiveKeeper keeper = await ArchiveKeeper.StartAsync(archive, configuration.Keeping, arguments.GetValue(_http), console);
            await using var service = new ArchiveService(archive, configuration, options.QuirkTable, console);
            IReadOnlyList<ApplicationEntity> entities = await service.CreateEntitiesAsync(title);
            await ArchiveServers.UntilStoppedAsync(listeners, entities, options with { OnNegotiate = service.NegotiateAsync }, console);
            console.Json?.Write("summary", json =>
            {
                json.WriteString("tool", Name);
                json.WriteNumber("stored", service.Counts.Stored);
                json.WriteNumber("failed", service.Counts.Failed);
            });
        }

        return ExitCode.Success;
    }

    private static async Task<(DicomArchive Archive, SqliteArchiveIndex Index)> OpenAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        try
        {
            return await ArchiveLocation.OpenAsync(configuration, console.Stop);
        }
        catch (ArchiveInUseException e)
        {
            throw new UsageException($"Cannot use the archive: {e.Message}");
        }
    }

    // The command line goes before the configuration, that before the defaults.
    private DicomServerOptions OptionsOf(ArchiveConfiguration configuration, ParseResult arguments, ToolConsole console)
    {
        DicomServerOptions options = ScpRun.Options(_scp, arguments, console);
        ScpOptions.Limits given = _scp.Given(arguments);
        ArchiveLimits limits = configuration.Limits;
        var rules = configuration.Peers.Where(peer => !peer.Quirks.IsNone).Select((peer, i) => new QuirkRule { Name = $"peers:{i} {peer.Title}", AETitle = AETitle.Parse(peer.Title), Quirks = peer.Quirks });
        return options with
        {
            MaxPduLength = given.MaxPdu ?? limits.MaxPdu ?? options.MaxPduLength,
            ArtimTimeout = given.Acse ?? limits.AcseTimeout ?? options.ArtimTimeout,
            TlsHandshakeTimeout = given.Connect ?? limits.ConnectionTimeout ?? options.TlsHandshakeTimeout,
            DimseTimeout = given.Dimse ?? limits.DimseTimeout ?? options.DimseTimeout,
            NetworkTimeout = given.Network ?? limits.NetworkTimeout ?? options.NetworkTimeout,
            DrainTimeout = limits.DrainTimeout ?? options.DrainTimeout,
            MaxAssociations = limits.MaxAssociations ?? options.MaxAssociations,
            MaxAssociationsPerAddress = limits.MaxAssociationsPerAddress ?? options.MaxAssociationsPerAddress,
            MaxPendingConnections = limits.MaxPendingConnections ?? options.MaxPendingConnections,
            MaxOperationsPerformed = limits.MaxOperations ?? options.MaxOperationsPerformed,
            MinReceiveRate = limits.MinReceiveRate ?? options.MinReceiveRate,
            // Its sources are pages of the index and files of the archive.
            RunContinuationsInline = true,
            RequireCalledAETitle = configuration.RequireCalledTitle,
            QuirkTable = new QuirkTable([.. options.QuirkTable.Rules, .. rules]),
        };
    }

    private IReadOnlyList<ArchiveListener> ListenersOf(ArchiveConfiguration configuration, ParseResult arguments)
    {
        int? port = _scp.GivenPort(arguments) ?? (arguments.GetResult(_port) is { Implicit: false } ? arguments.GetValue(_port) : configuration.Port);
        if (port is null && configuration.Listeners.Count > 0)
            return configuration.Listeners;
        return [new ArchiveListener(port ?? DefaultPort, _scp.BindAddress(arguments) ?? configuration.Bind, configuration.Tls, IsMain: true), .. configuration.Listeners];
    }

    private static int Import(string[] files, string? output)
    {
        if (files is not [string file])
            throw new UsageException("one INI file of pynetdicom's qrscp is wanted");
        try
        {
            byte[] json = QrScpIni.Convert(File.ReadAllText(file));
            if (output is null)
            {
                using Stream standardOutput = Console.OpenStandardOutput();
                standardOutput.Write(json);
            }
            else
            {
                File.WriteAllBytes(output, json);
            }

            return ExitCode.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UsageException)
        {
            throw new UsageException($"Cannot convert {file}: {e.Message}");
        }
    }

    // Rows, then files, as every deletion; then the pages of the index that held what patients are called.
    private static async Task<int> CleanAsync(DicomArchive archive, ArchiveConfiguration configuration, ToolConsole console)
    {
        if (!console.IsHeard)
            throw new UsageException("--clean asks first: it is not for --json or -q");
        long instances = (await archive.Index.GetStatisticsAsync(console.Stop)).Instances;
        console.Print($"This deletes all {instances} instances in {configuration.Instances}, what was set aside in .orphans, and the index of them. Type 'yes' to go on:");
        if (await Console.In.ReadLineAsync(console.Stop) != "yes")
        {
            console.Print("Nothing was deleted");
            return ExitCode.OperationFailed;
        }

        int left = 0;
        try
        {
            while (await archive.Index.GetPageAsync(default, 1000, console.Stop) is { Count: > 0 } page)
                left += (await archive.DeleteAsync(new InstanceSelection { Instances = [.. page.Select(instance => instance.SopInstanceUid)] }, null, console.Stop)).FilesLeft;
            await archive.CompactAsync(removeOrphans: true, console.Stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArchiveIndexException)
        {
            console.Log.Error($"Cannot delete: {e.Message}");
            return ExitCode.OperationFailed;
        }

        if (left > 0)
            console.Log.Error($"{left} files could not be deleted; the index no longer has them, and the next start tries again");
        console.Print($"Deleted {instances} instances");
        return left == 0 ? ExitCode.Success : ExitCode.OperationFailed;
    }
}
