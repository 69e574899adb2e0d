using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How strictly a provider of Modality Performed Procedure Step holds its users to PS3.4 section F.7.</summary>
public sealed record MppsOptions
{
    /// <summary>The standard's words for N-CREATE and for the states; N-SET lenient as the other defaults here say.</summary>
    public static MppsOptions Default { get; } = new();

    /// <summary>
    /// Attributes that may not be set (table F.7.2-1) fail the N-SET with 0105H. Default false: they are passed over with warning 0107H, since modalities send them and a lost end of a
    /// step does more harm than a remark.
    /// </summary>
    public bool RefuseForbidden { get; init; }

    /// <summary>Only attributes that the N-CREATE had may be set (section F.7.2.2.2), else 0105H. Default false: modalities do not keep to it.</summary>
    public bool RequireCreated { get; init; }

    /// <summary>Attributes of type 2 that an N-CREATE leaves out are added without a value instead of failing with 0120H. Default false.</summary>
    public bool AddMissingType2 { get; init; }

    /// <summary>Most steps held in memory by <see cref="MppsStore"/>; one more is answered 0213H. Default 10,000.</summary>
    public int MaxInstances { get; init; } = 10_000;
}

/// <summary>The events of the Notification class (PS3.4 table F.9.2-1): type ids of N-EVENT-REPORT.</summary>
public enum MppsEvent
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Performed Procedure Step In Progress.</summary>
    InProgress = 1,

    /// <summary>Performed Procedure Step Completed.</summary>
    Completed = 2,

    /// <summary>Performed Procedure Step Discontinued.</summary>
    Discontinued = 3,

    /// <summary>Performed Procedure Step Updated; never for a change of status.</summary>
    Updated = 4,

    /// <summary>Performed Procedure Step Deleted.</summary>
    Deleted = 5,
}

/// <summary>The rules of Modality Performed Procedure Step (PS3.4 section F.7): pure functions of what was sent and what there is.</summary>
public static class MppsRules
{
    private const int CreateColumn = 0, SetColumn = 1, FinalColumn = 2;

    /// <summary>
    /// The attributes of an N-CREATE: those of types 1 and 2 are there (0120H, 0121H), and the status is IN PROGRESS (0106H: PS3.4 section F.7.2.1.4).
    /// </summary>
    /// <returns>The result; where it is done, its <see cref="RuleResult.Attributes"/> are those of the new step.</returns>
    public static RuleResult CheckCreate(DicomDataSet attributes, MppsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if (attributes.TryGetString(DicomTags.PerformedProcedureStepStatus, out string? status) && status != "IN PROGRESS")
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "a new step is IN PROGRESS", DicomTags.PerformedProcedureStepStatus);
        DicomDataSet step = attributes.Clone();
        if ((options ?? MppsOptions.Default).AddMissingType2)
            AddEmpty(step, MppsTable.Table.Attributes);
        RuleResult result = new AttributeCheck().Run(step, MppsTable.Table.Attributes, CreateColumn).Result;
        return result.IsDone ? result with { Attributes = step } : result;
    }

    /// <summary>
    /// An N-SET on a step: refused with 0110H and Error ID A710H once the step has ended; the attributes are those that may be set; a final status needs the final attributes
    /// (PS3.4 sections F.7.2.2.2, F.7.2.2.3).
    /// </summary>
    /// <param name="present">The step as it is.</param>
    /// <param name="changes">The attributes given.</param>
    /// <param name="options">How strict to be.</param>
    /// <returns>The result; where it is done, its <see cref="RuleResult.Attributes"/> are those of the step from now on.</returns>
    public static RuleResult CheckSet(DicomDataSet present, DicomDataSet changes, MppsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(changes);
        options ??= MppsOptions.Default;
        if (present.GetStringOrDefault(DicomTags.PerformedProcedureStepStatus) != "IN PROGRESS")
            return RuleResult.Of(DimseStatus.ProcessingFailure, "Performed Procedure Step Object may no longer be updated") with { ErrorId = 0xA710 };

        AttributeCheck check = new AttributeCheck().Run(changes, MppsTable.Table.Attributes, SetColumn);
        DicomTag[] forbidden = [.. check.Forbidden.Where(tag => changes.Contains(tag))];
        if (options.RefuseForbidden && forbidden.Length > 0)
            return RuleResult.Of(DimseStatus.NoSuchAttribute, "attributes that may not be set", forbidden);
        if (options.RequireCreated && changes.Select(element => element.Tag).Where(tag => tag != DicomTags.SpecificCharacterSet && !present.Contains(tag)).ToArray() is { Length: > 0 } late)
            return RuleResult.Of(DimseStatus.NoSuchAttribute, "attributes the N-CREATE did not have", late);
        if (check.Missing.Count > 0)
            return RuleResult.Of(DimseStatus.MissingAttribute, "attribute missing", check.Missing);
        if (check.Empty.Count > 0)
            return RuleResult.Of(DimseStatus.MissingAttributeValue, "attribute without a value", check.Empty);
        if (check.Invalid.Count > 0)
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "attribute is no sequence", check.Invalid);

        DicomDataSet step = AttributeLists.Merge(present, changes, tag => !forbidden.Contains(tag));
        RuleResult state = step.GetStringOrDefault(DicomTags.PerformedProcedureStepStatus) switch
        {
            "IN PROGRESS" => RuleResult.Success,
            "COMPLETED" or "DISCONTINUED" => CheckFinal(step),
            _ => RuleResult.Of(DimseStatus.InvalidAttributeValue, "status is COMPLETED, DISCONTINUED or IN PROGRESS", DicomTags.PerformedProcedureStepStatus),
        };
        if (!state.IsDone)
            return state;
        return (forbidden.Length == 0 ? RuleResult.Success : RuleResult.Of(DimseStatus.AttributeListError, "attributes that may not be set were passed over", forbidden)) with { Attributes = step };
    }

    /// <summary>Whether a step has what COMPLETED and DISCONTINUED need (PS3.4 table F.7.2-1, final state).</summary>
    public static RuleResult CheckFinal(DicomDataSet step)
    {
        ArgumentNullException.ThrowIfNull(step);
        AttributeCheck check = new AttributeCheck().Run(step, MppsTable.Table.Attributes, FinalColumn);
        foreach (DicomDataSet series in step.GetSequence(DicomTags.PerformedSeriesSequence) ?? [])
        {
            // All instances are listed in one of the two sequences; both may be empty if none were made.
            if (!series.Contains(DicomTags.ReferencedImageSequence) && !series.Contains(DicomTags.ReferencedNonImageCompositeSOPInstanceSequence))
                check.NoteMissing(DicomTags.ReferencedImageSequence);
        }

        return check.Result;
    }

    /// <summary>The event for the Notification class when a step goes from one data set to the next (PS3.4 section F.9.2).</summary>
    public static MppsEvent EventFor(DicomDataSet? before, DicomDataSet after)
    {
        ArgumentNullException.ThrowIfNull(after);
        string? status = after.GetStringOrDefault(DicomTags.PerformedProcedureStepStatus);
        if (before is not null && before.GetStringOrDefault(DicomTags.PerformedProcedureStepStatus) == status)
            return MppsEvent.Updated;
        return status switch { "IN PROGRESS" => MppsEvent.InProgress, "COMPLETED" => MppsEvent.Completed, "DISCONTINUED" => MppsEvent.Discontinued, _ => MppsEvent.None };
    }

    /// <summary>The answer to an N-GET of the Retrieve class: the attributes asked for, all if none are; warning 0001H for those the class does not have (PS3.4 section F.8.2).</summary>
    public static RuleResult Get(DicomDataSet step, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        return AttributeLists.Select(step, attributeIdentifierList, tag => MppsTable.Table.Find(tag) is not null);
    }

    private static void AddEmpty(DicomDataSet set, AttributeTable.Attribute[] rows)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            if (row[CreateColumn] == AttributeRequirement.Type2 && !set.Contains(row.Tag) && DicomDictionary.TryGet(row.Tag, out DictionaryEntry entry))
                set.Set(DicomElement.CreateEmpty(row.Tag, entry.VR));
            foreach (DicomDataSet item in set.GetSequence(row.Tag) ?? [])
                AddEmpty(item, row.Children);
        }
    }
}
