using NetDicom.Cli.Output;

namespace NetDicom.Cli.Querying;

/// <summary>What a user should know before a peer answers with a bare A900.</summary>
internal static class QueryNotes
{
    /// <summary>Warns of a query that the standard does not allow; it is sent all the same, since somebody may want to see what a peer says.</summary>
    public static void Check(DicomDataSet query, QueryModel model, ToolLog log)
    {
        if (!QueryModels.HasLevels(model))
            return;
        string level = query.GetStringOrDefault(DicomTags.QueryRetrieveLevel) ?? "";
        string[] levels = model switch
        {
            QueryModel.Patient => ["PATIENT", "STUDY", "SERIES", "IMAGE"],
            QueryModel.Study => ["STUDY", "SERIES", "IMAGE"],
            _ => ["PATIENT", "STUDY"],
        };
        if (level.Length == 0)
            log.Warn($"The query names no level, and peers refuse that: give -k QueryRetrieveLevel={levels[0]} or another of {string.Join(", ", levels)}");
        else if (!levels.Contains(level))
            log.Warn($"{level} is no level of this information model; it has {string.Join(", ", levels)}");
    }
}
