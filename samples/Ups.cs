using NetDicom;
using NetDicom.Archive;
using NetDicom.Network;

namespace Samples;

internal static class Ups
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        var steps = new UpsStore();
        var ae = new ApplicationEntity("UPS");
        await using UpsProvider provider = ae.AddUpsProvider(steps, new UpsProviderOptions
        {
            CompileQuery = identifier =>
            {
                AttributeQuery query = AttributeQuery.Compile(identifier, MatchingOptions.Default);
                return step => query.IsMatch(step) ? query.BuildResponse(step) : null;
            },
            // Where to tell subscribers of events that have no association open.
            Resolve = (title, _) => ValueTask.FromResult(title.ToString() == "WATCHER" ? new EntityAddress("watcher.example.org", 104) : null),
        });
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task PerformAsync(string host, int port, DicomUid step, DicomDataSet performed)
    {
        #region user
        var ae = new ApplicationEntity("PERFORMER");
        ae.AddRequestedContexts(PresentationContexts.UnifiedProcedureStep);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "UPS" });
        var transaction = DicomUid.Generate();                                 // the lock: known to who took the step
        (await association.ChangeUpsStateAsync(step, UpsState.InProgress, transaction)).EnsureSuccess();
        (await association.SetUpsAsync(step, performed, transaction)).EnsureSuccess();
        (await association.ChangeUpsStateAsync(step, UpsState.Completed, transaction)).EnsureSuccess();
        await association.ReleaseAsync();
        #endregion
    }

    public static async Task WatchAsync(string host, int port, int reportPort, CancellationToken stop)
    {
        #region watcher
        var ae = new ApplicationEntity("WATCHER");
        ae.AddRequestedContext(SopClasses.UnifiedProcedureStepWatch);
        ae.AddRequestedContext(SopClasses.UnifiedProcedureStepEvent);
        ae.OnUpsEvent((happened, _) =>
        {
            Console.WriteLine($"{happened.InstanceUid} {happened.Type} {happened.Information.GetStringOrDefault(DicomTags.ProcedureStepState)}");
            return ValueTask.CompletedTask;
        });
        await using DicomServer server = await ae.StartServerAsync(reportPort, cancellationToken: stop);   // for events when the association has ended: a silent one does after a minute
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "UPS" }, stop);
        (await association.SubscribeUpsAsync(Uids.UPSGlobalSubscriptionInstance, ae.Title, cancellationToken: stop)).EnsureSuccess();
        Console.WriteLine("subscribed");
        await Task.Delay(Timeout.Infinite, stop);
        #endregion
    }
}
