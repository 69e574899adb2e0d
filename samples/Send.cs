using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class Send
{
    public static async Task RunAsync(string host, int port, string folder)
    {
        #region send
        string[] files = Directory.GetFiles(folder, "*.dcm");
        var ae = new ApplicationEntity("MY_SCU");
        ae.AddRequestedContext(new DicomUid("1.2.840.10008.5.1.4.1.1.2"));     // CT Image Storage
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        await foreach (StoreOutcome outcome in association.StoreAsync(files))
            Console.WriteLine(outcome);                                        // one for each file, whatever happens
        await association.ReleaseAsync();
        #endregion
    }
}
