using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class Print
{
    public static async Task ServeAsync(int port, Func<PrintJob, bool> enqueue, CancellationToken stop)
    {
        #region provider
        var queue = new PrintQueue(enqueue, "LASER1");                         // takes a job with its films and images, to print it later
        var ae = new ApplicationEntity("PRINTER");
        ae.AddPrintProvider(queue, new PrintProviderOptions { IsColor = true, Printer = new PrintOptions { FilmSizes = ["A4", "14INX17IN"] } });
        await ae.RunServerAsync(port, cancellationToken: stop);
        // While it prints: queue.ReportJob(job.JobUid, PrintJobStatus.Printing, "NORMAL"), then Done or Failure; users are told.
        #endregion
    }

    public static async Task PrintAsync(string host, int port, DicomDataSet image)
    {
        #region user
        var ae = new ApplicationEntity("VIEWER");
        ae.AddRequestedContext(SopClasses.BasicGrayscalePrintManagementMeta);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "PRINTER" });
        DicomUid session = (await association.NCreateAsync(SopClasses.BasicFilmSession)).EnsureSuccess().AffectedSopInstanceUid;
        DicomDataSet format = new DicomDataSet().Set(DicomElement.Create(DicomTags.ImageDisplayFormat, DicomVR.ST, "STANDARD\\1,1"))
            .Set(DicomTags.ReferencedFilmSessionSequence, new SopReference(SopClasses.BasicFilmSession, session).ToItem());
        NResponse film = (await association.NCreateAsync(SopClasses.BasicFilmBox, default, format)).EnsureSuccess();
        DicomUid box = film.DataSet!.GetSequence(DicomTags.ReferencedImageBoxSequence)![0].GetUid(DicomTags.ReferencedSOPInstanceUID);
        DicomDataSet content = new DicomDataSet().Set(DicomTags.ImageBoxPosition, 1L).Set(DicomTags.BasicGrayscaleImageSequence, image);
        (await association.NSetAsync(SopClasses.BasicGrayscaleImageBox, box, content)).EnsureSuccess();
        (await association.NActionAsync(SopClasses.BasicFilmBox, film.AffectedSopInstanceUid, 1)).EnsureSuccess();
        await association.ReleaseAsync();                                      // the film session ends with the association, the job does not
        #endregion
    }
}
