using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of Unified Procedure Step (PS3.4 annex CC): pure functions of what was sent and what there is.</summary>
public static class UpsRules
{
    private const int CreateColumn = 0, SetColumn = 1, FinalColumn = 2, GetColumn = 3;

    /// <summary>
    /// The attributes of an N-CREATE: state SCHEDULED (C309H), Transaction UID without a value (0106H), the required ones there (0120H, 0121H), none that may not be (0105H)
    /// (PS3.4 sections CC.2.5.2, CC.2.5.3, table CC.2.5-3).
    /// </summary>
    public static RuleResult CheckCreate(DicomDataSet attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        if (attributes.TryGetString(DicomTags.ProcedureStepState, out string? state) && state != "SCHEDULED")
            return RuleResult.Of(0xC309, "a new UPS is SCHEDULED", DicomTags.ProcedureStepState);
        if (attributes.TryGet(DicomTags.TransactionUID, out DicomElement? uid) && !AttributeCheck.IsBlank(uid))
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "a new UPS has no transaction UID", DicomTags.TransactionUID);
        return new AttributeCheck().Run(attributes, UpsTable.Table.Attributes, CreateColumn).Result;
    }

    /// <summary>Which row of table CC.1.1-2 a Change UPS State (N-ACTION 1) is.</summary>
    /// <param name="information">The action information: Procedure Step State and Transaction UID.</param>
    /// <param name="transactionUid">The lock of the UPS; none while it is SCHEDULED. Any UID is then taken as the right one, so that the answer tells the true obstacle, the state.</param>
    /// <param name="request">The row.</param>
    /// <returns>0106H or 0115H with the element for what is no such request, else success.</returns>
    public static RuleResult ReadChangeState(DicomDataSet information, DicomUid transactionUid, out UpsRequest request)
    {
        ArgumentNullException.ThrowIfNull(information);
        request = default;
        if (!UpsStates.TryParse(information.GetStringOrDefault(DicomTags.ProcedureStepState), out UpsState wanted))
            return RuleResult.Of(DimseStatus.InvalidArgumentValue, "no such procedure step state", DicomTags.ProcedureStepState);
        bool given = information.TryGetUid(DicomTags.TransactionUID, out DicomUid uid);
        bool right = given && (transactionUid.IsNone || uid == transactionUid);
        request = wanted switch
        {
            UpsState.Scheduled => UpsRequest.ToScheduled,
            UpsState.InProgress => given ? UpsRequest.ToInProgress : UpsRequest.ToInProgressWithoutUid,
            UpsState.Completed => right ? UpsRequest.ToCompleted : UpsRequest.ToCompletedWrongUid,
            _ => right ? UpsRequest.ToCanceled : UpsRequest.ToCanceledWrongUid,
        };
        return RuleResult.Success;
    }

    /// <summary>
    /// Whether a UPS has what a final state needs: codes R and P for COMPLETED, R and X for CANCELED (PS3.4 section CC.2.5.1.1); C304H with what is missing. Conditional codes (RC) are
    /// not judged: their conditions are not in the data.
    /// </summary>
    public static RuleResult CheckFinal(DicomDataSet attributes, UpsState state)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        AttributeRequirement own = state switch
        {
            UpsState.Completed => AttributeRequirement.Completed,
            UpsState.Canceled => AttributeRequirement.Canceled,
            _ => throw new ArgumentException($"{state} is no final state", nameof(state)),
        };
        var lacking = new List<DicomTag>();
        Gather(attributes, UpsTable.Table.Attributes, own, lacking);
        return lacking.Count == 0 ? RuleResult.Success : RuleResult.Of(0xC304, "final state requirements are not met", lacking);
    }

    /// <summary>
    /// An N-SET: not on an ended UPS (C300H); on IN PROGRESS with the right transaction UID (C301H); on SCHEDULED without one (C310H); only attributes that may be set (0105H), the state
    /// not among them (PS3.4 sections CC.2.6.2, CC.2.6.3).
    /// </summary>
    /// <param name="present">The UPS; null if there is none (C307H).</param>
    /// <param name="changes">The attributes given.</param>
    /// <returns>The result; where it is done, its <see cref="RuleResult.Attributes"/> are those of the UPS from now on.</returns>
    public static RuleResult CheckSet(DicomDataSet? present, DicomDataSet changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (present is null)
            return Unknown;
        UpsState state = StateOf(present);
        bool given = changes.TryGetUid(DicomTags.TransactionUID, out DicomUid uid);
        if (state is UpsState.Completed or UpsState.Canceled)
            return RuleResult.Of(0xC300, "the UPS may no longer be updated");
        if (state == UpsState.Scheduled && given)
            return RuleResult.Of(0xC310, "the UPS is not IN PROGRESS", DicomTags.TransactionUID);
        if (state == UpsState.InProgress && (!given || uid != TransactionUidOf(present)))
            return RuleResult.Of(0xC301, "the right transaction UID was not given", DicomTags.TransactionUID);
        RuleResult result = new AttributeCheck().Run(changes, UpsTable.Table.Attributes, SetColumn).Result;
        return result.IsDone ? result with { Attributes = AttributeLists.Merge(present, changes, tag => tag != DicomTags.TransactionUID) } : result;
    }

    /// <summary>The answer to an N-GET: C307H for no such UPS; the transaction UID is never told (PS3.4 section CC.2.7).</summary>
    public static RuleResult Get(DicomDataSet? ups, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        return ups is null
            ? Unknown
            : AttributeLists.Select(ups, attributeIdentifierList, tag => UpsTable.Table.Find(tag) is not null, tag => UpsTable.Table.Find(tag) is { } row && row[GetColumn] == AttributeRequirement.Forbidden);
    }

    /// <summary>Procedure Step State (0074,1000) of a UPS.</summary>
    public static UpsState StateOf(DicomDataSet ups)
    {
        ArgumentNullException.ThrowIfNull(ups);
        return UpsStates.TryParse(ups.GetStringOrDefault(DicomTags.ProcedureStepState), out UpsState state) ? state : throw new DicomDataException("no state of a UPS", DicomTags.ProcedureStepState);
    }

    internal static RuleResult Unknown => RuleResult.Of(0xC307, "no such UPS is managed here");

    internal static DicomUid TransactionUidOf(DicomDataSet ups) => ups.TryGetUid(DicomTags.TransactionUID, out DicomUid uid) ? uid : default;

    private static void Gather(DicomDataSet set, AttributeTable.Attribute[] rows, AttributeRequirement own, List<DicomTag> lacking)
    {
        foreach (AttributeTable.Attribute row in rows)
        {
            bool present = set.TryGet(row.Tag, out DicomElement? element);
            // "Does not have a value" is said of all; type 2 within the sequences says an empty one is a value: no output was made, no station is named.
            bool mayBeEmpty = row[SetColumn] is AttributeRequirement.Type2 or AttributeRequirement.Type2C
                || row.Tag == DicomTags.PerformedStationNameCodeSequence;
            if ((row[FinalColumn] == AttributeRequirement.FinalState || row[FinalColumn] == own) && (!present || !mayBeEmpty && AttributeCheck.IsBlank(element!)))
            {
                if (!lacking.Contains(row.Tag))
                    lacking.Add(row.Tag);
                continue;
            }

            foreach (DicomDataSet item in element?.Items ?? [])
                Gather(item, row.Children, own, lacking);
        }
    }
}
