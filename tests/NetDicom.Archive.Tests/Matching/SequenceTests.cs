namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.2.2.2.6 to C.2.2.2.8.</summary>
public class SequenceTests
{
    private static DicomDataSet Step(string modality, string station) => Ask.Of((DicomTags.Modality, modality), (DicomTags.ScheduledStationAETitle, station));

    private static DicomDataSet Steps(params ReadOnlySpan<DicomDataSet> items) => new DicomDataSet().Set(DicomTags.ScheduledProcedureStepSequence, items);

    [Fact]
    public void All_keys_of_the_item_must_match_in_one_and_the_same_item()
    {
        AttributeQuery query = AttributeQuery.Compile(Steps(Step("CT", "A")));
        Assert.True(query.IsMatch(Steps(Step("MR", "B"), Step("CT", "A"))));
        Assert.False(query.IsMatch(Steps(Step("CT", "B"), Step("MR", "A"))));
        Assert.False(query.IsMatch(Steps()));
        Assert.False(query.IsMatch([]));
        Assert.Equal(KeyMatching.Sequence, query.Keys[0].Matching);
    }

    [Fact]
    public void No_item_an_empty_item_and_an_item_of_empty_keys_match_everything()
    {
        foreach (DicomDataSet identifier in (DicomDataSet[])[Steps(), Steps([]), Steps(Step("", ""))])
        {
            AttributeQuery query = AttributeQuery.Compile(identifier);
            Assert.Equal(KeyMatching.Universal, query.Keys[0].Matching);
            Assert.True(query.IsMatch([]));
            Assert.True(query.IsMatch(Steps(Step("CT", "A"))));
        }
    }

    [Fact]
    public void Several_items_in_a_request_are_refused()
    {
        DicomDataException refused = Assert.Throws<DicomDataException>(() => AttributeQuery.Compile(Steps(Step("CT", ""), Step("MR", ""))));
        Assert.Equal(DicomTags.ScheduledProcedureStepSequence, refused.Tag);
    }

    [Fact]
    public void Only_items_that_match_are_returned_with_the_attributes_asked_for()
    {
        AttributeQuery query = AttributeQuery.Compile(Steps(Ask.Of((DicomTags.Modality, "CT"), (DicomTags.ScheduledStationAETitle, ""), (DicomTags.ScheduledStationName, ""))));
        DicomDataSet response = query.BuildResponse(Steps(Step("MR", "A"), Step("CT", "B"), Step("CT", "C")));
        DicomSequence items = response.GetSequence(DicomTags.ScheduledProcedureStepSequence)!;
        Assert.Equal(["B", "C"], items.Select(item => item.GetString(DicomTags.ScheduledStationAETitle)));
        Assert.True(items[0].Contains(DicomTags.ScheduledStationName));
        Assert.Equal(3, items[0].Count);
    }

    [Fact]
    public void Sequences_nest()
    {
        DicomDataSet Nested(string code) => Steps(new DicomDataSet().Set(DicomTags.ScheduledProtocolCodeSequence, Ask.Of((DicomTags.CodeValue, code))));
        AttributeQuery query = AttributeQuery.Compile(Nested("A*"));
        Assert.True(query.IsMatch(Nested("ABC")));
        Assert.False(query.IsMatch(Nested("BC")));
    }

    [Fact]
    public void Dates_and_times_within_an_item_are_combined_too()
    {
        DicomDataSet When(string date, string time) => Steps(Ask.Of((DicomTags.ScheduledProcedureStepStartDate, date), (DicomTags.ScheduledProcedureStepStartTime, time)));
        AttributeQuery query = AttributeQuery.Compile(When("20060705-20060707", "1000-1800"), MatchingOptions.Worklist);
        Assert.True(query.IsMatch(When("20060706", "0100")));
        Assert.False(query.IsMatch(When("20060705", "0100")));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("X", false)]
    public void Two_quotation_marks_find_what_has_no_value_if_negotiated(string stored, bool match)
    {
        var options = new MatchingOptions { EmptyValueMatching = true };
        foreach (DicomTag tag in (DicomTag[])[DicomTags.PatientID, DicomTags.PatientName, DicomTags.StudyDescription, DicomTags.Modality, DicomTags.PatientComments])
        {
            Assert.Equal(match, Ask.Match(tag, "\"\"", stored, options));
            Assert.Equal(KeyMatching.EmptyValue, Ask.KindOf(tag, "\"\"", options));
        }

        Assert.True(AttributeQuery.Compile(Ask.Set(DicomTags.PatientID, "\"\""), options).IsMatch([]));
        Assert.True(Ask.Match(DicomTags.StudyDate, "\"\"", "", options));
        Assert.False(Ask.Match(DicomTags.StudyDate, "\"\"", "20060705", options));
        Assert.False(Ask.Match(DicomTags.PatientID, "\"\"", stored));
    }

    [Theory]
    [InlineData("CT\\PT", "CT\\PT\\SR", true)]
    [InlineData("PT\\CT", "CT\\PT", true)]
    [InlineData("CT\\PT", "CT\\MR", false)]
    [InlineData("CT\\PT", "CT", false)]
    [InlineData("C*\\PT", "CT\\PT", false)]
    [InlineData("C*\\PT", "C*\\PT", true)]
    public void Several_values_must_all_be_there_if_negotiated_and_take_no_wild_cards(string key, string stored, bool match)
    {
        var options = new MatchingOptions { MultipleValueMatching = true };
        Assert.Equal(match, Ask.Match(DicomTags.ModalitiesInStudy, key, stored, options));
        Assert.Equal(KeyMatching.MultipleValues, Ask.KindOf(DicomTags.ModalitiesInStudy, key, options));
    }

    [Fact]
    public void Multiple_values_are_for_attributes_that_may_have_several() =>
        Assert.True(Ask.Match(DicomTags.Modality, "CT\\MR", "MR", new MatchingOptions { MultipleValueMatching = true }));

    [Fact]
    public void A_list_of_UIDs_stays_a_list_where_multiple_values_are_negotiated() =>
        Assert.True(Ask.Match(DicomTags.SOPClassesInStudy, "1.2\\1.3", "1.3\\1.4", new MatchingOptions { MultipleValueMatching = true }));

    [Fact]
    public void An_identifier_of_too_many_keys_is_refused()
    {
        var identifier = new DicomDataSet();
        for (ushort i = 0; i < 11; i++)
            identifier.Set(DicomElement.Create(new DicomTag(0x0009, (ushort)(0x1000 + i)), DicomVR.LO, "x"));
        Assert.Throws<DicomDataException>(() => AttributeQuery.Compile(identifier, new MatchingOptions { MaxKeys = 10 }));
        AttributeQuery.Compile(identifier, new MatchingOptions { MaxKeys = 11 });
    }

    [Fact]
    public void An_identifier_nested_too_deep_is_refused()
    {
        DicomDataSet Nest(int depth) => depth == 0 ? Ask.Of((DicomTags.CodeValue, "x")) : new DicomDataSet().Set(DicomTags.ConceptNameCodeSequence, Nest(depth - 1));
        AttributeQuery.Compile(Nest(8));
        Assert.Throws<DicomDataException>(() => AttributeQuery.Compile(Nest(9)));
    }
}
