using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The senders of others against our storescp, on every real file.</summary>
public class ReceiveTests
{
    /// <summary>What the sender makes of the files is not what stands on the disk: it parses and writes them anew. So its own receiver is the measure.</summary>
    [Theory]
    [InlineData("storescu", "-nh +sd +r -R -aec ANY-SCP")]
    [InlineData("dcmsend", "-nh +sd +r -dn")]
    [Interop("Storage", "SCP", "DCMTK")]
    public async Task What_DCMTK_sends_is_kept_byte_for_byte_as_its_own_receiver_keeps_it(string program, string options)
    {
        string sender = Peers.Dcmtk(program);
        string files = RealFiles.File("dicomdirtests");
        using var folder = new TemporaryFolder();
        string theirs = folder.Folder("theirs"), ours = folder.Folder("ours");
        await using (Peers.Receiver peer = await Peers.StoreScpAsync(theirs))
            await ChildProcess.RunAsync(sender, [.. options.Split(' '), "127.0.0.1", peer.Port, files], Peers.NoDelay);
        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", ours))
            await ChildProcess.RunAsync(sender, [.. options.Split(' '), "127.0.0.1", server.Port, files], Peers.NoDelay);

        AssertSameObjects(theirs, ours, 70);
    }

    [Fact]
    [Interop("Storage", "SCP", "DCMTK")]
    public async Task What_DCMTK_sends_compressed_is_kept_byte_for_byte()
    {
        string sender = Peers.Dcmtk("dcmsend");
        using var folder = new TemporaryFolder();
        string theirs = folder.Folder("theirs"), ours = folder.Folder("ours");
        string[] files = [.. ((string[])["JPEG2000.dcm", "JPEG-lossy.dcm", "MR_small_jpeg_ls_lossless.dcm", "SC_rgb_rle.dcm", "image_dfl.dcm", "ExplVR_BigEnd.dcm", "JPGExtended.dcm"]).Select(RealFiles.File)];
        await using (Peers.Receiver peer = await Peers.StoreScpAsync(theirs))
            await ChildProcess.RunAsync(sender, ["-nh", "-dn", "127.0.0.1", peer.Port, .. files], Peers.NoDelay);
        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", ours))
            await ChildProcess.RunAsync(sender, ["-nh", "-dn", "127.0.0.1", server.Port, .. files], Peers.NoDelay);

        AssertSameObjects(theirs, ours, 5);
    }

    [Fact]
    [Interop("Storage", "SCP", "DCMTK")]
    public async Task Eight_of_DCMTKs_senders_at_one_time_are_all_served()
    {
        string sender = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--existing", "both");
        Ended[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            ChildProcess.RunAsync(sender, ["-v", "+sd", "+r", "127.0.0.1", server.Port, RealFiles.Series], Peers.NoDelay)));
        Assert.All(all, e => Assert.True(e.ExitCode == 0, e.ToString()));
        int files = Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Count();
        Assert.Equal(8 * files, Directory.EnumerateFiles(folder.Path).Count());
    }

    [Fact]
    public async Task The_study_layout_puts_each_object_below_its_study_and_series()
    {
        string sender = Peers.Dcmtk("dcmsend");
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--layout", "study", "--durability", "full");
        Ended ended = await ChildProcess.RunAsync(sender, ["-dn", "127.0.0.1", server.Port, RealFiles.CtSmall, RealFiles.File("image_dfl.dcm"), RealFiles.File("ExplVR_BigEnd.dcm")], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        string[] found = [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.Path, f))];
        Assert.Equal(3, found.Length);
        Assert.Contains("1.3.6.1.4.1.5962.1.2.1.20040119072730.12322/1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322/1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322.dcm", found);
        Assert.All(found, f => Assert.Equal(3, f.Split('/').Length));
        Assert.DoesNotContain(found, f => f.StartsWith("none", StringComparison.Ordinal));
    }

    private static void AssertSameObjects(string theirs, string ours, int least)
    {
        Dictionary<string, byte[]> expected = ByInstance(theirs), got = ByInstance(ours);
        Assert.True(expected.Count >= least, $"only {expected.Count} objects were sent");
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        foreach ((string instance, byte[] file) in expected)
        {
            Assert.Equal(Part10.MetaUid(file, 0x0010), Part10.MetaUid(got[instance], 0x0010));
            Assert.True(Part10.DataSet(file).Span.SequenceEqual(Part10.DataSet(got[instance]).Span), $"{instance}: the data sets differ");
        }
    }

    private static Dictionary<string, byte[]> ByInstance(string folder) =>
        Directory.EnumerateFiles(folder).Select(File.ReadAllBytes).ToDictionary(f => Part10.MetaUid(f, 0x0003));
}
