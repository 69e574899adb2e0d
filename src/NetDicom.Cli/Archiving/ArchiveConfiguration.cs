using System.Net;
using System.Text.Json;
using NetDicom.Archive;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Invocation;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>The configuration of an archive (docs/archive.md): a JSON file, each field with a default, an unknown one an error.</summary>
internal sealed record ArchiveConfiguration
{
    public const string DefaultFolder = "netdicom-archive";

    public string? Title { get; init; }

    public int? Port { get; init; }

    public IPAddress? Bind { get; init; }

    public string Database { get; init; } = Path.Combine(DefaultFolder, "index.sqlite");

    public string Instances { get; init; } = Path.Combine(DefaultFolder, "instances");

    public Durability Durability { get; init; } = Durability.Full;

    public ConflictPolicy Conflict { get; init; }

    /// <summary>Whether an instance that was dropped for another one with its UID is answered 0111H instead of success.</summary>
    public bool TellDuplicates { get; init; }

    public bool Open { get; init; }

    public IReadOnlyList<(ArchiveLevel Level, DicomTag Tag)> Attributes { get; init; } = [];

    public IReadOnlyList<ArchivePeer> Peers { get; init; } = [];

    public ArchiveTls? Tls { get; init; }

    public ArchiveKeeping Keeping { get; init; } = new();

    /// <summary>Reads a file. Paths in it are below its folder.</summary>
    /// <exception cref="UsageException">It cannot be read, or says what cannot be meant.</exception>
    public static ArchiveConfiguration Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Of(document.RootElement, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or ArgumentException or UsageException)
        {
            throw new UsageException($"Cannot use the configuration {path}: {e.Message}");
        }
    }

    private static ArchiveConfiguration Of(JsonElement root, string folder)
    {
        var configuration = new ArchiveConfiguration();
        foreach (JsonProperty field in root.EnumerateObject())
        {
            JsonElement value = field.Value;
            configuration = field.Name switch
            {
                "title" => configuration with { Title = TitleOf(value) },
                "port" => configuration with { Port = PortOf(value, lowest: 0) },
                "bind" => configuration with { Bind = IPAddress.Parse(Text(value)) },
                "database" => configuration with { Database = Path.Combine(folder, Text(value)) },
                "instances" => configuration with { Instances = Path.Combine(folder, Text(value)) },
                "durability" => configuration with { Durability = Choice(field, ("none", Durability.None), ("file", Durability.File), ("full", Durability.Full)) },
                "conflict" => configuration with { Conflict = Choice(field, ("keep", ConflictPolicy.Keep), ("replace", ConflictPolicy.Replace), ("reject", ConflictPolicy.Reject)) },
                "tellDuplicates" => configuration with { TellDuplicates = value.GetBoolean() },
                "open" => configuration with { Open = value.GetBoolean() },
                "attributes" => configuration with { Attributes = [.. value.EnumerateArray().Select(AttributeOf)] },
                "peers" => configuration with { Peers = [.. value.EnumerateArray().Select(PeerOf)] },
                "retention" or "scrub" or "http" => configuration with { Keeping = configuration.Keeping.With(field) },
                "tls" => configuration with { Tls = ArchiveTls.Of(value, folder) },
                _ => throw new UsageException($"there is no field '{field.Name}'"),
            };
        }

        if (configuration.Peers.GroupBy(peer => peer.Title).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"the peer {twice.Key} is there twice");
        return configuration;
    }

    private static (ArchiveLevel, DicomTag) AttributeOf(JsonElement element)
    {
        ArchiveLevel level = ArchiveLevel.Series;
        DicomTag? tag = null;
        foreach (JsonProperty field in element.EnumerateObject())
        {
            if (field.Name == "level")
                level = Choice(field, ("patient", ArchiveLevel.Patient), ("study", ArchiveLevel.Study), ("series", ArchiveLevel.Series), ("image", ArchiveLevel.Instance));
            else if (field.Name == "attribute")
                tag = DicomDictionary.TryGet(Text(field.Value), out DictionaryEntry entry) ? entry.Tag : DicomTag.Parse(Text(field.Value));
            else
                throw new UsageException($"an attribute has no field '{field.Name}'");
        }

        return (level, tag ?? throw new UsageException("an attribute needs 'attribute'"));
    }

    private static ArchivePeer PeerOf(JsonElement element)
    {
        var peer = new ArchivePeer { Title = "" };
        foreach (JsonProperty field in element.EnumerateObject())
        {
            peer = field.Name switch
            {
                "title" => peer with { Title = TitleOf(field.Value) },
                "host" => peer with { Host = Text(field.Value) },
                "port" => peer with { Port = PortOf(field.Value, lowest: 1) },
                "rights" => peer with { Rights = field.Value.EnumerateArray().Aggregate(PeerRights.None, (rights, one) => rights | RightOf(Text(one))) },
                "checkAddress" => peer with { CheckAddress = field.Value.GetBoolean() },
                "tls" => peer with { Tls = field.Value.GetBoolean() },
                _ => throw new UsageException($"a peer has no field '{field.Name}'"),
            };
        }

        if (peer.Title.Length == 0)
            throw new UsageException("a peer needs 'title'");
        if (peer.Host is null != (peer.Port == 0) || peer.CheckAddress && peer.Host is null)
            throw new UsageException($"the peer {peer.Title} needs both 'host' and 'port'");
        return peer;
    }

    private static PeerRights RightOf(string text) => text switch
    {
        "store" => PeerRights.Store,
        "query" => PeerRights.Query,
        "retrieve" => PeerRights.Retrieve,
        _ => throw new UsageException($"'{text}' is not a right: store, query or retrieve"),
    };

    private static string TitleOf(JsonElement value) => AETitle.TryParse(Text(value), out _) ? Text(value) : throw new UsageException($"'{Text(value)}' is not an AE title");

    private static int PortOf(JsonElement value, int lowest) =>
        value.TryGetInt32(out int port) && port >= lowest && port <= IPEndPoint.MaxPort ? port : throw new UsageException($"{value} is not a port");

    private static T Choice<T>(JsonProperty field, params (string Word, T Value)[] choices)
    {
        foreach ((string word, T value) in choices)
        {
            if (field.Value.GetString() == word)
                return value;
        }

        throw new UsageException($"'{field.Name}' is one of {string.Join(", ", choices.Select(choice => choice.Word))}");
    }

    private static string Text(JsonElement value) => value.GetString() is { Length: > 0 } text ? text : throw new UsageException("a text is missing");
}
