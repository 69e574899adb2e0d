using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

// What the care of an archive asks.
public sealed partial class SqliteArchiveIndex
{
    private static readonly string s_page = $"SELECT {InstanceColumns} FROM instance i JOIN series e ON e.id = i.series WHERE i.uid > $after ORDER BY i.uid LIMIT $count";

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IndexedInstance>> GetPageAsync(DicomUid after, int count, CancellationToken cancellationToken = default) => await ReadAsync<IReadOnlyList<IndexedInstance>>(
        connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants; values are parameters.
            command.CommandText = s_page;
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$after", after.IsNone ? "" : after.ToString());
            command.Parameters.AddWithValue("$count", count);
            return ReadInstances(command);
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredStudy>> GetOldestStudiesAsync(StudyOrder order, int count, CancellationToken cancellationToken = default) => await ReadAsync<IReadOnlyList<StoredStudy>>(
        connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            // Asked for now and then, off the writer: reading every series is cheaper than keeping an index of it with each instance that comes.
            const string received = "max(e.received)";
            const string came = "strftime('%Y%m%d', max(e.received) / 1000, 'unixepoch')";
            string by = order switch
            {
                StudyOrder.StudyDate => $"CASE WHEN s.study_date <> '' THEN s.study_date ELSE {came} END, {received}",
                StudyOrder.Later => $"max(s.study_date, {came}), {received}",
                _ => received,
            };
#pragma warning disable CA2100 // Made of constants; values are parameters.
            command.CommandText = $"""
                SELECT s.uid, s.study_date, {received}, sum(e.instances), sum(e.bytes) FROM series e JOIN study s ON s.id = e.study WHERE s.uid <> ''
                GROUP BY s.id ORDER BY {by}, s.uid LIMIT $count OFFSET $skip
                """;
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$count", count);
            SqliteParameter skip = command.Parameters.AddWithValue("$skip", 0L);
            var studies = new List<StoredStudy>();
            // However many come first whose UIDs are none: behind them are studies.
            for (long rows = count; rows == count && studies.Count < count; skip.Value = (long)skip.Value! + rows)
                rows = ReadStudies(command, studies, count, cancellationToken);
            return studies;
        },
        cancellationToken).ConfigureAwait(false);

    private static long ReadStudies(SqliteCommand command, List<StoredStudy> studies, int most, CancellationToken cancellationToken)
    {
        long rows = 0;
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read() && studies.Count < most)
        {
            rows++;
            cancellationToken.ThrowIfCancellationRequested();
            // A Study Instance UID that is none cannot be asked for.
            if (!DicomUid.TryParse(row.GetString(0), out DicomUid uid))
                continue;
            DateOnly? date = DateOnly.TryParseExact(row.GetString(1), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly parsed) ? parsed : null;
            studies.Add(new StoredStudy(uid, date, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetInt64(3), row.GetInt64(4)));
        }

        return rows;
    }

    /// <summary>How SQLite goes about a page, and about a selection: the lines of EXPLAIN QUERY PLAN. For tests.</summary>
    internal Task<IReadOnlyList<string>> ExplainAsync(InstanceSelection? selection) => ReadAsync<IReadOnlyList<string>>(
        connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            SqlSearch? search = selection is null ? null : SqlSearch.Of(selection);
#pragma warning disable CA2100 // Made of constants; values are parameters.
            command.CommandText = "EXPLAIN QUERY PLAN " + (search is null ? s_page : SelectIdsSql(search));
#pragma warning restore CA2100
            search?.Bind(command);
            command.Parameters.AddWithValue("$after", "");
            command.Parameters.AddWithValue("$count", 1);
            var lines = new List<string>();
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
                lines.Add(row.GetString(3));
            return lines;
        },
        CancellationToken.None);
}
