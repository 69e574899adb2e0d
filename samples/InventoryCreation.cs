using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class InventoryCreation
{
    public static async Task ServeAsync(int port, Func<InventoryProduction, Task<(SopReference Root, long Studies)>> produce, CancellationToken stop)
    {
        #region provider
        var transactions = new InventoryCreationStore(new InventoryCapabilities { Levels = ["STUDY"] });
        transactions.Changed += transaction => _ = ProduceAsync(transaction);
        var ae = new ApplicationEntity("ARCHIVE");
        await using InventoryCreationProvider inventories = ae.AddInventoryCreationProvider(transactions, new InventoryCreationProviderOptions
        {
            Resolve = (title, _) => ValueTask.FromResult(title.ToString() == "MIGRATION" ? new EntityAddress("migration.example.org", 104) : null),
        });
        await ae.RunServerAsync(port, cancellationToken: stop);

        async Task ProduceAsync(InventoryProduction transaction)
        {
            if (transaction.Status != InventoryProductionStatus.Processing)
                return;
            (SopReference root, long studies) = await produce(transaction);
            transactions.Report(transaction.TransactionUid, InventoryProductionStatus.Complete, studies, new InventoryReference(root, "ARCHIVE"));
        }
        #endregion
    }

    public static async Task AskAsync(string host, int port)
    {
        #region user
        var ae = new ApplicationEntity("MIGRATION");
        ae.AddRequestedContexts(PresentationContexts.StorageManagement);
        ae.AddSupportedContexts(PresentationContexts.WithRoles(PresentationContexts.StorageManagement, scu: true, scp: true));
        ae.OnNEventReport(SopClasses.InventoryCreation, (report, _) =>
        {
            RuleResult read = InventoryCreationRules.ReadEvent(report.EventTypeId, report.EventInformation, out InventoryProduction? told);
            Console.WriteLine($"{told?.Status}, {told?.StudyRecords} studies, {told?.Inventory?.Instance.SopInstanceUid}");
            return ValueTask.FromResult(read.ToResponse());
        });
        await using DicomServer server = await ae.StartServerAsync(11113);     // for events on an association of the provider's
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        (await association.InitiateInventoryAsync(DicomUid.Generate(), "STUDY")).EnsureSuccess();
        #endregion
    }
}
