using System.Diagnostics;
using System.Globalization;
using NetDicom;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Bench;
using NetDicom.Network;

// An index of many instances, and how long C-FIND takes on it through an association: bench/archive-scale.sh runs both.
switch (args)
{
    case ["fill", string database, string count]:
        return await ScaleIndex.FillAsync(database, int.Parse(count, CultureInfo.InvariantCulture));
    case ["query", string port, string count, string rounds]:
        return await QueryAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), int.Parse(rounds, CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("usage: fill DATABASE INSTANCES | query PORT INSTANCES ROUNDS");
        return 2;
}

static async Task<int> QueryAsync(int port, int instances, int rounds)
{
    int studies = Math.Max(1, instances / ScaleIndex.InstancesPerStudy);
    var random = new Random(20041);
    (string Name, Func<DicomDataSet, DicomDataSet> Keys)[] queries =
    [
        ("Patient ID", set => set.Set(DicomTags.PatientID, ScaleIndex.PatientIdOf(random.Next(studies)))),
        ("Accession Number", set => set.Set(DicomTags.AccessionNumber, ScaleIndex.AccessionOf(random.Next(studies)))),
        ("Study Instance UID", set => set.Set(DicomTags.StudyInstanceUID, ScaleIndex.StudyUidOf(random.Next(studies)))),
        ("name with prefix and wild card", set => set.Set(DicomTags.PatientName, $"{ScaleIndex.FamilyOf(random.Next(studies))}^A*")),
        ("all studies of a day", set => set.Set(DicomTags.StudyDate, ScaleIndex.DateOf(random.Next(studies), 0))),
        ("a week of one modality", set =>
        {
            int study = random.Next(studies);
            return set.Set(DicomTags.StudyDate, $"{ScaleIndex.DateOf(study, 0)}-{ScaleIndex.DateOf(study, 6)}").Set(DicomTags.ModalitiesInStudy, "MR");
        }),
        ("a day and a name", set =>
        {
            int study = random.Next(studies);
            return set.Set(DicomTags.StudyDate, ScaleIndex.DateOf(study, 0)).Set(DicomTags.PatientName, $"{ScaleIndex.FamilyOf(study)}*");
        }),
    ];

    var entity = new ApplicationEntity("BENCH_SCU");
    entity.AddRequestedContext(SopClasses.StudyRootQueryRetrieveInformationModelFind);
    await using Association association = await entity.AssociateAsync("127.0.0.1", port);
    foreach ((string name, Func<DicomDataSet, DicomDataSet> keys) in queries)
    {
        var times = new List<double>(rounds);
        var matches = new List<int>(rounds);
        // The first ones bring code and pages in.
        for (int round = -rounds / 5 - 1; round < rounds; round++)
        {
            var identifier = new DicomDataSet();
            identifier.Set(DicomTags.QueryRetrieveLevel, "STUDY");
            foreach (DicomTag tag in (DicomTag[])[DicomTags.StudyInstanceUID, DicomTags.PatientID, DicomTags.PatientName, DicomTags.StudyDate, DicomTags.StudyTime, DicomTags.AccessionNumber, DicomTags.StudyDescription,
                DicomTags.ModalitiesInStudy, DicomTags.NumberOfStudyRelatedSeries, DicomTags.NumberOfStudyRelatedInstances])
                identifier.Set(tag, "");
            keys(identifier);
            long began = Stopwatch.GetTimestamp();
            int found = 0;
            await foreach (DicomDataSet _ in association.FindAsync(SopClasses.StudyRootQueryRetrieveInformationModelFind, identifier))
                found++;
            if (round < 0)
                continue;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            matches.Add(found);
        }

        times.Sort();
        matches.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{instances};{name};{matches[matches.Count / 2]};{times[times.Count / 2]:F2};{times[Math.Min(times.Count - 1, times.Count * 99 / 100)]:F2}"));
    }

    await association.ReleaseAsync();
    return 0;
}
