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

    internal static async ValueTask<NResponse> ToAnswerAsync(this ValueTask<RuleResult> result) => (await result.ConfigureAwait(false)).ToResponse();

    /// <summary>
    /// For the classes whose part of PS3.4 has no warning 0001H of its own: attributes asked for that the class does not have are 0107H (PS3.7 section 10.1.2.1.9).
    /// </summary>
    internal static RuleResult WithGeneralWarning(this RuleResult result) =>
        result.Status.Code == 0x0001 ? result with { Status = Protocol.DimseStatus.AttributeListError } : result;
}
