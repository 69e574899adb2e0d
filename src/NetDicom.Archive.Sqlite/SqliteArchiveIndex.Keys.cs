using Microsoft.Data.Sqlite;

namespace NetDicom.Archive.Sqlite;

// Brings the keys of an earlier version to the form of today.
public sealed partial class SqliteArchiveIndex
{
    /// <summary>Within the transaction of the migration. Keys of ASCII letters that were not cut are what they were: of most archives nothing is read but the keys.</summary>
    private static void NormalizeKeys(SqliteConnection writer)
    {
        foreach ((string table, string column) in (ReadOnlySpan<(string, string)>)[("study", "accession"), ("study", "study_id"), ("series", "modality")])
        {
            foreach ((long id, string text) in Texts(writer, $"SELECT id, {column} FROM {table} WHERE {column} GLOB '*[^ -~]*'"))
                Set(writer, $"UPDATE {table} SET {column} = $2 WHERE id = $1", id, IndexKeys.IdentityOf(text));
        }

        foreach ((long id, string text) in Texts(writer, "SELECT rowid, value FROM (SELECT DISTINCT 0 AS rowid, value FROM entity_key WHERE value GLOB '*[^ -~]*')"))
        {
            string composed = IndexKeys.IdentityOf(text);
            if (composed == text)
                continue;
            using SqliteCommand command = writer.CreateCommand();
            command.CommandText = "INSERT INTO entity_key SELECT level, tag, $2, entity FROM entity_key WHERE value = $1 ON CONFLICT DO NOTHING; DELETE FROM entity_key WHERE value = $1";
            command.Parameters.AddWithValue("$1", text);
            command.Parameters.AddWithValue("$2", composed);
            command.ExecuteNonQuery();
        }

        // Also those that were cut: two of them may be one key, and are one patient until the index is made anew.
        foreach ((long id, _) in Texts(writer, "SELECT id, patient_id FROM patient WHERE patient_id GLOB '*[^ -~]*' OR issuer GLOB '*[^ -~]*' OR length(patient_id) >= 63 OR length(issuer) >= 63"))
            NormalizePatient(writer, id);
    }

    private static void NormalizePatient(SqliteConnection writer, long id)
    {
        DicomDataSet attributes;
        string own;
        using (SqliteCommand command = writer.CreateCommand())
        {
            command.CommandText = "SELECT attributes, own_study FROM patient WHERE id = $1";
            command.Parameters.AddWithValue("$1", id);
            using SqliteDataReader row = command.ExecuteReader();
            row.Read();
            attributes = EntityAttributes.Decode(row.GetFieldValue<byte[]>(0));
            own = row.GetString(1);
        }

        string patientId = IndexKeys.IdentityOf(attributes, DicomTags.PatientID), issuer = IndexKeys.IdentityOf(attributes, DicomTags.IssuerOfPatientID);
        using SqliteCommand move = writer.CreateCommand();
        // One who was there twice, by two spellings of one ID, is one patient.
        move.CommandText = """
            UPDATE study SET patient = (SELECT id FROM patient WHERE patient_id = $2 AND issuer = $3 AND own_study = $4 AND id <> $1)
                WHERE patient = $1 AND EXISTS (SELECT 1 FROM patient WHERE patient_id = $2 AND issuer = $3 AND own_study = $4 AND id <> $1);
            DELETE FROM entity_key WHERE level = 0 AND entity = $1 AND EXISTS (SELECT 1 FROM patient WHERE patient_id = $2 AND issuer = $3 AND own_study = $4 AND id <> $1);
            DELETE FROM patient WHERE id = $1 AND EXISTS (SELECT 1 FROM patient WHERE patient_id = $2 AND issuer = $3 AND own_study = $4 AND id <> $1);
            UPDATE patient SET patient_id = $2, issuer = $3 WHERE id = $1;
            """;
        foreach ((string name, object value) in (ReadOnlySpan<(string, object)>)[("$1", id), ("$2", patientId), ("$3", issuer), ("$4", own)])
            move.Parameters.AddWithValue(name, value);
        move.ExecuteNonQuery();
    }

    private static List<(long Id, string Text)> Texts(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        var texts = new List<(long Id, string Text)>();
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            texts.Add((row.GetInt64(0), row.GetString(1)));
        return texts;
    }

    private static void Set(SqliteConnection connection, string sql, long id, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file: values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$1", id);
        command.Parameters.AddWithValue("$2", text);
        command.ExecuteNonQuery();
    }
}
