using System.Text.Json;
using NetDicom.Archive;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

/// <summary>The configuration of the archive: what a file says, what the environment says instead, and that nothing is passed over.</summary>
public sealed class ArchiveConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ArchiveConfiguration Read(string json)
    {
        // A name that begins with a dot is a file like any other.
        string path = Path.Combine(_folder, ".archive.json");
        File.WriteAllText(path, json);
        return ArchiveConfigurationReader.Read(path);
    }

    private string Problem(string json) => Assert.Throws<UsageException>(() => Read(json)).Message;

    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "archive.md"));
        string json = page.Split("```json")[1].Split("```")[0];
        ArchiveConfiguration configuration = Read(json);
        Assert.Equal(("ARCHIVE", 11112, "0.0.0.0"), (configuration.Title, configuration.Port, configuration.Bind!.ToString()));
        Assert.Equal(Path.Combine(_folder, "index.sqlite"), configuration.Database);
        Assert.Equal((PeerRights.Store | PeerRights.Commit, "10.0.0.7", 104, true), configuration.Peers[0] is var peer ? (peer.Rights, peer.Host, peer.Port, peer.CheckAddress) : default);
        Assert.True(configuration.Peers[0].Quirks.NoAsynchronousWindow);
        Assert.Equal((11113, true), (Assert.Single(configuration.Listeners).Port, configuration.Listeners[0].Tls is not null));
        Assert.Equal(200, configuration.Limits.MaxAssociations);
        Assert.Equal(Path.Combine(_folder, "worklist"), configuration.Worklist.Folder);
        Assert.Equal((ArchiveLevel.Series, DicomTags.PatientState), Assert.Single(configuration.Attributes));
        // Each field that there is stands in it, or in the table below it.
        foreach (string field in Fields(JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement))
            Assert.Contains(field, page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Fields(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Fields(field.Value).Prepend(field.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Fields),
        _ => [],
    };

    [Theory]
    [InlineData("""{ "tittle": "X" }""", "tittle")]
    [InlineData("""{ "peers": [ { "title": "A", "hosts": "x" } ] }""", "peers:0:hosts")]
    [InlineData("""{ "peers": [ { "title": "A", "rights": ["all"] } ] }""", "peers:0:rights")]
    [InlineData("""{ "peers": [ { "title": "A", "quirks": ["odd"] } ] }""", "peers:0:quirks")]
    [InlineData("""{ "peers": [ { "title": "A" }, { "title": "A" } ] }""", "twice")]
    [InlineData("""{ "peers": [ { "title": "A", "host": "x" } ] }""", "'port'")]
    [InlineData("""{ "peers": [ { "title": "A", "host": "x", "port": 1, "tls": true } ] }""", "no 'tls'")]
    [InlineData("""{ "peers": { "title": "A" } }""", "peers")]
    [InlineData("""{ "peers": "A" }""", "peers is a list")]
    [InlineData("""{ "port": 70000 }""", "port")]
    [InlineData("""{ "port": [1] }""", "port")]
    [InlineData("""{ "title": "12345678901234567" }""", "title")]
    [InlineData("""{ "titles": ["a\\b"] }""", "titles")]
    [InlineData("""{ "bind": "localhost" }""", "bind")]
    [InlineData("""{ "open": "perhaps" }""", "open")]
    [InlineData("""{ "durability": "most" }""", "durability")]
    [InlineData("""{ "limits": { "maxPdus": 1 } }""", "limits:maxPdus")]
    [InlineData("""{ "limits": { "acseTimeout": "-1" } }""", "limits:acseTimeout")]
    [InlineData("""{ "limits": 5 }""", "limits")]
    [InlineData("""{ "listeners": [ { "bind": "127.0.0.1" } ] }""", "listeners:0:port")]
    [InlineData("""{ "listeners": [ { "port": 1, "tls": true } ] }""", "listeners:0:tls")]
    [InlineData("""{ "tls": { "key": "k" } }""", "tls:certificate")]
    [InlineData("""{ "worklist": { "folders": "w" } }""", "worklist:folders")]
    [InlineData("""{ "commitment": { "retryInterval": 0 } }""", "commitment:retryInterval")]
    [InlineData("""{ "procedures": { "path": "p" } }""", "procedures:path")]
    [InlineData("""{ "attributes": [ { "attribute": "Nonsense" } ] }""", "attributes:0:attribute")]
    [InlineData("""{ "title": "A", "title": "B" }""", "title")]
    [InlineData("""{ "title": """, "archive.json")]
    [InlineData("""[ 1 ]""", "archive.json")]
    public void What_cannot_be_meant_is_an_error_that_names_the_field(string json, string named) => Assert.Contains(named, Problem(json), StringComparison.Ordinal);

    [Fact]
    public void An_empty_list_of_rights_is_no_right_and_a_missing_one_all()
    {
        ArchiveConfiguration configuration = Read("""{ "peers": [ { "title": "A", "rights": [] }, { "title": "B" }, { "title": "C", "rights": ["worklist", "procedures"] } ], }""");
        Assert.Equal([PeerRights.None, PeerRights.All, PeerRights.Worklist | PeerRights.Procedures], configuration.Peers.Select(peer => peer.Rights));
    }

    [Fact]
    public void The_environment_goes_above_the_file_and_its_unknown_fields_are_errors_too()
    {
        const string port = ArchiveConfigurationReader.EnvironmentPrefix + "PORT", right = ArchiveConfigurationReader.EnvironmentPrefix + "PEERS__0__RIGHTS__0", wrong = ArchiveConfigurationReader.EnvironmentPrefix + "PROT";
        try
        {
            Environment.SetEnvironmentVariable(port, "105");
            Environment.SetEnvironmentVariable(right, "query");
            ArchiveConfiguration configuration = Read("""{ "port": 104, "title": "A", "peers": [ { "title": "P", "rights": ["store"] } ] }""");
            Assert.Equal((105, "A", PeerRights.Query), (configuration.Port, configuration.Title, configuration.Peers[0].Rights));
            Environment.SetEnvironmentVariable(right, null);
            Environment.SetEnvironmentVariable(wrong, "105");
            Assert.Contains("PROT", Problem("{}"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (string name in (string[])[port, right, wrong])
                Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void A_time_of_0_is_no_limit_where_that_is_allowed() =>
        Assert.Equal((Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(0.5)), Read("""{ "limits": { "networkTimeout": 0, "acseTimeout": 0.5 } }""").Limits is var limits ? (limits.NetworkTimeout, limits.AcseTimeout) : default);

    [Fact]
    public void A_file_that_is_not_there_is_an_error() => Assert.Contains("nowhere.json", Assert.Throws<UsageException>(() => ArchiveConfigurationReader.Read(Path.Combine(_folder, "nowhere.json"))).Message, StringComparison.Ordinal);
}
