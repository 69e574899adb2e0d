using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class SubstanceAdministration
{
    public static async Task ServeAsync(int port, SubstanceCatalog catalog, Func<string?, string?, bool> knowsPatient, Func<DicomDataSet, bool> mayLog, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("PHARMACY");
        ae.AddProductCharacteristicsProvider(catalog.FindProducts);            // or a function of your own: identifier in, responses out
        ae.AddSubstanceApprovalProvider(catalog.FindApprovals);
        ae.AddSubstanceAdministrationLoggingProvider(new SubstanceAdministrationLog(knowsPatient, mayLog));
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task AdministerAsync(string host, int port, string barCode, string patientId, DicomDataSet administration)
    {
        #region user
        var ae = new ApplicationEntity("INJECTOR");
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.ProductCharacteristicsQuery, SopClasses.SubstanceApprovalQuery, SopClasses.SubstanceAdministrationLogging])
            ae.AddRequestedContext(sopClass);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "PHARMACY" });
        await foreach (DicomDataSet product in association.FindAsync(SopClasses.ProductCharacteristicsQuery, SubstanceQueryOperations.ProductKeys(barCode)))
            Console.WriteLine(product.GetStringOrDefault(DicomTags.ProductName));
        DicomDataSet intravenous = SubstanceQueryOperations.ApprovalKeys(patientId, null, barCode, "47625008", "SCT");
        await foreach (DicomDataSet approval in association.FindAsync(SopClasses.SubstanceApprovalQuery, intravenous))
            Console.WriteLine(approval.GetStringOrDefault(DicomTags.SubstanceAdministrationApproval));
        NResponse logged = await association.LogSubstanceAdministrationAsync(administration);
        if (logged.Status.IsFailure)
            Console.WriteLine($"{logged.Status} {logged.ErrorComment}");
        #endregion
    }
}
