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

/// <summary>The rules of Media Creation Management (PS3.4 annex S): pure functions of what was sent and the status of the request.</summary>
public static class MediaCreationRules
{
    /// <summary>The attributes of an N-CREATE (table S.3.2.1.1-1): 0120H, 0121H. What is referenced is not looked for here: that would leave the user without an answer to N-GET (section S.3.2.1.3, note 1).</summary>
    public static RuleResult CheckCreate(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return ServiceRules.CheckCreate(SopClasses.MediaCreationManagement, attributes);
    }

    /// <summary>An N-CREATE for a UID that there is: 0111H, or A510H once it was initiated.</summary>
    public static RuleResult Duplicate(MediaCreationStatus status) =>
        status == MediaCreationStatus.Idle ? RuleResult.Of(DimseStatus.DuplicateSopInstance, "there is such a request") : RuleResult.Of(0xA510, "the request was already initiated");

    /// <summary>Initiate Media Creation (N-ACTION 1, section S.3.2.2): once, A510H otherwise; 0115H for copies or a priority that are none.</summary>
    public static RuleResult CheckInitiate(MediaCreationStatus status, DicomDataSet? information)
    {
        if (information?.TryGetInt32(DicomTags.NumberOfCopies, out int copies) == true && copies < 1)
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Number of Copies is 1 or more", DicomTags.NumberOfCopies);
        if (information?.GetStringOrDefault(DicomTags.RequestPriority) is { } priority && priority is not ("HIGH" or "MED" or "LOW"))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no such priority", DicomTags.RequestPriority);
        return status == MediaCreationStatus.Idle ? RuleResult.Success : RuleResult.Of(0xA510, "the request was already initiated");
    }

    /// <summary>Cancel Media Creation (N-ACTION 2, section S.3.2.3): C201H once it is complete; while it is made, what its maker says.</summary>
    /// <param name="status">Of the request.</param>
    /// <param name="stop">Asks the maker to stop a request that is <see cref="MediaCreationStatus.Creating"/>; null where it cannot be asked: C202H.</param>
    public static RuleResult CheckCancel(MediaCreationStatus status, Func<MediaCancelAnswer>? stop = null) =>
        status switch
        {
            MediaCreationStatus.Done or MediaCreationStatus.Failure => RuleResult.Of(0xC201, "the request is already complete"),
            MediaCreationStatus.Creating => (stop?.Invoke() ?? MediaCancelAnswer.CannotBeInterrupted) switch
            {
                MediaCancelAnswer.Stopped => RuleResult.Success,
                MediaCancelAnswer.CannotBeInterrupted => RuleResult.Of(0xC202, "the request is under way and cannot be stopped"),
                _ => RuleResult.Of(0xC203, "cancellation denied"),
            },
            _ => RuleResult.Success,
        };

    /// <summary>Whether the maker may report a step: from PENDING to CREATING, from either to FAILURE, from CREATING to DONE.</summary>
    public static bool MayBecome(MediaCreationStatus from, MediaCreationStatus to) =>
        (from, to) is (MediaCreationStatus.Pending, MediaCreationStatus.Creating or MediaCreationStatus.Failure) or (MediaCreationStatus.Creating, MediaCreationStatus.Done or MediaCreationStatus.Failure);

    /// <summary>N-GET (section S.3.2.4): the attributes asked for, all if none are; warning 0001H for those the class does not have.</summary>
    public static RuleResult Get(DicomDataSet request, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        AttributeTable get = ServiceAttributeTable.Find("MediaCreationManagement N-GET")!, create = ServiceAttributeTable.Find("MediaCreationManagement N-CREATE")!;
        return AttributeLists.Select(request, attributeIdentifierList, tag => get.Find(tag) is not null || create.Find(tag) is not null);
    }

    /// <summary>The value of Execution Status (2100,0020).</summary>
    public static string ToTerm(MediaCreationStatus status) => status.ToString().ToUpperInvariant();

    /// <summary>Execution Status (2100,0020) of an answer to N-GET; null if it is missing or none of the terms.</summary>
    public static MediaCreationStatus? StatusOf(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        string? term = attributes.GetStringOrDefault(DicomTags.ExecutionStatus);
        foreach (MediaCreationStatus status in (MediaCreationStatus[])[MediaCreationStatus.Idle, MediaCreationStatus.Pending, MediaCreationStatus.Creating, MediaCreationStatus.Done, MediaCreationStatus.Failure])
        {
            if (ToTerm(status) == term)
                return status;
        }

        return null;
    }
}

/// <summary>What the maker of media says to a request to stop one that it makes.</summary>
public enum MediaCancelAnswer
{
    /// <summary>It has stopped: the request is FAILURE.</summary>
    Stopped,

    /// <summary>C202H: it cannot be interrupted.</summary>
    CannotBeInterrupted,

    /// <summary>C203H: it is not stopped, no reason given.</summary>
    Denied,
}
