using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class InventoryQuery
{
    public static async Task ServeAsync(int port, Func<DicomDataSet?, IAsyncEnumerable<DicomDataSet>> studies, Func<InventoryRequest, IReadOnlyList<DicomDataSet>, DicomUid> keep, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("ARCHIVE");
        await using InventoryCreationProvider provider = ae.AddInventoryCreationProvider(
            async (production, cancellationToken) =>
            {
                DicomDataSet? keys = null;                                     // null: every study
                if (production.Request.Scope is { } scope)
                    InventoryScope.TryCreateIdentifier(scope, out keys);       // to be matched as the identifier of a C-FIND is
                var records = new List<DicomDataSet>();
                await foreach (DicomDataSet study in studies(keys).WithCancellation(cancellationToken))
                {
                    records.Add(study);
                    await production.ReportAsync(records.Count, cancellationToken: cancellationToken);   // a pause holds it here
                }

                // An Inventory Storage instance (PS3.3 annex A.88), kept where C-GET and C-MOVE of inventories find it.
                return new InventoryProduct { SopInstanceUid = keep(production.Request, records), StudyRecords = records.Count, RetrieveAETitles = ["ARCHIVE"] };
            },
            new InventoryCreationProviderOptions
            {
                // Where to tell users of the end that have no association open.
                Resolve = (title, _) => ValueTask.FromResult(title.ToString() == "MIGRATION" ? new EntityAddress("migration.example.org", 104) : null),
            });
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task CreateAsync(string host, int port, string from)
    {
        #region user
        var ended = new TaskCompletionSource<InventoryEvent>(TaskCreationOptions.RunContinuationsAsynchronously);   // the handler is to return first
        var ae = new ApplicationEntity("MIGRATION");
        ae.AddRequestedContext(SopClasses.InventoryCreation);
        ae.OnInventoryEvent((happened, _) =>
        {
            Console.WriteLine($"{happened.State.ToTerm()}: {happened.StudyRecords} studies {happened.Comment}");
            if (happened.Type != InventoryEventType.Status)
                ended.TrySetResult(happened);
            return ValueTask.CompletedTask;
        });
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        NResponse answer = await association.InitiateInventoryAsync(new InventoryRequest
        {
            TransactionUid = DicomUid.Generate(),
            Level = InventoryLevel.Series,
            Scope = InventoryScope.FromIdentifier(new DicomDataSet { { DicomTags.StudyDate, $"{from}-" } }),
        });
        answer.EnsureSuccess();
        InventoryEvent end = await ended.Task;
        if (end.Product is { } inventory)
            Console.WriteLine($"{inventory.SopInstanceUid} at {string.Join(' ', inventory.RetrieveAETitles)}");
        await association.ReleaseAsync();
        #endregion
    }
}
