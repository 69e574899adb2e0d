using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class DisplaySystem
{
    public static async Task ServeAsync(int port, Func<DicomDataSet> measure, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("DISPLAY1");
        ae.AddDisplaySystemProvider(_ => ValueTask.FromResult(measure()));     // the attributes of PS3.3 C.32 as they are now
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task AskAsync(string host, int port)
    {
        #region user
        var ae = new ApplicationEntity("QA");
        ae.AddRequestedContext(SopClasses.DisplaySystem);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "DISPLAY1" });
        NResponse display = await association.GetDisplaySystemAsync([DicomTags.Manufacturer, DicomTags.NumberOfDisplaySubsystems, DicomTags.DisplaySubsystemSequence]);
        Console.WriteLine(display.EnsureSuccess().DataSet!.GetStringOrDefault(DicomTags.Manufacturer));
        #endregion
    }
}
