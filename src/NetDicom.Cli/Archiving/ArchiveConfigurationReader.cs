using System.Text.Json;
using Microsoft.Extensions.Configuration;
using NetDicom.Archive;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Invocation;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>Reads an archive's configuration: a JSON file, above it the environment. The command line goes above both, and is the tool's business.</summary>
internal static class ArchiveConfigurationReader
{
    /// <summary>Variables of the environment begin with it: <c>NETDICOM_ARCHIVE_PORT</c>, <c>NETDICOM_ARCHIVE_PEERS__0__TITLE</c>.</summary>
    public const string EnvironmentPrefix = "NETDICOM_ARCHIVE_";

    /// <summary>Reads it.</summary>
    /// <param name="file">The file; null for none. Relative paths begin in its folder, without one in the current folder.</param>
    /// <exception cref="UsageException">It cannot be read, or says what cannot be meant.</exception>
    public static ArchiveConfiguration Read(string? file)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            string folder = Directory.GetCurrentDirectory();
            if (file is not null)
            {
                string path = Path.GetFullPath(file);
                folder = Path.GetDirectoryName(path)!;
                // Whole, and closed at once: the configuration is read when the program starts.
                builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(path)));
            }

            builder.AddEnvironmentVariables(EnvironmentPrefix);
            return Of(new ArchiveSettings(builder.Build(), folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidDataException or ArgumentException or UsageException)
        {
            string problem = e is FormatException { InnerException: JsonException inner } ? inner.Message : e.Message;
            throw new UsageException($"Cannot use the configuration {file ?? $"({EnvironmentPrefix}… of the environment)"}: {problem}");
        }
    }

    private static ArchiveConfiguration Of(ArchiveSettings settings)
    {
        var defaults = new ArchiveConfiguration();
        ArchiveTls? tls = settings.Section("tls") is { } section ? ArchiveTls.Of(section) : null;
        var configuration = new ArchiveConfiguration
        {
            Title = settings.Title("title"),
            Titles = [.. (settings.Texts("titles") ?? []).Select(title => AETitle.TryParse(title, out AETitle parsed) ? parsed.ToString() : throw settings.Wrong("titles", $"has '{title}', which is not an AE title"))],
            RequireCalledTitle = settings.Truth("requireCalledTitle") ?? false,
            Port = settings.Port("port", lowest: 0),
            Bind = settings.Address("bind"),
            Database = settings.Path("database") ?? defaults.Database,
            Instances = settings.Path("instances") ?? defaults.Instances,
            Durability = settings.Choice("durability", ("none", Durability.None), ("file", Durability.File), ("full", Durability.Full)) ?? defaults.Durability,
            Conflict = settings.Choice("conflict", ("keep", ConflictPolicy.Keep), ("replace", ConflictPolicy.Replace), ("reject", ConflictPolicy.Reject)) ?? defaults.Conflict,
            TellDuplicates = settings.Truth("tellDuplicates") ?? false,
            Open = settings.Truth("open") ?? false,
            Attributes = [.. settings.Sections("attributes").Select(AttributeOf)],
            Tls = tls,
            Listeners = [.. settings.Sections("listeners").Select(one => ListenerOf(one, tls))],
            Peers = [.. settings.Sections("peers").Select(PeerOf)],
            Limits = settings.Section("limits") is { } limits ? LimitsOf(limits) : defaults.Limits,
            Commitment = settings.Section("commitment") is { } commitment ? CommitmentOf(commitment) : defaults.Commitment,
            Worklist = settings.Section("worklist") is { } worklist ? WorklistOf(worklist) : defaults.Worklist,
            Procedures = settings.Section("procedures") is { } procedures ? ProceduresOf(procedures) : defaults.Procedures,
            Keeping = ArchiveKeeping.Of(settings),
        };
        settings.ExpectNoOther();
        if (configuration.Peers.GroupBy(peer => peer.Title).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"the peer {twice.Key} is there twice");
        if (tls is null && configuration.Peers.FirstOrDefault(peer => peer.Tls) is { } encrypted)
            throw new UsageException($"the peer {encrypted.Title} is sent to by TLS, and there is no 'tls'");
        return configuration;
    }

    private static (ArchiveLevel, DicomTag) AttributeOf(ArchiveSettings settings)
    {
        ArchiveLevel level = settings.Choice("level", ("patient", ArchiveLevel.Patient), ("study", ArchiveLevel.Study), ("series", ArchiveLevel.Series), ("image", ArchiveLevel.Instance)) ?? ArchiveLevel.Series;
        string name = settings.RequiredText("attribute");
        DicomTag tag = DicomDictionary.TryGet(name, out DictionaryEntry entry) ? entry.Tag : DicomTag.TryParse(name, out DicomTag parsed) ? parsed : throw settings.Wrong("attribute", $"'{name}' is no attribute");
        settings.ExpectNoOther();
        return (level, tag);
    }

    private static ArchiveListener ListenerOf(ArchiveSettings settings, ArchiveTls? common)
    {
        int port = settings.Port("port", lowest: 0) ?? throw settings.Wrong("port", "is missing");
        // true: what the whole configuration has; a section: its own.
        ArchiveTls? tls = settings.Flag("tls") switch
        {
            true => common ?? throw settings.Wrong("tls", "is true, and the configuration has no 'tls'"),
            false => null,
            null => settings.Section("tls") is { } own ? ArchiveTls.Of(own) : null,
        };
        var listener = new ArchiveListener(port, settings.Address("bind"), tls);
        settings.ExpectNoOther();
        return listener;
    }

    private static ArchivePeer PeerOf(ArchiveSettings settings)
    {
        string title = settings.Title("title") ?? throw settings.Wrong("title", "is missing");
        var peer = new ArchivePeer
        {
            Title = title,
            Host = settings.Text("host"),
            Port = settings.Port("port", lowest: 1) ?? 0,
            Rights = settings.Texts("rights") is { } rights ? rights.Aggregate(PeerRights.None, (sum, one) => sum | RightOf(settings, one)) : PeerRights.All,
            CheckAddress = settings.Truth("checkAddress") ?? false,
            Tls = settings.Truth("tls") ?? false,
            Quirks = (settings.Texts("quirks") ?? []).Aggregate(PeerQuirks.None, (sum, name) => sum.With(QuirkTable.BuiltIn.Find(name)?.Quirks
                ?? throw settings.Wrong("quirks", $"has '{name}'; there are {string.Join(", ", QuirkTable.BuiltIn.Rules.Select(rule => rule.Name))}"))),
        };
        settings.ExpectNoOther();
        if (peer.Host is null != (peer.Port == 0) || (peer.CheckAddress && peer.Host is null))
            throw new UsageException($"the peer {title} needs both 'host' and 'port'");
        return peer;
    }

    private static PeerRights RightOf(ArchiveSettings settings, string text) => text switch
    {
        "store" => PeerRights.Store,
        "query" => PeerRights.Query,
        "retrieve" => PeerRights.Retrieve,
        "commit" => PeerRights.Commit,
        "worklist" => PeerRights.Worklist,
        "procedures" => PeerRights.Procedures,
        _ => throw settings.Wrong("rights", $"has '{text}'; there are store, query, retrieve, commit, worklist, procedures"),
    };

    private static ArchiveLimits LimitsOf(ArchiveSettings settings)
    {
        var limits = new ArchiveLimits
        {
            MaxAssociations = (int?)settings.Number("maxAssociations", 1, int.MaxValue),
            MaxAssociationsPerAddress = (int?)settings.Number("maxAssociationsPerAddress", 0, int.MaxValue),
            MaxPendingConnections = (int?)settings.Number("maxPendingConnections", 1, int.MaxValue),
            MaxOperations = (ushort?)settings.Number("maxOperations", 1, ushort.MaxValue),
            MaxPdu = (uint?)settings.Number("maxPdu", 0, uint.MaxValue),
            MinReceiveRate = (int?)settings.Number("minReceiveRate", 0, int.MaxValue),
            ConnectionTimeout = settings.Seconds("connectionTimeout", zeroIsNone: true),
            AcseTimeout = settings.Seconds("acseTimeout", zeroIsNone: true),
            DimseTimeout = settings.Seconds("dimseTimeout", zeroIsNone: true),
            NetworkTimeout = settings.Seconds("networkTimeout", zeroIsNone: true),
            DrainTimeout = settings.Seconds("drainTimeout", zeroIsNone: false),
        };
        settings.ExpectNoOther();
        return limits;
    }

    private static CommitmentSettings CommitmentOf(ArchiveSettings settings)
    {
        var defaults = new CommitmentSettings();
        var commitment = new CommitmentSettings
        {
            Enabled = settings.Truth("enabled") ?? defaults.Enabled,
            Folder = settings.Path("folder"),
            TimeLimit = settings.Seconds("timeLimit", zeroIsNone: false) ?? defaults.TimeLimit,
            RetryInterval = settings.Seconds("retryInterval", zeroIsNone: false) ?? defaults.RetryInterval,
            OnSameAssociation = settings.Truth("onSameAssociation") ?? defaults.OnSameAssociation,
            CheckContent = settings.Truth("checkContent") ?? defaults.CheckContent,
        };
        settings.ExpectNoOther();
        return commitment;
    }

    private static WorklistSettings WorklistOf(ArchiveSettings settings)
    {
        var defaults = new WorklistSettings();
        var worklist = new WorklistSettings
        {
            Enabled = settings.Truth("enabled") ?? defaults.Enabled,
            Folder = settings.Path("folder"),
            PollInterval = settings.Seconds("pollInterval", zeroIsNone: false) ?? defaults.PollInterval,
        };
        settings.ExpectNoOther();
        return worklist;
    }

    private static ProcedureSettings ProceduresOf(ArchiveSettings settings)
    {
        var procedures = new ProcedureSettings { Enabled = settings.Truth("enabled") ?? true, Folder = settings.Path("folder") };
        settings.ExpectNoOther();
        return procedures;
    }
}
