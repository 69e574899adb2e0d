using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Storage Commitment (PS3.4 annex J).</summary>
public static class StorageCommitmentRules
{
    /// <summary>Whether an N-ACTION is Request Storage Commitment on the well-known instance: 0112H, 0123H if not.</summary>
    public static RuleResult CheckAction(DicomUid requestedSopInstanceUid, ushort actionTypeId) =>
        actionTypeId != StorageCommitmentRequest.ActionTypeId ? RuleResult.Of(DimseStatus.NoSuchAction, "no such action type")
        : requestedSopInstanceUid != StorageCommitmentRequest.WellKnownInstance ? RuleResult.Of(DimseStatus.NoSuchSopInstance, "not the well-known instance of Storage Commitment")
        : RuleResult.Success;

    /// <summary>Judges a request: what is in the archive under its class is committed, the rest fails with its reason (PS3.3 section C.14.1.1).</summary>
    /// <param name="request">The request.</param>
    /// <param name="storedClass">The SOP class under which an instance is safely stored; null if it is not.</param>
    /// <param name="isSupported">Whether a SOP class can be kept at all. Default: all can.</param>
    /// <returns>A result with every instance of the request in exactly one of its lists.</returns>
    public static StorageCommitmentResult Judge(StorageCommitmentRequest request, Func<DicomUid, DicomUid?> storedClass, Func<DicomUid, bool>? isSupported = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(storedClass);
        var committed = new List<SopReference>();
        var failed = new List<FailedCommitment>();
        foreach (SopReference reference in request.Instances)
        {
            DicomUid? stored = storedClass(reference.SopInstanceUid);
            if (stored is { } sopClass && sopClass == reference.SopClassUid)
                committed.Add(reference);
            else if (stored is not null)
                failed.Add(new(reference, CommitmentFailureReason.ClassInstanceConflict));
            else
                failed.Add(new(reference, isSupported is not null && !isSupported(reference.SopClassUid) ? CommitmentFailureReason.ReferencedSopClassNotSupported : CommitmentFailureReason.NoSuchObjectInstance));
        }

        return new StorageCommitmentResult(request.TransactionUid, committed, failed);
    }

    /// <summary>The result of a request that failed as a whole.</summary>
    public static StorageCommitmentResult FailAll(StorageCommitmentRequest request, CommitmentFailureReason reason)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new StorageCommitmentResult(request.TransactionUid, [], [.. request.Instances.Select(reference => new FailedCommitment(reference, reason))]);
    }

    /// <summary>
    /// Whether a result answers a request: same transaction, each requested instance in exactly one list, nothing else in either (PS3.4 section J.3.3). Returned are the instances
    /// that are missing, twice there, or were never asked for.
    /// </summary>
    public static IReadOnlyList<SopReference> Discrepancies(StorageCommitmentRequest request, StorageCommitmentResult result)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(result);
        if (request.TransactionUid != result.TransactionUid)
            return request.Instances;
        var open = new HashSet<SopReference>(request.Instances);
        var wrong = new List<SopReference>();
        foreach (SopReference reference in result.Committed.Concat(result.Failed.Select(failed => failed.Reference)))
        {
            if (!open.Remove(reference))
                wrong.Add(reference);
        }

        return [.. wrong, .. open];
    }
}
