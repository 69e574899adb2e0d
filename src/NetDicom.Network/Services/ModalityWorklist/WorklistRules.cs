using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Modality Worklist identifiers (PS3.4 section K.6.1.2).</summary>
public static class WorklistRules
{
    private const int MatchColumn = 0, ReturnColumn = 1;

    /// <summary>Keys that every provider must match (table K.6-1, matching key type R), by their paths.</summary>
    public static IReadOnlyList<DicomTagPath> RequiredMatchingKeys { get; } = [.. Paths(WorklistTable.Table.Attributes, null, MatchColumn, AttributeRequirement.RequiredKey)];

    /// <summary>Keys that a response must have with a value when they were asked for (return key type 1).</summary>
    public static IReadOnlyList<DicomTagPath> Type1ReturnKeys { get; } = [.. Paths(WorklistTable.Table.Attributes, null, ReturnColumn, AttributeRequirement.Type1)];

    /// <summary>A request identifier: no Query/Retrieve Level, one item at most in Scheduled Procedure Step Sequence; A900H with the element.</summary>
    public static RuleResult CheckFind(DicomDataSet identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        if (identifier.Contains(DicomTags.QueryRetrieveLevel))
            return RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, "a worklist has no Query/Retrieve Level", DicomTags.QueryRetrieveLevel);
        if (identifier.GetSequence(DicomTags.ScheduledProcedureStepSequence) is { Count: > 1 })
            return RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, "a sequence key has one item", DicomTags.ScheduledProcedureStepSequence);
        return RuleResult.Success;
    }

    /// <summary>
    /// A response identifier held against the request: one step per response (section K.4.1.3.2), and no attribute asked for of return type 1 without a value (table K.6-1).
    /// For tests of a provider's data.
    /// </summary>
    /// <returns>The attributes that are wrong; none if all is well.</returns>
    public static IReadOnlyList<DicomTag> CheckResponse(DicomDataSet request, DicomDataSet response)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(response);
        var wrong = new List<DicomTag>();
        if (request.Contains(DicomTags.ScheduledProcedureStepSequence) && response.GetSequence(DicomTags.ScheduledProcedureStepSequence) is not { Count: 1 })
            wrong.Add(DicomTags.ScheduledProcedureStepSequence);
        ReturnKeys.Compare(request, response, WorklistTable.Table.Attributes, ReturnColumn, wrong);
        return wrong;
    }

    /// <summary>Whether an attribute of the outermost level is a key of the worklist model, matching or return.</summary>
    public static bool IsKey(DicomTag tag) => WorklistTable.Table.Find(tag) is not null;

    private static IEnumerable<DicomTagPath> Paths(AttributeTable.Attribute[] rows, DicomTagPath? parent, int column, AttributeRequirement wanted)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            DicomTagPath path = parent is { } above ? above.Then(0, row.Tag) : new DicomTagPath(row.Tag);
            if (row[column] == wanted)
                yield return path;
            foreach (DicomTagPath child in Paths(row.Children, path, column, wanted))
                yield return child;
        }
    }
}
