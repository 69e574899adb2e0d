using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The final response of a C-GET or C-MOVE.</summary>
public sealed record RetrieveResult
{
    /// <summary>Success; warning B000H where some sub-operations failed or warned; Cancel; or a failure.</summary>
    public DimseStatus Status { get; init; }

    /// <summary>Error Comment (0000,0902); null if there is none.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>Offending Element (0000,0901); empty if there is none.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>The counts of the final response; what it leaves out is null.</summary>
    public SubOperationProgress Progress { get; init; }

    /// <summary>Failed SOP Instance UID List (0008,0058); empty if there is none.</summary>
    public IReadOnlyList<DicomUid> FailedSopInstanceUids { get; init; } = [];

    /// <summary>Throws unless all was retrieved or the rest is only a warning.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="DimseStatusException">The status is a failure or Cancel.</exception>
    public RetrieveResult EnsureSuccess() => Status.IsFailure || Status.IsCancel ? throw new DimseStatusException(Status, ErrorComment, OffendingElements) : this;
}
