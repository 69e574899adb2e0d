namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 annex K.</summary>
public class WorklistStoreTests
{
    private static readonly IReadOnlyList<string[]> _keys = Facts.Read("mwl-keys.tsv");

    private static DicomDataSet Step(string station, string modality, string date, string time) => Ask.Of((DicomTags.ScheduledStationAETitle, station), (DicomTags.Modality, modality),
        (DicomTags.ScheduledProcedureStepStartDate, date), (DicomTags.ScheduledProcedureStepStartTime, time), (DicomTags.ScheduledPerformingPhysicianName, "House^Greg"));

    private static WorklistStore Store()
    {
        var store = new WorklistStore();
        store.Set("1", Ask.Of((DicomTags.PatientName, "Smith^John"), (DicomTags.PatientID, "P1"), (DicomTags.AccessionNumber, "A1"))
            .Set(DicomTags.ScheduledProcedureStepSequence, Step("CT1", "CT", "20200101", "0900"), Step("MR1", "MR", "20200101", "1500")));
        store.Set("2", Ask.Of((DicomTags.PatientName, "Miller^Jane"), (DicomTags.PatientID, "P2"), (DicomTags.AccessionNumber, ""))
            .Set(DicomTags.ScheduledProcedureStepSequence, Step("CT1", "CT", "20200102", "0800")));
        return store;
    }

    private static DicomDataSet Query(params ReadOnlySpan<(DicomTag Tag, string Value)> step) =>
        Ask.Of((DicomTags.PatientName, ""), (DicomTags.PatientID, "")).Set(DicomTags.ScheduledProcedureStepSequence, Ask.Of(step));

    [Fact]
    public void Each_step_is_a_response_of_its_own_with_one_item()
    {
        DicomDataSet[] all = [.. Store().Find(Query((DicomTags.Modality, "")))];
        Assert.Equal(["CT", "MR", "CT"], all.Select(one => Assert.Single(one.GetSequence(DicomTags.ScheduledProcedureStepSequence)!).GetString(DicomTags.Modality)));
    }

    /// <summary>The keys that every provider must match, with a value that finds something and one that finds nothing.</summary>
    [Theory]
    [InlineData("00100010", "Smith*", "Jones*", 2)]
    [InlineData("00100010", "Miller^Jane", "Miller^June", 1)]
    [InlineData("00100020", "P1", "P3", 2)]
    [InlineData("00400100/00080060", "CT", "US", 2)]
    [InlineData("00400100/00400001", "MR1", "US1", 1)]
    [InlineData("00400100/00400002", "20200101", "20200103", 2)]
    [InlineData("00400100/00400002", "20200101-20200102", "20200103-", 3)]
    [InlineData("00400100/00400003", "0900", "0901", 1)]
    [InlineData("00400100/00400003", "0800-1000", "1600-", 2)]
    [InlineData("00400100/00400006", "House*", "Cuddy*", 3)]
    public void A_required_key_is_matched(string path, string found, string notFound, int matches)
    {
        Assert.Equal("R", _keys.Single(row => row[0] == path)[3]);
        string[] tags = path.Split('/');
        DicomDataSet Identifier(string value) => tags.Length == 1
            ? Ask.Of((DicomTag.Parse(tags[0]), value))
            : new DicomDataSet().Set(DicomTag.Parse(tags[0]), Ask.Of((DicomTag.Parse(tags[1]), value)));
        Assert.Equal(matches, Store().Find(Identifier(found)).Count());
        Assert.Empty(Store().Find(Identifier(notFound)));
    }

    [Fact]
    public void Every_required_key_of_the_standard_is_tried_above()
    {
        string[] tried = [.. typeof(WorklistStoreTests).GetMethod(nameof(A_required_key_is_matched))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(data => (string)data.Data[0]!)];
        Assert.Empty(_keys.Where(row => row[3] == "R" && row[0] != "00400100").Select(row => row[0]).Except(tried));
    }

    [Fact]
    public void Date_and_time_are_one_interval()
    {
        // From the 1st, 14:00 to the 2nd, 09:00.
        DicomDataSet query = Query((DicomTags.ScheduledProcedureStepStartDate, "20200101-20200102"), (DicomTags.ScheduledProcedureStepStartTime, "1400-0900"));
        Assert.Equal(["Smith^John", "Miller^Jane"], Store().Find(query).Select(one => one.GetString(DicomTags.PatientName)));
    }

    [Fact]
    public void An_unknown_value_never_matches()
    {
        Assert.Equal(["P1", "P1"], Store().Find(Ask.Of((DicomTags.PatientID, ""), (DicomTags.AccessionNumber, "A1"))).Select(one => one.GetString(DicomTags.PatientID)));
        Assert.Empty(Store().Find(Ask.Of((DicomTags.AccessionNumber, "A2"))));
    }

    [Fact]
    public void What_was_asked_for_comes_back_and_nothing_else()
    {
        DicomDataSet response = Store().Find(Query((DicomTags.Modality, "MR"), (DicomTags.ScheduledProcedureStepDescription, ""))).Single();
        Assert.Equal(3, response.Count);
        DicomDataSet step = response.GetSequence(DicomTags.ScheduledProcedureStepSequence)![0];
        Assert.Equal((2, true), (step.Count, step[DicomTags.ScheduledProcedureStepDescription].IsEmpty));
    }

    [Fact]
    public void Entries_are_replaced_and_removed_and_have_a_limit()
    {
        WorklistStore store = Store();
        store.Set("1", Ask.Of((DicomTags.PatientID, "P9")).Set(DicomTags.ScheduledProcedureStepSequence, Step("CT1", "CT", "20200101", "0900")));
        Assert.Equal(2, store.StepCount);
        Assert.True(store.Remove("2"));
        Assert.False(store.Remove("2"));
        Assert.Equal(1, store.StepCount);
        Assert.Throws<ArgumentException>(() => store.Set("3", Ask.Of((DicomTags.PatientID, "P9"))));
        var small = new WorklistStore(1);
        Assert.Throws<InvalidOperationException>(() => small.Set("1", new DicomDataSet().Set(DicomTags.ScheduledProcedureStepSequence, [], [])));
    }

    [Fact]
    public void What_was_put_in_is_a_copy()
    {
        var store = new WorklistStore();
        DicomDataSet entry = Ask.Of((DicomTags.PatientID, "P1")).Set(DicomTags.ScheduledProcedureStepSequence, Step("CT1", "CT", "20200101", "0900"));
        store.Set("1", entry);
        entry.Set(DicomTags.PatientID, "P2");
        Assert.Equal("P1", store.Find(Ask.Of((DicomTags.PatientID, ""))).Single().GetString(DicomTags.PatientID));
    }
}
