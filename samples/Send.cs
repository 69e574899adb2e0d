using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class Send
{
    public static async Task RunAsync(string host, int port, string folder)
    {
        #region send
        StorageFile[] files = [.. Directory.GetFiles(folder, "*.dcm").Select(StorageFile.Read)];
        var ae = new ApplicationEntity("MY_SCU");
        ae.AddRequestedContexts(PresentationContexts.ForFiles(files.Select(file => (file.SopClassUid, file.TransferSyntax))));
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        await foreach (StoreOutcome outcome in association.StoreAsync(files))
            Console.WriteLine(outcome);                                        // one for each file, whatever happens
        await association.ReleaseAsync();
        #endregion
    }
}
