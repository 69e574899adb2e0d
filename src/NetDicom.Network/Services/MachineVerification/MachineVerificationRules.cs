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
        if (isBusy)
            return RuleResult.Of(0xC223, "busy with another verification");
        if (attributes.GetSequence(DicomTags.ReferencedRTPlanSequence) is not [var reference])
            return RuleResult.Of(DimseStatus.InvalidAttributeValue, "one plan is referred to", DicomTags.ReferencedRTPlanSequence);
        if (!reference.TryGetUid(DicomTags.ReferencedSOPInstanceUID, out DicomUid uid) || findPlan(uid) is not { } plan)
            return RuleResult.Of(0xC227, "no such RT plan", DicomTags.ReferencedRTPlanSequence);
        if (!attributes.TryGetInt32(DicomTags.ReferencedFractionGroupNumber, out int group))
        {
            if (plan.FractionGroups.Count > 1)
                return RuleResult.Of(DimseStatus.MissingAttribute, "the plan has several fraction groups", DicomTags.ReferencedFractionGroupNumber);
            group = plan.FractionGroups.Keys.FirstOrDefault();
        }

        if (!plan.FractionGroups.TryGetValue(group, out IReadOnlyList<int>? beams))
            return RuleResult.Of(0xC221, "the plan has no such fraction group", DicomTags.ReferencedFractionGroupNumber);
        return beams.Count == 0 ? RuleResult.Of(0xC222, "the fraction group has no beams", DicomTags.ReferencedFractionGroupNumber) : RuleResult.Success;
    }

    /// <summary>The attributes of an N-SET: by the table; C224H for a beam that the fraction group does not have.</summary>
    public static RuleResult CheckSet(DicomUid sopClassUid, DicomDataSet changes, MachineVerificationPlan plan, int fractionGroup)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RuleResult result = ServiceRules.CheckSet(sopClassUid, changes);
        if (!result.IsDone)
            return result;
        foreach (DicomDataSet item in changes.GetSequence(DicomTags.GeneralMachineVerificationSequence) ?? [])
        {
            if (item.TryGetInt32(DicomTags.ReferencedBeamNumber, out int beam) && !(plan.FractionGroups.TryGetValue(fractionGroup, out IReadOnlyList<int>? beams) && beams.Contains(beam)))
                return RuleResult.Of(0xC224, "the fraction group has no such beam", DicomTags.ReferencedBeamNumber);
        }

        return RuleResult.Success;
    }
}
