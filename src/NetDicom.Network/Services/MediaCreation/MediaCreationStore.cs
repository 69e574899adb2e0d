using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Execution Status (2100,0020) of a media creation request (PS3.3 section C.22.1).</summary>
public enum MediaCreationStatus
{
    /// <summary>IDLE: created, not initiated.</summary>
    Idle,

    /// <summary>PENDING: waiting.</summary>
    Pending,

    /// <summary>CREATING: under way.</summary>
    Creating,

    /// <summary>DONE.</summary>
    Done,

    /// <summary>FAILURE, also after a cancel.</summary>
    Failure,
}

/// <summary>Media creation requests in memory, with the rules of Media Creation Management (PS3.4 annex S). Safe for several threads.</summary>
/// <param name="maxRequests">Most requests held; one more is answered 0213H.</param>
public sealed class MediaCreationStore(int maxRequests = 1000)
{
    private sealed class Request(DicomDataSet attributes)
    {
        public DicomDataSet Attributes { get; } = attributes;

        public MediaCreationStatus Status { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, Request> _requests = [];

    /// <summary>N-CREATE (section S.3.2.1): A510H if such a request was already initiated, 0111H if there is one.</summary>
    public RuleResult Create(DicomUid instanceUid, DicomDataSet attributes)
    {
        RuleResult result = ServiceRules.CheckCreate(SopClasses.MediaCreationManagement, attributes);
        if (!result.IsDone)
            return result;
        DicomUid uid = instanceUid.IsNone ? DicomUid.Generate() : instanceUid;
        lock (_gate)
        {
            if (_requests.TryGetValue(uid, out Request? there))
                return there.Status == MediaCreationStatus.Idle ? RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a request") : RuleResult.Of(0xA510, "the request was already initiated");
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
        if (information?.TryGetInt32(DicomTags.NumberOfCopies, out int copies) == true && copies < 1)
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Number of Copies is 1 or more", DicomTags.NumberOfCopies);
        if (information?.GetStringOrDefault(DicomTags.RequestPriority) is { } priority && priority is not ("HIGH" or "MED" or "LOW"))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no such priority", DicomTags.RequestPriority);
        lock (_gate)
        {
            if (!_requests.TryGetValue(instanceUid, out Request? request))
                return Unknown;
            if (request.Status != MediaCreationStatus.Idle)
                return RuleResult.Of(0xA510, "the request was already initiated");
            request.Attributes.Set(DicomTags.NumberOfCopies, (long)(information?.GetInt32OrDefault(DicomTags.NumberOfCopies) ?? 1));
            request.Attributes.Set(DicomTags.RequestPriority, information?.GetStringOrDefault(DicomTags.RequestPriority) ?? "LOW");
            Become(request, MediaCreationStatus.Pending, "QUEUED");
            return RuleResult.Success;
        }
    }

    /// <summary>Cancel Media Creation (N-ACTION 2, section S.3.2.3): C201H once it is complete, C202H while it cannot be stopped.</summary>
    public RuleResult Cancel(DicomUid instanceUid)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(instanceUid, out Request? request))
                return Unknown;
            switch (request.Status)
            {
                case MediaCreationStatus.Done or MediaCreationStatus.Failure:
                    return RuleResult.Of(0xC201, "the request is already complete");
                case MediaCreationStatus.Creating:
                    return RuleResult.Of(0xC202, "the request is under way and cannot be stopped");
                default:
                    Become(request, MediaCreationStatus.Failure, "CANCELLED");
                    return RuleResult.Success;
            }
        }
    }

    /// <summary>N-GET (section S.3.2.4).</summary>
    public RuleResult Get(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        AttributeTable table = ServiceAttributeTable.Find("MediaCreationManagement N-GET")!;
        lock (_gate)
        {
            return _requests.TryGetValue(instanceUid, out Request? request)
                ? AttributeLists.Select(request.Attributes, attributeIdentifierList, tag => table.Find(tag) is not null)
                : Unknown;
        }
    }

    /// <summary>The maker of the media reports: from PENDING to CREATING, and on to DONE or FAILURE. False for a step that the states do not allow.</summary>
    /// <param name="instanceUid">The request.</param>
    /// <param name="status">The new status.</param>
    /// <param name="info">Execution Status Info (2100,0030), such as NORMAL, OUT_OF_SUPPLIES.</param>
    public bool Report(DicomUid instanceUid, MediaCreationStatus status, string info)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(instanceUid, out Request? request))
                return false;
            bool allowed = (request.Status, status) is (MediaCreationStatus.Pending, MediaCreationStatus.Creating or MediaCreationStatus.Failure)
                or (MediaCreationStatus.Creating, MediaCreationStatus.Done or MediaCreationStatus.Failure);
            if (allowed)
                Become(request, status, info);
            return allowed;
        }
    }

    private static RuleResult Unknown => RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such media creation request");

    private static void Become(Request request, MediaCreationStatus status, string info)
    {
        request.Status = status;
        request.Attributes.Set(DicomTags.ExecutionStatus, status.ToString().ToUpperInvariant()).Set(DicomTags.ExecutionStatusInfo, info);
    }
}
