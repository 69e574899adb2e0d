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
        try
        {
            if (level == QueryRetrieveLevel.Frame)
                return await ExtractAsync(identifier);
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

    // Level FRAME (PS3.4 annex Y): one new instance, made before the first sub-operation, so that what is wrong is the status of the response.
    private async ValueTask<RetrieveObjects> ExtractAsync(DicomDataSet identifier)
    {
        if (await archive.Index.FindInstanceAsync(identifier.GetUid(DicomTags.SOPInstanceUID)) is not { } instance)
            return RetrieveObjects.From([]);
        try
        {
            await using DicomFile file = await DicomFile.OpenAsync(archive.PathOf(instance));
            DicomDataSet made = FrameExtractor.Extract(file.DataSet, file.TransferSyntax, identifier, DicomUid.Generate(), archive.Options.TimeProvider.GetLocalNow());
            // What has no value in memory yet is read now: the file is closed before it is sent.
            TransferSyntax syntax = file.TransferSyntax.IsDeflated ? TransferSyntax.ExplicitVRLittleEndian : file.TransferSyntax;
            byte[] bytes = made.ToArray(syntax);
            return RetrieveObjects.From([StorageObject.FromStream("frames", new MemoryStream(bytes), made.GetUid(DicomTags.SOPClassUID), made.GetUid(DicomTags.SOPInstanceUID), syntax)]);
        }
        catch (FrameExtractionException error)
        {
            console.Log.Info($"No frames of {instance.SopInstanceUid}: {error.Message}");
            throw new DimseStatusException(new DimseStatus(StatusOf(error.Problem)), error.Message, error.Problem == FrameExtractionProblem.InvalidRequest ? s_frameLists.Where(tag => identifier.Contains(tag)).ToArray() : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DicomDataException)
        {
            console.Log.Error($"No frames of {instance.SopInstanceUid}: {error.Message}");
            throw new DimseStatusException(new DimseStatus(0xAA02), "the instance cannot be read");
        }
    }

    private static readonly DicomTag[] s_frameLists = [DicomTags.SimpleFrameList, DicomTags.CalculatedFrameList, DicomTags.TimeRange];

    // PS3.4 tables Y.4-1 and Y.4-2.
    private static ushort StatusOf(FrameExtractionProblem problem) => problem switch
    {
        FrameExtractionProblem.NoSuchFrames => 0xAA00,
        FrameExtractionProblem.CannotCreate => 0xAA01,
        FrameExtractionProblem.CannotExtract => 0xAA02,
        FrameExtractionProblem.NoTimeBase => 0xAA03,
        _ => 0xAA04,
    };

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
