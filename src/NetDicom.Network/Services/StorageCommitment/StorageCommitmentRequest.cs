using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A SOP instance by class and UID: an item of Referenced SOP Sequence (0008,1199).</summary>
/// <param name="SopClassUid">Referenced SOP Class UID (0008,1150).</param>
/// <param name="SopInstanceUid">Referenced SOP Instance UID (0008,1155).</param>
public readonly record struct SopReference(DicomUid SopClassUid, DicomUid SopInstanceUid)
{
    /// <summary>An item of a reference sequence.</summary>
    public DicomDataSet ToItem() => new DicomDataSet().Set(DicomTags.ReferencedSOPClassUID, SopClassUid).Set(DicomTags.ReferencedSOPInstanceUID, SopInstanceUid);

    internal static bool TryRead(DicomDataSet item, out SopReference reference)
    {
        bool valid = item.TryGetUid(DicomTags.ReferencedSOPClassUID, out DicomUid sopClass) & item.TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid instance);
        reference = new SopReference(sopClass, instance);
        return valid;
    }
}

/// <summary>Request Storage Commitment: the information of N-ACTION 1 on the well-known instance (PS3.4 section J.3.2).</summary>
/// <param name="TransactionUid">Transaction UID (0008,1195).</param>
/// <param name="Instances">What is to be kept, each instance once.</param>
public sealed record StorageCommitmentRequest(DicomUid TransactionUid, IReadOnlyList<SopReference> Instances)
{
    /// <summary>Action Type ID of Request Storage Commitment.</summary>
    public const ushort ActionTypeId = 1;

    /// <summary>Storage Commitment Push Model SOP Instance, on which every request is made: 1.2.840.10008.1.20.1.1.</summary>
    public static DicomUid WellKnownInstance { get; } = new("1.2.840.10008.1.20.1.1");

    /// <summary>A request of a new transaction for these instances.</summary>
    public static StorageCommitmentRequest For(IEnumerable<SopReference> instances) => new(DicomUid.Generate(), [.. instances.Distinct()]);

    /// <summary>The action information.</summary>
    public DicomDataSet ToDataSet() => new DicomDataSet()
        .Set(DicomTags.TransactionUID, TransactionUid)
        .Set(DicomTags.ReferencedSOPSequence, [.. Instances.Select(reference => reference.ToItem())]);

    /// <summary>Reads the action information; an instance named twice counts once.</summary>
    /// <returns>0114H or 0115H with the elements for what is missing or no UID; else success.</returns>
    public static RuleResult Read(DicomDataSet? information, out StorageCommitmentRequest? request)
    {
        request = null;
        if (information is null || !information.Contains(DicomTags.TransactionUID))
            return RuleResult.Of(DimseStatus.NoSuchArgument, "Transaction UID is missing", DicomTags.TransactionUID);
        if (!information.TryGetUid(DicomTags.TransactionUID, out DicomUid transaction))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "Transaction UID is no UID", DicomTags.TransactionUID);
        if (information.GetSequence(DicomTags.ReferencedSOPSequence) is not { Count: > 0 } items)
            return RuleResult.Of(DimseStatus.NoSuchArgument, "nothing to commit", DicomTags.ReferencedSOPSequence);
        var references = new List<SopReference>(items.Count);
        foreach (DicomDataSet item in items)
        {
            if (!SopReference.TryRead(item, out SopReference reference))
                return RuleResult.Of(DimseStatus.InvalidArgumentValue, "a reference lacks class or instance UID", DicomTags.ReferencedSOPSequence);
            references.Add(reference);
        }

        request = new StorageCommitmentRequest(transaction, [.. references.Distinct()]);
        return RuleResult.Success;
    }
}
