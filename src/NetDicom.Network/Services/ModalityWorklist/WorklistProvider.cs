namespace NetDicom.Network;

/// <summary>Makes an entity a provider of Modality Worklist (PS3.4 annex K).</summary>
public static class WorklistProvider
{
    /// <summary>Answers C-FIND of Modality Worklist: A900H for an identifier that is none, else what <paramref name="find"/> finds.</summary>
    /// <param name="entity">The entity; servers that it starts afterwards have the service.</param>
    /// <param name="find">The response identifiers, one for each scheduled procedure step: <c>worklist.Find</c> of a WorklistStore of NetDicom.Archive, or a question to a database.</param>
    public static void AddWorklistProvider(this ApplicationEntity entity, Func<DicomDataSet, IEnumerable<DicomDataSet>> find) =>
        entity.AddFindProvider(SopClasses.ModalityWorklistInformationModelFind, WorklistRules.CheckFind, find);
}
