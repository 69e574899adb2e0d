using NetDicom;
using NetDicom.Archive;
using NetDicom.Network;
using NetDicom.Protocol;

namespace Samples;

internal static class NonPatientQuery
{
    public static async Task ServeAsync(int port, CancellationToken stop)
    {
        #region provider
        NonPatientModel model = NonPatientModel.HangingProtocol;
        var store = new NonPatientObjectStore();
        var ae = new ApplicationEntity("PROTOCOLS");
        ae.AddNonPatientProvider(model, new NonPatientProviderOptions
        {
            Find = (query, _) => store.Find(query.Identifier, model.StorageClasses, MatchingOptions.Worklist with
            {
                FuzzyNames = query.Agreed.FuzzyNameMatching, TimezoneAdjustment = query.Agreed.TimezoneAdjustment,
            }).ToAsyncEnumerable(),
            Select = (uids, _) => ValueTask.FromResult<RetrieveObjects>(store.Select(uids).Select(one => StorageObject.FromDataSet(one)).ToArray()),
            Destination = (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "VIEWER" ? new MoveDestination("viewer.example.org", 104) : null),
            Store = (dataSet, _) => ValueTask.FromResult(store.TrySet(dataSet) ? RuleResult.Success : new RuleResult(DimseStatus.OutOfResources)),
        });
        await ae.RunServerAsync(port, new DicomServerOptions
        {
            OnNegotiate = (negotiation, _) =>
            {
                negotiation.Answer(model.FindClass, new WorklistExtendedNegotiation(FuzzyNameMatching: true, TimezoneAdjustment: true));
                return ValueTask.CompletedTask;
            },
        }, stop);
        #endregion
    }

    public static async Task FetchAsync(string host, int port, string name, string folder)
    {
        #region user
        NonPatientModel model = NonPatientModel.HangingProtocol;
        var ae = new ApplicationEntity("VIEWER");
        ae.AddRequestedContexts(model.CreateRequestedContexts());
        await using Association association = await ae.AssociateAsync(host, port, new AssociationOptions { CalledAETitle = "PROTOCOLS" });
        var found = new List<DicomUid>();
        await foreach (DicomDataSet protocol in association.FindAsync(model.FindClass, model.CreateIdentifier().Set(DicomTags.HangingProtocolName, name)))
        {
            Console.WriteLine($"{protocol.GetString(DicomTags.HangingProtocolName)}: {protocol.GetStringOrDefault(DicomTags.HangingProtocolDescription)}");
            found.Add(protocol.GetUid(DicomTags.SOPInstanceUID));
        }

        if (found.Count == 0)
            return;
        RetrieveResult result = await association.GetAsync(model.GetClass, NonPatientModel.CreateRetrieveIdentifier(found), async (request, cancellationToken) =>
        {
            await request.SaveAsync(Path.Combine(folder, $"{request.AffectedSopInstanceUid}.dcm"), cancellationToken: cancellationToken);
            return DimseStatus.Success;
        }).CompleteAsync();
        result.EnsureSuccess();
        await association.ReleaseAsync();
        #endregion
    }
}
