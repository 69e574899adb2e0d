using NetDicom;
using NetDicom.Archive;
using NetDicom.Network;

namespace Samples;

internal static class QueryRetrieve
{
    public static async Task ServeAsync(int port, IReadOnlyList<DicomDataSet> studies, Func<DicomDataSet, IEnumerable<string>> filesOf, CancellationToken stop)
    {
        #region provider
        var ae = new ApplicationEntity("ARCHIVE");
        ae.AddFindProvider(
            SopClasses.StudyRootQueryRetrieveInformationModelFind,
            identifier => QueryRetrieveRules.CheckFind(QueryRetrieveModel.StudyRoot, identifier),
            identifier =>
            {
                AttributeQuery query = AttributeQuery.Compile(identifier, MatchingOptions.Default with { CombinedDateTime = true });
                return studies.Where(query.IsMatch).Select(study => query.BuildResponse(study, new QueryResponseOptions { RetrieveAETitles = ["ARCHIVE"] }));
            });
        ae.AddSupportedContext(SopClasses.StudyRootQueryRetrieveInformationModelMove);
        ae.OnMove(
            SopClasses.StudyRootQueryRetrieveInformationModelMove,
            (request, _) => ValueTask.FromResult<RetrieveObjects>(filesOf(request.Identifier).Select(StorageObject.FromFile).ToArray()),
            (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "VIEWER" ? new MoveDestination("viewer.example.org", 104) : null));
        await ae.RunServerAsync(port, cancellationToken: stop);
        #endregion
    }
}
