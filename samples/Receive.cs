using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class Receive
{
    public static async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        #region receive
        var ae = new ApplicationEntity("ARCHIVE");
        ae.AddSupportedContexts(PresentationContexts.Verification);
        ae.AddSupportedContexts(PresentationContexts.Storage);
        ae.OnStore(async (request, cancellationToken) =>
        {
            await request.SaveAsync($"{request.AffectedSopInstanceUid}.dcm", cancellationToken: cancellationToken);
            return DimseStatus.Success;
        });
        await ae.RunServerAsync(port, cancellationToken: cancellationToken);
        #endregion
    }
}
