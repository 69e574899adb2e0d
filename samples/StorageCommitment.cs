using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class StorageCommitment
{
    public static async Task ServeAsync(int port, Func<DicomUid, DicomUid?> storedClass, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("ARCHIVE");
        await using StorageCommitmentProvider commitment = ae.AddStorageCommitmentProvider(
            (request, _) => ValueTask.FromResult(StorageCommitmentRules.Judge(request, storedClass)),   // SOP class an instance is kept under; null for none
            new StorageCommitmentProviderOptions
            {
                // Where to report to who has gone meanwhile.
                Resolve = (title, _) => ValueTask.FromResult(title.ToString() == "CT1" ? new EntityAddress("ct1.example.org", 104) : null),
                OnUndelivered = (title, result) => Console.WriteLine($"{title} was not told of {result.TransactionUid}"),
            });
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task CommitAsync(string host, int port, int reportPort, IReadOnlyList<SopReference> instances)
    {
        #region user
        var ae = new ApplicationEntity("CT1");
        var client = new StorageCommitmentClient(ae);                          // before associations and servers of the entity
        await using DicomServer server = await ae.StartServerAsync(reportPort); // for reports on an association of the provider's
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        StorageCommitmentOutcome outcome = await client.CommitAsync(association, instances);
        foreach (FailedCommitment failed in outcome.Result.Failed)
            Console.WriteLine($"{failed.Reference.SopInstanceUid} is not kept: {failed.Reason}");
        Console.WriteLine(outcome.IsCommitted ? "all may be deleted here" : "keep them");
        #endregion
    }
}
