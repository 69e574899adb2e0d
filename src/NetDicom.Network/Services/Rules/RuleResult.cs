using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What the rules of a service class say to a request: the status to answer, with what goes along. A handler turns it into its response.</summary>
public sealed record RuleResult
{
    /// <summary>A result of this status, with nothing besides.</summary>
    public RuleResult(DimseStatus status) => Status = status;

    /// <summary>0000H.</summary>
    public static RuleResult Success { get; } = new(DimseStatus.Success);

    /// <summary>Status (0000,0900).</summary>
    public DimseStatus Status { get; init; }

    /// <summary>The elements that are to blame: Offending Element (0000,0901) of a C response, Attribute Identifier List (0000,1005) of an N response.</summary>
    public IReadOnlyList<DicomTag> Elements { get; init; } = [];

    /// <summary>Error Comment (0000,0902): 64 characters at most, no patient data.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>Error ID (0000,0903).</summary>
    public ushort? ErrorId { get; init; }

    /// <summary>The data set of the response: Attribute List, Action Reply.</summary>
    public DicomDataSet? Attributes { get; init; }

    /// <summary>The instance that was made or found, where the request did not name it.</summary>
    public DicomUid InstanceUid { get; init; }

    /// <summary>Whether the request may be, or was, done: a success or a warning.</summary>
    public bool IsDone => Status.Category is DimseStatusCategory.Success or DimseStatusCategory.Warning;

    /// <summary>A result with a status, a comment and the elements to blame.</summary>
    public static RuleResult Of(DimseStatus status, string comment, params IReadOnlyList<DicomTag> elements)
    {
        ArgumentNullException.ThrowIfNull(comment);
        return new(status) { ErrorComment = comment.Length <= 64 ? comment : comment[..64], Elements = elements };
    }

    internal static RuleResult Of(int code, string comment, params IReadOnlyList<DicomTag> elements) => Of(new DimseStatus((ushort)code), comment, elements);
}
