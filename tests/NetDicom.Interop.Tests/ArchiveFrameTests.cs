using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Frames out of the archive (PS3.4 annex Y): asked for by our library by the standard's table, and by dcmjs-dimse; the real file and its frames are decoded by DCMTK.</summary>
public class ArchiveFrameTests
{
    [Fact]
    public async Task A_frame_of_a_real_file_comes_as_an_instance_that_DCMTK_decodes_to_the_same_pixels()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        string source = RealFiles.File("SC_rgb_rle_2frame.dcm");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", server.Port, source, RealFiles.CtSmall)).Ended.ExitCode);
        StorageFile stored = StorageFile.Read(source);
        var user = new ApplicationEntity("FRAMES");
        user.AddRequestedContext(SopClasses.CompositeInstanceRootRetrieveGet);
        user.AddRequestedContexts(PresentationContexts.WithRoles([new PresentationContext(stored.SopClassUid, [TransferSyntax.RLELossless.Uid])], scu: false, scp: true));
        await using Association association = await user.AssociateAsync("127.0.0.1", int.Parse(server.Port, CultureInfo.InvariantCulture));
        string got = folder.File("frame.dcm");
        async ValueTask<DimseStatus> TakeAsync(StoreRequest request, CancellationToken stop)
        {
            await request.SaveAsync(got, cancellationToken: stop);
            return DimseStatus.Success;
        }

        Task<RetrieveResult> AskAsync(DicomUid instance, params long[] frames) => association.GetAsync(
            SopClasses.CompositeInstanceRootRetrieveGet,
            new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, "FRAME").Set(DicomTags.SOPInstanceUID, instance).Set(DicomTags.SimpleFrameList, frames), TakeAsync).CompleteAsync();
        RetrieveResult result = await AskAsync(stored.SopInstanceUid, 2);
        Assert.Equal(DimseStatus.Success, result.Status);
        DicomFile made = DicomFile.Read(await File.ReadAllBytesAsync(got));
        Assert.NotEqual(stored.SopInstanceUid, made.DataSet.GetUid(DicomTags.SOPInstanceUID));
        Assert.Equal(stored.SopInstanceUid, Assert.Single(made.DataSet.GetSequence(DicomTags.FrameExtractionSequence)!).GetUid(DicomTags.MultiFrameSourceSOPInstanceUID));

        byte[] whole = await DecodedAsync(folder, source, "whole.dcm"), frame = await DecodedAsync(folder, got, "part.dcm");
        Assert.Equal(whole.Length, 2 * frame.Length);
        Assert.Equal(whole[(whole.Length / 2)..], frame);
        // PS3.4 table Y.4-2: frames that are not there; an instance without frames; one that the archive does not have is nothing, and no failure.
        Assert.Equal(0xAA00, (await AskAsync(stored.SopInstanceUid, 3)).Status.Code);
        Assert.Equal(0xAA01, (await AskAsync(StorageFile.Read(RealFiles.CtSmall).SopInstanceUid, 1)).Status.Code);
        Assert.Equal(DimseStatus.Success, (await AskAsync(new DicomUid("2.25.1"), 1)).Status);
        await association.ReleaseAsync();
    }

    [Fact]
    [Interop("Query/Retrieve: C-GET of frames", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_gets_frames_as_they_are_in_the_file()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        byte[] whole = await StoreDecodedAsync(folder, server.Port);
        int length = whole.Length / 2;
        DicomUid uid = StorageFile.Read(folder.File("whole.dcm")).SopInstanceUid;
        string frames = SopClasses.CompositeInstanceRootRetrieveGet.ToString();
        IReadOnlyList<JsonElement> said = await NodePeer.RetrieveAsync(server.Port, new object[]
        {
            new { get = Frames(uid, new { SimpleFrameList = new[] { 2 } }), sopClass = frames },
            new { get = Frames(uid, new { SimpleFrameList = new[] { 1, 2 } }), sopClass = frames },
            // From the first to the last in steps of one.
            new { get = Frames(uid, new { CalculatedFrameList = new[] { 1, 1, 1 } }), sopClass = frames },
            new { get = Frames(uid, new { SimpleFrameList = new[] { 3 } }), sopClass = frames },
        });
        JsonElement[] stored = [.. said.Where(line => Event(line) == "stored")];
        Assert.Equal([(length, Hash(whole[length..])), (2 * length, Hash(whole)), (length, Hash(whole[..length]))], stored.Select(line => (line.GetProperty("pixelLength").GetInt32(), line.GetProperty("pixels").GetString()!)));
        Assert.Equal([0x0000, 0x0000, 0x0000, 0xAA00], Finals(said, "got"));
        foreach (JsonElement line in stored)
        {
            JsonElement data = line.GetProperty("data");
            Assert.NotEqual(uid.ToString(), line.GetProperty("sopInstanceUid").GetString());
            Assert.Equal(line.GetProperty("pixelLength").GetInt32() / length, data.GetProperty("NumberOfFrames").GetInt32());
            Assert.Equal(uid.ToString(), data.GetProperty("FrameExtractionSequence")[0].GetProperty("MultiFrameSourceSOPInstanceUID").GetString());
        }
    }

    [Fact]
    [Interop("Query/Retrieve: C-MOVE of frames", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_has_a_frame_moved_to_DCMTK()
    {
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        string text = port.ToString(CultureInfo.InvariantCulture), moved = folder.Folder("moved");
        await using ChildProcess destination = ChildProcess.Start(Peers.Dcmtk("storescp"), ["-od", moved, "+B", text], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, destination);
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open", "-c", archive.Configure("DCMTK", text));
        byte[] whole = await StoreDecodedAsync(folder, server.Port);
        DicomUid uid = StorageFile.Read(folder.File("whole.dcm")).SopInstanceUid;
        string frames = SopClasses.CompositeInstanceRootRetrieveMove.ToString();
        IReadOnlyList<JsonElement> said = await NodePeer.RetrieveAsync(server.Port, new object[]
        {
            new { move = Frames(uid, new { SimpleFrameList = new[] { 2 } }), sopClass = frames, destination = "DCMTK" },
            // PS3.4 table Y.4-3: a destination that is not known, frames that are not there.
            new { move = Frames(uid, new { SimpleFrameList = new[] { 2 } }), sopClass = frames, destination = "NOBODY" },
            new { move = Frames(uid, new { SimpleFrameList = new[] { 3 } }), sopClass = frames, destination = "DCMTK" },
        });
        Assert.Equal([0x0000, 0xA801, 0xAA00], Finals(said, "moved"));
        DicomDataSet made = DicomFile.Read(await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(moved)))).DataSet;
        Assert.Equal(whole[(whole.Length / 2)..], made[DicomTags.PixelData].GetBytes().ToArray());
        Assert.Equal(uid, Assert.Single(made.GetSequence(DicomTags.FrameExtractionSequence)!).GetUid(DicomTags.MultiFrameSourceSOPInstanceUID));
    }

    // Two frames without compression, which dcmjs-dimse proposes none of.
    private static async Task<byte[]> StoreDecodedAsync(TemporaryFolder folder, string port)
    {
        byte[] pixels = await DecodedAsync(folder, RealFiles.File("SC_rgb_rle_2frame.dcm"), "whole.dcm");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", port, folder.File("whole.dcm"))).Ended.ExitCode);
        return pixels;
    }

    private static Dictionary<string, object> Frames(DicomUid instance, object list)
    {
        Dictionary<string, object> identifier = new() { ["QueryRetrieveLevel"] = "FRAME", ["SOPInstanceUID"] = instance.ToString() };
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(list).EnumerateObject())
            identifier.Add(property.Name, property.Value);
        return identifier;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static string? Event(JsonElement line) => line.GetProperty("event").GetString();

    private static IEnumerable<int> Finals(IReadOnlyList<JsonElement> said, string name) =>
        said.Where(line => Event(line) == name && line.GetProperty("status").GetInt32() != 0xFF00).Select(line => line.GetProperty("status").GetInt32());

    private static async Task<byte[]> DecodedAsync(TemporaryFolder folder, string file, string name)
    {
        Ended decoded = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdrle"), [file, folder.File(name)]);
        Assert.True(decoded.ExitCode == 0, decoded.ToString());
        return DicomFile.Read(await File.ReadAllBytesAsync(folder.File(name))).DataSet[DicomTags.PixelData].GetBytes().ToArray();
    }
}
