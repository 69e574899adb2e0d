using NetDicom;
using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class Echo
{
    public static async Task RunAsync(string host, int port)
    {
        #region echo
        var ae = new ApplicationEntity("MY_SCU");
        ae.AddRequestedContext(SopClasses.Verification);
        await using Association association = await ae.AssociateAsync(host, port);
        DimseStatus status = await association.EchoAsync();
        Console.WriteLine(status);
        await association.ReleaseAsync();
        #endregion
    }
}
