using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Why an object was not stored.</summary>
public enum StoreFailure
{
    /// <summary>It was: the peer answered success or a warning.</summary>
    None,

    /// <summary>The peer answered with a failure status.</summary>
    Refused,

    /// <summary>The object could not be read or is not a DICOM object. Nothing was sent of it.</summary>
    CannotRead,

    /// <summary>No accepted presentation context fits its SOP class and transfer syntax. Nothing was sent of it.</summary>
    NoPresentationContext,

    /// <summary>The association ended before the peer answered: the peer may have the object or not.</summary>
    AssociationLost,

    /// <summary>Not tried: the association had ended, or an earlier object failed and the caller wanted to stop there.</summary>
    NotSent,
}

/// <summary>What became of one object given to a C-STORE operation. There is one for each object, whatever happens.</summary>
public sealed record StoreOutcome
{
    /// <summary>The object.</summary>
    public required StorageObject StorageObject { get; init; }

    /// <summary>Why it was not stored; <see cref="StoreFailure.None"/> if it was.</summary>
    public StoreFailure Failure { get; init; }

    /// <summary>Affected SOP Class UID, where known.</summary>
    public DicomUid SopClassUid { get; init; }

    /// <summary>Affected SOP Instance UID, where known.</summary>
    public DicomUid SopInstanceUid { get; init; }

    /// <summary>The transfer syntax it was sent in, or has.</summary>
    public TransferSyntax TransferSyntax { get; init; }

    /// <summary>The peer's answer; null if there was none.</summary>
    public DimseStatus? Status { get; init; }

    /// <summary>Error Comment of the answer, if the peer gave one.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>Offending Element (0000,0901) of the answer; empty if the peer gave none.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>Bytes of the data set sent.</summary>
    public long Bytes { get; init; }

    /// <summary>The exception behind <see cref="Failure"/>, where there is one.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether the peer answered success or a warning: it has the object.</summary>
    public bool IsStored => Failure == StoreFailure.None;

    /// <summary>One line for people.</summary>
    public override string ToString() => Failure switch
    {
        StoreFailure.None => $"{StorageObject.Name}: {Status}",
        StoreFailure.Refused => $"{StorageObject.Name}: refused, {Status}{(ErrorComment is null ? "" : $": {ErrorComment}")}",
        StoreFailure.CannotRead => $"{StorageObject.Name}: cannot be read: {Error?.Message}",
        StoreFailure.NoPresentationContext => $"{StorageObject.Name}: {Error?.Message}",
        StoreFailure.AssociationLost => $"{StorageObject.Name}: no answer: {Error?.Message}",
        _ => $"{StorageObject.Name}: not sent{(Error is null ? "" : $": {Error.Message}")}",
    };
}
