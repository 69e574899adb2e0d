using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Event Type ID of Inventory Creation (PS3.4 table KK.2-2).</summary>
public enum InventoryEventType
{
    /// <summary>Inventory Terminated with Instances.</summary>
    TerminatedWithInstances = 11,

    /// <summary>Inventory Status.</summary>
    Status = 12,

    /// <summary>Inventory Terminated without Instances.</summary>
    TerminatedWithoutInstances = 13,
}

/// <summary>An inventory that was made: what event 11 tells of it.</summary>
public sealed record InventoryProduct
{
    /// <summary>Referenced SOP Instance UID (0008,1155): the root of the tree of inventory instances.</summary>
    public required DicomUid SopInstanceUid { get; init; }

    /// <summary>Total Number of Study Records (0008,0428).</summary>
    public required long StudyRecords { get; init; }

    /// <summary>Retrieve AE Title (0008,0054): where C-GET and C-MOVE find it. It, or <see cref="RetrieveUrl"/>, is needed (PS3.4 section KK.2.3.1.1).</summary>
    public IReadOnlyList<string> RetrieveAETitles { get; init; } = [];

    /// <summary>Retrieve URL (0008,1190): where the Non-Patient Instance Service of DICOMweb finds it.</summary>
    public string? RetrieveUrl { get; init; }

    /// <summary>Expiration DateTime (0008,0416), until when it is expected to be there; null if that is not said.</summary>
    public DicomDateTime? Expiration { get; init; }

    /// <summary>Further attributes of table KK.2-2, such as File Access URI (0008,0409) and what goes with it; null for none.</summary>
    public DicomDataSet? Access { get; init; }
}

/// <summary>An N-EVENT-REPORT of Inventory Creation.</summary>
/// <param name="Type">Event Type ID.</param>
/// <param name="TransactionUid">Transaction UID (0008,1195).</param>
/// <param name="State">Transaction Status (0008,0417).</param>
public sealed record InventoryEvent(InventoryEventType Type, DicomUid TransactionUid, InventoryState State)
{
    /// <summary>Transaction Status Comment (0008,0418); null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>Total Number of Study Records (0008,0428) so far; null where the event has none.</summary>
    public long? StudyRecords { get; init; }

    /// <summary>The inventory of event 11; null for the others.</summary>
    public InventoryProduct? Product { get; init; }

    /// <summary>The Event Information.</summary>
    public DicomDataSet ToDataSet()
    {
        DicomDataSet information = Product?.Access?.Clone() ?? [];
        information.Set(DicomTags.TransactionUID, TransactionUid).Set(DicomTags.TransactionStatus, State.ToTerm());
        if (Comment is not null)
            information.Set(DicomTags.TransactionStatusComment, Comment);
        if (StudyRecords is { } records)
            information.Set(DicomTags.TotalNumberOfStudyRecords, records);
        if (Product is not { } product)
            return information;
        information.Set(DicomTags.ReferencedSOPClassUID, SopClasses.InventoryStorage).Set(DicomTags.ReferencedSOPInstanceUID, product.SopInstanceUid)
            .Set(DicomTags.TotalNumberOfStudyRecords, product.StudyRecords);
        if (product.RetrieveAETitles.Count > 0)
            information.Set(DicomTags.RetrieveAETitle, [.. product.RetrieveAETitles]);
        if (product.RetrieveUrl is not null)
            information.Set(DicomTags.RetrieveURL, product.RetrieveUrl);
        if (product.Expiration is { } expiration)
            information.Set(DicomTags.ExpirationDateTime, expiration);
        return information;
    }

    /// <summary>
    /// Reads an event as a user gets it: 0113H for a type there is not, 0114H without a Transaction UID, 0115H for a Transaction Status that is none, or an event 11 that names no instance. What
    /// else a provider should have sent is not asked for: <see cref="InventoryRules.CheckEvent"/> does.
    /// </summary>
    public static RuleResult Read(ushort eventTypeId, DicomDataSet? information, out InventoryEvent? happened)
    {
        happened = null;
        RuleResult type = ServiceRules.CheckEvent(SopClasses.InventoryCreation, eventTypeId);
        if (!type.IsDone)
            return type;
        if (information is null || !information.Contains(DicomTags.TransactionUID))
            return RuleResult.Of(DimseStatus.NoSuchArgument, "attribute missing", DicomTags.TransactionUID);
        if (!InventoryRules.TryReadTransaction(information, out DicomUid transaction))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no UID", DicomTags.TransactionUID);
        if (!InventoryStates.TryParse(information.GetStringOrDefault(DicomTags.TransactionStatus), out InventoryState state))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no Transaction Status", DicomTags.TransactionStatus);
        long? records = information.GetInt64OrDefault(DicomTags.TotalNumberOfStudyRecords);
        InventoryProduct? product = null;
        if (eventTypeId == (ushort)InventoryEventType.TerminatedWithInstances)
        {
            if (!information.TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid instance))
                return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no instance", DicomTags.ReferencedSOPInstanceUID);
            product = new InventoryProduct
            {
                SopInstanceUid = instance, StudyRecords = records ?? 0, RetrieveAETitles = information.GetStrings(DicomTags.RetrieveAETitle),
                RetrieveUrl = information.GetStringOrDefault(DicomTags.RetrieveURL), Expiration = information.GetDateTimeOrDefault(DicomTags.ExpirationDateTime), Access = information,
            };
        }

        happened = new InventoryEvent((InventoryEventType)eventTypeId, transaction, state)
        {
            Comment = information.GetStringOrDefault(DicomTags.TransactionStatusComment), StudyRecords = records, Product = product,
        };
        return RuleResult.Success;
    }
}
