using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

/// <summary>Builds the WHERE clause of a search: constants of this file and parameters, nothing else.</summary>
internal sealed class SqlSearch
{
    /// <summary>The tables down to each level, joined. p, s, e and i are patient, study, series and instance.</summary>
    public static readonly string[] Tables =
    [
        "patient p",
        "study s JOIN patient p ON p.id = s.patient",
        "series e JOIN study s ON s.id = e.study JOIN patient p ON p.id = s.patient",
        "instance i JOIN series e ON e.id = i.series JOIN study s ON s.id = e.study JOIN patient p ON p.id = s.patient",
    ];

    public static readonly string[] Aliases = ["p", "s", "e", "i"];

    // What has no UID is not an entity that could be asked for again; a patient of whom nothing is known is none.
    private static readonly string[] s_listed = ["(p.patient_id <> '' OR p.own_study <> '')", "s.uid <> ''", "s.uid <> '' AND e.uid <> ''", "s.uid <> '' AND e.uid <> ''"];

    private static readonly Dictionary<DicomTag, (ArchiveLevel Level, string Column, bool IsUnique)> s_columns = new()
    {
        [DicomTags.PatientID] = (ArchiveLevel.Patient, "p.patient_id", false),
        [DicomTags.PatientBirthDate] = (ArchiveLevel.Patient, "p.birth_date", false),
        [DicomTags.StudyInstanceUID] = (ArchiveLevel.Study, "s.uid", true),
        [DicomTags.StudyDate] = (ArchiveLevel.Study, "s.study_date", false),
        [DicomTags.AccessionNumber] = (ArchiveLevel.Study, "s.accession", false),
        [DicomTags.StudyID] = (ArchiveLevel.Study, "s.study_id", false),
        [DicomTags.SeriesInstanceUID] = (ArchiveLevel.Series, "e.uid", true),
        [DicomTags.Modality] = (ArchiveLevel.Series, "e.modality", false),
        [DicomTags.SOPInstanceUID] = (ArchiveLevel.Instance, "i.uid", true),
    };

    private readonly StringBuilder _where = new();
    private readonly List<object> _values = [];

    /// <summary>Whether something narrows the search: otherwise every entity is looked at, in the order of their rows.</summary>
    public bool IsNarrow { get; private set; }

    public string Where => _where.ToString();

    public static SqlSearch Of(IndexQuery query, IReadOnlySet<DicomTag> keyed)
    {
        var search = new SqlSearch();
        search._where.Append(s_listed[(int)query.Depth]);
        IndexCondition[] conditions = [.. query.Conditions.Where(condition => condition.Level <= query.Depth)];
        bool isLed = Array.Exists(conditions, condition => s_columns.ContainsKey(condition.Tag) || keyed.Contains(condition.Tag));
        foreach (IndexCondition condition in conditions)
            search.Add(condition, keyed, isLed);

        return search;
    }

    public static SqlSearch Of(InstanceSelection selection)
    {
        var search = new SqlSearch();
        search._where.Append('1');
        if (selection.PatientId is { } patient)
            search.AndEquals("p.patient_id", IndexKeys.IdentityOf(patient));
        search.AndAnyOf("s.uid", selection.Studies);
        search.AndAnyOf("e.uid", selection.Series);
        search.AndAnyOf("i.uid", selection.Instances);
        return search;
    }

    public void Bind(SqliteCommand command)
    {
        for (int i = 0; i < _values.Count; i++)
            command.Parameters.AddWithValue(Name(i), _values[i]);
    }

    public static string ToJson(IEnumerable<string> values)
    {
        var text = new StringBuilder("[");
        foreach (string value in values)
            text.Append(text.Length > 1 ? ",\"" : "\"").Append(JsonEncodedText.Encode(value)).Append('"');
        return text.Append(']').ToString();
    }

    private void AndEquals(string column, string value)
    {
        _where.Append(CultureInfo.InvariantCulture, $" AND {column} = {Parameter(value)}");
        IsNarrow = true;
    }

    private void AndAnyOf(string column, IReadOnlyCollection<DicomUid>? uids)
    {
        if (uids is null)
            return;
        if (uids.Count == 1)
        {
            AndEquals(column, uids.First().ToString());
            return;
        }

        _where.Append(CultureInfo.InvariantCulture, $" AND {column} IN (SELECT value FROM json_each({Parameter(ToJson(uids.Select(uid => uid.ToString())))}))");
        IsNarrow = true;
    }

    // What is below an entity is asked about by itself where it has to lead: all that have it, of the whole archive. Where something else leads (a date, a patient) that list would be made for nothing, and grows with the archive: there
    // the few entities that are left are asked one by one.
    private void Below(string entity, string parent, string tables, string condition, bool isLed) =>
        _where.Append(isLed ? $" AND EXISTS (SELECT 1 FROM {tables} WHERE {parent} = {entity} AND {condition})" : $" AND {entity} IN (SELECT {parent} FROM {tables} WHERE {condition})");

    private void Add(IndexCondition condition, IReadOnlySet<DicomTag> keyed, bool isLed)
    {
        if (s_columns.TryGetValue(condition.Tag, out (ArchiveLevel, string Column, bool IsUnique) column))
            _where.Append(" AND ").Append(Within(column.Column, condition.Ranges, withOpen: !column.IsUnique));
        else if (condition.Tag == DicomTags.ModalitiesInStudy)
            Below("s.id", "study", "series", Within("modality", condition.Ranges, withOpen: true), isLed);
        else if (condition.Tag == DicomTags.SOPClassesInStudy)
            Below("s.id", "k.study", "series k JOIN series_class c ON c.series = k.id", Within("c.sop_class", condition.Ranges, withOpen: false), isLed);
        else if (condition.Tag == DicomTags.SOPClassUID)
            Below("e.id", "series", "series_class", Within("sop_class", condition.Ranges, withOpen: false), isLed);
        else if (keyed.Contains(condition.Tag))
            _where.Append(CultureInfo.InvariantCulture, $" AND {Aliases[(int)condition.Level]}.id IN ({Keys(condition)})");
        else
            return;
        IsNarrow = true;
    }

    // One SELECT for each stretch: an OR within one would read all keys of the attribute.
    private string Keys(IndexCondition condition)
    {
        string of = string.Create(CultureInfo.InvariantCulture, $"SELECT entity FROM entity_key WHERE level = {(int)condition.Level} AND tag = {condition.Tag.Value} AND ");
        return string.Join(" UNION ALL ", condition.Ranges.Select(range => Within("value", range)).Append("value = ''").Select(part => of + part));
    }

    private string Within(string column, IReadOnlyList<IndexRange> ranges, bool withOpen)
    {
        if (ranges.All(range => range.IsSingle))
        {
            string[] keys = [.. ranges.Select(range => range.From!).Concat(withOpen ? [IndexKeys.Open] : []).Distinct()];
            return keys.Length == 1 ? $"{column} = {Parameter(keys[0])}" : $"{column} IN (SELECT value FROM json_each({Parameter(ToJson(keys))}))";
        }

        IEnumerable<string> parts = ranges.Select(range => Within(column, range));
        return $"({string.Join(" OR ", withOpen ? parts.Append($"{column} = ''") : parts)})";
    }

    private string Within(string column, IndexRange range)
    {
        if (range.IsSingle)
            return $"{column} = {Parameter(range.From!)}";
        // Texts are compared by their UTF-8 bytes, which is the order of code points; no text goes on with the last of them.
        string? last = range.IsPrefix ? range.To + "\U0010FFFF" : range.To;
        string lower = range.From is { } from ? $"{column} >= {Parameter(from)}" : $"{column} > ''";
        return last is null ? lower : $"{lower} AND {column} <= {Parameter(last)}";
    }

    private string Parameter(object value)
    {
        _values.Add(value);
        return Name(_values.Count - 1);
    }

    private static string Name(int index) => "$v" + index.ToString(CultureInfo.InvariantCulture);
}
