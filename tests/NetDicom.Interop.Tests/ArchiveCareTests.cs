using System.Net;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The care of an archive as an operator does it, with the program.</summary>
public class ArchiveCareTests
{
    private static JsonElement Summary(Ended ended) => ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
        .Single(line => line.GetProperty("type").GetString() == "summary");

    private static async Task FillAsync(ArchiveServer archive, params string[] options)
    {
        await using NetDicomProgram.Server server = await archive.StartAsync(["--open", .. options]);
        Ended sent = await NetDicomProgram.RunAsync("storescu", "-r", "127.0.0.1", server.Port, RealFiles.Series, RealFiles.CtSmall);
        Assert.True(sent.ExitCode == 0, sent.ToString());
        await ArchiveServer.StopAsync(server);
    }

    [Fact]
    public async Task Export_copies_what_was_asked_for_and_DCMTK_can_read_it()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        Dictionary<string, byte[]> stored = archive.Stored();
        string into = folder.File("out");
        Ended exported = await archive.CareAsync("export", into, "--patient", "98890234", "--json");
        Assert.True(exported.ExitCode == 0, exported.ToString());
        string[] files = Directory.GetFiles(into, "*", SearchOption.AllDirectories);
        Assert.Equal(stored.Count - 1, files.Length);
        Assert.Equal(stored.Count - 1, Summary(exported).GetProperty("exported").GetInt32());
        foreach (string file in files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            Assert.Equal(stored[Part10.MetaUid(bytes, 0x0003)], bytes);
        }

        Ended dumped = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), ["-q", files[0]]);
        Assert.True(dumped.ExitCode == 0, dumped.ToString());

        // Again: everything is there. With one spoiled in between: said, and left alone.
        Assert.Equal(0, (await archive.CareAsync("export", into, "--patient", "98890234")).ExitCode);
        await File.WriteAllTextAsync(files[0], "another file");
        Ended again = await archive.CareAsync("export", into, "--patient", "98890234");
        Assert.True(again.ExitCode == 4 && again.Error.Contains("another file is there", StringComparison.Ordinal), again.ToString());
        Assert.Equal("another file", await File.ReadAllTextAsync(files[0]));

        Ended dated = await archive.CareAsync("export", folder.File("dated"), "--date", "20040101-20041231", "--layout", "flat", "--json");
        Assert.Equal(1, Summary(dated).GetProperty("exported").GetInt32());
        Assert.StartsWith("CT.", Path.GetFileName(Assert.Single(Directory.GetFiles(folder.File("dated")))), StringComparison.Ordinal);
        Assert.Equal(stored.Count, Summary(await archive.CareAsync("export", folder.File("all"), "--all", "--json")).GetProperty("exported").GetInt32());
        string series = Path.GetFileName(Path.GetDirectoryName(files[1])!);
        Ended one = await archive.CareAsync("export", folder.File("series"), "--series", series, "--progress", "never", "--json");
        Assert.Equal(files.Count(file => Path.GetFileName(Path.GetDirectoryName(file)) == series), Summary(one).GetProperty("exported").GetInt32());
        Assert.Equal(4, (await archive.CareAsync("export", folder.File("none"), "--patient", "NOBODY")).ExitCode);
        Assert.Equal(2, (await archive.CareAsync("export", folder.File("none"))).ExitCode);
    }

    [Fact]
    public async Task Delete_asks_deletes_and_counts_and_compact_gives_the_room_back()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        int all = archive.Stored().Count;
        string study = StudyOfSeries(archive);
        string[] call = ["archive", "delete", "--study", study, .. archive.Location];
        await using (ChildProcess asked = ChildProcess.Start(NetDicomProgram.File, call, input: "no\n"))
        {
            Ended no = await asked.EndAsync();
            Assert.True(no.ExitCode == 4 && no.Output.Contains("Nothing was deleted", StringComparison.Ordinal), no.ToString());
        }

        Assert.Equal(all, archive.Stored().Count);
        await using (ChildProcess asked = ChildProcess.Start(NetDicomProgram.File, call, input: "yes\n"))
        {
            Ended yes = await asked.EndAsync();
            Assert.True(yes.ExitCode == 0, yes.ToString());
        }

        int left = archive.Stored().Count;
        Assert.InRange(left, 1, all - 1);
        Assert.False(Directory.Exists(Path.Combine(archive.Instances, study)));
        Assert.Equal(0, (await archive.CareAsync("verify")).ExitCode);
        Assert.Equal(2, (await archive.CareAsync("delete")).ExitCode);
        Assert.Equal(2, (await archive.CareAsync("delete", "--all")).ExitCode);
        JsonElement deleted = Summary(await archive.CareAsync("delete", "--patient", "98890234", "--yes", "--json"));
        Assert.Equal((left - 1, 0), (deleted.GetProperty("deleted").GetInt32(), deleted.GetProperty("exitCode").GetInt32()));
        JsonElement compacted = Summary(await archive.CareAsync("compact", "--json"));
        Assert.True(compacted.GetProperty("databaseBytes").GetInt64() <= compacted.GetProperty("databaseBytesBefore").GetInt64());
        JsonElement status = Summary(await archive.CareAsync("status", "--json"));
        Assert.Equal((1, 1), (status.GetProperty("instances").GetInt32(), status.GetProperty("patients").GetInt32()));
    }

    [Fact]
    public async Task Clean_deletes_the_instances_and_what_the_index_said_of_patients()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        // A row whose folder somebody took away.
        Directory.Delete(Path.Combine(archive.Instances, StudyOfSeries(archive)), recursive: true);
        Directory.CreateDirectory(Path.Combine(archive.Instances, ".orphans"));
        File.WriteAllText(Path.Combine(archive.Instances, ".orphans", "a.dcm"), "x");
        string[] call = ["qrscp", "--clean", .. archive.Location];
        Assert.Equal(2, (await NetDicomProgram.RunAsync([.. call, "-q"])).ExitCode);
        Assert.Contains("CompressedSamples^CT1", await IndexTextAsync(archive), StringComparison.Ordinal);
        await using ChildProcess asked = ChildProcess.Start(NetDicomProgram.File, call, input: "yes\n");
        Ended yes = await asked.EndAsync();
        Assert.True(yes.ExitCode == 0, yes.ToString());
        Assert.Empty(Directory.EnumerateFiles(archive.Instances, "*.dcm", SearchOption.AllDirectories));
        Assert.DoesNotContain("CompressedSamples^CT1", await IndexTextAsync(archive), StringComparison.Ordinal);
    }

    private static async Task<string> IndexTextAsync(ArchiveServer archive) => System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(archive.Database));

    [Fact]
    public async Task Delete_and_compact_work_beside_a_running_server_which_goes_on_storing_and_answers_what_is_gone()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        int all = archive.Stored().Count;
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        Ended deleted = await archive.CareAsync("delete", "--patient", "98890234", "--yes", "--json");
        Assert.True(deleted.ExitCode == 0 && Summary(deleted).GetProperty("deleted").GetInt32() == all - 1, deleted.ToString());
        Ended compacted = await archive.CareAsync("compact", "--json");
        Assert.True(compacted.ExitCode == 0 && !Summary(compacted).GetProperty("indexCompacted").GetBoolean(), compacted.ToString());
        Assert.Contains("when it has ended", (await archive.CareAsync("compact")).Output, StringComparison.Ordinal);

        // DCMTK finds nothing of it, and the one that is left.
        Ended found = await ChildProcess.RunAsync(Peers.Dcmtk("findscu"), ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID", "-k", "StudyInstanceUID", "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.DoesNotContain("98890234", found.Output + found.Error, StringComparison.Ordinal);
        Assert.Contains("1CT1", found.Output + found.Error, StringComparison.Ordinal);
        // A row whose file has gone (somebody has taken it by hand) is a failed sub-operation, with its UID, and no wait.
        string last = Assert.Single(Directory.EnumerateFiles(archive.Instances, "*.dcm", SearchOption.AllDirectories));
        byte[] bytes = await File.ReadAllBytesAsync(last);
        File.Delete(last);
        Ended got = await NetDicomProgram.RunAsync("getscu", "127.0.0.1", server.Port, "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientID=1CT1", "-od", folder.Folder("got"), "--json");
        Assert.True(got.ExitCode == 4 && got.Output.Contains("A702", StringComparison.Ordinal), got.ToString());
        await File.WriteAllBytesAsync(last, bytes);

        // What was deleted comes again, into folders that the server took for being there.
        Ended sent = await NetDicomProgram.RunAsync("storescu", "-r", "127.0.0.1", server.Port, RealFiles.Series, RealFiles.CtSmall);
        Assert.True(sent.ExitCode == 0, sent.ToString());
        Assert.Equal(all, archive.Stored().Count);
        Assert.Equal(0, (await archive.CareAsync("verify")).ExitCode);
        Ended exported = await archive.CareAsync("export", folder.File("out"), "--all");
        Assert.True(exported.ExitCode == 0, exported.ToString());
    }

    [Fact]
    public async Task A_second_server_and_a_rebuild_are_refused_with_one_line_while_a_server_runs()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        Ended second = await NetDicomProgram.RunAsync(["qrscp", "--port", "0", .. archive.Location]);
        Assert.Equal(2, second.ExitCode);
        Assert.StartsWith($"E: Cannot use the archive: the archive in {archive.Instances} is in use by another program", Assert.Single(second.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Ended rebuilt = await archive.CareAsync("rebuild");
        Assert.True(rebuilt.ExitCode == 2 && rebuilt.Error.Contains("needs that no server runs", StringComparison.Ordinal), rebuilt.ToString());
        Assert.Equal(0, (await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port)).ExitCode);
    }

    [Fact]
    public async Task Attributes_that_were_changed_are_told_at_the_start_and_in_the_status_until_a_rebuild()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        string configuration = folder.File("attributes.json");
        await File.WriteAllTextAsync(configuration, """{ "attributes": [ { "level": "series", "attribute": "PatientState" } ] }""");
        await using (NetDicomProgram.Server server = await archive.StartAsync("--open", "-c", configuration))
        {
            Ended stopped = await ArchiveServer.StopAsync(server);
            Assert.Contains("without PatientState; 'netdicom archive rebuild'", stopped.Output + stopped.Error, StringComparison.Ordinal);
        }

        JsonElement status = Summary(await archive.CareAsync("status", "--json", "-c", configuration));
        Assert.Equal("PatientState", Assert.Single(status.GetProperty("addedAttributes").EnumerateArray()).GetString());
        Assert.Contains("with PatientState", (await archive.CareAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await archive.CareAsync("rebuild", "-c", configuration)).ExitCode);
        Assert.Empty(Summary(await archive.CareAsync("status", "--json", "-c", configuration)).GetProperty("addedAttributes").EnumerateArray());
    }

    [Fact]
    public async Task A_rebuild_that_was_killed_goes_on_without_beginning_anew()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        int all = archive.Stored().Count;
        // What a rebuild that was killed leaves: an index aside with some of the instances. Here it is the whole one, but for one study.
        File.Copy(archive.Database, archive.Database + ".new");
        Ended gone = await NetDicomProgram.RunAsync("archive", "delete", "--yes", "--patient", "1CT1", "--database-location", archive.Database + ".new", "--instance-location", folder.Folder("elsewhere"));
        Assert.True(gone.ExitCode == 0, gone.ToString());
        // Files without read permission would be findings if they were read again: only the missing one is.
        Ended rebuilt = await archive.CareAsync("rebuild", "--resume", "--json");
        Assert.True(rebuilt.ExitCode == 0, rebuilt.ToString());
        Assert.Equal(all, Summary(rebuilt).GetProperty("files").GetInt32());
        Assert.False(File.Exists(archive.Database + ".new"));
        Ended verified = await archive.CareAsync("verify", "--json");
        Assert.True(verified.ExitCode == 0 && Summary(verified).GetProperty("files").GetInt32() == all, verified.ToString());
    }

    [Fact]
    public async Task A_verify_that_was_stopped_goes_on_behind_what_it_has_seen()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        Dictionary<string, byte[]> stored = archive.Stored();
        string[] uids = [.. stored.Keys.Order(StringComparer.Ordinal)];
        // As a run leaves it that was stopped behind the fifth, one finding so far.
        await File.WriteAllLinesAsync(archive.Database + ".verify", [uids[4], "5", "1"]);
        foreach (string spoiled in (string[])[uids[2], uids[7]])
            Spoil(archive, spoiled);
        Ended resumed = await archive.CareAsync("verify", "--resume", "--json");
        Assert.Equal((4, stored.Count, 2), (resumed.ExitCode, Summary(resumed).GetProperty("files").GetInt32(), Summary(resumed).GetProperty("findings").GetInt32()));
        Assert.Contains(uids[7], Assert.Single(resumed.Output.Split('\n'), line => line.Contains("\"finding\"", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.False(File.Exists(archive.Database + ".verify"));
        // A run from the beginning sees both.
        Assert.Equal(2, Summary(await archive.CareAsync("verify", "--json")).GetProperty("findings").GetInt32());
    }

    [Fact]
    public async Task A_running_server_verifies_in_the_background_and_tells_health_and_metrics()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        Spoil(archive, archive.Stored().Keys.Order(StringComparer.Ordinal).First());
        string configuration = folder.File("archive.json");
        string http = Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(configuration, """{ "scrub": { "bytesPerSecond": 1000000000 }, "http": { "port": 1 } }""");
        await using NetDicomProgram.Server server = await archive.StartAsync("--open", "-v", "-c", configuration, "--http", http);   // it goes before the file
        await server.Process.WaitForLineAsync("other bytes than what was stored (found while verifying in the background)");
        await server.Process.WaitForLineAsync("Verified in the background: ");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        Assert.Equal("live\n", await client.GetStringAsync("/health/live"));
        using (var byName = new HttpClient { BaseAddress = new Uri($"http://localhost:{http}") })
            Assert.Equal("live\n", await byName.GetStringAsync("/health/live"));
        using JsonDocument health = JsonDocument.Parse(await client.GetStringAsync("/health"));
        Assert.True(health.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/other")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/health", null)).StatusCode);
        await NetDicomProgram.RunAsync("storescu", "127.0.0.1", server.Port, RealFiles.MrSmall);
        string metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("\nnetdicom_archive_scrub_findings_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nnetdicom_archive_stored_total{netdicom_outcome=\"Stored\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE netdicom_dimse_operation_duration_seconds histogram\n", metrics, StringComparison.Ordinal);
        Assert.Contains("netdicom_associations_accepted_total{netdicom_role=\"acceptor\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"\nnetdicom_archive_instances {archive.Stored().Count}\n", metrics, StringComparison.Ordinal);
        Assert.All(metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-zA-Z_]+=""[^""]*"",?)+\})? [0-9.eE+-]+)$", line));
        // Nothing of a patient and no UID.
        Assert.DoesNotMatch(@"1\.\d+\.\d+\.\d+", metrics);
        Ended ended = await ArchiveServer.StopAsync(server);
        Assert.Equal(130, ended.ExitCode);
        Assert.Contains("verified in the background since", (await archive.CareAsync("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retention_of_the_configuration_deletes_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await FillAsync(archive);
        string configuration = folder.File("archive.json");
        // All of them were made long ago, and have come just now: by themselves an age rule spares them.
        await File.WriteAllTextAsync(configuration, """{ "retention": { "maxAgeDays": 365, "ageBy": "study-date" } }""");
        await using NetDicomProgram.Server server = await archive.StartAsync("--open", "-v", "-c", configuration);
        await server.Process.WaitForLineAsync("deleted for its age: ");
        await ArchiveServer.StopAsync(server);
        Ended verified = await archive.CareAsync("verify");
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    [Theory]
    [InlineData("""{ "retention": { } }""", "needs maxAgeDays")]
    [InlineData("""{ "retention": { "maxBytes": -1 } }""", "is not a number from 1")]
    [InlineData("""{ "scrub": { "speed": 1 } }""", "scrub:speed is no field")]
    [InlineData("""{ "http": { "bind": "127.0.0.1" } }""", "http:port is missing")]
    public async Task A_section_that_cannot_be_meant_is_a_usage_error(string text, string why)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("archive.json"), text);
        Ended ended = await new ArchiveServer(folder).CareAsync("status", "-c", folder.File("archive.json"));
        Assert.True(ended.ExitCode == 2 && ended.Error.Contains(why, StringComparison.Ordinal), ended.ToString());
    }

    private static string StudyOfSeries(ArchiveServer archive) => Directory.EnumerateDirectories(archive.Instances).Where(path => !Path.GetFileName(path).StartsWith('.'))
        .OrderByDescending(path => Directory.GetFiles(path, "*.dcm", SearchOption.AllDirectories).Length).Select(path => Path.GetFileName(path)!).First();

    private static void Spoil(ArchiveServer archive, string uid)
    {
        string path = Directory.EnumerateFiles(archive.Instances, uid + ".dcm", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
