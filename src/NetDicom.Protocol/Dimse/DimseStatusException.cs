namespace NetDicom.Protocol;

/// <summary>An operation was answered with a failure or Cancel (PS3.7 annex C), and the caller asked for an exception.</summary>
public sealed class DimseStatusException : DicomException
{
    /// <summary>An exception for <paramref name="status"/>, with the Error Comment (0000,0902) of the response where there was one.</summary>
    public DimseStatusException(DimseStatus status, string? errorComment = null)
        : base(string.IsNullOrEmpty(errorComment) ? $"the peer answered {status}" : $"the peer answered {status}: {errorComment}")
    {
        Status = status;
        ErrorComment = errorComment;
    }

    /// <summary>The status of the response.</summary>
    public DimseStatus Status { get; }

    /// <summary>Error Comment (0000,0902) of the response, where there was one.</summary>
    public string? ErrorComment { get; }
}
