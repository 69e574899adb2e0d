namespace NetDicom.Cli.Querying;

/// <summary>The information model that is asked (PS3.4 annexes C.6, K.6 and CC).</summary>
internal enum QueryModel
{
    Patient,
    Study,
    PatientStudyOnly,
    Worklist,
    Ups,
}

/// <summary>The SOP classes of the models.</summary>
internal static class QueryModels
{
    /// <summary>C-FIND. Of the UPS classes that can be asked any will do: the first that the peer accepts is used (PS3.4 annex CC.2.8).</summary>
    public static DicomUid[] Find(QueryModel model) => model switch
    {
        QueryModel.Patient => [SopClasses.PatientRootQueryRetrieveInformationModelFind],
        QueryModel.Study => [SopClasses.StudyRootQueryRetrieveInformationModelFind],
        QueryModel.PatientStudyOnly => [SopClasses.PatientStudyOnlyQueryRetrieveInformationModelFind],
        QueryModel.Worklist => [SopClasses.ModalityWorklistInformationModelFind],
        _ => [SopClasses.UnifiedProcedureStepPull, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepQuery],
    };

    /// <summary>C-GET.</summary>
    public static DicomUid Get(QueryModel model) => model switch
    {
        QueryModel.Patient => SopClasses.PatientRootQueryRetrieveInformationModelGet,
        QueryModel.Study => SopClasses.StudyRootQueryRetrieveInformationModelGet,
        _ => SopClasses.PatientStudyOnlyQueryRetrieveInformationModelGet,
    };

    /// <summary>C-MOVE.</summary>
    public static DicomUid Move(QueryModel model) => model switch
    {
        QueryModel.Patient => SopClasses.PatientRootQueryRetrieveInformationModelMove,
        QueryModel.Study => SopClasses.StudyRootQueryRetrieveInformationModelMove,
        _ => SopClasses.PatientStudyOnlyQueryRetrieveInformationModelMove,
    };

    /// <summary>Whether requests name a Query/Retrieve Level (0008,0052).</summary>
    public static bool HasLevels(QueryModel model) => model is QueryModel.Patient or QueryModel.Study or QueryModel.PatientStudyOnly;

    /// <summary>The service class as PS3.4 names it, for what a status means.</summary>
    public static string ServiceClass(QueryModel model) => model switch
    {
        QueryModel.Worklist => "Basic Worklist",
        QueryModel.Ups => "Unified Procedure Step",
        _ => "Query/Retrieve",
    };
}
