using System.Globalization;
using NetDicom.Archive;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The same worklist and the same queries, answered by DCMTK's wlmscpfs and by WorklistStore: two readings of PS3.4 annex K.</summary>
public class WorklistMatchingTests
{
    private static readonly DicomTag[] _inStep =
    [
        DicomTags.Modality, DicomTags.ScheduledStationAETitle, DicomTags.ScheduledProcedureStepStartDate, DicomTags.ScheduledProcedureStepStartTime,
        DicomTags.ScheduledPerformingPhysicianName, DicomTags.ScheduledProcedureStepID,
    ];

    private static readonly (string Name, string Id, string Accession, string Modality, string Station, string Date, string Time, string Physician)[] _entries =
    [
        ("SMITH^JOHN", "P1", "A1", "CT", "CT1", "20200101", "090000", "HOUSE^GREG"),
        ("SMITH^JANE", "P2", "A2", "MR", "MR1", "20200101", "153000", "CUDDY^LISA"),
        ("SMITHERS^WAYLON", "P3", "A3", "CT", "CT2", "20200102", "080000", "HOUSE^GREG"),
        ("JONES^INDIANA", "P10", "A10", "US", "US1", "20200103", "120000", "WILSON^JAMES"),
        ("JONES", "P11", "A11", "CT", "CT1", "20200104", "235959", "HOUSE^GREG"),
    ];

    /// <summary>Keys and values, joined by semicolons; those of the step by their own keywords.</summary>
    private static readonly string[] _queries =
    [
        "", "PatientName=SMITH*", "PatientName=SMITH^J*", "PatientName=SMITH^J?NE", "PatientName=*N*", "PatientName=JONES", "PatientName=JONES*", "PatientName=*", "PatientName=?????",
        "PatientID=P1", "PatientID=P3", "PatientID=P4", "AccessionNumber=A10",
        "Modality=CT", "Modality=US", "Modality=XA", "ScheduledStationAETitle=CT1", "ScheduledStationAETitle=CT1;Modality=CT", "ScheduledStationAETitle=MR1;Modality=CT",
        "ScheduledProcedureStepStartDate=20200101", "ScheduledProcedureStepStartDate=20200101-20200102", "ScheduledProcedureStepStartDate=20200102-", "ScheduledProcedureStepStartDate=-20200102",
        "ScheduledProcedureStepStartDate=20200105-", "ScheduledProcedureStepStartTime=090000", "ScheduledProcedureStepStartTime=080000-120000", "ScheduledProcedureStepStartTime=120000-",
        "ScheduledProcedureStepStartTime=-100000", "ScheduledProcedureStepStartDate=20200101-20200102;ScheduledProcedureStepStartTime=140000-090000",
        "ScheduledProcedureStepStartDate=20200101-20200104;ScheduledProcedureStepStartTime=120000-120000", "ScheduledPerformingPhysicianName=HOUSE*", "ScheduledPerformingPhysicianName=*^J*",
        "PatientName=SMITH*;Modality=CT;ScheduledProcedureStepStartDate=20200102-",
    ];

    [Fact]
    public async Task The_worklist_provider_of_DCMTK_finds_the_same_steps()
    {
        string findscu = Peers.Dcmtk("findscu");
        using var folder = new TemporaryFolder();
        string list = folder.Folder("lists/WORK");
        await File.WriteAllTextAsync(Path.Combine(list, "lockfile"), "");
        var store = new WorklistStore();
        foreach (DicomDataSet entry in _entries.Select(Entry))
        {
            string id = entry.GetString(DicomTags.PatientID);
            await File.WriteAllBytesAsync(Path.Combine(list, $"{id}.wl"), entry.ToArray(TransferSyntax.ExplicitVRLittleEndian));
            store.Set(id, entry);
        }

        int port = Ports.Free();
        await using ChildProcess provider = ChildProcess.Start(Peers.Dcmtk("wlmscpfs"), ["-v", "-s", "-dfr", "-dfp", folder.File("lists"), port.ToString(CultureInfo.InvariantCulture)], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, provider);
        int found = 0;
        for (int i = 0; i < _queries.Length; i++)
        {
            DicomDataSet query = Query(_queries[i]);
            string file = folder.File($"query{i}");
            await File.WriteAllBytesAsync(file, query.ToArray(TransferSyntax.ImplicitVRLittleEndian));
            string answers = folder.Folder($"answers{i}");
            Ended ended = await ChildProcess.RunAsync(findscu, ["-W", "-X", "-od", answers, "-aec", "WORK", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), file], Peers.NoDelay);
            Assert.True(ended.ExitCode == 0, $"{_queries[i]}: {ended}\n{provider.Said}");
            string[] theirs = [.. Directory.GetFiles(answers).Select(Answer).Order(StringComparer.Ordinal)];
            string[] ours = [.. store.Find(query).Select(Answer).Order(StringComparer.Ordinal)];
            Assert.True(theirs.SequenceEqual(ours), $"{_queries[i]}: wlmscpfs found\n{string.Join('\n', theirs)}\nand we\n{string.Join('\n', ours)}\n{provider.Said}");
            found += ours.Length;
        }

        Assert.InRange(found, 40, 5 * _queries.Length);
    }

    private static DicomDataSet Entry((string Name, string Id, string Accession, string Modality, string Station, string Date, string Time, string Physician) one) => new DicomDataSet()
        .Set(DicomTags.PatientName, one.Name).Set(DicomTags.PatientID, one.Id).Set(DicomTags.AccessionNumber, one.Accession).Set(DicomTags.StudyInstanceUID, "1.2.3")
        .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, one.Modality).Set(DicomTags.ScheduledStationAETitle, one.Station)
            .Set(DicomTags.ScheduledProcedureStepStartDate, one.Date).Set(DicomTags.ScheduledProcedureStepStartTime, one.Time)
            .Set(DicomTags.ScheduledPerformingPhysicianName, one.Physician).Set(DicomTags.ScheduledProcedureStepID, "S" + one.Id));

    // Every key is asked for, those of the text with a value.
    private static DicomDataSet Query(string text)
    {
        Dictionary<string, string> values = text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] Of(DicomTag tag) => values.TryGetValue(DicomDictionary.KeywordOf(tag), out string? value) ? [value] : [];
        var step = new DicomDataSet();
        foreach (DicomTag tag in _inStep)
            step.Set(tag, Of(tag));
        var query = new DicomDataSet();
        foreach (DicomTag tag in (DicomTag[])[DicomTags.PatientName, DicomTags.PatientID, DicomTags.AccessionNumber, DicomTags.StudyInstanceUID])
            query.Set(tag, Of(tag));
        return query.Set(DicomTags.ScheduledProcedureStepSequence, step);
    }

    private static string Answer(string path) => Answer(DicomFile.Read(File.ReadAllBytes(path)).DataSet);

    private static string Answer(DicomDataSet response)
    {
        DicomDataSet step = Assert.Single(response.GetSequence(DicomTags.ScheduledProcedureStepSequence)!);
        return string.Join('|', new[] { DicomTags.PatientName, DicomTags.PatientID, DicomTags.AccessionNumber, DicomTags.StudyInstanceUID }.Select(tag => response.GetString(tag))
            .Concat(_inStep.Select(tag => step.GetString(tag))));
    }
}
