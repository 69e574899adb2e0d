using System.Text;
using NetDicom.Cli.Archiving;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

/// <summary>The INI file of pynetdicom's qrscp as our JSON.</summary>
public sealed class QrScpIniTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-ini-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ArchiveConfiguration Convert(string ini, out string[] notes)
    {
        string path = Path.Combine(_folder, "archive.json");
        File.WriteAllBytes(path, QrScpIni.Convert(ini));
        notes = [.. File.ReadLines(path).Where(line => line.StartsWith("// ", StringComparison.Ordinal))];
        return ArchiveConfigurationReader.Read(path);
    }

    [Fact]
    public void Settings_and_move_destinations_come_over()
    {
        ArchiveConfiguration configuration = Convert(
            """
            # a comment
            [DEFAULT]
                AE_Title = PACS
                port: 104
                max_pdu: 0
                acse_timeout: 10
                dimse_timeout: 0
                network_timeout = 7.5
                bind_address: 192.168.1.5
                instance_location: /data/instances
                database_location: /data/instances.sqlite
                log_identifier: True
                colour: blue

            [STORESCP]
                address: localhost
                port: 11113
            ; an address with colons
            [SIX]
                address: ::1
            """,
            out string[] notes);
        Assert.Equal(("PACS", 104, "192.168.1.5", true), (configuration.Title, configuration.Port, configuration.Bind!.ToString(), configuration.Open));
        Assert.Equal((0u, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(7.5)),
            configuration.Limits is var limits ? (limits.MaxPdu, limits.AcseTimeout, limits.DimseTimeout, limits.NetworkTimeout) : default);
        // What a destination does not say it has from DEFAULT, as configparser has it.
        Assert.Equal([("STORESCP", "localhost", 11113), ("SIX", "::1", 104)], configuration.Peers.Select(peer => (peer.Title, peer.Host!, peer.Port)));
        Assert.Contains(notes, note => note.Contains("colour", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("-r /data/instances", StringComparison.Ordinal));
        // Its database is another one's: ours must not be opened in its place.
        Assert.DoesNotContain("data", configuration.Database + configuration.Instances, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: 104", "line 1")]
    [InlineData("[DEFAULT]\nnonsense", "line 2")]
    [InlineData("[DEFAULT]\nport: x", "port")]
    [InlineData("[DEFAULT]\nae_title: far too long a title", "AE title")]
    [InlineData("[A]\nport: 1", "address")]
    [InlineData("[A]\naddress: x\n", "port")]
    [InlineData("[A]\naddress: x\nport: 1\n[A]\naddress: y", "twice")]
    public void What_is_no_such_file_is_an_error_that_says_where(string ini, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => QrScpIni.Convert(ini)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_result_is_JSON_for_people() => Assert.Contains("\n  \"title\": \"QRSCP\"", Encoding.UTF8.GetString(QrScpIni.Convert("")), StringComparison.Ordinal);
}
