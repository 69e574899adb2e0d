using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class EventLogging
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        var log = new ProceduralEventLog();
        log.Begin(new CurrentProcedure(new DicomUid("1.2.840.1")) { PatientId = "P1", PerformedLocation = "CATHLAB1" });
        log.Logged += (procedure, happened) => Console.WriteLine($"{procedure.StudyInstanceUid}: {happened.GetSequence(DicomTags.ContentSequence)!.Count} items");
        var ae = new ApplicationEntity("LOGGER");
        ae.AddProceduralEventLoggingProvider(log);                             // log.End gives the events for the Procedure Log
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task ReportAsync(string host, int port, DicomDataSet content)
    {
        #region user
        var ae = new ApplicationEntity("HEMO");
        ae.AddRequestedContext(SopClasses.ProceduralEventLogging);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "LOGGER" });
        DicomDataSet happened = content.Clone().Set(DicomTags.PatientID, "P1").Set(DicomTags.PerformedLocation, "CATHLAB1");
        NResponse logged = await association.LogProceduralEventAsync(happened);   // content: a container of TID 3001
        Console.WriteLine($"{logged.Status} {logged.ErrorComment}");
        #endregion
    }
}
