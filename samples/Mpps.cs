using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class Mpps
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        var steps = new MppsStore();
        steps.Changed += (step, happened) => Console.WriteLine($"{step} {happened}");
        var ae = new ApplicationEntity("MPPS");
        ae.AddMppsProvider(steps);                                             // N-CREATE, N-SET, N-GET, and events to who asked for them
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task PerformAsync(string host, int port, DicomDataSet begun, DicomDataSet ended, DicomDataSet reason, Func<bool> acquire)
    {
        #region user
        var ae = new ApplicationEntity("CT1");
        ae.AddRequestedContext(SopClasses.ModalityPerformedProcedureStep);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "MPPS" });
        var step = DicomUid.Generate();
        (await association.CreateMppsAsync(step, begun)).EnsureSuccess();      // IN PROGRESS
        bool isDone = acquire();
        NResponse response = isDone ? await association.CompleteMppsAsync(step, ended) : await association.DiscontinueMppsAsync(step, ended, reason);
        if (response.Status.IsFailure)
            Console.WriteLine($"{response.Status} {response.ErrorComment} {string.Join(' ', response.AttributeIdentifierList)}");
        await association.ReleaseAsync();
        #endregion
    }
}
