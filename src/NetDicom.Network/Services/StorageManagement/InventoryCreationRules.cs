using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a producer of inventories can do.</summary>
public sealed record InventoryCapabilities
{
    /// <summary>The values of Inventory Level (0008,0403) that are produced. Default STUDY, SERIES and INSTANCE.</summary>
    public IReadOnlyList<string> Levels { get; init; } = ["STUDY", "SERIES", "INSTANCE"];

    /// <summary>The values of Extended Matching Mechanisms (0008,040F) that are supported. Default none.</summary>
    public IReadOnlyList<string> MatchingMechanisms { get; init; } = [];

    /// <summary>Whether an attribute of a study can be matched; one that cannot is passed over with warning B010H. Default: all can.</summary>
    public Func<DicomTag, bool> SupportsKey { get; init; } = _ => true;
}

/// <summary>The rules of Inventory Creation, the SOP class of Storage Management (PS3.4 annex KK).</summary>
public static class InventoryCreationRules
{
    /// <summary>Action Type ID of Initiate.</summary>
    public const ushort Initiate = 11;

    /// <summary>Action Type ID of Request Status.</summary>
    public const ushort RequestStatus = 12;

    /// <summary>Action Type ID of Cancel.</summary>
    public const ushort Cancel = 13;

    /// <summary>Action Type ID of Pause.</summary>
    public const ushort Pause = 14;

    /// <summary>Action Type ID of Resume.</summary>
    public const ushort Resume = 15;

    /// <summary>Event Type ID of Inventory Terminated with Instances.</summary>
    public const ushort TerminatedWithInstances = 11;

    /// <summary>Event Type ID of Inventory Status.</summary>
    public const ushort InventoryStatus = 12;

    /// <summary>Event Type ID of Inventory Terminated without Instances.</summary>
    public const ushort TerminatedWithoutInstances = 13;

    private static readonly DicomTag[] s_matching =
        [DicomTags.RangeMatchingSequence, DicomTags.ListOfUIDMatchingSequence, DicomTags.EmptyValueMatchingSequence, DicomTags.GeneralMatchingSequence];

    /// <summary>The information of an action: its type exists (0123H), its attributes are there (0114H, 0115H), the Transaction UID is a UID, Retain Instances YES or NO.</summary>
    public static RuleResult CheckAction(ushort actionTypeId, DicomDataSet? information)
    {
        RuleResult result = ServiceRules.CheckActionInformation(SopClasses.InventoryCreation, actionTypeId, information);
        if (!result.IsDone)
            return result;
        if (!information!.TryGetUid(DicomTags.TransactionUID, out _))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction UID is no UID", DicomTags.TransactionUID);
        return actionTypeId == Cancel && information.GetStringOrDefault(DicomTags.RetainInstances) is not ("YES" or "NO")
            ? RuleResult.Of(DimseStatus.InvalidArgumentValue, "Retain Instances is YES or NO", DicomTags.RetainInstances)
            : RuleResult.Success;
    }

    /// <summary>
    /// Initiate (section KK.2.2.3): 0212H for a level or a matching mechanism that is not supported, warning B010H with the keys that cannot be matched.
    /// </summary>
    /// <param name="information">What <see cref="CheckAction"/> took.</param>
    /// <param name="capabilities">What the producer can do.</param>
    public static RuleResult CheckInitiate(DicomDataSet information, InventoryCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(information);
        ArgumentNullException.ThrowIfNull(capabilities);
        if (!capabilities.Levels.Contains(information.GetStringOrDefault(DicomTags.InventoryLevel)))
            return RuleResult.Of(DimseStatus.MistypedArgument, "this Inventory Level is not produced", DicomTags.InventoryLevel);
        DicomSequence? items = information.GetSequence(DicomTags.ScopeOfInventorySequence);
        if (items is null or { Count: 0 })
            return RuleResult.Success;
        if (items is not [var scope])
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "one scope at most", DicomTags.ScopeOfInventorySequence);
        if (scope.GetStrings(DicomTags.ExtendedMatchingMechanisms)?.Any(one => !capabilities.MatchingMechanisms.Contains(one)) == true)
            return RuleResult.Of(DimseStatus.MistypedArgument, "a matching mechanism is not supported", DicomTags.ExtendedMatchingMechanisms);
        DicomTag[] unsupported = [.. s_matching.SelectMany(sequence => scope.GetSequence(sequence) ?? []).SelectMany(item => item.Select(element => element.Tag))
            .Where(tag => tag != DicomTags.SpecificCharacterSet && !tag.IsGroupLength && !capabilities.SupportsKey(tag)).Distinct()];
        return unsupported.Length == 0 ? RuleResult.Success : RuleResult.Of(0xB010, "keys that cannot be matched are passed over", unsupported);
    }

    /// <summary>
    /// Cancel, Pause and Resume by the status: what is over cannot be changed (0110H); to pause what is paused, or to resume what is under way, changes nothing and succeeds.
    /// </summary>
    public static RuleResult CheckChange(InventoryProductionStatus status) =>
        IsOver(status) ? RuleResult.Of(DimseStatus.ProcessingFailure, "production of the inventory has ended") : RuleResult.Success;

    /// <summary>COMPLETE, FAILURE, CANCELED.</summary>
    public static bool IsOver(InventoryProductionStatus status) => status is not (InventoryProductionStatus.Processing or InventoryProductionStatus.Paused);

    /// <summary>Whether production may go from one status to another (figure KK.2-1): what is paused goes on or is cancelled.</summary>
    public static bool MayBecome(InventoryProductionStatus from, InventoryProductionStatus to) =>
        from == InventoryProductionStatus.Processing && to != InventoryProductionStatus.Processing
        || from == InventoryProductionStatus.Paused && to is InventoryProductionStatus.Processing or InventoryProductionStatus.Canceled;

    /// <summary>The event that tells of a production as it is (section KK.2.3): 12 while it goes on, 11 or 13 when it is over.</summary>
    public static InventoryEvent EventOf(InventoryProduction production)
    {
        ArgumentNullException.ThrowIfNull(production);
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, production.TransactionUid).Set(DicomTags.TransactionStatus, ToTerm(production.Status));
        if (production.Comment is { } comment)
            information.Set(DicomTags.TransactionStatusComment, comment);
        if (IsOver(production.Status) && production.Inventory is null)
            return new InventoryEvent(production.User, TerminatedWithoutInstances, information);
        information.Set(DicomTags.TotalNumberOfStudyRecords, production.StudyRecords);
        if (!IsOver(production.Status))
            return new InventoryEvent(production.User, InventoryStatus, information);
        InventoryReference inventory = production.Inventory!;
        information.Set(DicomTags.ReferencedSOPClassUID, inventory.Instance.SopClassUid).Set(DicomTags.ReferencedSOPInstanceUID, inventory.Instance.SopInstanceUid);
        if (inventory.RetrieveAETitle is { } title)
            information.Set(DicomTags.RetrieveAETitle, title);
        if (inventory.RetrieveUrl is { } url)
            information.Set(DicomTags.RetrieveURL, url);
        if (inventory.Expiration is { } expiration)
            information.Set(DicomTags.ExpirationDateTime, expiration);
        return new InventoryEvent(production.User, TerminatedWithInstances, information);
    }

    /// <summary>Reads an event: what a user is told.</summary>
    /// <returns>0113H for another type, 0114H or 0115H with the elements for what is missing or wrong (table KK.2-2); else success.</returns>
    public static RuleResult ReadEvent(ushort eventTypeId, DicomDataSet? information, out InventoryProduction? production)
    {
        production = null;
        RuleResult known = ServiceRules.CheckEvent(SopClasses.InventoryCreation, eventTypeId);
        if (!known.IsDone)
            return known;
        if (information is null || !information.TryGetUid(DicomTags.TransactionUID, out DicomUid transaction))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction UID is missing or no UID", DicomTags.TransactionUID);
        if (StatusOf(information) is not { } status || IsOver(status) == (eventTypeId == InventoryStatus))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction Status is not of this event", DicomTags.TransactionStatus);
        InventoryReference? inventory = null;
        if (eventTypeId == TerminatedWithInstances)
        {
            if (!SopReference.TryRead(information, out SopReference instance))
                return RuleResult.Of(DimseStatus.NoSuchArgument, "no instance is named", DicomTags.ReferencedSOPInstanceUID);
            inventory = new InventoryReference(
                instance, information.GetStringOrDefault(DicomTags.RetrieveAETitle), information.GetStringOrDefault(DicomTags.RetrieveURL), information.GetStringOrDefault(DicomTags.ExpirationDateTime));
            if (inventory.RetrieveAETitle is null && inventory.RetrieveUrl is null)
                return RuleResult.Of(DimseStatus.NoSuchArgument, "nothing says where the inventory is", DicomTags.RetrieveAETitle, DicomTags.RetrieveURL);
        }

        long records = information.TryGet(DicomTags.TotalNumberOfStudyRecords, out DicomElement? element) && element.TryGetInt64(0, out long number) ? number : 0;
        production = new InventoryProduction(transaction, "", information, status, records, information.GetStringOrDefault(DicomTags.TransactionStatusComment)) { Inventory = inventory };
        return RuleResult.Success;
    }

    /// <summary>The value of Transaction Status (0008,0417).</summary>
    public static string ToTerm(InventoryProductionStatus status) => status.ToString().ToUpperInvariant();

    private static InventoryProductionStatus? StatusOf(DicomDataSet information) =>
        information.GetStringOrDefault(DicomTags.TransactionStatus) switch
        {
            "PROCESSING" => InventoryProductionStatus.Processing,
            "PAUSED" => InventoryProductionStatus.Paused,
            "COMPLETE" => InventoryProductionStatus.Complete,
            "FAILURE" => InventoryProductionStatus.Failure,
            "CANCELED" => InventoryProductionStatus.Canceled,
            _ => null,
        };
}
