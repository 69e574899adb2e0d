using System.Collections.Concurrent;
using NetDicom.Archive;
using NetDicom.Cli.Archiving.Keeping;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Receiving;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>What the archive answers on the network, to each peer what it may: storage, queries and retrieval, storage commitment, worklist, procedure steps.</summary>
internal sealed partial class ArchiveService(DicomArchive archive, ArchiveConfiguration configuration, QuirkTable quirks, ToolConsole console) : IAsyncDisposable
{
    private static readonly QueryExtendedNegotiation s_queries = new(
        RelationalQueries: true, DateTimeMatching: true, FuzzyNameMatching: true, TimezoneAdjustment: true, EmptyValueMatching: true, MultipleValueMatching: true);

    private static readonly DicomUid[] s_find =
        [SopClasses.PatientRootQueryRetrieveInformationModelFind, SopClasses.StudyRootQueryRetrieveInformationModelFind, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelFind];

    private static readonly DicomUid[] s_get =
    [
        SopClasses.PatientRootQueryRetrieveInformationModelGet, SopClasses.StudyRootQueryRetrieveInformationModelGet, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelGet,
        SopClasses.CompositeInstanceRootRetrieveGet, SopClasses.CompositeInstanceRetrieveWithoutBulkDataGet,
    ];

    private static readonly DicomUid[] s_move =
    [
        SopClasses.PatientRootQueryRetrieveInformationModelMove, SopClasses.StudyRootQueryRetrieveInformationModelMove, SopClasses.PatientStudyOnlyQueryRetrieveInformationModelMove,
        SopClasses.CompositeInstanceRootRetrieveMove,
    ];

    private static readonly DicomUid[] s_retrieve = [.. s_move, .. s_get];

    private static readonly DicomUid[] s_procedures = [SopClasses.ModalityPerformedProcedureStep, SopClasses.ModalityPerformedProcedureStepRetrieve];

    private readonly Dictionary<string, ArchivePeer> _peers = configuration.Peers.ToDictionary(peer => peer.Title, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<PeerRights, PresentationContext[]> _contexts = new();
    private readonly List<StorageCommitmentProvider> _commitments = [];
    private readonly ProcedureFolder? _procedures = configuration.Procedures.Enabled ? new ProcedureFolder(configuration.Beside(configuration.Procedures.Folder, "procedures"), configuration.Durability, console.Log) : null;
    private WorklistFolder? _worklist;
    private int _stored;
    private int _failed;

    /// <summary>Instances answered with success or warning, and with a failure.</summary>
    public (int Stored, int Failed) Counts => (_stored, _failed);

    /// <summary>The entities that answer, one for each of our titles, the main one first. Once, before their servers start.</summary>
    /// <exception cref="UsageException">The folder of the worklist cannot be used.</exception>
    public async Task<IReadOnlyList<ApplicationEntity>> CreateEntitiesAsync(string title)
    {
        _worklist = OpenWorklist();
        var entities = new List<ApplicationEntity>();
        foreach (string one in configuration.Titles.Prepend(title).Distinct(StringComparer.Ordinal))
        {
            ApplicationEntity entity = CreateEntity(one);
            if (configuration.Commitment.Enabled)
                await AddCommitmentAsync(entity, one);
            _procedures?.AddTo(entity);
            if (_worklist is not null)
                entity.AddWorklistProvider(identifier => _worklist.Worklist.Find(identifier));
            entities.Add(entity);
        }

        return entities;
    }

    /// <summary>Ends what runs beside the associations. Reports that are still owed are kept for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (StorageCommitmentProvider commitment in _commitments)
            await commitment.DisposeAsync();
        if (_worklist is not null)
            await _worklist.DisposeAsync();
    }

    private ApplicationEntity CreateEntity(string title)
    {
        var entity = new ApplicationEntity(title);
        entity.AddSupportedContexts(ContextsOf(PeerRights.Store | PeerRights.Query | PeerRights.Retrieve));
        entity.OnEcho((request, _) =>
        {
            EchoRequests.Report(request, console);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        entity.OnStore(StoreAsync);
        // Each service on contexts of its own classes: what a peer may is negotiated by class, and a C-FIND on the context of a C-MOVE would be a way around it.
        foreach (DicomUid sopClass in s_find)
            entity.OnFind(sopClass, (request, stop) => FindAsync(title, request, stop));
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
            console.Log.Info($"{negotiation.CallingAETitle} may echo only: it is no peer of the configuration, or has no rights");
        negotiation.SupportedContexts = ContextsOf(rights);
        foreach (DicomUid sopClass in s_find)
            negotiation.Answer(sopClass, s_queries);
        foreach (DicomUid sopClass in s_retrieve)
            negotiation.Answer(sopClass, new RetrieveExtendedNegotiation(RelationalRetrieval: true));
    }

    private PresentationContext[] ContextsOf(PeerRights rights) => _contexts.GetOrAdd(rights, MakeContexts);

    private PresentationContext[] MakeContexts(PeerRights rights)
    {
        List<PresentationContext> contexts = [.. PresentationContexts.Verification];
        if ((rights & (PeerRights.Store | PeerRights.Retrieve)) != 0)
            contexts.AddRange(PresentationContexts.WithRoles(PresentationContexts.Storage, scu: rights.HasFlag(PeerRights.Store), scp: rights.HasFlag(PeerRights.Retrieve)));
        DicomUid[] services =
        [
            .. rights.HasFlag(PeerRights.Query) ? s_find : [],
            .. rights.HasFlag(PeerRights.Retrieve) ? s_retrieve : [],
            .. rights.HasFlag(PeerRights.Commit) && configuration.Commitment.Enabled ? [SopClasses.StorageCommitmentPushModel] : (DicomUid[])[],
            .. rights.HasFlag(PeerRights.Worklist) && _worklist is not null ? [SopClasses.ModalityWorklistInformationModelFind] : (DicomUid[])[],
            .. rights.HasFlag(PeerRights.Procedures) && _procedures is not null ? s_procedures : [],
        ];
        contexts.AddRange(services.Select(uid => new PresentationContext(uid, [.. PresentationContexts.DefaultTransferSyntaxes.Select(syntax => syntax.Uid)])));
        return [.. contexts];
    }

    private async Task AddCommitmentAsync(ApplicationEntity entity, string title)
    {
        CommitmentSettings settings = configuration.Commitment;
        var judge = new CommitmentJudge(archive, title, settings.CheckContent, console.Log);
        StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(judge.JudgeAsync, new StorageCommitmentProviderOptions
        {
            Resolve = (user, _) => ValueTask.FromResult(AddressOf(user.ToString())),
            ReportOnSameAssociation = settings.OnSameAssociation,
            TimeLimit = settings.TimeLimit,
            RetryInterval = settings.RetryInterval,
            Store = new CommitmentFolder(configuration.Beside(settings.Folder, "commitments"), title, configuration.Durability, console.Log),
            OnUndelivered = (user, result) => console.Log.Warn($"The report of storage commitment {result.TransactionUid} could not be brought to {user}: given up"),
            LoggerFactory = console.Log,
        });
        _commitments.Add(provider);
        if (await provider.ResumeAsync(console.Stop) is > 0 and int resumed)
            console.Log.Info($"{resumed} reports of storage commitment are still owed from before");
    }

    private WorklistFolder? OpenWorklist()
    {
        string path = configuration.Beside(configuration.Worklist.Folder, "worklist");
        if (!configuration.Worklist.Enabled || (configuration.Worklist.Folder is null && !Directory.Exists(path)))
            return null;
        try
        {
            return WorklistFolder.Open(new WorklistFolderOptions { Folder = path, PollInterval = configuration.Worklist.PollInterval, OnReading = Tell, OnError = error => ArchiveEvents.WorklistFailed(console.Log, error.Message) });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot use the folder of the worklist: {error.Message}");
        }

        void Tell(WorklistReading reading)
        {
            foreach (WorklistProblem problem in reading.Problems)
                console.Log.Warn($"Not in the worklist: {problem.Path}: {problem.Problem}");
            if (reading.IsChanged)
                console.Log.Info($"Worklist: {reading.Steps} scheduled procedure steps in {reading.Files} files");
        }
    }

    /// <summary>Where a peer of the configuration is, and how it is called; null for one without an address.</summary>
    private EntityAddress? AddressOf(string title)
    {
        if (!_peers.TryGetValue(title, out ArchivePeer? peer) || peer.Host is null)
            return null;
        var options = new AssociationOptions();
        ArchiveLimits limits = configuration.Limits;
        return new EntityAddress(peer.Host, peer.Port, options with
        {
            Tls = peer.Tls ? configuration.Tls!.Client(peer.Host, console.Log) : null,
            QuirkTable = quirks,
            MaxPduLength = limits.MaxPdu ?? options.MaxPduLength,
            ConnectTimeout = limits.ConnectionTimeout ?? options.ConnectTimeout,
            AcseTimeout = limits.AcseTimeout ?? options.AcseTimeout,
            DimseTimeout = limits.DimseTimeout ?? options.DimseTimeout,
            NetworkTimeout = limits.NetworkTimeout ?? options.NetworkTimeout,
            RunContinuationsInline = true,
            LoggerFactory = console.Log,
        });
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

    private DimseStatus Report(StoreRequest request, DimseStatus status, string? path)
    {
        if (status.IsFailure)
            Interlocked.Increment(ref _failed);
        else
            Interlocked.Increment(ref _stored);
        StoredJson.Write(console, request, status, path);
        return status;
    }
}
