namespace NetDicom.Archive.Sqlite;

/// <summary>The tables. Each version is made from the one before; a database is at the version that its user_version says.</summary>
internal static class SqliteSchema
{
    /// <summary>The version from which on keys are composed texts (<see cref="IndexKeys"/>), and those of long Patient IDs have a hash: what was stored before is brought to that by code.</summary>
    public const int NormalizedKeys = 3;

    /// <summary>What makes version 1 of nothing, 2 of 1 and so on. A script that was released is never changed.</summary>
    public static readonly string[] Migrations =
    [
        // attributes: an encoded data set of the level. Columns beside it are what is searched and joined by; texts in them are IndexKeys, '' is "has to be looked at".
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

        -- own_study: the study of a patient without Patient ID, who is nobody else's.
        CREATE TABLE patient (id INTEGER PRIMARY KEY, patient_id TEXT NOT NULL, issuer TEXT NOT NULL, own_study TEXT NOT NULL, birth_date TEXT NOT NULL, attributes BLOB NOT NULL);
        CREATE UNIQUE INDEX patient_identity ON patient (patient_id, issuer, own_study);
        CREATE INDEX patient_birth_date ON patient (birth_date);

        CREATE TABLE study (id INTEGER PRIMARY KEY, patient INTEGER NOT NULL, uid TEXT NOT NULL, study_date TEXT NOT NULL, accession TEXT NOT NULL, study_id TEXT NOT NULL, attributes BLOB NOT NULL);
        CREATE INDEX study_uid ON study (uid, patient);
        CREATE INDEX study_patient ON study (patient);
        CREATE INDEX study_study_date ON study (study_date);
        CREATE INDEX study_accession ON study (accession);
        CREATE INDEX study_study_id ON study (study_id);

        CREATE TABLE series (id INTEGER PRIMARY KEY, study INTEGER NOT NULL, uid TEXT NOT NULL, folder TEXT NOT NULL, modality TEXT NOT NULL, number INTEGER NOT NULL, instances INTEGER NOT NULL, attributes BLOB NOT NULL);
        CREATE UNIQUE INDEX series_study ON series (study, uid);
        CREATE INDEX series_uid ON series (uid);
        CREATE INDEX series_modality ON series (modality, study);
        CREATE INDEX series_folder ON series (folder);

        CREATE TABLE series_class (series INTEGER NOT NULL, sop_class TEXT NOT NULL, instances INTEGER NOT NULL, PRIMARY KEY (series, sop_class)) WITHOUT ROWID;
        CREATE INDEX series_class_class ON series_class (sop_class, series);

        CREATE TABLE instance (
            id INTEGER PRIMARY KEY, series INTEGER NOT NULL, uid TEXT NOT NULL, sop_class TEXT NOT NULL, number INTEGER NOT NULL, syntax TEXT NOT NULL, file TEXT NOT NULL, length INTEGER NOT NULL,
            head_length INTEGER NOT NULL, data_hash BLOB NOT NULL, head_hash BLOB NOT NULL, stored_at INTEGER NOT NULL, calling TEXT NOT NULL, attributes BLOB NOT NULL);
        CREATE UNIQUE INDEX instance_uid ON instance (uid);
        CREATE INDEX instance_series ON instance (series);

        -- Attributes with several keys, and those an owner added.
        CREATE TABLE entity_key (level INTEGER NOT NULL, tag INTEGER NOT NULL, value TEXT NOT NULL, entity INTEGER NOT NULL, PRIMARY KEY (level, tag, value, entity)) WITHOUT ROWID;
        CREATE INDEX entity_key_entity ON entity_key (level, entity);
        """,

        // What a series weighs and when it last grew: sums over instances would read all of them.
        """
        ALTER TABLE series ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE series ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
        UPDATE series SET bytes = (SELECT coalesce(sum(i.length), 0) FROM instance i WHERE i.series = series.id), received = (SELECT coalesce(max(i.stored_at), 0) FROM instance i WHERE i.series = series.id);
        """,

        // No new table: SqliteArchiveIndex.NormalizeKeys.
        "SELECT 1;",
    ];
}
