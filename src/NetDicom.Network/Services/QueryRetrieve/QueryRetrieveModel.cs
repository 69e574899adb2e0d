namespace NetDicom.Network;

/// <summary>Information models of the query and retrieve classes (PS3.4 annexes C, Y, Z and others of one level).</summary>
public enum QueryRetrieveModel
{
    /// <summary>Patient Root: PATIENT, STUDY, SERIES, IMAGE.</summary>
    PatientRoot,

    /// <summary>Study Root: STUDY, SERIES, IMAGE.</summary>
    StudyRoot,

    /// <summary>Patient/Study Only (retired): PATIENT, STUDY.</summary>
    PatientStudyOnly,

    /// <summary>Composite Instance Root: IMAGE, FRAME; retrieve only.</summary>
    CompositeInstanceRoot,

    /// <summary>Composite Instance Retrieve Without Bulk Data: IMAGE; C-GET only.</summary>
    WithoutBulkData,

    /// <summary>Repository Query: levels as Study Root with PATIENT, records.</summary>
    Repository,

    /// <summary>One level without Query/Retrieve Level: hanging protocols, color palettes, implant templates, defined protocols, protocol approvals, inventories.</summary>
    SingleLevel,
}

/// <summary>Query/Retrieve Level (0008,0052), top first.</summary>
public enum QueryRetrieveLevel
{
    /// <summary>PATIENT.</summary>
    Patient,

    /// <summary>STUDY.</summary>
    Study,

    /// <summary>SERIES.</summary>
    Series,

    /// <summary>IMAGE: composite instances of every kind.</summary>
    Image,

    /// <summary>FRAME: frames of an instance (PS3.4 annex Y).</summary>
    Frame,
}

/// <summary>What the models consist of.</summary>
public static class QueryRetrieveModels
{
    /// <summary>The model of a FIND, MOVE or GET class; null for other classes.</summary>
    public static QueryRetrieveModel? Of(DicomUid sopClassUid)
    {
        if (!SopClasses.TryGet(sopClassUid, out SopClassInfo info))
            return null;
        string keyword = info.Keyword;
        if (keyword.StartsWith("PatientRootQueryRetrieve", StringComparison.Ordinal))
            return QueryRetrieveModel.PatientRoot;
        if (keyword.StartsWith("StudyRootQueryRetrieve", StringComparison.Ordinal))
            return QueryRetrieveModel.StudyRoot;
        if (keyword.StartsWith("PatientStudyOnlyQueryRetrieve", StringComparison.Ordinal))
            return QueryRetrieveModel.PatientStudyOnly;
        if (keyword.StartsWith("CompositeInstanceRootRetrieve", StringComparison.Ordinal))
            return QueryRetrieveModel.CompositeInstanceRoot;
        if (keyword.StartsWith("CompositeInstanceRetrieveWithoutBulkData", StringComparison.Ordinal))
            return QueryRetrieveModel.WithoutBulkData;
        if (keyword == "RepositoryQuery")
            return QueryRetrieveModel.Repository;
        return info.Levels.StartsWith("single level, no Query/Retrieve Level", StringComparison.Ordinal) && info.ServiceClass.EndsWith("Query/Retrieve", StringComparison.Ordinal)
            ? QueryRetrieveModel.SingleLevel : null;
    }

    /// <summary>The levels of a model, top first; none for a model of a single level.</summary>
    public static IReadOnlyList<QueryRetrieveLevel> LevelsOf(QueryRetrieveModel model) => model switch
    {
        QueryRetrieveModel.PatientRoot or QueryRetrieveModel.Repository => [QueryRetrieveLevel.Patient, QueryRetrieveLevel.Study, QueryRetrieveLevel.Series, QueryRetrieveLevel.Image],
        QueryRetrieveModel.StudyRoot => [QueryRetrieveLevel.Study, QueryRetrieveLevel.Series, QueryRetrieveLevel.Image],
        QueryRetrieveModel.PatientStudyOnly => [QueryRetrieveLevel.Patient, QueryRetrieveLevel.Study],
        QueryRetrieveModel.CompositeInstanceRoot => [QueryRetrieveLevel.Image, QueryRetrieveLevel.Frame],
        QueryRetrieveModel.WithoutBulkData => [QueryRetrieveLevel.Image],
        _ => [],
    };

    /// <summary>The unique key of a level (PS3.4 section C.6).</summary>
    public static DicomTag UniqueKeyOf(QueryRetrieveLevel level) => level switch
    {
        QueryRetrieveLevel.Patient => DicomTags.PatientID,
        QueryRetrieveLevel.Study => DicomTags.StudyInstanceUID,
        QueryRetrieveLevel.Series => DicomTags.SeriesInstanceUID,
        _ => DicomTags.SOPInstanceUID,
    };

    /// <summary>The required keys of a level besides the unique one (PS3.4 tables C.6-1 to C.6-5). In matching, an entity without a value matches them whatever is asked (C.2.2.1.2).</summary>
    public static IReadOnlyList<DicomTag> RequiredKeysOf(QueryRetrieveModel model, QueryRetrieveLevel level) =>
        [.. Keys(model, level).Where(row => row[0] == AttributeRequirement.RequiredKey).Select(row => row.Tag)];

    /// <summary>Whether an attribute is named as a key of a level: unique, required or optional.</summary>
    public static bool IsKey(QueryRetrieveModel model, QueryRetrieveLevel level, DicomTag tag) => Keys(model, level).Any(row => row.Tag == tag);

    /// <summary>Reads a term of Query/Retrieve Level (0008,0052).</summary>
    public static bool TryParse(string? term, out QueryRetrieveLevel level)
    {
        level = term switch { "STUDY" => QueryRetrieveLevel.Study, "SERIES" => QueryRetrieveLevel.Series, "IMAGE" => QueryRetrieveLevel.Image, "FRAME" => QueryRetrieveLevel.Frame, _ => QueryRetrieveLevel.Patient };
        return term is "PATIENT" or "STUDY" or "SERIES" or "IMAGE" or "FRAME";
    }

    internal static AttributeTable.Attribute[] Keys(QueryRetrieveModel model, QueryRetrieveLevel level)
    {
        string own = model == QueryRetrieveModel.StudyRoot ? "study-root" : "patient-root";
        string key = level switch
        {
            QueryRetrieveLevel.Patient => "PATIENT patient-root",
            QueryRetrieveLevel.Study => $"STUDY {own}",
            QueryRetrieveLevel.Series => "SERIES both",
            _ => "IMAGE both",
        };
        return QueryRetrieveTable.Find(key)!.Attributes;
    }
}
