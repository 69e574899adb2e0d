using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class RelevantPatient
{
    public static async Task ServeAsync(int port, Func<string, IEnumerable<DicomDataSet>> reportsOf, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("RECORDS");
        ae.AddRelevantPatientProvider(
            (resource, template) => (resource, template) == ("DCMR", "9007"),              // General Relevant Patient Information
            identifier => reportsOf(identifier.GetString(DicomTags.PatientID)));            // one data set a patient, in that template
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }

    public static async Task AskAsync(string host, int port, string patient)
    {
        #region user
        DicomUid general = SopClasses.GeneralRelevantPatientInformationQuery;
        var ae = new ApplicationEntity("CT1");
        ae.AddRequestedContext(general);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "RECORDS" });
        DicomDataSet keys = new DicomDataSet { { DicomTags.PatientID, patient }, { DicomTags.PatientName, "" } }
            .Set(DicomTags.ContentTemplateSequence, new DicomDataSet { { DicomTags.MappingResource, "DCMR" }, { DicomTags.TemplateIdentifier, "9007" } })
            .Set(DicomElement.CreateEmpty(DicomTags.ContentSequence, DicomVR.SQ));
        await foreach (DicomDataSet report in association.FindAsync(general, keys))        // none or one
            Console.WriteLine($"{report.GetString(DicomTags.PatientName)}: {report.GetSequence(DicomTags.ContentSequence)?.Count ?? 0} items");
        await association.ReleaseAsync();
        #endregion
    }
}
