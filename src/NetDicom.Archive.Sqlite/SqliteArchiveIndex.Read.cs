using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

// What is asked of it. Answers come by pages: nothing is held open while somebody works on one.
public sealed partial class SqliteArchiveIndex
{
    /// <summary>Rows looked for at a time: eight bytes each.</summary>
    private const int IdBlock = 65_536;

    /// <summary>Entities read at a time.</summary>
    private const int PageSize = 200;

    private const string InstanceColumns = "i.uid, i.sop_class, i.syntax, e.folder, i.file, i.length, i.head_length, i.data_hash, i.head_hash, i.stored_at, i.calling";

    /// <inheritdoc/>
    public async ValueTask<IndexedInstance?> FindInstanceAsync(DicomUid sopInstanceUid, CancellationToken cancellationToken = default)
    {
        if (_writer is null)
            return await ReadAsync(connection => ReadInstance(connection.CreateCommand(), sopInstanceUid), cancellationToken).ConfigureAwait(false);
        // Asked once for each instance that comes, by the one who also writes: on that connection it costs no more than the look.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return ReadInstance(null, sopInstanceUid);
        }
        catch (SqliteException error)
        {
            throw Failure(error, _options.Path);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DicomDataSet> FindAsync(IndexQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var search = SqlSearch.Of(query, _keyed);
        long after = 0;
        while (true)
        {
            long from = after;
            long[] ids = await ReadAsync(connection => FindIds(connection, query, search, from), cancellationToken).ConfigureAwait(false);
            for (int at = 0; at < ids.Length; at += PageSize)
            {
                long[] page = ids[at..Math.Min(at + PageSize, ids.Length)];
                foreach (DicomDataSet match in await ReadAsync(connection => ReadEntities(connection, query, search, page, cancellationToken), cancellationToken).ConfigureAwait(false))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return match;
                }
            }

            if (ids.Length < IdBlock)
                yield break;
            after = ids[^1];
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IndexedInstance> SelectAsync(InstanceSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.IsEmpty)
            yield break;
        var search = SqlSearch.Of(selection);
        long[] ids = await ReadAsync(
            connection => Ids(connection, SelectIdsSql(search), search.Bind), cancellationToken).ConfigureAwait(false);
        for (int at = 0; at < ids.Length; at += PageSize)
        {
            long[] page = ids[at..Math.Min(at + PageSize, ids.Length)];
            foreach (IndexedInstance instance in await ReadAsync(connection => ReadInstances(connection, page), cancellationToken).ConfigureAwait(false))
                yield return instance;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> CountAsync(InstanceSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.IsEmpty)
            return 0;
        var search = SqlSearch.Of(selection);
        long[] count = await ReadAsync(connection => Ids(connection, $"SELECT count(*) FROM {SqlSearch.Tables[3]} WHERE {search.Where}", search.Bind), cancellationToken).ConfigureAwait(false);
        return (int)Math.Min(count[0], int.MaxValue);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IndexedInstance> GetAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long after = 0;
        while (true)
        {
            long from = after;
            (long[] ids, List<IndexedInstance> page) = await ReadAsync(
                connection =>
                {
                    long[] next = Ids(connection, $"SELECT id FROM instance WHERE id > {from.ToString(CultureInfo.InvariantCulture)} ORDER BY id LIMIT {PageSize}", _ => { });
                    return (next, ReadInstances(connection, next));
                },
                cancellationToken).ConfigureAwait(false);
            if (ids.Length == 0)
                yield break;
            foreach (IndexedInstance instance in page)
                yield return instance;
            after = ids[^1];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IndexedInstance>> GetFolderAsync(string folder, CancellationToken cancellationToken = default) => await ReadAsync(
        connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"SELECT {InstanceColumns} FROM series e JOIN instance i ON i.series = e.id WHERE e.folder = $folder";
            command.Parameters.AddWithValue("$folder", folder);
            return ReadInstances(command);
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>How SQLite goes about a query: the lines of EXPLAIN QUERY PLAN. For tests.</summary>
    internal Task<IReadOnlyList<string>> ExplainAsync(IndexQuery query) => ReadAsync<IReadOnlyList<string>>(
        connection =>
        {
            var search = SqlSearch.Of(query, _keyed);
            var lines = new List<string>();
            foreach (string sql in (string[])[FindIdsSql(query, search, 0), ReadEntitiesSql(query, search)])
            {
                using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants; values are parameters.
                command.CommandText = "EXPLAIN QUERY PLAN " + sql;
#pragma warning restore CA2100
                search.Bind(command);
                command.Parameters.AddWithValue("$ids", "[1]");
                using SqliteDataReader row = command.ExecuteReader();
                while (row.Read())
                    lines.Add(row.GetString(3));
            }

            return lines;
        },
        CancellationToken.None);

    /// <summary>Instructions of SQLite's machine that finding the entities of a query takes: rows looked at, whatever the machine's speed. For tests and measuring.</summary>
    internal Task<long> CountStepsAsync(IndexQuery query) => ReadAsync(
        connection =>
        {
            long steps = 0;
            SQLitePCL.raw.sqlite3_progress_handler(
                connection.Handle,
                1,
                _ =>
                {
                    steps++;
                    return 0;
                },
                null);
            try
            {
                FindIds(connection, query, SqlSearch.Of(query, _keyed), 0);
            }
            finally
            {
                SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
            }

            return steps;
        },
        CancellationToken.None);

    private static string SelectIdsSql(SqlSearch search) => $"SELECT i.id FROM {SqlSearch.Tables[3]} WHERE {search.Where} ORDER BY e.number, e.id, i.number, i.id";

    private static string FindIdsSql(IndexQuery query, SqlSearch search, long after)
    {
        string id = SqlSearch.Aliases[(int)query.Level] + ".id";
        // The plus keeps the planner from walking along the rows because they are in the order that is asked for: the conditions lead.
        string key = search.IsNarrow ? "+" + id : id;
        string distinct = query.Depth > query.Level ? "DISTINCT " : "";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {distinct}{id} FROM {SqlSearch.Tables[(int)query.Depth]} WHERE {search.Where} AND {key} > {after} ORDER BY {key} LIMIT {IdBlock}");
    }

    private static long[] FindIds(SqliteConnection connection, IndexQuery query, SqlSearch search, long after) => Ids(connection, FindIdsSql(query, search, after), search.Bind);

    private static string ReadEntitiesSql(IndexQuery query, SqlSearch search)
    {
        string id = SqlSearch.Aliases[(int)query.Level] + ".id";
        string attributes = string.Join(", ", SqlSearch.Aliases[..((int)query.Depth + 1)].Select(alias => $"{alias}.id, {alias}.attributes"));
        string computed = string.Concat(query.Computed.Where(s_computed.ContainsKey).Order().Select(tag => ", " + s_computed[tag]));
        // Below the level every entity may fulfil the conditions or not: they are asked once more.
        string where = query.Depth > query.Level ? $"{search.Where} AND +{id} IN (SELECT value FROM json_each($ids))" : $"{id} IN (SELECT value FROM json_each($ids))";
        return $"SELECT {attributes}{computed} FROM {SqlSearch.Tables[(int)query.Depth]} WHERE {where} ORDER BY {id}";
    }

    private static List<DicomDataSet> ReadEntities(SqliteConnection connection, IndexQuery query, SqlSearch search, long[] ids, CancellationToken cancellationToken)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants; values are parameters.
        command.CommandText = ReadEntitiesSql(query, search);
#pragma warning restore CA2100
        if (query.Depth > query.Level)
            search.Bind(command);
        command.Parameters.AddWithValue("$ids", "[" + string.Join(',', ids) + "]");
        DicomTag[] computed = [.. query.Computed.Where(s_computed.ContainsKey).Order()];
        int levels = (int)query.Depth + 1;
        // What is above many entities is decoded once.
        var last = new (long Id, DicomDataSet Set)[levels];
        var topDown = new DicomDataSet[levels];
        var matches = new List<DicomDataSet>(ids.Length);
        long matched = 0;
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long id = row.GetInt64(2 * (int)query.Level);
            if (id == matched)
                continue;
            for (int level = 0; level < levels; level++)
            {
                long own = row.GetInt64(2 * level);
                if (last[level].Id != own)
                    last[level] = (own, EntityAttributes.Decode(row.GetFieldValue<byte[]>(2 * level + 1)));
                topDown[level] = last[level].Set;
            }

            DicomDataSet entity = EntityAttributes.Merge(topDown);
            for (int i = 0; i < computed.Length; i++)
                SetComputed(entity, computed[i], row, 2 * levels + i);
            if (!query.Attributes.IsMatch(entity))
                continue;
            matched = id;
            matches.Add(entity);
        }

        return matches;
    }

    // PS3.4 table C.3-1 and sections C.6.1.1 and C.6.2.1: counts of what is below, modalities and classes of it.
    private static readonly Dictionary<DicomTag, string> s_computed = new()
    {
        [DicomTags.NumberOfPatientRelatedStudies] = "(SELECT count(*) FROM study WHERE patient = p.id)",
        [DicomTags.NumberOfPatientRelatedSeries] = "(SELECT count(*) FROM study t JOIN series u ON u.study = t.id WHERE t.patient = p.id)",
        [DicomTags.NumberOfPatientRelatedInstances] = "(SELECT coalesce(sum(u.instances), 0) FROM study t JOIN series u ON u.study = t.id WHERE t.patient = p.id)",
        [DicomTags.NumberOfStudyRelatedSeries] = "(SELECT count(*) FROM series WHERE study = s.id)",
        [DicomTags.NumberOfStudyRelatedInstances] = "(SELECT coalesce(sum(instances), 0) FROM series WHERE study = s.id)",
        [DicomTags.NumberOfSeriesRelatedInstances] = "e.instances",
        [DicomTags.ModalitiesInStudy] = "(SELECT group_concat(m, char(92)) FROM (SELECT DISTINCT modality m FROM series WHERE study = s.id AND modality <> '' ORDER BY 1))",
        [DicomTags.SOPClassesInStudy] = "(SELECT group_concat(c, char(92)) FROM (SELECT DISTINCT sop_class c FROM series_class k JOIN series u ON u.id = k.series WHERE u.study = s.id ORDER BY 1))",
        [DicomTags.AvailableTransferSyntaxUID] = "i.syntax",
    };

    private static void SetComputed(DicomDataSet entity, DicomTag tag, SqliteDataReader row, int column)
    {
        if (row.IsDBNull(column))
            return;
        entity.Set(tag, Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture)!.Split('\\'));
    }

    private static long[] Ids(SqliteConnection connection, string sql, Action<SqliteCommand> bind)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        bind(command);
        var ids = new List<long>();
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            ids.Add(row.GetInt64(0));
        return [.. ids];
    }

    private IndexedInstance? ReadInstance(SqliteCommand? command, DicomUid uid)
    {
        const string sql = $"SELECT {InstanceColumns} FROM instance i JOIN series e ON e.id = i.series WHERE i.uid = $1";
        if (command is null)
        {
            using SqliteDataReader row = Bound(sql, [uid.ToString()]).ExecuteReader();
            return row.Read() ? ReadInstance(row) : null;
        }

        using (command)
        {
            command.CommandText = sql;
            command.Parameters.AddWithValue("$1", uid.ToString());
            using SqliteDataReader row = command.ExecuteReader();
            return row.Read() ? ReadInstance(row) : null;
        }
    }

    // In the order of the ids.
    private static List<IndexedInstance> ReadInstances(SqliteConnection connection, long[] ids)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {InstanceColumns} FROM json_each($ids) j JOIN instance i ON i.id = j.value JOIN series e ON e.id = i.series ORDER BY j.key";
        command.Parameters.AddWithValue("$ids", "[" + string.Join(',', ids) + "]");
        return ReadInstances(command);
    }

    private static List<IndexedInstance> ReadInstances(SqliteCommand command)
    {
        var instances = new List<IndexedInstance>();
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            instances.Add(ReadInstance(row));
        return instances;
    }

    private static IndexedInstance ReadInstance(SqliteDataReader row) => new()
    {
        SopInstanceUid = new DicomUid(row.GetString(0)),
        SopClassUid = new DicomUid(row.GetString(1)),
        TransferSyntaxUid = new DicomUid(row.GetString(2)),
        Folder = row.GetString(3),
        File = row.GetString(4),
        Length = row.GetInt64(5),
        HeadLength = row.GetInt32(6),
        DataSetHash = row.GetFieldValue<byte[]>(7),
        HeadHash = row.GetFieldValue<byte[]>(8),
        StoredAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        CallingAETitle = row.GetString(10),
    };
}
