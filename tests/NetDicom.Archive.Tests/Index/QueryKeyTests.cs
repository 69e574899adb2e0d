using NetDicom.Archive.Sqlite;

namespace NetDicom.Archive.Tests.Index;

/// <summary>Every key of PS3.4 tables C.6-1 to C.6-5 (eng/standard/qr-keys.tsv) with every kind of matching that its VR has (section C.2.2.2), asked of the index on SQLite.</summary>
public sealed class QueryKeyTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-keys-").FullName;
    private SqliteArchiveIndex? _index;

    private static readonly IReadOnlyList<string[]> _rows = Facts.Read("qr-keys.tsv");

    public ValueTask InitializeAsync()
    {
        _index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Path.Combine(_folder, "index.sqlite"), Durability = Durability.None });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _index!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Level and path of each key that instances carry; what the index works out is in the next test.</summary>
    public static TheoryData<string, string, string> Keys() =>
        [.. _rows.Where(row => !ArchiveAttributes.Computed.Contains(DicomTag.Parse(row[3])) && !HasChildren(row)).Select(row => new TheoryDataRow<string, string, string>(row[0], row[1], row[2]))];

    [Theory, MemberData(nameof(Keys))]
    public async Task A_key_is_matched_in_every_way_and_returned(string level, string model, string path)
    {
        Assert.Contains(model, (string[])["patient-root", "study-root", "both"]);
        DicomTag[] tags = [.. path.Split('/').Select(tag => DicomTag.Parse(tag))];
        DicomDictionary.TryGet(tags[^1], out DictionaryEntry entry);
        // A sequence of which the table names no attribute is asked by one that its items have.
        if (entry.VR == DicomVR.SQ)
        {
            tags = [.. tags, DicomTags.CodeValue];
            DicomDictionary.TryGet(tags[^1], out entry);
        }

        (string first, string second) = Values(entry.VR);
        await _index!.CommitAsync([Put(1, tags, first), Put(2, tags, second)]);
        Assert.Equal([first], await FindAsync(level, tags, first));
        Assert.Equal([first, second], await FindAsync(level, tags, ""));
        Assert.Empty(await FindAsync(level, tags, Other(entry.VR)));
        if (entry.VR == DicomVR.UI)
            Assert.Equal([first, second], await FindAsync(level, tags, $"{first}\\{second}"));
        if (HasWildCards(entry.VR))
        {
            Assert.Equal([second], await FindAsync(level, tags, second[..1] + "*"));
            Assert.Equal([first, second], await FindAsync(level, tags, "*"));
            Assert.Equal([first], await FindAsync(level, tags, "?" + first[1..]));
        }

        if (entry.VR == DicomVR.DA || entry.VR == DicomVR.TM || entry.VR == DicomVR.DT)
        {
            Assert.Equal([first], await FindAsync(level, tags, $"-{first}"));
            Assert.Equal([second], await FindAsync(level, tags, $"{second}-"));
            Assert.Equal([first, second], await FindAsync(level, tags, $"{first}-{second}"));
        }

        if (entry.VR == DicomVR.PN)
            Assert.Equal([first], await FindAsync(level, tags, first.ToLowerInvariant()));
    }

    [Theory]
    [InlineData(ArchiveLevel.Patient, "NumberOfPatientRelatedStudies", "1", 2)]
    [InlineData(ArchiveLevel.Patient, "NumberOfPatientRelatedSeries", "2", 1)]
    [InlineData(ArchiveLevel.Patient, "NumberOfPatientRelatedInstances", "3", 1)]
    [InlineData(ArchiveLevel.Study, "NumberOfStudyRelatedSeries", "2", 1)]
    [InlineData(ArchiveLevel.Study, "NumberOfStudyRelatedInstances", "3", 1)]
    [InlineData(ArchiveLevel.Study, "ModalitiesInStudy", "MR", 1)]
    [InlineData(ArchiveLevel.Study, "SOPClassesInStudy", "1.2.840.10008.5.1.4.1.1.4", 1)]
    [InlineData(ArchiveLevel.Series, "NumberOfSeriesRelatedInstances", "2", 1)]
    [InlineData(ArchiveLevel.Instance, "AvailableTransferSyntaxUID", "1.2.840.10008.1.2.1", 4)]
    public async Task What_the_index_works_out_is_matched_and_returned(ArchiveLevel level, string keyword, string value, int matches)
    {
        await _index!.CommitAsync(
        [
            Made.Put(1, 1, 1), Made.Put(1, 1, 2), Made.Put(1, 2, 1, (DicomTags.Modality, "MR"), (DicomTags.SOPClassUID, SopClasses.MRImageStorage.ToString())), Made.Put(2, 1, 1),
        ]);
        DicomDictionary.TryGet(keyword, out DictionaryEntry entry);
        string[] found = await FindAsync(level, [entry.Tag], value);
        Assert.Equal(matches, found.Length);
        Assert.All(found, one => Assert.Contains(value, one, StringComparison.Ordinal));
        // 999 and the like are none of theirs.
        Assert.Empty(await FindAsync(level, [entry.Tag], entry.VR == DicomVR.UI ? "1.2.999" : entry.VR == DicomVR.CS ? "US" : "999"));
    }

    [Fact]
    public void Every_key_of_the_standard_is_in_one_of_the_two_tests()
    {
        string[] computed = [.. typeof(QueryKeyTests).GetMethod(nameof(What_the_index_works_out_is_matched_and_returned))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(data => (string)data.Data[1]!)];
        Assert.Equal(_rows.Count, Keys().Count + _rows.Count(row => computed.Contains(row[4])) + _rows.Count(HasChildren));
        Assert.True(Keys().Count > 80);
    }

    private static bool HasChildren(string[] row) => _rows.Any(other => other[0] == row[0] && other[1] == row[1] && other[2].StartsWith(row[2] + "/", StringComparison.Ordinal));

    private static IndexChange Put(int study, DicomTag[] path, string value)
    {
        DicomDataSet set = Made.DataSet(study, 1, 1);
        if (path.Length == 1)
            set.Set(path[0], value);
        else
            set.Set(path[0], new DicomDataSet().Set(path[^1], value));
        return IndexChange.Put(Made.Record(set));
    }

    // Relational, so that instances of two studies can be told apart at any level without naming them.
    private Task<string[]> FindAsync(string level, DicomTag[] path, string value) => FindAsync(
        level switch { "PATIENT" => ArchiveLevel.Patient, "STUDY" => ArchiveLevel.Study, "SERIES" => ArchiveLevel.Series, _ => ArchiveLevel.Instance }, path, value);

    private async Task<string[]> FindAsync(ArchiveLevel level, DicomTag[] path, string value)
    {
        DicomDataSet key = Ask.Set(path[^1], value);
        DicomDataSet identifier = path.Length == 1 ? key : new DicomDataSet().Set(path[0], key);
        var query = IndexQuery.Create(level, identifier, _index!.Attributes, null, isRelational: true);
        Assert.False(query.Attributes.HasUnsupportedKeys);
        var found = new List<string>();
        await foreach (DicomDataSet entity in _index.FindAsync(query))
        {
            DicomDataSet response = query.Attributes.BuildResponse(entity);
            DicomDataSet holder = path.Length == 1 ? response : Assert.Single(response.GetSequence(path[0])!);
            found.Add(string.Join('\\', holder.GetStrings(path[^1])));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static bool HasWildCards(DicomVR vr) => vr == DicomVR.PN || vr == DicomVR.LO || vr == DicomVR.SH || vr == DicomVR.CS || vr == DicomVR.LT || vr == DicomVR.ST || vr == DicomVR.UT || vr == DicomVR.UC;

    private static (string First, string Second) Values(DicomVR vr) =>
        vr == DicomVR.PN ? ("Adams^Ann", "Brown^Bob") : vr == DicomVR.DA ? ("20010101", "20020202") : vr == DicomVR.TM ? ("010101", "020202") : vr == DicomVR.DT ? ("20010101010101", "20020202020202")
        : vr == DicomVR.AS ? ("010Y", "020Y") : vr == DicomVR.DS || vr == DicomVR.IS ? ("11", "22") : vr == DicomVR.UI ? ("1.2.826.9.1", "1.2.826.9.2") : ("AAA1", "BBB2");

    private static string Other(DicomVR vr) =>
        vr == DicomVR.PN ? "Clark^Cid" : vr == DicomVR.DA ? "20030303" : vr == DicomVR.TM ? "030303" : vr == DicomVR.DT ? "20030303030303"
        : vr == DicomVR.AS ? "030Y" : vr == DicomVR.DS || vr == DicomVR.IS ? "33" : vr == DicomVR.UI ? "1.2.826.9.3" : "CCC3";
}
