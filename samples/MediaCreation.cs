using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class MediaCreation
{
    public static async Task ServeAsync(int port, Func<DicomDataSet, Task<bool>> burn, CancellationToken stop)
    {
        #region provider
        var requests = new MediaCreationStore();
        requests.Changed += (request, status) =>
        {
            if (status == MediaCreationStatus.Pending)
                _ = Task.Run(() => BurnAsync(request));                        // the answer does not wait for it; N-GET tells how far it is
        };
        var ae = new ApplicationEntity("BURNER");
        ae.AddMediaCreationProvider(requests);                                 // N-CREATE, N-ACTION, N-GET; the objects come by C-STORE
        await ae.RunServerAsync(port, cancellationToken: stop);

        async Task BurnAsync(DicomUid request)
        {
            if (!requests.Report(request, MediaCreationStatus.Creating, "NORMAL"))
                return;                                                        // cancelled before it began
            bool done = await burn(requests.Find(request)!);
            requests.Report(request, done ? MediaCreationStatus.Done : MediaCreationStatus.Failure, done ? "NORMAL" : "PROC_FAILURE");
        }
        #endregion
    }

    public static async Task BurnAsync(string host, int port, IReadOnlyList<SopReference> instances)
    {
        #region user
        var ae = new ApplicationEntity("WORKSTATION");
        ae.AddRequestedContext(SopClasses.MediaCreationManagement);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "BURNER" });
        NResponse created = await association.CreateMediaRequestAsync(default, MediaCreationOperations.MediaRequest(instances, "STD-GEN-CD"));
        DicomUid request = created.EnsureSuccess().AffectedSopInstanceUid;
        (await association.InitiateMediaCreationAsync(request, copies: 2)).EnsureSuccess();
        NResponse state = await association.GetMediaCreationAsync(request, [DicomTags.ExecutionStatus, DicomTags.ExecutionStatusInfo]);
        Console.WriteLine(MediaCreationRules.StatusOf(state.EnsureSuccess().DataSet!));
        #endregion
    }
}
