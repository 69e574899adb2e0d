using NetDicom;
using NetDicom.Archive;
using NetDicom.Network;

namespace Samples;

internal static class Worklist
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        var worklist = new WorklistStore();
        worklist.Set("A1", new DicomDataSet
        {
            { DicomTags.PatientName, "Doe^Jane" }, { DicomTags.PatientID, "P1" }, { DicomTags.AccessionNumber, "A1" }, { DicomTags.StudyInstanceUID, DicomUid.Generate().ToString() },
        }.Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet                   // one item a step
        {
            { DicomTags.Modality, "CT" }, { DicomTags.ScheduledStationAETitle, "CT1" }, { DicomTags.ScheduledProcedureStepStartDate, "20260301" },
            { DicomTags.ScheduledProcedureStepStartTime, "0900" }, { DicomTags.ScheduledProcedureStepID, "S1" },
        }));
        var ae = new ApplicationEntity("WORKLIST");
        ae.AddWorklistProvider(identifier => worklist.Find(identifier));
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task QueryAsync(string host, int port)
    {
        #region user
        DicomUid find = SopClasses.ModalityWorklistInformationModelFind;
        var ae = new ApplicationEntity("CT1");
        ae.AddRequestedContext(find);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "WORKLIST" });
        DicomDataSet keys = new DicomDataSet { { DicomTags.PatientName, "" }, { DicomTags.PatientID, "" }, { DicomTags.AccessionNumber, "" } }
            .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet { { DicomTags.Modality, "CT" }, { DicomTags.ScheduledStationAETitle, "CT1" } });
        await foreach (DicomDataSet step in association.FindAsync(find, keys))
            Console.WriteLine(step.GetString(DicomTags.AccessionNumber));
        await association.ReleaseAsync();
        #endregion
    }
}
