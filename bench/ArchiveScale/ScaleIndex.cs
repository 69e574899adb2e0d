using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;

namespace NetDicom.Bench;

/// <summary>
/// An archive's index of made-up instances, written through its public face: ten instances a study in two series, two studies a patient, twenty patients a family name, some 27 studies a day. However
/// many there are, a query by one of these finds the same number: what grows with the index is only the index.
/// </summary>
internal static class ScaleIndex
{
    public const int InstancesPerStudy = 10;

    private const int StudiesPerDay = 27, StudiesPerPatient = 2, PatientsPerFamily = 20, Batch = 2000;

    private static readonly DateOnly s_firstDay = new(2015, 1, 1);
    private static readonly string[] s_given = ["Anna", "Ben", "Carla", "David", "Eva", "Frank", "Gina", "Hugo", "Ada", "Ivan"];
    private static readonly string[] s_modalities = ["CT", "MR", "CR", "US", "DX"];

    public static string PatientIdOf(int study) => string.Create(CultureInfo.InvariantCulture, $"P{study / StudiesPerPatient:00000000}");

    public static string AccessionOf(int study) => string.Create(CultureInfo.InvariantCulture, $"A{study:00000000}");

    public static string StudyUidOf(int study) => string.Create(CultureInfo.InvariantCulture, $"2.25.4711.{study + 1}");

    public static string FamilyOf(int study) => "Family" + Letters(study / StudiesPerPatient / PatientsPerFamily);

    public static string DateOf(int study, int later) => s_firstDay.AddDays(study / StudiesPerDay + later).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static async Task<int> FillAsync(string database, int count)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(database))!);
        SqliteArchiveIndex.Delete(database);
        var watch = Stopwatch.StartNew();
        await using var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = database, Durability = Durability.None });
        var batch = new List<IndexChange>(Batch);
        for (int i = 0; i < count; i++)
        {
            batch.Add(IndexChange.Put(Record(i)));
            if (batch.Count < Batch && i + 1 < count)
                continue;
            await index.CommitAsync(batch);
            batch.Clear();
        }

        await index.CompactAsync();
        await index.SetCleanAsync(true);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} instances in {watch.Elapsed.TotalSeconds:F0} s, {new FileInfo(database).Length / 1_000_000} MB"));
        return 0;
    }

    private static InstanceRecord Record(int i)
    {
        int study = i / InstancesPerStudy, within = i % InstancesPerStudy, series = within / 5 + 1;
        string studyUid = StudyUidOf(study), seriesUid = $"{studyUid}.{series}";
        var uid = new DicomUid($"{seriesUid}.{within + 1}");
        var set = new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 };
        set.Set(DicomTags.SOPClassUID, SopClasses.CTImageStorage).Set(DicomTags.SOPInstanceUID, uid)
            .Set(DicomTags.StudyInstanceUID, studyUid).Set(DicomTags.SeriesInstanceUID, seriesUid)
            .Set(DicomTags.PatientID, PatientIdOf(study)).Set(DicomTags.PatientName, $"{FamilyOf(study)}^{s_given[study / StudiesPerPatient % s_given.Length]}")
            .Set(DicomTags.PatientBirthDate, s_firstDay.AddDays(-10_000 - study / StudiesPerPatient % 20_000).ToString("yyyyMMdd", CultureInfo.InvariantCulture)).Set(DicomTags.PatientSex, "O")
            .Set(DicomTags.StudyDate, DateOf(study, 0)).Set(DicomTags.StudyTime, string.Create(CultureInfo.InvariantCulture, $"{study % 24:00}{study % 60:00}00"))
            .Set(DicomTags.AccessionNumber, AccessionOf(study)).Set(DicomTags.StudyID, string.Create(CultureInfo.InvariantCulture, $"S{study}"))
            .Set(DicomTags.StudyDescription, "Made for measuring").Set(DicomTags.ReferringPhysicianName, $"Doctor^{s_given[study % s_given.Length]}")
            .Set(DicomTags.Modality, s_modalities[(study + series) % s_modalities.Length]).Set(DicomTags.SeriesNumber, Text(series)).Set(DicomTags.SeriesDescription, "Series")
            .Set(DicomTags.InstanceNumber, Text(within + 1)).Set(DicomTags.ImageType, "ORIGINAL", "PRIMARY", "AXIAL");
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes(uid.ToString()));
        return new InstanceRecord(
            new IndexedInstance
            {
                SopInstanceUid = uid, SopClassUid = SopClasses.CTImageStorage, TransferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian.Uid, Folder = $"{studyUid}/{seriesUid}", File = $"{uid}.dcm",
                Length = 526_000, HeadLength = 340, DataSetHash = hash, HeadHash = hash, StoredAt = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(i), CallingAETitle = "BENCH",
            },
            set);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Four letters: names do not begin with each other.
    private static string Letters(int number) => string.Create(4, number, static (span, value) =>
    {
        for (int i = span.Length - 1; i >= 0; i--, value /= 26)
            span[i] = (char)('a' + value % 26);
    });
}
