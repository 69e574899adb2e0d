using System.Runtime.CompilerServices;
using NetDicom.Archive;
using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>What the archive answers on the network: C-ECHO, C-STORE, C-FIND, C-GET and C-MOVE, to each peer what it may.</summary>
internal sealed class ArchiveService(DicomArchive archive, ArchiveConfiguration configuration, string title, ToolConsole console)
{
    private static readonly QueryExtendedNegotiation s_queries = new(
        RelationalQueries: true, DateTimeMatching: true, FuzzyNameMatching: true, TimezoneAdjustment: true, EmptyValueMatching: true, MultipleValueMatching: true);

    private static readonly DicomUid[] s_find =
        [SopClasses.PatientRootQueryRetrieveInformationModelFind, SopClasses.StudyRootQueryRetrieveInformationModelFind, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelFind];

    private static readonly DicomUid[] s_get =
    [
        SopClasses.PatientRootQueryRetrieveInformationModelGet, SopClasses.StudyRootQueryRetrieveInformationModelGet, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelGet,
        SopClasses.CompositeInstanceRootRetrieveGet,
    ];

    private static readonly DicomUid[] s_move =
    [
        SopClasses.PatientRootQueryRetrieveInformationModelMove, SopClasses.StudyRootQueryRetrieveInformationModelMove, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelMove,
        SopClasses.CompositeInstanceRootRetrieveMove,
    ];

    private static readonly DicomUid[] s_retrieve = [.. s_move, .. s_get];

    private readonly Dictionary<string, ArchivePeer> _peers = configuration.Peers.ToDictionary(peer => peer.Title, StringComparer.Ordinal);
    private readonly PresentationContext[][] _contexts = [.. Enumerable.Range(0, (int)PeerRights.All + 1).Select(rights => ContextsFor((PeerRights)rights))];
    private int _stored;
    private int _failed;

    /// <summary>Instances answered with success or warning, and with a failure.</summary>
    public (int Stored, int Failed) Counts => (_stored, _failed);

    /// <summary>An entity that answers.</summary>
    public ApplicationEntity CreateEntity()
    {
        var entity = new ApplicationEntity(title);
        entity.AddSupportedContexts(_contexts[(int)PeerRights.All]);
        entity.OnEcho((request, _) =>
        {
            EchoRequests.Report(request, console);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        entity.OnStore(StoreAsync);
        // Each service on contexts of its own classes: what a peer may is negotiated by class, and a C-FIND on the context of a C-MOVE would be a way around it.
        foreach (DicomUid sopClass in s_find)
            entity.OnFind(sopClass, FindAsync);
        foreach (DicomUid sopClass in s_get)
            entity.OnGet(sopClass, (request, _) => SelectAsync(request.AffectedSopClassUid, request.Identifier, request.Association, request.Context));
        foreach (DicomUid sopClass in s_move)
            entity.OnMove(sopClass, (request, _) => SelectAsync(request.AffectedSopClassUid, request.Identifier, request.Association, request.Context), (request, _) => ValueTask.FromResult(DestinationOf(request)));
        return entity;
    }

    /// <summary>Offers a peer what it may: the rest is not negotiated.</summary>
    public async ValueTask NegotiateAsync(AssociationNegotiation negotiation, CancellationToken cancellationToken)
    {
        PeerRights rights = PeerRights.None;
        if (_peers.TryGetValue(negotiation.CallingAETitle.ToString(), out ArchivePeer? peer))
            rights = await peer.IsFromAsync(negotiation.RemoteEndPoint, cancellationToken) ? peer.Rights : PeerRights.None;
        else if (configuration.Open)
            rights = PeerRights.All;
        if (rights == PeerRights.None)
            console.Log.Info($"{negotiation.CallingAETitle} may echo only: it is no peer of the configuration");
        negotiation.SupportedContexts = _contexts[(int)rights];
        foreach (DicomUid sopClass in s_find)
            negotiation.Answer(sopClass, s_queries);
        foreach (DicomUid sopClass in s_retrieve)
            negotiation.Answer(sopClass, new RetrieveExtendedNegotiation(RelationalRetrieval: true));
    }

    private static PresentationContext[] ContextsFor(PeerRights rights)
    {
        List<PresentationContext> contexts = [.. PresentationContexts.Verification];
        if ((rights & (PeerRights.Store | PeerRights.Retrieve)) != 0)
            contexts.AddRange(PresentationContexts.WithRoles(PresentationContexts.Storage, scu: rights.HasFlag(PeerRights.Store), scp: rights.HasFlag(PeerRights.Retrieve)));
        DicomUid[] services = [.. rights.HasFlag(PeerRights.Query) ? s_find : [], .. rights.HasFlag(PeerRights.Retrieve) ? s_retrieve : []];
        contexts.AddRange(services.Select(uid => new PresentationContext(uid, [.. PresentationContexts.DefaultTransferSyntaxes.Select(syntax => syntax.Uid)])));
        return [.. contexts];
    }

    private async ValueTask<DimseStatus> StoreAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        // Without role selection a requestor is the SCU whatever the contexts were offered for.
        if (!MayStore(request.Association))
            return Report(request, DimseStatus.NotAuthorized, null);
        try
        {
            using IncomingInstance incoming = archive.Receive(request.CreateFileMetaInformation());
            while (await request.ReadAsync(cancellationToken) is { IsEmpty: false } piece)
                incoming.Write(piece);
            StoreResult result = await incoming.CompleteAsync();
            bool isTold = result.Kind == StoreOutcomeKind.Rejected || result.Kind == StoreOutcomeKind.KeptExisting && configuration.TellDuplicates;
            return Report(request, isTold ? DimseStatus.DuplicateSopInstance : DimseStatus.Success, archive.PathOf(result.Instance));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArchiveIndexException)
        {
            // PS3.4 table B.2-1: A7xx is out of resources, which the sender may try again.
            console.Log.Error($"Cannot store: {error.Message}");
            return Report(request, DimseStatus.OutOfResources, null);
        }
        catch (DicomDataException error)
        {
            bool isOther = error.Tag == DicomTags.SOPInstanceUID || error.Tag == DicomTags.SOPClassUID;
            console.Log.Warn($"An object was refused: {error.Message}");
            DimseStatus status = Report(request, isOther ? DimseStatus.DataSetDoesNotMatchSopClass : DimseStatus.CannotUnderstand, null);
            throw new DimseStatusException(status, error.Message, error.Tag is { } tag ? [tag] : null);
        }
    }

    private bool MayStore(Association association) => _peers.TryGetValue(association.CallingAETitle.ToString(), out ArchivePeer? peer) ? peer.Rights.HasFlag(PeerRights.Store) : configuration.Open;

    private async IAsyncEnumerable<FindMatch> FindAsync(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
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
            return RetrieveObjects.From(archive.Index.SelectAsync(selection).Select(instance => StorageObject.FromFile(archive.PathOf(instance))), await archive.Index.CountAsync(selection));
        }
        catch (ArchiveIndexException error)
        {
            throw OutOfResources(error, 0xA701);
        }
    }

    private MoveDestination? DestinationOf(MoveRequest request)
    {
        if (!_peers.TryGetValue(request.MoveDestination.ToString(), out ArchivePeer? peer) || peer.Host is null)
            return null;
        return new MoveDestination(peer.Host, peer.Port, new AssociationOptions
        {
            Tls = peer.Tls ? configuration.Tls?.Client(peer.Host, console.Log) : null,
            LoggerFactory = console.Log,
        });
    }

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

    private DimseStatus Report(StoreRequest request, DimseStatus status, string? path)
    {
        if (status.IsFailure)
            Interlocked.Increment(ref _failed);
        else
            Interlocked.Increment(ref _stored);
        console.Json?.Write("stored", json =>
        {
            if (path is not null)
                json.WriteString("path", path);
            json.WriteString("sopClassUid", request.AffectedSopClassUid.ToString());
            json.WriteString("sopInstanceUid", request.AffectedSopInstanceUid.ToString());
            json.WriteString("transferSyntaxUid", request.TransferSyntax.Uid.ToString());
            json.WriteString("callingAeTitle", request.Association.CallingAETitle.ToString());
            json.WriteString("peer", request.Association.RemoteEndPoint?.ToString());
            json.WriteString("status", StatusText.Code(status));
        });
        return status;
    }
}
