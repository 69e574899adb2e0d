namespace NetDicom.Protocol;

/// <summary>An operation was answered with a failure or Cancel (PS3.7 annex C), and the caller asked for an exception.</summary>
public sealed class DimseStatusException : DicomException
{
    /// <summary>An exception for <paramref name="status"/>, with the Error Comment (0000,0902) and the Offending Element (0000,0901) of the response where there were some.</summary>
    public DimseStatusException(DimseStatus status, string? errorComment = null, IReadOnlyList<DicomTag>? offendingElements = null)
        : base(string.IsNullOrEmpty(errorComment) ? $"the peer answered {status}" : $"the peer answered {status}: {errorComment}")
    {
        Status = status;
        ErrorComment = errorComment;
        OffendingElements = offendingElements ?? [];
    }

    /// <summary>The status of the response.</summary>
    public DimseStatus Status { get; }

    /// <summary>Error Comment (0000,0902) of the response, where there was one.</summary>
    public string? ErrorComment { get; }

    /// <summary>Offending Element (0000,0901) of the response; empty where there was none.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; }
}
