using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>Our storescu against the receivers of others, on every real file.</summary>
public class SendTests
{
    /// <summary>Files of pydicom that an honest receiver takes, at least: 165 files, of which some are not DICOM, directories, or broken.</summary>
    private const int Storable = 120;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Interop("Storage", "SCU", "DCMTK")]
    public async Task Every_storable_file_reaches_DCMTKs_storescp_byte_for_byte(bool noDelay)
    {
        string files = RealFiles.Folder;
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay, "+uf");
        Sent sent = await Sent.RunAsync("-r", "127.0.0.1", peer.Port, files);
        AssertHonest(sent, folder.Path);
    }

    [Fact]
    [Interop("Storage", "SCU", "DCMTK")]
    public async Task Every_storable_file_reaches_a_forking_storescp_on_four_associations()
    {
        string files = RealFiles.Folder;
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay: true, "+uf", "--fork");
        Sent sent = await Sent.RunAsync("-r", "--parallel", "4", "127.0.0.1", peer.Port, files);
        AssertHonest(sent, folder.Path);
    }

    [Fact]
    [Interop("Storage", "SCU", "DCMTK")]
    public async Task Every_storable_file_reaches_DCMTKs_dcmrecv()
    {
        string files = RealFiles.Folder;
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.DcmRecvAsync(folder.Path, "+fu");
        Sent sent = await Sent.RunAsync("-r", "127.0.0.1", peer.Port, files);
        AssertHonest(sent, folder.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--async 8")]
    public async Task Every_storable_file_reaches_our_own_storescp(string options)
    {
        string files = RealFiles.Folder;
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--existing", "both");
        Sent sent = await Sent.RunAsync(["-r", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", server.Port, files]);
        AssertHonest(sent, folder.Path);
    }

    [Fact]
    [Interop("Storage", "SCU", "Orthanc")]
    public async Task Every_storable_file_reaches_Orthanc()
    {
        string files = RealFiles.Folder;
        await using Orthanc orthanc = await Orthanc.StartAsync();
        Sent sent = await Sent.RunAsync("-r", "-td", "2", "--retry", "2", "--parallel", "3", $"ORTHANC@127.0.0.1:{orthanc.Port}", files);
        Assert.True(sent.Stored.Count() >= Storable, sent.Ended.ToString());
        // Orthanc keeps one instance for each patient, study, series and instance, and may write its own form of the data set: the identities must be there.
        var kept = new HashSet<string>();
        foreach (string instance in await orthanc.InstancesAsync())
            kept.Add(Part10.MetaUid(await orthanc.FileAsync(instance), 0x0003));
        Assert.Equal(sent.Stored.Select(f => f.SopInstanceUid!).Distinct().Order(), kept.Order());
        // Orthanc gives up parsing these (two are cut off, one says JPEG and is written in Implicit VR) and does not answer; they must not keep the others from being sent.
        Assert.Equal(["MR_truncated.dcm", "SC_rgb_jpeg.dcm", "rtplan_truncated.dcm"], sent.Files.Where(f => f.Outcome == "lost").Select(f => Path.GetFileName(f.Path)).Order(StringComparer.Ordinal));
        Assert.Equal(5, sent.Ended.ExitCode);
        AssertClearLines(sent);
    }

    private static void AssertHonest(Sent sent, string folder)
    {
        AssertOutcomes(sent);
        Assert.True(sent.AssertReceived(folder) >= Storable, $"only {sent.AssertReceived(folder)} files were compared:\n{sent.Ended}");
    }

    private static void AssertOutcomes(Sent sent)
    {
        AssertClearLines(sent);
        Assert.All(sent.Files, f => Assert.True(f.Outcome is "stored" or "unreadable" or "no-context", f.ToString()));
        Assert.Equal(sent.Count("no-context") > 0 ? 4 : 3, sent.Ended.ExitCode);
    }

    // One outcome a file, and one clear line for each that was not stored.
    private static void AssertClearLines(Sent sent)
    {
        Assert.Equal(Directory.EnumerateFiles(RealFiles.Folder, "*", SearchOption.AllDirectories).Count(), sent.Files.Count);
        foreach (SentFile file in sent.Files.Except(sent.Stored))
        {
            Assert.Contains(sent.Ended.ErrorLines, l => l.StartsWith("E: ", StringComparison.Ordinal) && l.Contains(file.Path, StringComparison.Ordinal));
        }

        Assert.DoesNotContain("   at ", sent.Ended.Error, StringComparison.Ordinal);
    }
}
