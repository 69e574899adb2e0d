using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Media creation requests in memory, with the rules of Media Creation Management (PS3.4 annex S). Safe for several threads.</summary>
/// <param name="maxRequests">Most requests held; one more is answered 0213H. <see cref="Remove"/> makes room.</param>
public sealed class MediaCreationStore(int maxRequests = 1000) : IMediaCreationStore
{
    private sealed class Request(DicomDataSet attributes)
    {
        public DicomDataSet Attributes { get; } = attributes;

        public MediaCreationStatus Status { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Request> _requests = [];

    /// <summary>A request has another status: PENDING is for the maker to begin. Called outside the lock, before the response where a user's request did it.</summary>
    public event Action<DicomUid, MediaCreationStatus>? Changed;

    /// <summary>
    /// Asked when a user cancels a request that is being made; must not throw. Called outside the lock. Null, the default: nothing that is being made is stopped (C202H).
    /// </summary>
    public Func<DicomUid, MediaCancelAnswer>? Stop { get; init; }

    /// <summary>N-CREATE (section S.3.2.1): A510H if such a request was already initiated, 0111H if there is one. A UID is made where none was given.</summary>
    public RuleResult Create(DicomUid instanceUid, DicomDataSet attributes)
    {
        RuleResult result = MediaCreationRules.CheckCreate(attributes);
        if (!result.IsDone)
            return result;
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            if (_requests.TryGetValue(uid, out Request? there))
                return MediaCreationRules.Duplicate(there.Status);
            if (_requests.Count >= maxRequests)
                return RuleResult.Of(DimseStatus.ResourceLimitation, "no room for another request");
            var request = new Request(attributes.Clone());
            _requests.Add(uid, request);
            Become(request, MediaCreationStatus.Idle, "NORMAL");
            return RuleResult.Success with { InstanceUid = uid };
        }
    }

    /// <summary>Initiate Media Creation (N-ACTION 1, section S.3.2.2): from IDLE to PENDING, once. Number of Copies and priority are taken over.</summary>
    public RuleResult Initiate(DicomUid instanceUid, DicomDataSet? information)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(instanceUid, out Request? request))
                return Unknown;
            RuleResult result = MediaCreationRules.CheckInitiate(request.Status, information);
            if (!result.IsDone)
                return result;
            request.Attributes.Set(DicomTags.NumberOfCopies, (long)(information?.GetInt32OrDefault(DicomTags.NumberOfCopies) ?? 1));
            request.Attributes.Set(DicomTags.RequestPriority, information?.GetStringOrDefault(DicomTags.RequestPriority) ?? "LOW");
            Become(request, MediaCreationStatus.Pending, "QUEUED");
        }

        Changed?.Invoke(instanceUid, MediaCreationStatus.Pending);
        return RuleResult.Success;
    }

    /// <summary>Cancel Media Creation (N-ACTION 2, section S.3.2.3): C201H once it is complete; C202H or C203H as <see cref="Stop"/> says while it is made.</summary>
    public RuleResult Cancel(DicomUid instanceUid)
    {
        MediaCancelAnswer? answer = null;
        while (true)
        {
            lock (_gate)
            {
                if (!_requests.TryGetValue(instanceUid, out Request? request))
                    return Unknown;
                // The maker is asked outside the lock, and may have come to an end meanwhile.
                if (request.Status != MediaCreationStatus.Creating || Stop is null || answer is not null)
                {
                    RuleResult result = MediaCreationRules.CheckCancel(request.Status, answer is { } said ? () => said : null);
                    if (!result.IsDone)
                        return result;
                    Become(request, MediaCreationStatus.Failure, "CANCELLED");
                    break;
                }
            }

            answer = Stop(instanceUid);
        }

        Changed?.Invoke(instanceUid, MediaCreationStatus.Failure);
        return RuleResult.Success;
    }

    /// <summary>N-GET (section S.3.2.4).</summary>
    public RuleResult Get(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        lock (_gate)
            return _requests.TryGetValue(instanceUid, out Request? request) ? MediaCreationRules.Get(request.Attributes, attributeIdentifierList) : Unknown;
    }

    /// <summary>The maker of the media reports: from PENDING to CREATING, and on to DONE or FAILURE. False for a step that the states do not allow.</summary>
    /// <param name="instanceUid">The request.</param>
    /// <param name="status">The new status.</param>
    /// <param name="info">Execution Status Info (2100,0030), such as NORMAL, OUT_OF_SUPPLIES.</param>
    /// <param name="results">
    /// What N-GET tells of the outcome: Failed SOP Sequence (0008,1198), Referenced Storage Media Sequence (2200,000D), Total Number of Pieces of Media Created (2200,000B); not changed.
    /// </param>
    public bool Report(DicomUid instanceUid, MediaCreationStatus status, string info, DicomDataSet? results = null)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(instanceUid, out Request? request) || !MediaCreationRules.MayBecome(request.Status, status))
                return false;
            DicomDataSet copy = results?.Clone() ?? [];
            foreach (DicomTag tag in (DicomTag[])[DicomTags.FailedSOPSequence, DicomTags.ReferencedStorageMediaSequence, DicomTags.TotalNumberOfPiecesOfMediaCreated])
            {
                if (!copy.TryGet(tag, out DicomElement? element))
                    continue;
                copy.Remove(tag);
                request.Attributes.Set(element);
            }

            Become(request, status, info);
        }

        Changed?.Invoke(instanceUid, status);
        return true;
    }

    /// <summary>A copy of a request as it is, for its maker; null if there is none.</summary>
    public DicomDataSet? Find(DicomUid instanceUid)
    {
        lock (_gate)
            return _requests.TryGetValue(instanceUid, out Request? request) ? request.Attributes.Clone() : null;
    }

    /// <summary>Forgets a request that is DONE or FAILURE, or was never initiated. How long one is kept is not standardized (section S.3.2.1.3, note 3).</summary>
    public bool Remove(DicomUid instanceUid)
    {
        lock (_gate)
        {
            return _requests.TryGetValue(instanceUid, out Request? request)
                && request.Status is MediaCreationStatus.Idle or MediaCreationStatus.Done or MediaCreationStatus.Failure && _requests.Remove(instanceUid);
        }
    }

    ValueTask<RuleResult> IMediaCreationStore.CreateAsync(DicomUid instanceUid, DicomDataSet attributes, CancellationToken cancellationToken) => ValueTask.FromResult(Create(instanceUid, attributes));

    ValueTask<RuleResult> IMediaCreationStore.InitiateAsync(DicomUid instanceUid, DicomDataSet? information, CancellationToken cancellationToken) => ValueTask.FromResult(Initiate(instanceUid, information));

    ValueTask<RuleResult> IMediaCreationStore.CancelAsync(DicomUid instanceUid, CancellationToken cancellationToken) => ValueTask.FromResult(Cancel(instanceUid));

    ValueTask<RuleResult> IMediaCreationStore.GetAsync(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Get(instanceUid, attributeIdentifierList));

    private static RuleResult Unknown => RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such media creation request");

    private static void Become(Request request, MediaCreationStatus status, string info)
    {
        request.Status = status;
        request.Attributes.Set(DicomTags.ExecutionStatus, MediaCreationRules.ToTerm(status)).Set(DicomTags.ExecutionStatusInfo, info);
    }
}
