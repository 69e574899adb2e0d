using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class InstanceAvailability
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        var notifications = new InstanceAvailabilityStore();
        notifications.Notified += (_, notification) => Console.WriteLine($"{notification.GetUidOrDefault(DicomTags.StudyInstanceUID)} is there");
        var ae = new ApplicationEntity("WORKFLOW");
        ae.AddInstanceAvailabilityProvider(notifications);
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task NotifyAsync(string host, int port, DicomUid study, DicomUid series, IReadOnlyList<SopReference> instances)
    {
        #region user
        var ae = new ApplicationEntity("ARCHIVE");
        ae.AddRequestedContext(SopClasses.InstanceAvailabilityNotification);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "WORKFLOW" });
        DicomDataSet notification = new DicomDataSet()
            .Set(DicomElement.CreateEmpty(DicomTags.ReferencedPerformedProcedureStepSequence, DicomVR.SQ))
            .Set(DicomTags.StudyInstanceUID, study)
            .Set(DicomTags.ReferencedSeriesSequence, new DicomDataSet().Set(DicomTags.SeriesInstanceUID, series).Set(
                DicomTags.ReferencedSOPSequence,
                [.. instances.Select(one => one.ToItem().Set(DicomTags.InstanceAvailability, "ONLINE").Set(DicomTags.RetrieveAETitle, "ARCHIVE"))]));
        (await association.NCreateAsync(SopClasses.InstanceAvailabilityNotification, default, notification)).EnsureSuccess();
        #endregion
    }
}
