using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>Every real file that can be stored, compressed ones among them, through the archive and back by DCMTK: the data sets are byte for byte the same.</summary>
public class ArchiveRoundTripTests
{
    [Theory]
    [InlineData("storescu of netdicom")]
    [InlineData("dcmsend")]
    [Interop("Storage", "SCP", "DCMTK")]
    [Interop("Query/Retrieve: C-GET", "SCP", "DCMTK")]
    [Interop("Query/Retrieve: C-MOVE", "SCP", "DCMTK")]
    public async Task What_was_stored_comes_back_by_C_MOVE_and_C_GET(string sender)
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        string moved = folder.Folder("moved");
        await using Peers.Receiver receiver = await Peers.StoreScpAsync(moved, noDelay: true, "-pm", "+uf");
        await using NetDicomProgram.Server server = await archive.StartAtAsync(
            Ports.Free(), $$"""{ "open": true, "durability": "file", "peers": [ { "title": "DEST", "host": "127.0.0.1", "port": {{receiver.Port}} } ] }""");
        await SendAsync(sender, server);
        Dictionary<string, byte[]> stored = archive.Stored();
        Assert.InRange(stored.Count, 60, 184);
        // What has no Study Instance UID cannot be named at a level above IMAGE.
        string[] studies = [.. Directory.GetDirectories(archive.Instances).Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))!];
        string[] named = [.. studies.SelectMany(study => Directory.EnumerateFiles(Path.Combine(archive.Instances, study), "*.dcm", SearchOption.AllDirectories))
            .Select(path => Part10.MetaUid(File.ReadAllBytes(path), 0x0010))];
        Assert.True(named.Where(uid => uid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal) || uid == "1.2.840.10008.1.2.5").Distinct().Count() >= 3, string.Join(' ', named.Distinct()));
        string[] keys = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={string.Join('\\', studies)}"];
        Ended move = await ChildProcess.RunAsync(Peers.Dcmtk("movescu"), ["-v", "-aem", "DEST", .. keys, "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(move.ExitCode == 0 && move.Said("Received Final Move Response (Success)") == 1, move.ToString());
        Assert.Equal(named.Length, AssertSame(stored, moved));

        // getscu takes one compressed syntax at a time beside the uncompressed ones.
        int got = 0;
        foreach ((string option, string syntax) in s_preferred.Where(one => named.Contains(one.Syntax)))
        {
            string into = folder.Folder("got" + option);
            await ChildProcess.RunAsync(Peers.Dcmtk("getscu"), ["+B", option, "-od", into, .. keys, "127.0.0.1", server.Port], Peers.NoDelay);
            int same = AssertSame(stored, into);
            Assert.True(same > 0 && Directory.EnumerateFiles(into).Select(File.ReadAllBytes).Any(file => Part10.MetaUid(file, 0x0010) == syntax), $"{option}: {same}");
            got += same;
        }

        Assert.True(got > named.Length / 2);
    }

    private static readonly (string Option, string Syntax)[] s_preferred =
        [("+xe", "1.2.840.10008.1.2.1"), ("+xy", "1.2.840.10008.1.2.4.50"), ("+xw", "1.2.840.10008.1.2.4.91"), ("+xv", "1.2.840.10008.1.2.4.90"), ("+xr", "1.2.840.10008.1.2.5")];

    private static async Task SendAsync(string sender, NetDicomProgram.Server server)
    {
        if (sender == "dcmsend")
        {
            await ChildProcess.RunAsync(Peers.Dcmtk("dcmsend"), ["+sd", "+r", "-nh", "-nip", "-dn", "-nuc", "127.0.0.1", server.Port, RealFiles.Folder], Peers.NoDelay);
            return;
        }

        Sent sent = await Sent.RunAsync("127.0.0.1", server.Port, "-r", RealFiles.Folder);
        // Refused are those of which the data set is not the one that its file meta information names.
        Assert.True(sent.Stored.Count() >= 150, sent.Ended.ToString());
        Assert.All(sent.Files.Where(file => file.Outcome == "refused"), file => Assert.Matches("0xA900|0xC000", file.Error));
    }

    /// <summary>The files whose transfer syntax was kept have the data sets of the archive's; returns how many.</summary>
    private static int AssertSame(Dictionary<string, byte[]> stored, string folder)
    {
        int same = 0;
        foreach (byte[] file in Directory.EnumerateFiles(folder).Select(File.ReadAllBytes))
        {
            byte[] original = stored[Part10.MetaUid(file, 0x0003)];
            if (Part10.MetaUid(file, 0x0010) != Part10.MetaUid(original, 0x0010))
                continue;
            Assert.True(Part10.DataSet(original).Span.SequenceEqual(Part10.DataSet(file).Span), $"{Part10.MetaUid(file, 0x0003)} came back as another data set");
            same++;
        }

        return same;
    }
}
