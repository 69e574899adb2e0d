using System.Runtime.CompilerServices;
using NetDicom.Archive;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

// C-FIND, C-GET and C-MOVE (PS3.4 annexes C, Y and Z).
internal sealed partial class ArchiveService
{
    private async IAsyncEnumerable<FindMatch> FindAsync(string title, FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        QueryExtendedNegotiation agreed = request.Association.ExtendedNegotiations.FirstOrDefault(item => item.SopClassUid == request.AffectedSopClassUid) is { } item ? QueryExtendedNegotiation.From(item) : default;
        QueryRetrieveModel model = QueryRetrieveModels.Of(request.AffectedSopClassUid)!.Value;
        Refuse(QueryRetrieveRules.CheckFind(model, request.Identifier, new IdentifierOptions { Relational = agreed.RelationalQueries }));
        QueryRetrieveLevel level = QueryRetrieveRules.LevelOf(request.Identifier)!.Value;
        IndexQuery query = Compile(request.Identifier, level, agreed);
        var answers = new QueryResponseOptions
        {
            RetrieveAETitles = [title],
            InstanceAvailability = static _ => "ONLINE",
            // PS3.4 C.4.1.1.3.2: the unique keys from the top down to the level, asked for or not.
            AlsoReturn = [.. QueryRetrieveModels.LevelsOf(model).TakeWhile(one => one <= level).Select(QueryRetrieveModels.UniqueKeyOf)],
        };
        IAsyncEnumerator<DicomDataSet> matches = archive.Index.FindAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (matches)
        {
            while (await NextAsync(matches))
                yield return new FindMatch(query.Attributes.BuildResponse(matches.Current, answers), query.Attributes.HasUnsupportedKeys);
        }
    }

    private IndexQuery Compile(DicomDataSet identifier, QueryRetrieveLevel level, QueryExtendedNegotiation agreed)
    {
        var options = new MatchingOptions
        {
            CombinedDateTime = agreed.DateTimeMatching,
            FuzzyNames = agreed.FuzzyNameMatching,
            TimezoneAdjustment = agreed.TimezoneAdjustment,
            EmptyValueMatching = agreed.EmptyValueMatching,
            MultipleValueMatching = agreed.MultipleValueMatching,
        };
        try
        {
            return IndexQuery.Create((ArchiveLevel)level, identifier, archive.Index.Attributes, options, agreed.RelationalQueries);
        }
        catch (DicomDataException error)
        {
            throw new DimseStatusException(DimseStatus.DataSetDoesNotMatchSopClass, error.Message, error.Tag is { } tag ? [tag] : null);
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<DicomDataSet> matches)
    {
        try
        {
            return await matches.MoveNextAsync();
        }
        catch (ArchiveIndexException error)
        {
            throw OutOfResources(error, 0xA700);
        }
    }

    private async ValueTask<RetrieveObjects> SelectAsync(DicomUid sopClass, DicomDataSet identifier, Association association, NegotiatedContext context)
    {
        SopClassExtendedNegotiation? agreed = association.ExtendedNegotiations.FirstOrDefault(item => item.SopClassUid == context.AbstractSyntax);
        bool isRelational = agreed is not null && RetrieveExtendedNegotiation.From(agreed).RelationalRetrieval;
        QueryRetrieveModel model = QueryRetrieveModels.Of(sopClass)!.Value;
        Refuse(QueryRetrieveRules.CheckRetrieve(model, identifier, new IdentifierOptions { Relational = isRelational }));
        QueryRetrieveLevel level = QueryRetrieveRules.LevelOf(identifier)!.Value;
        if (level == QueryRetrieveLevel.Frame)
            throw new DimseStatusException(DimseStatus.DataSetDoesNotMatchSopClass, "frames are not retrieved from here", [DicomTags.QueryRetrieveLevel]);
        try
        {
            InstanceSelection selection = InstanceSelection.Of(identifier, (ArchiveLevel)level);
            // Study Root and Composite Instance Root have no patient level: an ID there is no key.
            if (model is not (QueryRetrieveModel.PatientRoot or QueryRetrieveModel.PatientStudyOnly))
                selection = selection with { PatientId = null };
            return RetrieveObjects.From(archive.Index.SelectAsync(selection).Select(instance => model == QueryRetrieveModel.WithoutBulkData
                ? WithoutBulkData.Of(instance, archive.PathOf(instance))
                : StorageObject.FromFile(archive.PathOf(instance), instance.SopClassUid, instance.SopInstanceUid)), await archive.Index.CountAsync(selection));
        }
        catch (ArchiveIndexException error)
        {
            throw OutOfResources(error, 0xA701);
        }
    }

    private MoveDestination? DestinationOf(MoveRequest request) =>
        AddressOf(request.MoveDestination.ToString()) is { } address ? new MoveDestination(address.Host, address.Port, address.Options) : null;

    private static void Refuse(RuleResult check)
    {
        if (!check.IsDone)
            throw new DimseStatusException(check.Status, check.ErrorComment, check.Elements);
    }

    private DimseStatusException OutOfResources(ArchiveIndexException error, ushort status)
    {
        console.Log.Error(error.Message);
        return new DimseStatusException(new DimseStatus(status), "the index cannot be read");
    }
}
