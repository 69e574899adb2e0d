namespace NetDicom.Archive.Tests;

/// <summary>Objects that are of no patient, in memory: the matching keys of PS3.4 annexes U, X, BB, HH and II.</summary>
public class NonPatientObjectStoreTests
{
    /// <summary>The required keys of each model, by their paths; those that are sequences are matched by the keys in their items.</summary>
    public static TheoryData<string, string, string> RequiredKeys() => [.. Facts.Read("query-keys.tsv")
        .Where(row => row[4] is "R" or "U" && row[6] != "sequence" && row[0] != "Relevant Patient Information")
        .Select(row => new TheoryDataRow<string, string, string>(row[0], row[1], row[6]))];

    // What an object has, what finds it, and what does not, by VR.
    private static (string Has, string[] Finds, string Misses) Values(DicomVR vr, string matching) =>
        vr == DicomVR.UI ? ("1.2.3", matching == "list" ? ["1.2.3", "1.2.9\\1.2.3"] : ["1.2.3"], "1.2.4")
        : vr == DicomVR.DA ? ("20200102", ["20200102", "20200101-20200103", "-20200103", "20200101-"], "20200103-")
        : vr == DicomVR.TM ? ("100000", ["100000", "0900-1100"], "1100-")
        : vr == DicomVR.DT ? ("20200102100000", ["20200102100000", "20200101-20200103"], "2021-")
        : vr == DicomVR.US || vr == DicomVR.IS ? ("2", ["2"], "3")
        : vr == DicomVR.PN ? ("DOE^JANE", ["DOE^JANE", "DOE*"], "ROE*")
        : ("ABC", matching.Contains("wildcard", StringComparison.Ordinal) ? ["ABC", "A*", "?BC"] : ["ABC"], "ABD");

    private static DicomDataSet With(string path, string value)
    {
        var set = new DicomDataSet();
        DicomDataSet at = set;
        string[] parts = path.Split('/');
        foreach (string part in parts[..^1])
        {
            var item = new DicomDataSet();
            at.Set(DicomTag.Parse(part), item);
            at = at.GetSequence(DicomTag.Parse(part))![0];
        }

        DicomTag tag = DicomTag.Parse(parts[^1]);
        DicomDictionary.TryGet(tag, out DictionaryEntry entry);
        at.Set(DicomElement.Create(tag, entry.VR, value.Split('\\')));
        return set;
    }

    private static DicomDataSet Object(string path, string value)
    {
        DicomDataSet set = With(path, value);
        if (!set.Contains(DicomTags.SOPClassUID))
            set.Set(DicomTags.SOPClassUID, SopClasses.HangingProtocolStorage);
        if (!set.Contains(DicomTags.SOPInstanceUID))
            set.Set(DicomTags.SOPInstanceUID, "1.2.99");
        return set;
    }

    [Theory, MemberData(nameof(RequiredKeys))]
    public void A_required_key_is_matched(string model, string path, string matching)
    {
        DicomDictionary.TryGet(DicomTag.Parse(path.Split('/')[^1]), out DictionaryEntry entry);
        (string has, string[] finds, string misses) = Values(entry.VR, matching);
        var store = new NonPatientObjectStore();
        Assert.True(store.TrySet(Object(path, has)), model);
        foreach (string value in finds)
            Assert.Single(store.Find(With(path, value)));
        Assert.Empty(store.Find(With(path, misses)));
        // An unknown value is not found by any value, but by none (PS3.4 section K.2.2.1.1.1).
        if (!path.StartsWith("0008001", StringComparison.Ordinal))
        {
            var empty = new NonPatientObjectStore();
            empty.TrySet(new DicomDataSet().Set(DicomTags.SOPClassUID, SopClasses.HangingProtocolStorage).Set(DicomTags.SOPInstanceUID, "1.2.99"));
            Assert.Empty(empty.Find(With(path, has)));
            Assert.Single(empty.Find(With(path, "")));
        }
    }

    [Fact]
    public void Creation_date_and_time_are_one_interval()
    {
        var store = new NonPatientObjectStore();
        store.TrySet(Object("00080012", "20200706").Set(DicomTags.InstanceCreationTime, "0800"));
        DicomDataSet Range(string dates, string times) => new DicomDataSet().Set(DicomTags.InstanceCreationDate, dates).Set(DicomTags.InstanceCreationTime, times);
        Assert.Single(store.Find(Range("20200705-20200707", "1000-1800")));
        Assert.Empty(store.Find(Range("20200706-20200707", "1000-1800")));
    }

    [Fact]
    public void What_was_asked_for_comes_back_of_the_classes_that_were_asked()
    {
        var store = new NonPatientObjectStore();
        store.TrySet(Object("00720002", "CT").Set(DicomTags.HangingProtocolDescription, "chest").Set(DicomTags.HangingProtocolLevel, "SITE"));
        store.TrySet(Object("00720002", "CT").Set(DicomTags.SOPClassUID, SopClasses.ColorPaletteStorage).Set(DicomTags.SOPInstanceUID, "1.2.98"));
        DicomDataSet keys = new DicomDataSet().Set(DicomTags.HangingProtocolName, "C*").Set(DicomTags.HangingProtocolDescription, "");
        DicomDataSet found = Assert.Single(store.Find(keys, [SopClasses.HangingProtocolStorage]));
        Assert.Equal([DicomTags.HangingProtocolName, DicomTags.HangingProtocolDescription], found.Select(element => element.Tag));
        Assert.Equal("chest", found.GetString(DicomTags.HangingProtocolDescription));
        Assert.Equal(2, store.Find(keys).Count());
    }

    [Fact]
    public void Objects_are_copied_replaced_removed_and_have_a_limit()
    {
        var store = new NonPatientObjectStore(maxObjects: 1);
        DicomDataSet first = Object("00720002", "CT");
        Assert.True(store.TrySet(first));
        first.Set(DicomTags.HangingProtocolName, "MR");
        DicomUid uid = new("1.2.99");
        Assert.Equal("CT", Assert.Single(store.Select([new DicomUid("1.9"), uid])).GetString(DicomTags.HangingProtocolName));
        Assert.True(store.TrySet(first));
        Assert.Equal(("MR", 1), (store.Select([uid])[0].GetString(DicomTags.HangingProtocolName), store.Count));
        Assert.False(store.TrySet(Object("00720002", "CT").Set(DicomTags.SOPInstanceUID, "1.2.100")));
        Assert.True(store.Remove(uid));
        Assert.False(store.Remove(uid));
        Assert.Empty(store.Select([uid]));
        Assert.Throws<DicomDataException>(() => store.TrySet([]));
    }
}
