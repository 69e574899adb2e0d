namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Relevant Patient Information Query (PS3.4 annex Q).</summary>
public static class RelevantPatientProvider
{
    /// <summary>
    /// Answers C-FIND of the general, breast imaging and cardiac classes: A900H for an identifier that is none, C200H for a template that is not supported, C100H where more than one patient
    /// matches, and at most one response.
    /// </summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="supportsTemplate">Whether a template, by mapping resource (DCMR) and identifier (TID number), is supported.</param>
    /// <param name="find">What is known of the patient of an identifier, in the template it asks for: one data set for each patient that has the Patient ID, and no more than two.</param>
    public static void AddRelevantPatientProvider(this ApplicationEntity entity, Func<string, string, bool> supportsTemplate, Func<DicomDataSet, IEnumerable<DicomDataSet>> find)
    {
        ArgumentNullException.ThrowIfNull(supportsTemplate);
        ArgumentNullException.ThrowIfNull(find);
        foreach (DicomUid sopClass in (DicomUid[])[SopClasses.GeneralRelevantPatientInformationQuery, SopClasses.BreastImagingRelevantPatientInformationQuery, SopClasses.CardiacRelevantPatientInformationQuery])
            entity.AddFindProvider(sopClass, identifier => RelevantPatientRules.CheckFind(identifier, supportsTemplate), identifier => OneOf([.. find(identifier).Take(2)]));
    }

    private static DicomDataSet[] OneOf(DicomDataSet[] patients)
    {
        RuleResult result = RelevantPatientRules.CheckMatches(patients.Length);
        return result.IsDone ? patients : throw new Protocol.DimseStatusException(result.Status, result.ErrorComment, result.Elements);
    }
}
