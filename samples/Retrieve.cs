using NetDicom;
using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class Retrieve
{
    public static async Task RunAsync(string host, int port, string study, string folder)
    {
        #region retrieve
        var ae = new ApplicationEntity("MY_SCU");
        ae.AddRequestedContext(SopClasses.StudyRootQueryRetrieveInformationModelGet);
        // C-GET: the objects come on the same association, so this side must be the SCP of their classes.
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.CTImageStorage, SopClasses.MRImageStorage])
            ae.AddRequestedContexts([new PresentationContext(sopClass, [TransferSyntax.ExplicitVRLittleEndian.Uid]) { ScuRole = false, ScpRole = true }]);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        var identifier = new DicomDataSet { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.StudyInstanceUID, study } };
        RetrieveOperation get = association.GetAsync(SopClasses.StudyRootQueryRetrieveInformationModelGet, identifier, async (request, cancellationToken) =>
        {
            await request.SaveAsync(Path.Combine(folder, $"{request.AffectedSopInstanceUid}.dcm"), cancellationToken: cancellationToken);
            return DimseStatus.Success;
        });
        await foreach (SubOperationProgress progress in get)
            Console.WriteLine($"{progress.Completed} of {progress.Completed + (progress.Remaining ?? 0)}");
        Console.WriteLine($"{get.Result!.Status}, {get.Result.FailedSopInstanceUids.Count} failed");
        await association.ReleaseAsync();
        #endregion
    }
}
