using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

// The one writer: each group of changes is one transaction.
public sealed partial class SqliteArchiveIndex
{
    private const int MaxKnownSeries = 4096;

    /// <summary>How often a checkpoint is tried again, 20 ms apart.</summary>
    private const int CheckpointTries = 100;

    /// <summary>Series that were written to lately, and what their entities had then: instances of one series mostly say the same of it, and nothing has to be looked up for them.</summary>
    private readonly Dictionary<string, KnownSeries> _known = new(StringComparer.Ordinal);

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>What SQLite counts up for a connection when another one has written.</summary>
    private long _dataVersion = -1;

    /// <inheritdoc/>
    public async ValueTask CommitAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await WriteAsync(
            writer =>
            {
                foreach (IndexChange change in changes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Remove(change.SopInstanceUid);
                    if (change.Record is { } record)
                        Add(record);
                }

                Run("INSERT INTO meta VALUES ('last_commit', $1) ON CONFLICT DO UPDATE SET value = excluded.value", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask SetCleanAsync(bool isClean, CancellationToken cancellationToken = default) =>
        await WriteAsync(_ => Run("INSERT INTO meta VALUES ('clean', $1) ON CONFLICT DO UPDATE SET value = excluded.value", isClean ? "1" : "0"), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask CompactAsync(CancellationToken cancellationToken = default)
    {
        SqliteConnection writer = _writer ?? throw new InvalidOperationException("the index is open for reading only");
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A statement that is open elsewhere on this connection would keep VACUUM from running.
            DisposeCommands();
            using CancellationTokenRegistration interrupt = cancellationToken.Register(static state => SQLitePCL.raw.sqlite3_interrupt(((SqliteConnection)state!).Handle), writer);
            await Task.Run(
                () =>
                {
                    Execute(writer, "VACUUM");
                    Execute(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
                    Execute(writer, "PRAGMA optimize");
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
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
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        SqliteConnection writer = _writer ?? throw new InvalidOperationException("the index is open for reading only");
        // Something to bring into the database: a checkpoint without it takes nothing to the device, and earlier ones may not have.
        await WriteAsync(_ => Run("INSERT INTO meta VALUES ('flushed', $1) ON CONFLICT DO UPDATE SET value = excluded.value", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(
                () =>
                {
                    // A checkpoint flushes the log before it reads it and the database behind the last page that it wrote, if the connection asks for safety. Readers may keep some of the log from being brought over:
                    // that is safe by itself then.
                    Execute(writer, "PRAGMA synchronous = FULL");
                    try
                    {
                        // 1: somebody else is just doing it.
                        for (int left = CheckpointTries; (long)Scalar(writer, "PRAGMA wal_checkpoint(PASSIVE)")! != 0; left--)
                        {
                            if (left == 0)
                                throw new ArchiveIndexException($"the index {_options.Path}: the log cannot be brought into the database");
                            Thread.Sleep(20);
                        }
                    }
                    finally
                    {
                        Execute(writer, $"PRAGMA synchronous = {Synchronous}");
                    }
                },
                CancellationToken.None).ConfigureAwait(false);
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

    private async Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancellationToken)
    {
        SqliteConnection writer = _writer ?? throw new InvalidOperationException("the index is open for reading only");
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Run("BEGIN IMMEDIATE");
            try
            {
                ForgetWhatOthersChanged();
                write(writer);
                Run("COMMIT");
            }
            catch
            {
                _known.Clear();
                RollBack();
                throw;
            }
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

    // Another program may have deleted what an instance would be put below.
    private void ForgetWhatOthersChanged()
    {
        long version = (long)Bound("PRAGMA data_version", []).ExecuteScalar()!;
        if (version != _dataVersion)
            _known.Clear();
        _dataVersion = version;
    }

    private void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (disk full, for one): the first error is the one to tell.
        }
    }

    private void Add(InstanceRecord record)
    {
        IndexedInstance instance = record.Instance;
        byte[][] levels = [.. Enum.GetValues<ArchiveLevel>().Select(level => EntityAttributes.Encode(EntityAttributes.Select(record.Attributes, Attributes, level)))];
        byte[] fingerprint = SHA256.HashData([.. levels[0], .. levels[1], .. levels[2]]);
        if (!_known.TryGetValue(instance.Folder, out KnownSeries known) || !known.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            long study = PutStudy(record, levels);
            known = new KnownSeries(PutSeries(record, study, levels[2]), fingerprint);
            if (_known.Count >= MaxKnownSeries)
                _known.Clear();
            _known[instance.Folder] = known;
        }

        long id = Insert(
            "INSERT INTO instance (series, uid, sop_class, number, syntax, file, length, head_length, data_hash, head_hash, stored_at, calling, attributes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
            known.Id, instance.SopInstanceUid.ToString(), instance.SopClassUid.ToString(), NumberOf(record.Attributes, DicomTags.InstanceNumber), instance.TransferSyntaxUid.ToString(), instance.File,
            instance.Length, instance.HeadLength, instance.DataSetHash.ToArray(), instance.HeadHash.ToArray(), instance.StoredAt.ToUnixTimeMilliseconds(), instance.CallingAETitle, levels[3]);
        PutKeys(ArchiveLevel.Instance, id, record.Attributes);
        Run("UPDATE series SET instances = instances + 1, bytes = bytes + $2, received = max(received, $3) WHERE id = $1", known.Id, instance.Length, instance.StoredAt.ToUnixTimeMilliseconds());
        Run("INSERT INTO series_class VALUES ($1, $2, 1) ON CONFLICT DO UPDATE SET instances = instances + 1", known.Id, instance.SopClassUid.ToString());
    }

    private long PutStudy(InstanceRecord record, byte[][] levels)
    {
        string uid = TextOf(record.Attributes, DicomTags.StudyInstanceUID);
        string patientId = IndexKeys.IdentityOf(record.Attributes, DicomTags.PatientID);
        string issuer = IndexKeys.IdentityOf(record.Attributes, DicomTags.IssuerOfPatientID);
        string ownStudy = patientId.Length == 0 ? uid : "";
        // A study stays with its first patient, whatever later instances say; what has no study is told apart by patient.
        if (uid.Length > 0 && TryGetRow("SELECT id, patient, attributes FROM study WHERE uid = $1", out (long Id, long Parent, byte[] Attributes) study, uid))
        {
            if (TryGetRow("SELECT id, 0, attributes FROM patient WHERE id = $1 AND patient_id = $2 AND issuer = $3", out (long Id, long, byte[] Attributes) patient, study.Parent, patientId, issuer))
                Fill(ArchiveLevel.Patient, patient.Id, patient.Attributes, levels[0]);
            Fill(ArchiveLevel.Study, study.Id, study.Attributes, levels[1]);
            return study.Id;
        }

        long patientRow;
        if (TryGetRow("SELECT id, 0, attributes FROM patient WHERE patient_id = $1 AND issuer = $2 AND own_study = $3", out (long Id, long, byte[] Attributes) found, patientId, issuer, ownStudy))
        {
            Fill(ArchiveLevel.Patient, found.Id, found.Attributes, levels[0]);
            patientRow = found.Id;
        }
        else
        {
            patientRow = Insert(
                "INSERT INTO patient (patient_id, issuer, own_study, birth_date, attributes) VALUES ($1, $2, $3, $4, $5) RETURNING id",
                patientId, issuer, ownStudy, IndexKeys.KeyOf(record.Attributes, DicomTags.PatientBirthDate), levels[0]);
            PutKeys(ArchiveLevel.Patient, patientRow, record.Attributes);
        }

        if (uid.Length == 0 && TryGetRow("SELECT id, patient, attributes FROM study WHERE uid = '' AND patient = $1", out (long Id, long, byte[]) nameless, patientRow))
            return nameless.Id;
        long id = Insert(
            "INSERT INTO study (patient, uid, study_date, accession, study_id, attributes) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            patientRow, uid, IndexKeys.KeyOf(record.Attributes, DicomTags.StudyDate), IndexKeys.KeyOf(record.Attributes, DicomTags.AccessionNumber),
            IndexKeys.KeyOf(record.Attributes, DicomTags.StudyID), levels[1]);
        PutKeys(ArchiveLevel.Study, id, record.Attributes);
        return id;
    }

    private long PutSeries(InstanceRecord record, long study, byte[] attributes)
    {
        string uid = TextOf(record.Attributes, DicomTags.SeriesInstanceUID);
        if (TryGetRow("SELECT id, study, attributes FROM series WHERE study = $1 AND uid = $2", out (long Id, long, byte[] Attributes) series, study, uid))
        {
            Fill(ArchiveLevel.Series, series.Id, series.Attributes, attributes);
            return series.Id;
        }

        long id = Insert(
            "INSERT INTO series (study, uid, folder, modality, number, instances, attributes) VALUES ($1, $2, $3, $4, $5, 0, $6) RETURNING id",
            study, uid, record.Instance.Folder, IndexKeys.KeyOf(record.Attributes, DicomTags.Modality),
            NumberOf(record.Attributes, DicomTags.SeriesNumber), attributes);
        PutKeys(ArchiveLevel.Series, id, record.Attributes);
        return id;
    }

    /// <summary>Adds to an entity what an instance says of it and no earlier one did.</summary>
    private void Fill(ArchiveLevel level, long id, byte[] stored, byte[] more)
    {
        if (stored.AsSpan().SequenceEqual(more))
            return;
        DicomDataSet entity = EntityAttributes.Decode(stored);
        if (!EntityAttributes.Fill(entity, EntityAttributes.Decode(more)))
            return;
        byte[] attributes = EntityAttributes.Encode(entity);
        switch (level)
        {
            case ArchiveLevel.Patient:
                Run("UPDATE patient SET birth_date = $2, attributes = $3 WHERE id = $1", id, IndexKeys.KeyOf(entity, DicomTags.PatientBirthDate), attributes);
                break;
            case ArchiveLevel.Study:
                Run("UPDATE study SET study_date = $2, accession = $3, study_id = $4, attributes = $5 WHERE id = $1", id, IndexKeys.KeyOf(entity, DicomTags.StudyDate),
                    IndexKeys.KeyOf(entity, DicomTags.AccessionNumber), IndexKeys.KeyOf(entity, DicomTags.StudyID), attributes);
                break;
            default:
                Run("UPDATE series SET modality = $2, number = $3, attributes = $4 WHERE id = $1", id, IndexKeys.KeyOf(entity, DicomTags.Modality), NumberOf(entity, DicomTags.SeriesNumber), attributes);
                break;
        }

        Run("DELETE FROM entity_key WHERE level = $1 AND entity = $2", (int)level, id);
        PutKeys(level, id, entity);
    }

    private void PutKeys(ArchiveLevel level, long id, DicomDataSet attributes)
    {
        foreach (DicomTag tag in KeyedAttributes(level))
        {
            foreach (string key in IndexKeys.Of(attributes, tag))
                Run("INSERT INTO entity_key VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", (int)level, (long)tag.Value, key, id);
        }
    }

    private IEnumerable<DicomTag> KeyedAttributes(ArchiveLevel level) => level switch
    {
        ArchiveLevel.Patient => [DicomTags.PatientName, .. ExtraOf(level)],
        ArchiveLevel.Study => [DicomTags.ReferringPhysicianName, .. ExtraOf(level)],
        _ => ExtraOf(level),
    };

    private IEnumerable<DicomTag> ExtraOf(ArchiveLevel level) => Attributes.Extra.Where(tag => Attributes.LevelOf(tag) == level);

    private void Remove(DicomUid uid)
    {
        if (!TryGetRow("SELECT id, series, CAST(sop_class AS BLOB) FROM instance WHERE uid = $1", out (long Id, long Series, byte[] Class) instance, uid.ToString()))
            return;
        // Rare, and what it leaves is looked up anew.
        _known.Clear();
        Run("UPDATE series SET instances = instances - 1, bytes = bytes - (SELECT length FROM instance WHERE id = $2) WHERE id = $1", instance.Series, instance.Id);
        Run("DELETE FROM instance WHERE id = $1", instance.Id);
        DeleteKeys(ArchiveLevel.Instance, instance.Id);
        Run("UPDATE series_class SET instances = instances - 1 WHERE series = $1 AND sop_class = CAST($2 AS TEXT)", instance.Series, instance.Class);
        Run("DELETE FROM series_class WHERE series = $1 AND instances <= 0", instance.Series);
        if (TryGetRow("SELECT id, study, x'' FROM series WHERE id = $1 AND instances <= 0", out (long Id, long Study, byte[]) series, instance.Series))
            RemoveSeries(series.Id, series.Study);
    }

    private void RemoveSeries(long series, long study)
    {
        Run("DELETE FROM series WHERE id = $1", series);
        DeleteKeys(ArchiveLevel.Series, series);
        if (!TryGetRow("SELECT id, patient, x'' FROM study WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM series WHERE study = $1)", out (long Id, long Patient, byte[]) empty, study))
            return;
        Run("DELETE FROM study WHERE id = $1", study);
        DeleteKeys(ArchiveLevel.Study, study);
        if (TryGetRow("SELECT id, 0, x'' FROM patient WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM study WHERE patient = $1)", out (long Id, long, byte[]) patient, empty.Patient))
        {
            Run("DELETE FROM patient WHERE id = $1", patient.Id);
            DeleteKeys(ArchiveLevel.Patient, patient.Id);
        }
    }

    private void DeleteKeys(ArchiveLevel level, long id) => Run("DELETE FROM entity_key WHERE level = $1 AND entity = $2", (int)level, id);

    private static string TextOf(DicomDataSet attributes, DicomTag tag) => attributes.GetStringOrDefault(tag) ?? "";

    private static long NumberOf(DicomDataSet attributes, DicomTag tag) => attributes.TryGetInt32(tag, out int number) ? number : int.MaxValue;

    private void Run(string sql, params ReadOnlySpan<object> values) => Bound(sql, values).ExecuteNonQuery();

    private long Insert(string sql, params ReadOnlySpan<object> values) => (long)Bound(sql, values).ExecuteScalar()!;

    private bool TryGetRow(string sql, out (long Id, long Parent, byte[] Bytes) row, params ReadOnlySpan<object> values)
    {
        using SqliteDataReader reader = Bound(sql, values).ExecuteReader();
        row = default;
        if (!reader.Read())
            return false;
        row = (reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        return true;
    }

    /// <summary>A statement of the writer, prepared once.</summary>
    private SqliteCommand Bound(string sql, ReadOnlySpan<object> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _writer!.CreateCommand();
#pragma warning disable CA2100 // Constants of this file: values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    private void DisposeCommands()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
        _commands.Clear();
    }

    private readonly record struct KnownSeries(long Id, byte[] Fingerprint);
}
