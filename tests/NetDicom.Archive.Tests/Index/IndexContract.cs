namespace NetDicom.Archive.Tests.Index;

/// <summary>What every index has to do: the suite is inherited by each implementation.</summary>
public abstract class IndexContract : IAsyncLifetime
{
    private IArchiveIndex? _index;

    private protected IArchiveIndex Index => _index!;

    public ValueTask InitializeAsync()
    {
        _index = Create();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_index is not null)
            await _index.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract IArchiveIndex Create();

    private protected Task CommitAsync(params IndexChange[] changes) => Index.CommitAsync(changes).AsTask();

    private protected async Task<string[]> FindAsync(ArchiveLevel level, DicomTag answer, params (DicomTag Tag, string Value)[] keys) => await AskAsync(Index, level, answer, null, false, keys);

    private protected static async Task<string[]> AskAsync(IArchiveIndex index, ArchiveLevel level, DicomTag answer, MatchingOptions? options, bool relational, params (DicomTag Tag, string Value)[] keys)
    {
        var identifier = new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 };
        foreach ((DicomTag tag, string value) in keys)
        {
            if (value.Length == 0)
                identifier.Set(DicomElement.CreateEmpty(tag, DicomDictionary.TryGet(tag, out DictionaryEntry entry) ? entry.VR : DicomVR.UN));
            else
                identifier.Set(tag, value.Split('\\'));
        }

        if (!identifier.Contains(answer))
            identifier.Set(DicomElement.CreateEmpty(answer, DicomDictionary.TryGet(answer, out DictionaryEntry own) ? own.VR : DicomVR.UN));
        var query = IndexQuery.Create(level, identifier, index.Attributes, options, relational);
        var found = new List<string>();
        await foreach (DicomDataSet entity in index.FindAsync(query))
            found.Add(string.Join('\\', query.Attributes.BuildResponse(entity).GetStrings(answer)));
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private async Task<string[]> SelectAsync(InstanceSelection selection) => await Index.SelectAsync(selection).Select(instance => instance.SopInstanceUid.ToString()).ToArrayAsync();

    [Fact]
    public async Task Each_entity_is_found_once_at_its_level()
    {
        await CommitAsync(Made.Put(1, 1, 1), Made.Put(1, 1, 2), Made.Put(1, 2, 1), Made.Put(2, 1, 1));
        Assert.Equal(["P1", "P2"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID));
        Assert.Equal(["1.2.3.1", "1.2.3.2"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID));
        Assert.Equal(["1.2.3.1.1", "1.2.3.1.2", "1.2.3.2.1"], await FindAsync(ArchiveLevel.Series, DicomTags.SeriesInstanceUID));
        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2", "1.2.3.1.2.1", "1.2.3.2.1.1"], await FindAsync(ArchiveLevel.Instance, DicomTags.SOPInstanceUID));
    }

    [Fact]
    public async Task A_query_goes_down_by_unique_keys()
    {
        await CommitAsync(Made.Put(1, 1, 1), Made.Put(1, 1, 2), Made.Put(1, 2, 1), Made.Put(2, 1, 1));
        Assert.Equal(["1.2.3.1"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.PatientID, "P1")));
        Assert.Equal(["1.2.3.1.1.1", "1.2.3.1.1.2"], await FindAsync(ArchiveLevel.Instance, DicomTags.SOPInstanceUID,
            (DicomTags.PatientID, "P1"), (DicomTags.StudyInstanceUID, "1.2.3.1"), (DicomTags.SeriesInstanceUID, "1.2.3.1.1")));
        Assert.Empty(await FindAsync(ArchiveLevel.Series, DicomTags.SeriesInstanceUID, (DicomTags.StudyInstanceUID, "1.2.3.9")));
        Assert.Equal(["1.2.3.1", "1.2.3.2"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.StudyInstanceUID, "1.2.3.1\\1.2.3.2\\1.2.3.7")));
    }

    [Theory]
    [InlineData("PatientName", "name1*", "1")]
    [InlineData("PatientName", "NAME?^given", "1 2 3")]
    [InlineData("PatientName", "Name2^Given", "2")]
    [InlineData("PatientName", "*2^G*", "2")]
    [InlineData("StudyDate", "20040102", "2")]
    [InlineData("StudyDate", "20040102-", "2 3")]
    [InlineData("StudyDate", "-20040102", "1 2")]
    [InlineData("StudyDate", "20040101-20040102", "1 2")]
    [InlineData("AccessionNumber", "A1", "1")]
    [InlineData("AccessionNumber", "a1", "")]
    [InlineData("AccessionNumber", "A?", "1 2 3")]
    [InlineData("StudyID", "S3", "3")]
    [InlineData("PatientID", "P*", "1 2 3")]
    [InlineData("ModalitiesInStudy", "MR", "3")]
    [InlineData("ModalitiesInStudy", "CT", "1 2 3")]
    [InlineData("SOPClassesInStudy", "1.2.840.10008.5.1.4.1.1.4", "3")]
    [InlineData("ReferringPhysicianName", "doctor*", "2")]
    [InlineData("StudyDescription", "Head*", "3")]
    [InlineData("NumberOfStudyRelatedInstances", "2", "3")]
    [InlineData("PatientBirthDate", "19700101", "1")]
    public async Task A_study_is_found_by_each_of_its_keys(string keyword, string value, string studies)
    {
        await CommitAsync(
            Made.Put(1, 1, 1, (DicomTags.PatientBirthDate, "19700101")), Made.Put(2, 1, 1, (DicomTags.ReferringPhysicianName, "Döctor^Who")),
            Made.Put(3, 1, 1, (DicomTags.StudyDescription, "Head CT")), Made.Put(3, 2, 1, (DicomTags.Modality, "MR"), (DicomTags.SOPClassUID, SopClasses.MRImageStorage.ToString())));
        DicomDictionary.TryGet(keyword, out DictionaryEntry entry);
        Assert.Equal(studies.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(study => "1.2.3." + study), await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (entry.Tag, value)));
    }

    [Fact]
    public async Task A_required_key_without_a_value_matches_and_an_optional_one_does_not()
    {
        await CommitAsync(Made.Put(1, 1, 1, (DicomTags.PatientName, ""), (DicomTags.StudyDate, ""), (DicomTags.AccessionNumber, "")));
        Assert.Single(await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.PatientName, "Smith"), (DicomTags.StudyDate, "20200101-"), (DicomTags.AccessionNumber, "7")));
        Assert.Empty(await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.StudyDescription, "X")));
    }

    [Fact]
    public async Task Names_are_found_without_case_and_accents_and_in_any_component_group()
    {
        await CommitAsync(Made.Put(1, 1, 1, (DicomTags.PatientName, "Müller^Jürgen")), Made.Put(2, 1, 1, (DicomTags.PatientName, "Yamada^Tarou=山田^太郎=やまだ^たろう")));
        Assert.Equal(["P1"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientName, "MULLER^JURGEN")));
        Assert.Equal(["P2"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientName, "山田*")));
        Assert.Equal(["P2"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientName, "=*=やまだ*")));
        Assert.Equal(["P1"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientName, "muller^*")));
    }

    [Fact]
    public async Task Counts_modalities_and_classes_are_computed()
    {
        await CommitAsync(
            Made.Put(1, 1, 1), Made.Put(1, 1, 2), Made.Put(1, 2, 1, (DicomTags.Modality, "MR"), (DicomTags.SOPClassUID, SopClasses.MRImageStorage.ToString())), Made.Put(2, 1, 1, (DicomTags.PatientID, "P1")));
        Assert.Equal(["2"], await FindAsync(ArchiveLevel.Patient, DicomTags.NumberOfPatientRelatedStudies));
        Assert.Equal(["3"], await FindAsync(ArchiveLevel.Patient, DicomTags.NumberOfPatientRelatedSeries));
        Assert.Equal(["4"], await FindAsync(ArchiveLevel.Patient, DicomTags.NumberOfPatientRelatedInstances));
        Assert.Equal(["1", "2"], await FindAsync(ArchiveLevel.Study, DicomTags.NumberOfStudyRelatedSeries));
        Assert.Equal(["1", "3"], await FindAsync(ArchiveLevel.Study, DicomTags.NumberOfStudyRelatedInstances));
        Assert.Equal(["1", "1", "2"], await FindAsync(ArchiveLevel.Series, DicomTags.NumberOfSeriesRelatedInstances));
        Assert.Equal(["CT", "CT\\MR"], await FindAsync(ArchiveLevel.Study, DicomTags.ModalitiesInStudy));
        Assert.Equal(["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2\\1.2.840.10008.5.1.4.1.1.4"], await FindAsync(ArchiveLevel.Study, DicomTags.SOPClassesInStudy));
        Assert.Equal(["1.2.840.10008.1.2.1"], await FindAsync(ArchiveLevel.Instance, DicomTags.AvailableTransferSyntaxUID, (DicomTags.SOPInstanceUID, "1.2.3.1.1.1")));
    }

    [Fact]
    public async Task Relational_queries_ask_of_what_is_below()
    {
        await CommitAsync(Made.Put(1, 1, 1), Made.Put(1, 2, 1, (DicomTags.Modality, "MR")), Made.Put(2, 1, 1, (DicomTags.Modality, "MR")), Made.Put(3, 1, 1));
        Assert.Equal(["1.2.3.1", "1.2.3.2"], await AskAsync(Index, ArchiveLevel.Study, DicomTags.StudyInstanceUID, null, true, (DicomTags.Modality, "MR")));
        Assert.Equal(["P2"], await AskAsync(Index, ArchiveLevel.Patient, DicomTags.PatientID, null, true, (DicomTags.SOPInstanceUID, "1.2.3.2.1.1")));
        Assert.Equal(["1.2.3.3.1.1"], await AskAsync(Index, ArchiveLevel.Instance, DicomTags.SOPInstanceUID, null, true, (DicomTags.StudyDate, "20040103")));
        // Without negotiation such a key is none.
        Assert.Equal(3, (await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.Modality, "MR"))).Length);
    }

    [Fact]
    public async Task The_first_value_of_an_attribute_stays_and_missing_ones_are_filled_in()
    {
        await CommitAsync(Made.Put(1, 1, 1));
        await CommitAsync(Made.Put(1, 1, 2, (DicomTags.StudyDescription, "First"), (DicomTags.PatientSex, "F"), (DicomTags.SeriesDescription, "Axial")));
        await CommitAsync(Made.Put(1, 2, 1, (DicomTags.StudyDescription, "Second"), (DicomTags.StudyDate, "20990101")));
        Assert.Equal(["First"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyDescription));
        Assert.Equal(["20040101"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyDate));
        Assert.Equal(["F"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientSex));
        Assert.Equal(["", "Axial"], await FindAsync(ArchiveLevel.Series, DicomTags.SeriesDescription));
        Assert.Single(await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.StudyDescription, "F*")));
    }

    [Fact]
    public async Task Patients_with_one_id_of_two_issuers_are_two_and_those_without_an_id_are_each_their_own()
    {
        await CommitAsync(
            Made.Put(1, 1, 1, (DicomTags.PatientID, "7"), (DicomTags.IssuerOfPatientID, "A")), Made.Put(2, 1, 1, (DicomTags.PatientID, "7"), (DicomTags.IssuerOfPatientID, "B")),
            Made.Put(3, 1, 1, (DicomTags.PatientID, "")), Made.Put(4, 1, 1, (DicomTags.PatientID, "")));
        Assert.Equal(["A", "B"], await FindAsync(ArchiveLevel.Patient, DicomTags.IssuerOfPatientID, (DicomTags.IssuerOfPatientID, "?")));
        Assert.Equal(["Name3^Given", "Name4^Given"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientName, (DicomTags.PatientName, "Name3*\\Name4*")));
    }

    [Fact]
    public async Task A_change_of_patient_within_a_study_does_not_divide_the_study()
    {
        await CommitAsync(Made.Put(1, 1, 1), Made.Put(1, 1, 2, (DicomTags.PatientID, "OTHER"), (DicomTags.PatientName, "Other")));
        Assert.Equal(["P1"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID));
        Assert.Equal(["2"], await FindAsync(ArchiveLevel.Study, DicomTags.NumberOfStudyRelatedInstances));
    }

    [Fact]
    public async Task What_has_no_study_is_stored_and_found_by_its_own_uid_only()
    {
        await CommitAsync(Made.Put(1, 1, 1, (DicomTags.StudyInstanceUID, ""), (DicomTags.SeriesInstanceUID, ""), (DicomTags.PatientID, ""), (DicomTags.PatientName, "")));
        Assert.Empty(await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID));
        Assert.NotNull(await Index.FindInstanceAsync(Made.Uid(1, 1, 1)));
        Assert.Single(await SelectAsync(new InstanceSelection { Instances = [Made.Uid(1, 1, 1)] }));
    }

    [Fact]
    public async Task Instances_are_selected_by_unique_keys_in_the_order_of_their_numbers()
    {
        await CommitAsync(Made.Put(1, 2, 1), Made.Put(1, 1, 10), Made.Put(1, 1, 2), Made.Put(2, 1, 1));
        Assert.Equal(["1.2.3.1.1.2", "1.2.3.1.1.10", "1.2.3.1.2.1"], await SelectAsync(new InstanceSelection { Studies = [new("1.2.3.1")] }));
        Assert.Equal(["1.2.3.1.1.2", "1.2.3.1.1.10"], await SelectAsync(new InstanceSelection { Series = [new("1.2.3.1.1")], PatientId = "P1" }));
        Assert.Empty(await SelectAsync(new InstanceSelection { Series = [new("1.2.3.1.1")], PatientId = "P2" }));
        Assert.Equal(2, await Index.CountAsync(new InstanceSelection { Instances = [Made.Uid(1, 1, 2), Made.Uid(2, 1, 1), Made.Uid(9, 9, 9)] }));
        Assert.Empty(await SelectAsync(new InstanceSelection()));
    }

    [Fact]
    public async Task Putting_an_instance_again_replaces_it_and_removing_the_last_removes_what_is_above()
    {
        await CommitAsync(Made.Put(1, 1, 1), Made.Put(2, 1, 1));
        await CommitAsync(Made.Put(1, 1, 1, (DicomTags.SeriesInstanceUID, "1.2.3.1.5")));
        Assert.Equal(["1.2.3.1.5"], await FindAsync(ArchiveLevel.Series, DicomTags.SeriesInstanceUID, (DicomTags.StudyInstanceUID, "1.2.3.1")));
        await CommitAsync(IndexChange.Remove(Made.Uid(1, 1, 1)));
        Assert.Equal(["P2"], await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID));
        Assert.Empty(await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientName, "Name1*")));
        IndexStatistics statistics = await Index.GetStatisticsAsync();
        Assert.Equal((1, 1, 1, 1), (statistics.Patients, statistics.Studies, statistics.Series, statistics.Instances));
    }

    [Fact]
    public async Task An_instance_comes_back_as_it_was_put()
    {
        InstanceRecord record = Made.Record(Made.DataSet(1, 1, 1));
        await CommitAsync(IndexChange.Put(record));
        IndexedInstance found = (await Index.FindInstanceAsync(record.Instance.SopInstanceUid))!;
        Assert.True(found.HasSameContent(record.Instance));
        Assert.Equal(record.Instance with { DataSetHash = default, HeadHash = default }, found with { DataSetHash = default, HeadHash = default });
        Assert.True(found.HeadHash.Span.SequenceEqual(record.Instance.HeadHash.Span));
        Assert.Equal(record.Instance.File, Assert.Single(await Index.GetFolderAsync("1.2.3.1/1.2.3.1.1")).File);
        Assert.Null(await Index.FindInstanceAsync(new DicomUid("1.2.9")));
    }

    [Fact]
    public async Task Answers_of_several_pages_are_complete_and_stop_when_told()
    {
        await CommitAsync([.. Enumerable.Range(1, 450).Select(i => Made.Put(1, 1, i))]);
        Assert.Equal(450, (await FindAsync(ArchiveLevel.Instance, DicomTags.SOPInstanceUID)).Length);
        Assert.Equal(450, await Index.GetAllAsync().CountAsync());
        using var stop = new CancellationTokenSource();
        int seen = 0;
        var query = IndexQuery.Create(ArchiveLevel.Instance, [], Index.Attributes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DicomDataSet _ in Index.FindAsync(query, stop.Token))
            {
                if (++seen == 3)
                    await stop.CancelAsync();
            }
        });
        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task Pages_go_through_all_instances_in_the_order_of_their_uids()
    {
        await CommitAsync([.. Enumerable.Range(1, 25).Select(i => Made.Put(i % 3 + 1, 1, i))]);
        var seen = new List<string>();
        DicomUid after = default;
        while (await Index.GetPageAsync(after, 10) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(instance => instance.SopInstanceUid.ToString()));
            after = page[^1].SopInstanceUid;
            if (seen.Count == 10)
                await CommitAsync(IndexChange.Remove(page[^1].SopInstanceUid));
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task The_oldest_studies_come_first_with_what_they_weigh()
    {
        IndexChange At(int study, int instance, int minutes, string date)
        {
            InstanceRecord record = Made.Record(Made.DataSet(study, 1, instance, (DicomTags.StudyDate, date)));
            return IndexChange.Put(record with { Instance = record.Instance with { StoredAt = DateTimeOffset.UnixEpoch.AddMinutes(minutes), Length = 1000 } });
        }

        await CommitAsync(At(1, 1, 10, "20200101"), At(2, 1, 20, "20190101"), At(3, 1, 30, ""), At(1, 2, 40, ""), At(4, 1, 50, "20210101"), At(4, 2, 60, ""));
        await CommitAsync(IndexChange.Remove(Made.Uid(4, 1, 2)));
        IReadOnlyList<StoredStudy> received = await Index.GetOldestStudiesAsync(StudyOrder.Received, 3);
        Assert.Equal(["1.2.3.2", "1.2.3.3", "1.2.3.1"], received.Select(study => study.StudyInstanceUid.ToString()));
        Assert.Equal(new StoredStudy(new DicomUid("1.2.3.1"), new DateOnly(2020, 1, 1), DateTimeOffset.UnixEpoch.AddMinutes(40), 2, 2000), received[2]);
        // Without a Study Date: when it came, which was in 1970.
        Assert.Equal(["1.2.3.3", "1.2.3.2", "1.2.3.1", "1.2.3.4"], (await Index.GetOldestStudiesAsync(StudyOrder.StudyDate, 9)).Select(study => study.StudyInstanceUid.ToString()));
        // The later of the two: study 3 has no date, and all of them came in 1970.
        await CommitAsync(At(6, 1, 60 * 24 * 365 * 51, "20010101"));
        Assert.Equal(["1.2.3.3", "1.2.3.2", "1.2.3.1", "1.2.3.6", "1.2.3.4"], (await Index.GetOldestStudiesAsync(StudyOrder.Later, 9)).Select(study => study.StudyInstanceUid.ToString()));
        await CommitAsync(IndexChange.Remove(Made.Uid(6, 1, 1)));
        IndexStatistics statistics = await Index.GetStatisticsAsync();
        Assert.Equal((4, 5, 5000), (statistics.Studies, statistics.Instances, statistics.Bytes));
        await Index.CompactAsync();
        await CommitAsync(At(5, 1, 70, ""));
        Assert.Equal(6, (await Index.GetStatisticsAsync()).Instances);
    }

    [Fact]
    public async Task Texts_are_found_however_their_characters_are_composed()
    {
        await CommitAsync(
            Made.Put(1, 1, 1, (DicomTags.PatientID, "M\u00FCller-1"), (DicomTags.AccessionNumber, "Re\u0301sume\u0301")), Made.Put(2, 1, 1, (DicomTags.PatientID, "Mu\u0308ller-1"), (DicomTags.AccessionNumber, "R\u00E9sum\u00E9")));
        foreach (string id in (string[])["M\u00FCller-1", "Mu\u0308ller-1"])
        {
            // One patient, whoever wrote the ID; found, and retrieved.
            Assert.Single(await FindAsync(ArchiveLevel.Patient, DicomTags.PatientID, (DicomTags.PatientID, id)));
            Assert.Equal(["1.2.3.1", "1.2.3.2"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.PatientID, id)));
            Assert.Equal(2, await Index.CountAsync(new InstanceSelection { PatientId = id }));
        }

        foreach (string number in (string[])["Re\u0301sume\u0301", "R\u00E9sum\u00E9", "R?sum\u00E9", "Re\u0301*"])
            Assert.Equal(["1.2.3.1", "1.2.3.2"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.AccessionNumber, number)));
        Assert.Empty(await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.AccessionNumber, "r\u00E9sum\u00E9")));
    }

    [Fact]
    public async Task Patient_ids_longer_than_the_standard_allows_are_told_apart_found_and_retrieved()
    {
        string one = new string('1', 70) + "A", two = new string('1', 70) + "B", edge = new('1', 64);
        await CommitAsync(Made.Put(1, 1, 1, (DicomTags.PatientID, one)), Made.Put(2, 1, 1, (DicomTags.PatientID, two)), Made.Put(3, 1, 1, (DicomTags.PatientID, edge)));
        Assert.Equal(3, (await Index.GetStatisticsAsync()).Patients);
        foreach ((string id, int study) in ((string, int)[])[(one, 1), (two, 2), (edge, 3)])
        {
            Assert.Equal([$"1.2.3.{study}"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.PatientID, id)));
            Assert.Equal([$"1.2.3.{study}.1.1"], await SelectAsync(new InstanceSelection { PatientId = id }));
        }

        Assert.Equal(["1.2.3.1", "1.2.3.2", "1.2.3.3"], await FindAsync(ArchiveLevel.Study, DicomTags.StudyInstanceUID, (DicomTags.PatientID, edge + "*")));
    }

    [Fact]
    public async Task Studies_whose_uid_is_none_do_not_hide_the_oldest_one_behind_them()
    {
        for (int i = 1; i <= 5; i++)
            await CommitAsync(Made.Put(i, 1, 1, (DicomTags.StudyInstanceUID, $"no uid {i}"), (DicomTags.StudyDate, "19990101")));
        await CommitAsync(Made.Put(6, 1, 1, (DicomTags.StudyDate, "20200101")), Made.Put(7, 1, 1, (DicomTags.StudyDate, "20200102")));
        Assert.Equal(["1.2.3.6"], (await Index.GetOldestStudiesAsync(StudyOrder.StudyDate, 1)).Select(study => study.StudyInstanceUid.ToString()));
        Assert.Equal(["1.2.3.6", "1.2.3.7"], (await Index.GetOldestStudiesAsync(StudyOrder.StudyDate, 2)).Select(study => study.StudyInstanceUid.ToString()));
        Assert.Equal(["1.2.3.6", "1.2.3.7"], (await Index.GetOldestStudiesAsync(StudyOrder.StudyDate, 3)).Select(study => study.StudyInstanceUid.ToString()));
    }

    [Fact]
    public async Task Encapsulated_pixel_data_within_a_key_are_left_out_of_the_index()
    {
        var icon = new DicomDataSet().Set(DicomTags.ReferencedSOPInstanceUID, new DicomUid("1.2.9"));
        icon.Set(DicomElement.Create(DicomTags.PixelData, new DicomFragments([new byte[] { 1, 2, 3, 4 }])));
        InstanceRecord record = Made.Record(Made.DataSet(1, 1, 1));
        record.Attributes.Set(DicomTags.ReferencedStudySequence, icon);
        await CommitAsync(IndexChange.Put(record), Made.Put(2, 1, 1));
        Assert.Equal(2, (await Index.GetStatisticsAsync()).Instances);
        Assert.Equal(["1.2.3.1"], await AskAsync(Index, ArchiveLevel.Study, DicomTags.StudyInstanceUID, null, false, (DicomTags.PatientID, "P1")));
    }

    [Fact]
    public async Task Clean_and_last_commit_are_kept()
    {
        Assert.False((await Index.GetStatisticsAsync()).IsClean);
        Assert.Null((await Index.GetStatisticsAsync()).LastCommit);
        await CommitAsync(Made.Put(1, 1, 1));
        await Index.SetCleanAsync(true);
        IndexStatistics statistics = await Index.GetStatisticsAsync();
        Assert.True(statistics.IsClean);
        Assert.NotNull(statistics.LastCommit);
    }
}

/// <summary>The reference keeps its own contract.</summary>
public sealed class ReferenceIndexTests : IndexContract
{
    private protected override IArchiveIndex Create() => new ReferenceIndex();
}
