using NetDicom;
using NetDicom.Network;

namespace Samples;

internal static class Find
{
    public static async Task RunAsync(string host, int port, string patient)
    {
        #region find
        var ae = new ApplicationEntity("MY_SCU");
        ae.AddRequestedContext(SopClasses.StudyRootQueryRetrieveInformationModelFind);
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "ARCHIVE" });
        var query = new DicomDataSet
        {
            { DicomTags.QueryRetrieveLevel, "STUDY" },
            { DicomTags.PatientID, patient },                                  // to be matched
            { DicomTags.StudyInstanceUID, "" },                                // to be returned
            { DicomTags.StudyDate, "" },
        };
        await foreach (DicomDataSet match in association.FindAsync(SopClasses.StudyRootQueryRetrieveInformationModelFind, query))
            Console.WriteLine($"{match.GetStringOrDefault(DicomTags.StudyDate)} {match.GetString(DicomTags.StudyInstanceUID)}");
        await association.ReleaseAsync();                                      // leaving the loop early would have sent C-CANCEL-RQ
        #endregion
    }
}
