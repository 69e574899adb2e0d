using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>One response of a C-FIND as it came: a match while pending, then the outcome.</summary>
public sealed record FindResponse
{
    /// <summary>FF00H or FF01H with a match; the final status otherwise.</summary>
    public DimseStatus Status { get; init; }

    /// <summary>The match; null in the final response, and in a pending one whose sender left it out.</summary>
    public DicomDataSet? DataSet { get; init; }

    /// <summary>Error Comment (0000,0902); null if there is none.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>Offending Element (0000,0901); empty if there is none.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];
}
