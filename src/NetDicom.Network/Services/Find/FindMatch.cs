using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What a handler of C-FIND yields: a match, or at last the final status where it is not success.</summary>
public readonly struct FindMatch
{
    private FindMatch(DicomDataSet? dataSet, DimseStatus status, string? errorComment, IReadOnlyList<DicomTag>? offendingElements)
    {
        DataSet = dataSet;
        Status = status;
        ErrorComment = errorComment;
        OffendingElements = offendingElements ?? [];
    }

    /// <summary>A match.</summary>
    /// <param name="dataSet">The identifier of the response; not to be changed afterwards.</param>
    /// <param name="optionalKeysNotSupported">Send it with FF01H instead of FF00H: an optional key of the request was not matched or is not known here (PS3.4 section C.4.1.1.4).</param>
    public FindMatch(DicomDataSet dataSet, bool optionalKeysNotSupported = false)
        : this(dataSet, optionalKeysNotSupported ? DimseStatus.PendingWarning : DimseStatus.Pending, null, null) => ArgumentNullException.ThrowIfNull(dataSet);

    /// <summary>The identifier of the response; null for a final status.</summary>
    public DicomDataSet? DataSet { get; }

    /// <summary>FF00H or FF01H for a match; the final status otherwise.</summary>
    public DimseStatus Status { get; }

    /// <summary>Error Comment (0000,0902) of a final status; cut to 64 characters when sent.</summary>
    public string? ErrorComment { get; }

    /// <summary>Offending Element (0000,0901) of a final status.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; }

    /// <summary>Ends the matches with a status. What is yielded after it is not asked for.</summary>
    /// <exception cref="ArgumentException">The status is Pending.</exception>
    public static FindMatch Final(DimseStatus status, string? errorComment = null, IReadOnlyList<DicomTag>? offendingElements = null) =>
        status.IsPending ? throw new ArgumentException("a final status is not Pending", nameof(status)) : new FindMatch(null, status, errorComment, offendingElements);

    /// <summary>A match with FF00H.</summary>
    public static implicit operator FindMatch(DicomDataSet dataSet) => new(dataSet);
}
