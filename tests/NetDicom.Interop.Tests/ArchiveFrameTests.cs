using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Frames out of the archive (PS3.4 annex Y). No peer here asks for them: the request is made from the standard's table, and the real file and its frames are decoded by DCMTK.</summary>
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
        await using Association association = await user.AssociateAsync("127.0.0.1", int.Parse(server.Port, System.Globalization.CultureInfo.InvariantCulture));
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

    private static async Task<byte[]> DecodedAsync(TemporaryFolder folder, string file, string name)
    {
        Ended decoded = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdrle"), [file, folder.File(name)]);
        Assert.True(decoded.ExitCode == 0, decoded.ToString());
        return DicomFile.Read(await File.ReadAllBytesAsync(folder.File(name))).DataSet[DicomTags.PixelData].GetBytes().ToArray();
    }
}
