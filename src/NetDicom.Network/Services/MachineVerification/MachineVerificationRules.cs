using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What the rules of machine verification need of an RT plan.</summary>
/// <param name="FractionGroups">The beam numbers of each fraction group, by its number.</param>
public sealed record MachineVerificationPlan(IReadOnlyDictionary<int, IReadOnlyList<int>> FractionGroups);

/// <summary>The rules of RT Conventional and RT Ion Machine Verification (PS3.4 annex DD).</summary>
public static class MachineVerificationRules
{
    /// <summary>
    /// The attributes of an N-CREATE (table DD.3.2-2): 0105H, 0120H, 0121H by the table; C227H for a plan that is not there, C221H for a fraction group it does not have, C222H for one
    /// without beams, C223H while another verification runs; 0120H where a plan of several groups needs one named.
    /// </summary>
    public static RuleResult CheckCreate(DicomUid sopClassUid, DicomDataSet attributes, Func<DicomUid, MachineVerificationPlan?> findPlan, bool isBusy)
    {
        ArgumentNullException.ThrowIfNull(findPlan);
        RuleResult result = ServiceRules.CheckCreate(sopClassUid, attributes);
        if (!result.IsDone)
            return result;
        foreach (DicomTag tag in (DicomTag[])[DicomTags.GeneralMachineVerificationSequence, MachineSequence(sopClassUid)])
        {
            if (attributes.GetSequence(tag) is { Count: > 0 })
                return RuleResult.Of(DimseStatus.InvalidAttributeValue, "a new verification has no parameters yet", tag);
        }

        if (isBusy)
            return RuleResult.Of(0xC223, "busy with another verification");
        if (attributes.GetSequence(DicomTags.ReferencedRTPlanSequence) is not [var reference])
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one plan is referred to", DicomTags.ReferencedRTPlanSequence);
        if (!reference.TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid uid) || findPlan(uid) is not { } plan)
            return RuleResult.Of(0xC227, "no such RT plan", DicomTags.ReferencedRTPlanSequence);
        if (FractionGroup(attributes, plan) is not { } group)
            return RuleResult.Of(DimseStatus.MissingAttribute, "the plan has several fraction groups", DicomTags.ReferencedFractionGroupNumber);
        if (!plan.FractionGroups.TryGetValue(group, out IReadOnlyList<int>? beams))
            return RuleResult.Of(0xC221, "the plan has no such fraction group", DicomTags.ReferencedFractionGroupNumber);
        return beams.Count == 0 ? RuleResult.Of(0xC222, "the fraction group has no beams", DicomTags.ReferencedFractionGroupNumber) : RuleResult.Success;
    }

    /// <summary>The fraction group that a verification is about: the one named, or the only one of the plan. Null where it has to be named.</summary>
    public static int? FractionGroup(DicomDataSet attributes, MachineVerificationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(plan);
        return attributes.TryGetInt32(DicomTags.ReferencedFractionGroupNumber, out int group) ? group : plan.FractionGroups.Count > 1 ? null : plan.FractionGroups.Keys.FirstOrDefault();
    }

    /// <summary>
    /// The attributes of an N-SET: by the table; one item in each of the sequences that describe the beam and its control point (0106H, table DD.3.2.1-1); C224H for a beam that the fraction
    /// group does not have.
    /// </summary>
    public static RuleResult CheckSet(DicomUid sopClassUid, DicomDataSet changes, MachineVerificationPlan plan, int fractionGroup)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RuleResult result = ServiceRules.CheckSet(sopClassUid, changes);
        if (!result.IsDone)
            return result;
        DicomTag machine = MachineSequence(sopClassUid), control = ControlPointSequence(sopClassUid);
        if (changes.GetSequence(DicomTags.GeneralMachineVerificationSequence) is { Count: > 1 })
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one item only", DicomTags.GeneralMachineVerificationSequence);
        if (changes.GetSequence(machine) is { Count: > 1 })
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one item only", machine);
        if (changes.GetSequence(machine) is [var parameters] && parameters.GetSequence(control) is { Count: > 1 })
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one control point only", control);
        foreach (DicomDataSet item in changes.GetSequence(DicomTags.GeneralMachineVerificationSequence) ?? [])
        {
            if (item.TryGetInt32(DicomTags.ReferencedBeamNumber, out int beam) && !(plan.FractionGroups.TryGetValue(fractionGroup, out IReadOnlyList<int>? beams) && beams.Contains(beam)))
                return RuleResult.Of(0xC224, "the fraction group has no such beam", DicomTags.ReferencedBeamNumber);
        }

        return RuleResult.Success;
    }

    /// <summary>N-GET (section DD.3.2.2): the attributes asked for, all if none are; warning 0107H for those the class does not have.</summary>
    public static RuleResult Get(DicomUid sopClassUid, DicomDataSet verification, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        ArgumentNullException.ThrowIfNull(verification);
        ArgumentNullException.ThrowIfNull(attributeIdentifierList);
        AttributeTable? table = ServiceRules.Table(sopClassUid, "N-CREATE");
        return AttributeLists.Select(verification, attributeIdentifierList, tag => table?.Find(tag) is not null).WithGeneralWarning();
    }

    private static DicomTag MachineSequence(DicomUid sopClassUid) =>
        sopClassUid == SopClasses.RTIonMachineVerification ? DicomTags.IonMachineVerificationSequence : DicomTags.ConventionalMachineVerificationSequence;

    private static DicomTag ControlPointSequence(DicomUid sopClassUid) =>
        sopClassUid == SopClasses.RTIonMachineVerification ? DicomTags.IonControlPointVerificationSequence : DicomTags.ConventionalControlPointVerificationSequence;
}
