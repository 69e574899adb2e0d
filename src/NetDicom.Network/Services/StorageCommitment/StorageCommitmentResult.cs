using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Failure Reason (0008,1197) of an instance that is not kept (PS3.3 section C.14.1.1).</summary>
public enum CommitmentFailureReason
{
    /// <summary>0110H: processing failure.</summary>
    ProcessingFailure = 0x0110,

    /// <summary>0112H: no such object instance.</summary>
    NoSuchObjectInstance = 0x0112,

    /// <summary>0119H: the instance is of another class.</summary>
    ClassInstanceConflict = 0x0119,

    /// <summary>0122H: the class is not supported.</summary>
    ReferencedSopClassNotSupported = 0x0122,

    /// <summary>0131H: the Transaction UID is in use.</summary>
    DuplicateTransactionUid = 0x0131,

    /// <summary>0213H: resource limitation.</summary>
    ResourceLimitation = 0x0213,
}

/// <summary>An instance that is not kept.</summary>
/// <param name="Reference">The instance.</param>
/// <param name="Reason">Why; codes outside the list of the standard are kept as they came.</param>
public readonly record struct FailedCommitment(SopReference Reference, CommitmentFailureReason Reason);

/// <summary>The outcome of a transaction: the information of N-EVENT-REPORT 1 (all kept) or 2 (failures exist) (PS3.4 section J.3.3).</summary>
/// <param name="TransactionUid">Transaction UID (0008,1195) of the request.</param>
/// <param name="Committed">What is kept.</param>
/// <param name="Failed">What is not, and why.</param>
public sealed record StorageCommitmentResult(DicomUid TransactionUid, IReadOnlyList<SopReference> Committed, IReadOnlyList<FailedCommitment> Failed)
{
    /// <summary>Retrieve AE Title (0008,0054) for all instances, where there is one.</summary>
    public string? RetrieveAETitle { get; init; }

    /// <summary>Event Type ID: 1 Storage Commitment Request Successful, 2 Storage Commitment Request Complete - Failures Exist.</summary>
    public ushort EventTypeId => Failed.Count == 0 ? (ushort)1 : (ushort)2;

    /// <summary>The event information. Referenced SOP Sequence is left out if nothing was kept.</summary>
    public DicomDataSet ToDataSet()
    {
        DicomDataSet information = new DicomDataSet().Set(DicomTags.TransactionUID, TransactionUid);
        if (RetrieveAETitle is { } title)
            information.Set(DicomTags.RetrieveAETitle, title);
        if (Committed.Count > 0)
            information.Set(DicomTags.ReferencedSOPSequence, [.. Committed.Select(reference => reference.ToItem())]);
        if (Failed.Count > 0)
            information.Set(DicomTags.FailedSOPSequence, [.. Failed.Select(failed => failed.Reference.ToItem().Set(DicomTags.FailureReason, (long)failed.Reason))]);
        return information;
    }

    /// <summary>Reads an event.</summary>
    /// <returns>0113H for another event type, 0114H or 0115H with the elements for what is missing or wrong; else success.</returns>
    public static RuleResult Read(ushort eventTypeId, DicomDataSet? information, out StorageCommitmentResult? result)
    {
        result = null;
        if (eventTypeId is not (1 or 2))
            return RuleResult.Of(DimseStatus.NoSuchEventType, "no such event type");
        if (information is null || !information.TryGetUid(DicomTags.TransactionUID, out DicomUid transaction))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction UID is missing or no UID", DicomTags.TransactionUID);
        var committed = new List<SopReference>();
        string? title = information.GetStringOrDefault(DicomTags.RetrieveAETitle);
        foreach (DicomDataSet item in information.GetSequence(DicomTags.ReferencedSOPSequence) ?? [])
        {
            if (!SopReference.TryRead(item, out SopReference reference))
                return RuleResult.Of(DimseStatus.InvalidArgumentValue, "a reference lacks class or instance UID", DicomTags.ReferencedSOPSequence);
            committed.Add(reference);
            title ??= item.GetStringOrDefault(DicomTags.RetrieveAETitle);
        }

        var failed = new List<FailedCommitment>();
        foreach (DicomDataSet item in information.GetSequence(DicomTags.FailedSOPSequence) ?? [])
        {
            if (!SopReference.TryRead(item, out SopReference reference))
                return RuleResult.Of(DimseStatus.InvalidArgumentValue, "a reference lacks class or instance UID", DicomTags.FailedSOPSequence);
            failed.Add(new FailedCommitment(reference, (CommitmentFailureReason)(item.GetInt32OrDefault(DicomTags.FailureReason) ?? (int)CommitmentFailureReason.ProcessingFailure)));
        }

        if (eventTypeId == 2 && failed.Count == 0)
            return RuleResult.Of(DimseStatus.NoSuchArgument, "failures are announced and none is named", DicomTags.FailedSOPSequence);
        result = new StorageCommitmentResult(transaction, committed, failed) { RetrieveAETitle = title };
        return RuleResult.Success;
    }
}
