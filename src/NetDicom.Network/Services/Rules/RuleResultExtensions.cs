namespace NetDicom.Network;

/// <summary>Makes responses of what rules say.</summary>
public static class RuleResultExtensions
{
    /// <summary>The response of a DIMSE-N service: status, comment, elements to blame, data set, and the instance where the rules made one.</summary>
    public static NResponse ToResponse(this RuleResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new NResponse
        {
            Status = result.Status,
            ErrorComment = result.ErrorComment,
            ErrorId = result.ErrorId,
            AttributeIdentifierList = result.Elements,
            DataSet = result.Attributes,
            AffectedSopInstanceUid = result.InstanceUid,
        };
    }

    /// <summary>The end of a C-FIND: status, comment and offending elements.</summary>
    public static FindMatch ToFinal(this RuleResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return FindMatch.Final(result.Status, result.ErrorComment, result.Elements);
    }

    internal static ValueTask<NResponse> ToAnswerAsync(this RuleResult result) => ValueTask.FromResult(result.ToResponse());
}
