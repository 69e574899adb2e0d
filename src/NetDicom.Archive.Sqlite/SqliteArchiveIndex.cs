using System.Globalization;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace NetDicom.Archive.Sqlite;

/// <summary>
/// The index of an archive in an SQLite database with a write-ahead log: one writer, readers beside it, no query opens a file. Queries are narrowed by indexes and decided by <see cref="AttributeQuery"/>.
/// </summary>
public sealed partial class SqliteArchiveIndex : IArchiveIndex
{
    private readonly SqliteIndexOptions _options;
    private readonly string _connectionString;
    private readonly SqliteConnection? _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly HashSet<DicomTag> _keyed;

    private SqliteArchiveIndex(SqliteIndexOptions options)
    {
        _options = options;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = options.ReadOnly ? SqliteOpenMode.ReadOnly : options.Joined ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = Math.Max(1, (int)options.BusyTimeout.TotalSeconds),
        }.ToString();
        _keyed = [DicomTags.PatientName, DicomTags.ReferringPhysicianName, .. options.Attributes.Extra];
        if (options.ReadOnly)
            return;
        _writer = new SqliteConnection(_connectionString);
        try
        {
            Prepare(_writer);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ArchiveAttributes Attributes => _options.Attributes;

    /// <summary>Opens a database, or makes one.</summary>
    /// <exception cref="ArchiveIndexException">It cannot be opened, is damaged, or is of a later version of this program.</exception>
    public static SqliteArchiveIndex Open(SqliteIndexOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            var index = new SqliteArchiveIndex(options);
            // A file that is no database shows only when it is read.
            using Reader reader = index.OpenReader();
            index.ReadAttributes(reader.Connection);
            return index;
        }
        catch (SqliteException error)
        {
            throw Failure(error, options.Path);
        }
    }

    /// <summary>Takes the files of a database away, to make it anew.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public static void Delete(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SqliteConnection.ClearAllPools();
        foreach (string suffix in (string[])["", "-wal", "-shm", "-journal"])
            File.Delete(path + suffix);
    }

    /// <inheritdoc/>
    public async ValueTask<IndexStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default) => await ReadAsync(
        connection =>
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                SELECT (SELECT count(*) FROM patient), (SELECT count(*) FROM study), (SELECT count(*) FROM series), (SELECT coalesce(sum(instances), 0) FROM series), (SELECT coalesce(sum(bytes), 0) FROM series),
                    (SELECT value FROM meta WHERE key = 'last_commit'), (SELECT value FROM meta WHERE key = 'clean')
                """;
            using SqliteDataReader row = command.ExecuteReader();
            row.Read();
            DateTimeOffset? last = row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row.GetString(5), CultureInfo.InvariantCulture));
            return new IndexStatistics(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), last, !row.IsDBNull(6) && row.GetString(6) == "1");
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_writer is { State: System.Data.ConnectionState.Open } && !_options.Joined)
            {
                using SqliteCommand command = _writer.CreateCommand();
                command.CommandText = "PRAGMA optimize";
                command.ExecuteNonQuery();
            }
        }
        catch (SqliteException)
        {
            // Statistics for the planner: the next one makes them.
        }
        finally
        {
            DisposeCommands();
            if (_writer is not null)
            {
                SqliteConnection.ClearPool(_writer);
                await _writer.DisposeAsync().ConfigureAwait(false);
                SqliteConnection.ClearPool(_writer);
            }

            _writing.Release();
        }
    }

    internal static ArchiveIndexException Failure(SqliteException error, string path) => new(
        $"the index {path}: {error.Message}", isDamaged: error.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB, error)
    {
        // The shared memory beside the log is a file too.
        IsFull = error.SqliteErrorCode == SQLITE_FULL || error.SqliteExtendedErrorCode == SQLITE_IOERR_SHMSIZE,
    };

    private string Synchronous => _options.Durability switch { Durability.Full => "FULL", Durability.File => "NORMAL", _ => "OFF" };

    private void Prepare(SqliteConnection writer)
    {
        writer.Open();
        // A commit is one write to the end of the log; the pages go to the database every 4,000 of them.
        Execute(writer, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {Synchronous}; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000");
        long version = (long)Scalar(writer, "PRAGMA user_version")!;
        if (version > SqliteSchema.Migrations.Length)
            throw new ArchiveIndexException($"the index {_options.Path} is of version {version}; this program knows {SqliteSchema.Migrations.Length}");
        if (_options.Joined)
        {
            if (version < SqliteSchema.Migrations.Length)
                throw new ArchiveIndexException($"the index {_options.Path} is of version {version}, and the program that has it open too; this one brings it to {SqliteSchema.Migrations.Length}, when that one has ended");
            return;
        }

        for (int next = (int)version; next < SqliteSchema.Migrations.Length; next++)
        {
            Execute(writer, $"BEGIN IMMEDIATE; {SqliteSchema.Migrations[next]}");
            if (next + 1 == SqliteSchema.NormalizedKeys)
                NormalizeKeys(writer);
            Execute(writer, $"PRAGMA user_version = {next + 1}; COMMIT");
        }

        NoteAttributes(writer);
    }

    private Reader OpenReader()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA query_only = 1; PRAGMA temp_store = MEMORY");
            return new Reader(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>One read, on a connection and a thread of its own. Cancelling interrupts the statement at once.</summary>
    private Task<TResult> ReadAsync<TResult>(Func<SqliteConnection, TResult> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using Reader reader = OpenReader();
                using CancellationTokenRegistration interrupt = cancellationToken.Register(static state => sqlite3_interrupt(((SqliteConnection)state!).Handle), reader.Connection);
                cancellationToken.ThrowIfCancellationRequested();
                return read(reader.Connection);
            }
            catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (SqliteException error)
            {
                throw Failure(error, _options.Path);
            }
        },
        cancellationToken);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants and numbers: nothing from outside is part of it.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private readonly struct Reader(SqliteConnection connection) : IDisposable
    {
        public SqliteConnection Connection => connection;

        public void Dispose() => connection.Dispose();
    }
}
