using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The rules of the Relevant Patient Information Query classes (PS3.4 annex Q).</summary>
public static class RelevantPatientRules
{
    /// <summary>
    /// A request identifier: no Query/Retrieve Level, Patient ID with one value and no wild card, and one template named by Content Template Sequence (A900H with the element);
    /// a template that is not supported is answered C200H (table Q.2-1).
    /// </summary>
    /// <param name="identifier">The identifier.</param>
    /// <param name="supportsTemplate">Whether a template, by mapping resource (DCMR) and identifier (TID number), is supported.</param>
    public static RuleResult CheckFind(DicomDataSet identifier, Func<string, string, bool> supportsTemplate)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(supportsTemplate);
        if (identifier.Contains(DicomTags.QueryRetrieveLevel))
            return Refused("this model has no Query/Retrieve Level", DicomTags.QueryRetrieveLevel);
        if (identifier.GetStrings(DicomTags.PatientID) is not [{ Length: > 0 } patient] || patient.AsSpan().ContainsAny('*', '?'))
            return Refused("Patient ID has one value", DicomTags.PatientID);
        if (identifier.GetSequence(DicomTags.ContentTemplateSequence) is not [var template])
            return Refused("one template is asked for", DicomTags.ContentTemplateSequence);
        if (!template.TryGetString(DicomTags.TemplateIdentifier, out string? id))
            return Refused("the template has no identifier", DicomTags.TemplateIdentifier);
        return supportsTemplate(template.GetStringOrDefault(DicomTags.MappingResource) ?? "DCMR", id) ? RuleResult.Success : RuleResult.Of(0xC200, "template not supported", DicomTags.TemplateIdentifier);
    }

    /// <summary>The end of a query by the number of patients that match: at most one is answered, more are C100H (table Q.2-1).</summary>
    public static RuleResult CheckMatches(int patients) =>
        patients <= 1 ? RuleResult.Success : RuleResult.Of(0xC100, "more than one patient matches", DicomTags.PatientID);

    private static RuleResult Refused(string comment, DicomTag tag) => RuleResult.Of(DimseStatus.DataSetDoesNotMatchSopClass, comment, tag);
}
