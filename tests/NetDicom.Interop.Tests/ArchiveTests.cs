using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The archive, spoken to by DCMTK: what was sent is found and comes back byte for byte.</summary>
public partial class ArchiveTests
{
    private static Task<Ended> DcmtkAsync(string program, NetDicomProgram.Server server, params string[] arguments) =>
        ChildProcess.RunAsync(Peers.Dcmtk(program), ["-v", "-aet", arguments[0], .. arguments[1..], "127.0.0.1", server.Port], Peers.NoDelay);

    private static async Task SendAsync(NetDicomProgram.Server server, string title = "KNOWN")
    {
        Ended ended = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-v", "-aet", title, "-R", "+sd", "+r", "127.0.0.1", server.Port, RealFiles.Series, RealFiles.CtSmall], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    // DCMTK writes data sets anew when it sends them; ours sends the bytes of the files, which are the ones to come back.
    private static async Task SendAsTheyAreAsync(NetDicomProgram.Server server)
    {
        Ended ended = await NetDicomProgram.RunAsync("storescu", "-r", "127.0.0.1", server.Port, RealFiles.Series, RealFiles.CtSmall);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    private static Dictionary<string, byte[]> Sources() =>
        Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Append(RealFiles.CtSmall).Select(File.ReadAllBytes).ToDictionary(file => Part10.MetaUid(file, 0x0003));

    private static int Matches(Ended ended) => ended.Said("Find Response: ");

    private static void AssertSame(Dictionary<string, byte[]> stored, string folder, int count)
    {
        string[] files = Directory.GetFiles(folder);
        Assert.Equal(count, files.Length);
        foreach (byte[] file in files.Select(File.ReadAllBytes))
            Assert.True(Part10.DataSet(file).Span.SequenceEqual(Part10.DataSet(stored[Part10.MetaUid(file, 0x0003)]).Span), "the data sets differ");
    }

    [Fact]
    public async Task Files_lie_under_their_uids_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        await SendAsTheyAreAsync(server);
        Dictionary<string, byte[]> stored = archive.Stored();
        Dictionary<string, byte[]> sources = Sources();
        Assert.Equal(sources.Keys.Order(), stored.Keys.Order());
        Assert.All(sources, source => Assert.True(Part10.DataSet(source.Value).Span.SequenceEqual(Part10.DataSet(stored[source.Key]).Span)));
        Assert.All(Directory.EnumerateFiles(archive.Instances, "*.dcm", SearchOption.AllDirectories), path =>
            Assert.Matches(LayoutPattern(), Path.GetRelativePath(archive.Instances, path)));
        await ArchiveServer.StopAsync(server);
        Ended verified = await archive.CareAsync("verify");
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    [Fact]
    public async Task DCMTK_finds_each_entity_once_at_each_level()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        await SendAsync(server);
        Ended patients = await DcmtkAsync("findscu", server, "X", "-P", "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientID", "-k", "PatientName");
        Assert.Equal(2, Matches(patients));
        Assert.Contains("[QRSCP", patients.Output + patients.Error, StringComparison.Ordinal);
        Ended studies = await DcmtkAsync("findscu", server, "X", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID", "-k", "PatientName=*", "-k", "NumberOfStudyRelatedInstances");
        // Three studies of the series' patient, the first of 11 objects, and one of the other.
        Assert.Equal(4, Matches(studies));
        Assert.Contains("IS [11]", studies.Output + studies.Error, StringComparison.Ordinal);
        string study = StudyOfCtSmall(archive);
        Assert.Equal(1, Matches(await DcmtkAsync("findscu", server, "X", "-S", "-k", "QueryRetrieveLevel=SERIES", "-k", $"StudyInstanceUID={study}", "-k", "SeriesInstanceUID", "-k", "Modality=CT")));
        Assert.Equal(0, Matches(await DcmtkAsync("findscu", server, "X", "-S", "-k", "QueryRetrieveLevel=SERIES", "-k", $"StudyInstanceUID={study}", "-k", "SeriesInstanceUID", "-k", "Modality=MR")));
        Assert.Equal(1, Matches(await DcmtkAsync("findscu", server, "X", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID", "-k", "PatientName=compressed*")));
        Assert.Equal(1, Matches(await DcmtkAsync("findscu", server, "X", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID", "-k", "StudyDate=20040101-20041231")));
    }

    [Theory]
    [InlineData("-S", "SERIES", "the study is missing")]
    [InlineData("-S", "PATIENT", "no such level")]
    [InlineData("-P", "STUDY", "the patient is missing")]
    public async Task An_identifier_that_breaks_the_rules_is_answered_A900(string model, string level, string why)
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        Ended ended = await DcmtkAsync("findscu", server, "X", model, "-k", $"QueryRetrieveLevel={level}", "-k", "SeriesInstanceUID");
        Assert.True(ended.Said("DataSetDoesNotMatchSOPClass") > 0, $"{why}: {ended}");
    }

    [Theory]
    [InlineData("-P", "PatientID=98890234")]
    [InlineData("-S", null)]
    public async Task DCMTK_gets_back_what_was_stored(string model, string? patient)
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        await SendAsTheyAreAsync(server);
        Dictionary<string, byte[]> stored = Sources();
        string into = folder.Folder("got");
        string[] keys = patient is not null ? ["-k", "QueryRetrieveLevel=PATIENT", "-k", patient] : ["-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={StudyOfCtSmall(archive)}"];
        Ended ended = await DcmtkAsync("getscu", server, ["X", model, "+B", "-od", into, .. keys]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        AssertSame(stored, into, patient is not null ? stored.Count - 1 : 1);
    }

    [Fact]
    public async Task A_peer_moves_to_a_destination_of_the_configuration_and_to_no_other()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        string into = folder.Folder("moved");
        await using Peers.Receiver receiver = await Peers.StoreScpAsync(into);
        await using NetDicomProgram.Server server = await archive.StartAsync("-c", archive.Configure("DEST", receiver.Port));
        await SendAsync(server);
        Dictionary<string, byte[]> stored = archive.Stored();
        Ended moved = await DcmtkAsync("movescu", server, "READER", "-P", "-aem", "DEST", "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientID=98890234");
        Assert.True(moved.ExitCode == 0 && moved.Said("Received Final Move Response (Success)") == 1, moved.ToString());
        AssertSame(stored, into, stored.Count - 1);
        Ended unknown = await DcmtkAsync("movescu", server, "READER", "-P", "-aem", "NOBODY", "-k", "QueryRetrieveLevel=PATIENT", "-k", "PatientID=98890234");
        Assert.True(unknown.Said("MoveDestinationUnknown") > 0, unknown.ToString());
    }

    [Fact]
    public async Task A_peer_has_its_rights_and_a_stranger_may_echo_only()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("-c", archive.Configure("DEST", "104"));
        Assert.Equal(0, (await DcmtkAsync("echoscu", server, "STRANGER")).ExitCode);
        Assert.NotEqual(0, (await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-aet", "STRANGER", "127.0.0.1", server.Port, RealFiles.CtSmall])).ExitCode);
        // Offered for C-GET only, and asked for without roles: the request itself is refused.
        Assert.NotEqual(0, (await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-aet", "READER", "127.0.0.1", server.Port, RealFiles.CtSmall])).ExitCode);
        Assert.NotEqual(0, (await DcmtkAsync("findscu", server, "STRANGER", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID")).ExitCode);
        Assert.Equal(0, (await DcmtkAsync("findscu", server, "READER", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID")).ExitCode);
        Assert.Empty(archive.Stored());
    }

    [Fact]
    public async Task A_damaged_file_is_found_and_a_lost_index_made_anew()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using (NetDicomProgram.Server server = await archive.StartAsync("--open"))
        {
            await SendAsync(server);
            Assert.Equal(2, (await archive.CareAsync("rebuild")).ExitCode);
            await ArchiveServer.StopAsync(server);
        }

        Ended before = await archive.CareAsync("status");
        File.WriteAllText(archive.Database, new string('x', 9000));
        File.Delete(archive.Database + "-wal");
        File.Delete(archive.Database + "-shm");
        Ended refused = await NetDicomProgram.RunAsync(["qrscp", "0", .. archive.Location]);
        Assert.True(refused.ExitCode == 2 && refused.Said("archive rebuild") == 1, refused.ToString());
        Ended rebuilt = await archive.CareAsync("rebuild");
        Assert.True(rebuilt.ExitCode == 0, rebuilt.ToString());
        Assert.Equal(WithoutRoom(before), WithoutRoom(await archive.CareAsync("status")));
        Assert.Equal(0, (await archive.CareAsync("verify")).ExitCode);
        string file = Directory.EnumerateFiles(archive.Instances, "*.dcm", SearchOption.AllDirectories).First();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^5] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        Ended verified = await archive.CareAsync("verify", "--json");
        Assert.True(verified.ExitCode == 4 && verified.Said("\"kind\":\"other-content\"") == 1, verified.ToString());
    }

    private static string StudyOfCtSmall(ArchiveServer archive)
    {
        string uid = Part10.MetaUid(File.ReadAllBytes(RealFiles.CtSmall), 0x0003);
        string path = Directory.EnumerateFiles(archive.Instances, uid + ".dcm", SearchOption.AllDirectories).Single();
        return Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!;
    }

    // Other programs write to the same disk.
    private static string WithoutRoom(Ended status) => FreeBytes().Replace(status.Output, "");

    [GeneratedRegex(@"\d+ bytes free")]
    private static partial Regex FreeBytes();

    [GeneratedRegex(@"^[0-9.]+/[0-9.]+/[0-9.]+\.dcm$")]
    private static partial Regex LayoutPattern();
}
