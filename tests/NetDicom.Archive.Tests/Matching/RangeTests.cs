namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.2.2.2.5.</summary>
public class RangeTests
{
    [Theory]
    [InlineData("20060705-20060707", "20060705", true)]
    [InlineData("20060705-20060707", "20060706", true)]
    [InlineData("20060705-20060707", "20060707", true)]
    [InlineData("20060705-20060707", "20060704", false)]
    [InlineData("20060705-20060707", "20060708", false)]
    [InlineData("-20060705", "20060705", true)]
    [InlineData("-20060705", "19000101", true)]
    [InlineData("-20060705", "20060706", false)]
    [InlineData("20060705-", "20060705", true)]
    [InlineData("20060705-", "20991231", true)]
    [InlineData("20060705-", "20060704", false)]
    [InlineData("20060705-20060705", "20060705", true)]
    [InlineData("20060707-20060705", "20060706", false)]
    [InlineData("2006.07.05-2006.07.07", "20060706", true)]
    [InlineData("20060705 - 20060707", "20060706", true)]
    [InlineData("- 20060705", "20060704", true)]
    [InlineData("20060705-20060707 ", "20060706", true)]
    [InlineData("20060705-", "unknown", false)]
    public void A_date_range_has_both_ends_and_either_may_be_open(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.StudyDate, key, stored));

    [Theory]
    [InlineData("1000-1800", "100000", true)]
    [InlineData("1000-1800", "095959.999", false)]
    [InlineData("1000-1800", "180059", true)]
    [InlineData("1000-180000", "180000", true)]
    [InlineData("1000-180000", "180001", false)]
    [InlineData("-1200", "000000", true)]
    [InlineData("-1200", "1201", false)]
    [InlineData("1200-", "235959", true)]
    [InlineData("1200-", "1159", false)]
    [InlineData("2200-0200", "2300", false)]
    [InlineData("2200-0200", "0100", false)]
    public void A_time_range_lies_within_a_day_and_never_crosses_midnight(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.StudyTime, key, stored));

    [Theory]
    [InlineData("20060705100000-20060705120000", "20060705110000", true)]
    [InlineData("20060705100000-20060705120000", "20060705120001", false)]
    [InlineData("2006-2007", "20071231235959", true)]
    [InlineData("2006-2007", "2008", false)]
    [InlineData("20060705100000+0200-20060705120000+0200", "20060705090000+0000", true)]
    [InlineData("20060705100000+0200-20060705120000+0200", "20060705110000+0000", false)]
    [InlineData("20060705100000-0500-20060705120000-0500", "20060705160000+0000", true)]
    [InlineData("20060705100000-0500-", "20060705145959+0000", false)]
    [InlineData("20060705100000-0500-", "20060705150000+0000", true)]
    [InlineData("-20060705100000-0500", "20060705150000+0000", true)]
    [InlineData("-20060705100000-0500", "20060705150001+0000", false)]
    [InlineData("20060705-", "20060705", true)]
    public void A_date_time_range_counts_with_offsets(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.AcquisitionDateTime, key, stored));

    [Fact]
    public void A_date_time_without_an_offset_takes_that_of_its_data_set()
    {
        DicomDataSet Stored(string zone) => Ask.Of((DicomTags.TimezoneOffsetFromUTC, zone), (DicomTags.AcquisitionDateTime, "20060705100000"));
        AttributeQuery query = AttributeQuery.Compile(Ask.Set(DicomTags.AcquisitionDateTime, "20060705080000+0000"));
        Assert.True(query.IsMatch(Stored("+0200")));
        Assert.False(query.IsMatch(Stored("+0100")));
        Assert.True(AttributeQuery.Compile(Ask.Of((DicomTags.TimezoneOffsetFromUTC, "+0200"), (DicomTags.AcquisitionDateTime, "20060705100000-20060705100000")))
            .IsMatch(Ask.Set(DicomTags.AcquisitionDateTime, "20060705080000+0000")));
    }

    [Fact]
    public void Where_neither_says_an_offset_the_assumed_one_holds()
    {
        var options = new MatchingOptions { AssumedOffset = TimeSpan.FromHours(2) };
        Assert.True(Ask.Match(DicomTags.AcquisitionDateTime, "20060705080000+0000", "20060705100000", options));
        Assert.False(Ask.Match(DicomTags.AcquisitionDateTime, "20060705080000+0000", "20060705100000"));
    }

    [Theory]
    [InlineData("20060705", "0930", false, false)]
    [InlineData("20060705", "1030", true, true)]
    [InlineData("20060705", "1900", true, false)]
    [InlineData("20060706", "0100", true, false)]
    [InlineData("20060706", "1200", true, true)]
    [InlineData("20060707", "1830", false, false)]
    [InlineData("20060707", "0200", true, false)]
    [InlineData("20060708", "1200", false, false)]
    public void A_date_and_a_time_range_are_one_interval_if_combined_and_two_conditions_if_not(string date, string time, bool combined, bool separate)
    {
        // 20060705-20060707 and 1000-1800: the example of PS3.4 C.2.2.2.5.4.
        DicomDataSet identifier = Ask.Of((DicomTags.StudyDate, "20060705-20060707"), (DicomTags.StudyTime, "1000-1800"));
        DicomDataSet stored = Ask.Of((DicomTags.StudyDate, date), (DicomTags.StudyTime, time));
        Assert.Equal(combined, AttributeQuery.Compile(identifier, new MatchingOptions { CombinedDateTime = true }).IsMatch(stored));
        Assert.Equal(separate, AttributeQuery.Compile(identifier).IsMatch(stored));
    }

    [Theory]
    [InlineData("20060705-", "1000-", "20060705", "0959", false)]
    [InlineData("20060705-", "1000-", "20060706", "0000", true)]
    [InlineData("-20060705", "-1000", "20060705", "1001", false)]
    [InlineData("-20060705", "-1000", "20060704", "2359", true)]
    [InlineData("20060705-20060706", "2200-0200", "20060706", "0100", true)]
    [InlineData("20060705-20060706", "2200-0200", "20060706", "0300", false)]
    [InlineData("20060705-20060706", "2200-0200", "20060706", "", true)]
    [InlineData("20060705-20060706", "2200-0200", "", "0100", false)]
    public void A_combined_range_may_have_open_ends_and_cross_midnight(string dates, string times, string date, string time, bool match)
    {
        DicomDataSet identifier = Ask.Of((DicomTags.StudyDate, dates), (DicomTags.StudyTime, times));
        Assert.Equal(match, AttributeQuery.Compile(identifier, new MatchingOptions { CombinedDateTime = true }).IsMatch(Ask.Of((DicomTags.StudyDate, date), (DicomTags.StudyTime, time))));
    }

    [Fact]
    public void A_time_of_one_value_is_a_condition_of_its_own_even_beside_a_range_of_dates()
    {
        DicomDataSet identifier = Ask.Of((DicomTags.StudyDate, "20060705-20060707"), (DicomTags.StudyTime, "1000"));
        Assert.False(AttributeQuery.Compile(identifier, MatchingOptions.Worklist).IsMatch(Ask.Of((DicomTags.StudyDate, "20060706"), (DicomTags.StudyTime, "1200"))));
        Assert.True(AttributeQuery.Compile(identifier, MatchingOptions.Worklist).IsMatch(Ask.Of((DicomTags.StudyDate, "20060706"), (DicomTags.StudyTime, "1000"))));
    }

    [Fact]
    public void Timezone_adjustment_moves_dates_and_times_to_the_zone_of_the_query()
    {
        DicomDataSet identifier = Ask.Of((DicomTags.TimezoneOffsetFromUTC, "+0900"), (DicomTags.StudyDate, "20060706"), (DicomTags.StudyTime, "0000-0200"));
        DicomDataSet stored = Ask.Of((DicomTags.TimezoneOffsetFromUTC, "+0000"), (DicomTags.StudyDate, "20060705"), (DicomTags.StudyTime, "160000"));
        Assert.True(AttributeQuery.Compile(identifier, new MatchingOptions { TimezoneAdjustment = true }).IsMatch(stored));
        Assert.False(AttributeQuery.Compile(identifier).IsMatch(stored));
        DicomDataSet timeOnly = Ask.Of((DicomTags.TimezoneOffsetFromUTC, "+0900"), (DicomTags.StudyTime, "0000-0200"));
        Assert.True(AttributeQuery.Compile(timeOnly, new MatchingOptions { TimezoneAdjustment = true }).IsMatch(Ask.Of((DicomTags.StudyTime, "160000"))));
        DicomDataSet dateOnly = Ask.Of((DicomTags.TimezoneOffsetFromUTC, "+0900"), (DicomTags.StudyDate, "20060706"));
        Assert.True(AttributeQuery.Compile(dateOnly, new MatchingOptions { TimezoneAdjustment = true }).IsMatch(stored));
    }

    [Theory]
    [InlineData("2006070")]
    [InlineData("yesterday")]
    [InlineData("-")]
    [InlineData("20060705-x")]
    [InlineData("20061305")]
    public void A_key_that_is_no_date_is_refused_and_the_offending_element_named(string key)
    {
        DicomDataException refused = Assert.Throws<DicomDataException>(() => AttributeQuery.Compile(Ask.Set(DicomTags.StudyDate, key)));
        Assert.Equal(DicomTags.StudyDate, refused.Tag);
    }

    [Theory]
    [InlineData("+0100", 60), InlineData("-0530", -330), InlineData("+0000", 0)]
    public void A_timezone_offset_is_read(string text, int minutes)
    {
        Assert.True(TimeCondition.TryParseOffset(text, out TimeSpan offset));
        Assert.Equal(minutes, offset.TotalMinutes);
    }

    [Theory]
    [InlineData("0100"), InlineData("+01:00"), InlineData("+1500"), InlineData("+0160"), InlineData("")]
    public void What_is_no_timezone_offset_is_passed_over(string text) => Assert.False(TimeCondition.TryParseOffset(text, out _));
}
