using NetDicom.Archive.Sqlite;

namespace NetDicom.Archive.Tests.Index;

/// <summary>The contract, and what is SQLite's own.</summary>
public sealed class SqliteIndexTests : IndexContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-index-").FullName;

    private string Database => Path.Combine(_folder, "index.sqlite");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override IArchiveIndex Create() => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Database, Durability = Durability.None });

    [Theory]
    [InlineData(ArchiveLevel.Patient, "PatientID", "P1")]
    [InlineData(ArchiveLevel.Patient, "PatientID", "P*")]
    [InlineData(ArchiveLevel.Patient, "PatientName", "Smith^J*")]
    [InlineData(ArchiveLevel.Patient, "PatientBirthDate", "19700101-19800101")]
    [InlineData(ArchiveLevel.Study, "PatientID", "P1")]
    [InlineData(ArchiveLevel.Study, "PatientName", "Smith*")]
    [InlineData(ArchiveLevel.Study, "PatientName", "Smith^John")]
    [InlineData(ArchiveLevel.Study, "StudyInstanceUID", "1.2\\1.3")]
    [InlineData(ArchiveLevel.Study, "StudyDate", "20040101-20040131")]
    [InlineData(ArchiveLevel.Study, "StudyDate", "20040101")]
    [InlineData(ArchiveLevel.Study, "AccessionNumber", "A1")]
    [InlineData(ArchiveLevel.Study, "AccessionNumber", "A*")]
    [InlineData(ArchiveLevel.Study, "StudyID", "S1")]
    [InlineData(ArchiveLevel.Study, "ReferringPhysicianName", "Doctor*")]
    [InlineData(ArchiveLevel.Study, "ModalitiesInStudy", "CT")]
    [InlineData(ArchiveLevel.Study, "SOPClassesInStudy", "1.2.840.10008.5.1.4.1.1.2")]
    [InlineData(ArchiveLevel.Series, "StudyInstanceUID", "1.2")]
    [InlineData(ArchiveLevel.Series, "SeriesInstanceUID", "1.2")]
    [InlineData(ArchiveLevel.Series, "Modality", "CT")]
    [InlineData(ArchiveLevel.Instance, "SeriesInstanceUID", "1.2")]
    [InlineData(ArchiveLevel.Instance, "SOPInstanceUID", "1.2")]
    [InlineData(ArchiveLevel.Instance, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.2")]
    [InlineData(ArchiveLevel.Instance, "PatientName", "Smith*")]
    public async Task A_query_with_a_key_reads_no_table_from_end_to_end(ArchiveLevel level, string keyword, string value)
    {
        DicomDictionary.TryGet(keyword, out DictionaryEntry entry);
        var query = IndexQuery.Create(level, new DicomDataSet().Set(entry.Tag, value.Split('\\')), Index.Attributes);
        IReadOnlyList<string> plan = await ((SqliteArchiveIndex)Index).ExplainAsync(query);
        Assert.DoesNotContain(plan, line => line.StartsWith("SCAN", StringComparison.Ordinal) && !line.Contains("json_each", StringComparison.Ordinal) && !line.Contains("CONSTANT", StringComparison.Ordinal)
            && !line.Contains("subquery", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.StartsWith("SEARCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_and_selections_read_no_table_from_end_to_end()
    {
        DicomUid uid = new("1.2");
        InstanceSelection?[] selections =
        [
            null, new InstanceSelection { PatientId = "P1" }, new InstanceSelection { Studies = [uid] }, new InstanceSelection { Series = [uid, new DicomUid("1.3")] }, new InstanceSelection { Instances = [uid] },
            new InstanceSelection { PatientId = "P1", Studies = [uid], Series = [uid] },
        ];
        foreach (InstanceSelection? selection in selections)
        {
            IReadOnlyList<string> plan = await ((SqliteArchiveIndex)Index).ExplainAsync(selection);
            Assert.DoesNotContain(plan, line => line.StartsWith("SCAN", StringComparison.Ordinal) && !line.Contains("json_each", StringComparison.Ordinal));
            Assert.Contains(plan, line => line.StartsWith("SEARCH", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_answers_as_the_reference_does_whatever_is_asked()
    {
        const int seed = 20041;
        var random = new Random(seed);
        string[] names = ["Smith^John", "smith^jane", "Müller^Jörg", "Mueller", "", "山田^太郎", "Smith", "de la Cruz^Ana^^Dr"];
        string[] nameKeys = ["Smith*", "SMITH^J*", "Muller*", "*^J?n*", "Smith", "Smith^*", "山*", "?e*"];
        string[] dateKeys = ["20040102", "20040101-20040103", "-20040102", "20040103-", "20990101"];
        var reference = new ReferenceIndex();
        for (int batch = 0; batch < 6; batch++)
        {
            IndexChange[] changes = [.. Enumerable.Range(0, 25).Select(_ => random.Next(8) == 0
                ? IndexChange.Remove(Made.Uid(random.Next(1, 9), random.Next(1, 3), random.Next(1, 4)))
                : Made.Put(random.Next(1, 9), random.Next(1, 3), random.Next(1, 4), (DicomTags.PatientName, names[random.Next(names.Length)]), (DicomTags.PatientID, $"{random.Next(4)}"),
                    (DicomTags.StudyDate, random.Next(5) == 0 ? "" : $"2004010{random.Next(1, 5)}"), (DicomTags.Modality, random.Next(2) == 0 ? "CT" : "MR"), (DicomTags.StudyDescription, random.Next(2) == 0 ? "" : "X")))];
            // Only what stays the first of its study is told alike by both: the reference has no memory of what was removed.
            foreach (IndexChange change in changes.Where(change => change.Record is not null || batch > 3))
            {
                if (await reference.FindInstanceAsync(change.SopInstanceUid) is not null || change.Record is null)
                    continue;
                await reference.CommitAsync([change]);
                await Index.CommitAsync([change]);
            }

            for (int i = 0; i < 40; i++)
            {
                var keys = new List<(DicomTag, string)>();
                if (random.Next(2) == 0)
                    keys.Add((DicomTags.PatientName, nameKeys[random.Next(nameKeys.Length)]));
                if (random.Next(2) == 0)
                    keys.Add((DicomTags.StudyDate, dateKeys[random.Next(dateKeys.Length)]));
                if (random.Next(3) == 0)
                    keys.Add((DicomTags.Modality, random.Next(2) == 0 ? "C*" : "MR"));
                if (random.Next(3) == 0)
                    keys.Add((DicomTags.ModalitiesInStudy, "MR"));
                if (random.Next(4) == 0)
                    keys.Add((DicomTags.PatientID, $"{random.Next(4)}"));
                var level = (ArchiveLevel)random.Next(4);
                bool relational = random.Next(2) == 0;
                var options = new MatchingOptions { FuzzyNames = random.Next(5) == 0, CombinedDateTime = random.Next(2) == 0 };
                DicomTag answer = ArchiveAttributes.UniqueKeyOf(level);
                string[] expected = await AskAsync(reference, level, answer, options, relational, [.. keys]);
                string[] actual = await AskAsync(Index, level, answer, options, relational, [.. keys]);
                Assert.True(expected.SequenceEqual(actual), $"seed {seed}, {level}, {string.Join(", ", keys)}, relational {relational}: expected {string.Join(' ', expected)}; was {string.Join(' ', actual)}");
            }
        }
    }

    [Fact]
    public async Task It_is_there_again_when_it_is_opened_again_and_can_be_read_beside_the_writer()
    {
        await CommitAsync(Made.Put(1, 1, 1));
        await using (var reader = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Database, ReadOnly = true }))
        {
            await CommitAsync(Made.Put(2, 1, 1));
            Assert.Equal(2, (await reader.GetStatisticsAsync()).Instances);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.CommitAsync([]));
        }

        await Index.DisposeAsync();
        await using var again = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Database });
        Assert.Equal(2, (await again.GetStatisticsAsync()).Instances);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_damaged()
    {
        string path = Path.Combine(_folder, "other.sqlite");
        await File.WriteAllTextAsync(path, new string('x', 5000));
        Assert.True(Assert.Throws<ArchiveIndexException>(() => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path })).IsDamaged);
    }

    [Fact]
    public async Task A_database_of_a_later_program_is_left_alone()
    {
        string path = Path.Combine(_folder, "later.sqlite");
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.False(Assert.Throws<ArchiveIndexException>(() => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path })).IsDamaged);
    }

    [Fact]
    public async Task An_index_of_the_first_version_is_brought_forward_with_its_sums()
    {
        string path = Path.Combine(_folder, "first.sqlite");
        await using (var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path }))
            await index.CommitAsync([Made.Put(1, 1, 1), Made.Put(1, 1, 2), Made.Put(2, 1, 1)]);
        IndexStatistics before;
        await using (var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path }))
            before = await index.GetStatisticsAsync();
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE series DROP COLUMN bytes; ALTER TABLE series DROP COLUMN received; PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }

        await using var again = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path });
        IndexStatistics after = await again.GetStatisticsAsync();
        Assert.Equal((before.Instances, before.Bytes), (after.Instances, after.Bytes));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), (await again.GetOldestStudiesAsync(StudyOrder.Received, 1))[0].ReceivedAt);
    }

    [Fact]
    public async Task A_locked_database_is_an_error_that_passes()
    {
        string path = Path.Combine(_folder, "locked.sqlite");
        await using var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path, BusyTimeout = TimeSpan.FromSeconds(1) });
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = other.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            ArchiveIndexException error = await Assert.ThrowsAsync<ArchiveIndexException>(async () => await index.CommitAsync([Made.Put(1, 1, 1)]));
            Assert.False(error.IsDamaged);
        }

        await index.CommitAsync([Made.Put(1, 1, 1)]);
        Assert.Equal(1, (await index.GetStatisticsAsync()).Instances);
    }

    [Fact]
    public async Task An_added_attribute_is_found_by_its_keys_and_one_added_later_hides_nothing()
    {
        string path = Path.Combine(_folder, "extra.sqlite");
        var attributes = ArchiveAttributes.With([(ArchiveLevel.Series, DicomTags.PatientState)]);
        IndexChange change = IndexChange.Put(Made.Record(Made.DataSet(1, 1, 1)));
        change.Record!.Attributes.Set(DicomTags.PatientState, "Awake");
        await using (var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path, Attributes = attributes }))
        {
            await index.CommitAsync([change]);
            Assert.False(index.HasNewAttributes);
            Assert.Equal(["1.2.3.1.1"], await AskAsync(index, ArchiveLevel.Series, DicomTags.SeriesInstanceUID, null, false, (DicomTags.PatientState, "Aw*")));
            Assert.Empty(await AskAsync(index, ArchiveLevel.Series, DicomTags.SeriesInstanceUID, null, false, (DicomTags.PatientState, "B*")));
        }

        var more = ArchiveAttributes.With([(ArchiveLevel.Series, DicomTags.PatientState), (ArchiveLevel.Series, DicomTags.ScanningSequence)]);
        await using var later = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path, Attributes = more });
        Assert.True(later.HasNewAttributes);
        Assert.Equal(["1.2.3.1.1"], await AskAsync(later, ArchiveLevel.Series, DicomTags.SeriesInstanceUID, null, false, (DicomTags.PatientState, "Aw*")));
    }

    [Fact]
    public async Task What_was_changed_of_the_attributes_is_known_until_the_index_is_made_anew()
    {
        string path = Path.Combine(_folder, "changed.sqlite");
        (ArchiveLevel, DicomTag) state = (ArchiveLevel.Series, DicomTags.PatientState), scanning = (ArchiveLevel.Series, DicomTags.ScanningSequence);
        SqliteArchiveIndex With(params (ArchiveLevel, DicomTag)[] extra) => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path, Attributes = ArchiveAttributes.With(extra) });
        IndexChange Put(int study, string value)
        {
            IndexChange change = IndexChange.Put(Made.Record(Made.DataSet(study, 1, 1)));
            change.Record!.Attributes.Set(DicomTags.PatientState, value);
            return change;
        }

        // While nothing is in it, whatever is configured holds.
        await using (SqliteArchiveIndex empty = With())
            Assert.Empty(empty.AddedAttributes);
        await using (SqliteArchiveIndex index = With(state))
        {
            Assert.Empty(index.AddedAttributes.Concat(index.RemovedAttributes));
            await index.CommitAsync([Put(1, "Awake")]);
        }

        for (int i = 0; i < 2; i++)
        {
            await using SqliteArchiveIndex index = With(scanning);
            Assert.Equal([DicomTags.ScanningSequence], index.AddedAttributes);
            Assert.Equal([DicomTags.PatientState], index.RemovedAttributes);
            await index.CommitAsync([Put(2, "Awake")]);
        }

        await using (var reader = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path, ReadOnly = true, Attributes = ArchiveAttributes.With([(ArchiveLevel.Study, DicomTags.PatientState)]) }))
        {
            // At another level it is another one.
            Assert.Equal([DicomTags.PatientState], reader.AddedAttributes);
            Assert.Equal([DicomTags.ScanningSequence, DicomTags.PatientState], reader.RemovedAttributes.Order());
        }

        // Back again: what came in between has no key of it, and is not hidden by one.
        await using (SqliteArchiveIndex index = With(state))
        {
            Assert.Equal([DicomTags.PatientState], index.AddedAttributes);
            await index.CommitAsync([Put(3, "Awake")]);
            Assert.Equal(["1.2.3.1.1", "1.2.3.3.1"], await AskAsync(index, ArchiveLevel.Series, DicomTags.SeriesInstanceUID, null, false, (DicomTags.PatientState, "Aw*")));
            // Empty again, everything holds again.
            await index.CommitAsync([.. Enumerable.Range(1, 3).Select(study => IndexChange.Remove(Made.Uid(study, 1, 1)))]);
        }

        await using SqliteArchiveIndex anew = With(scanning);
        Assert.Empty(anew.AddedAttributes.Concat(anew.RemovedAttributes));
    }

    [Fact]
    public async Task An_index_of_the_second_version_gets_composed_keys_and_patients_of_two_spellings_become_one()
    {
        string path = Path.Combine(_folder, "second.sqlite"), longId = new string('7', 70) + "A";
        await using (var index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path }))
        {
            await index.CommitAsync([
                Made.Put(1, 1, 1, (DicomTags.PatientID, "M\u00FCller"), (DicomTags.PatientName, "M\u00FCller")), Made.Put(2, 1, 1, (DicomTags.PatientID, "other"), (DicomTags.AccessionNumber, "\u00C91")),
                Made.Put(3, 1, 1, (DicomTags.PatientID, longId)),
            ]);
        }

        // As the version before wrote it: keys as they came, cut at 64.
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = """
                UPDATE study SET accession = 'E' || char(769) || '1' WHERE uid = '1.2.3.2';
                UPDATE patient SET patient_id = substr(patient_id, 1, 64) WHERE length(patient_id) > 64;
                UPDATE patient SET patient_id = 'Mu' || char(776) || 'ller', attributes = $other WHERE patient_id = 'other';
                DELETE FROM meta WHERE key LIKE 'attributes%';
                PRAGMA user_version = 2
                """;
            command.Parameters.AddWithValue("$other", EntityAttributes.Encode(new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 }.Set(DicomTags.PatientID, "Mu\u0308ller")));
            command.ExecuteNonQuery();
        }

        await using var again = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = path });
        Assert.Equal(["1.2.3.1", "1.2.3.2"], await AskAsync(again, ArchiveLevel.Study, DicomTags.StudyInstanceUID, null, false, (DicomTags.PatientID, "M\u00FCller")));
        Assert.Equal(2, await again.CountAsync(new InstanceSelection { PatientId = "Mu\u0308ller" }));
        Assert.Equal(["1.2.3.2"], await AskAsync(again, ArchiveLevel.Study, DicomTags.StudyInstanceUID, null, false, (DicomTags.AccessionNumber, "\u00C91")));
        Assert.Equal(1, await again.CountAsync(new InstanceSelection { PatientId = longId }));
        Assert.Equal(2, (await again.GetStatisticsAsync()).Patients);
        Assert.Empty(again.AddedAttributes.Concat(again.RemovedAttributes));
    }

    [Fact]
    public async Task What_is_below_a_study_is_asked_study_by_study_where_a_date_leads()
    {
        // Ten a day, of two modalities.
        IEnumerable<IndexChange> Days(int from, int count) => Enumerable.Range(from, count).Select(i => Made.Put(i, 1, 1,
            (DicomTags.StudyDate, new DateOnly(2001, 1, 1).AddDays(i / 10).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)), (DicomTags.Modality, i % 2 == 0 ? "CT" : "MR")));
        var sqlite = (SqliteArchiveIndex)Index;
        var byModality = IndexQuery.Create(ArchiveLevel.Study, new DicomDataSet().Set(DicomTags.StudyDate, "20010102-20010104").Set(DicomTags.ModalitiesInStudy, "MR"), Index.Attributes);
        var byClass = IndexQuery.Create(ArchiveLevel.Instance, new DicomDataSet().Set(DicomTags.StudyInstanceUID, "1.2.3.7").Set(DicomTags.SOPClassUID, Made.Ct.ToString()), Index.Attributes);
        await CommitAsync([.. Days(0, 100)]);
        long few = await sqlite.CountStepsAsync(byModality), fewOfClass = await sqlite.CountStepsAsync(byClass);
        await CommitAsync([.. Days(100, 1900)]);
        // Twenty times as many, and the answer has the same length: so has the work, give or take a comparison.
        Assert.InRange(await sqlite.CountStepsAsync(byModality), few, few + few / 10);
        Assert.InRange(await sqlite.CountStepsAsync(byClass), fewOfClass, fewOfClass + fewOfClass / 10);
        Assert.Equal(15, (await AskAsync(Index, ArchiveLevel.Study, DicomTags.StudyInstanceUID, null, false, (DicomTags.StudyDate, "20010102-20010104"), (DicomTags.ModalitiesInStudy, "MR"))).Length);
        IReadOnlyList<string> plan = await sqlite.ExplainAsync(byModality);
        Assert.Contains(plan, line => line.Contains("study_study_date", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("CORRELATED", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.StartsWith("SCAN", StringComparison.Ordinal) && !line.Contains("json_each", StringComparison.Ordinal) && !line.Contains("CONSTANT", StringComparison.Ordinal)
            && !line.Contains("subquery", StringComparison.Ordinal));
    }
}
