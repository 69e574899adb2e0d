namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.2.2.2.4.</summary>
public class WildCardTests
{
    [Theory]
    [InlineData("A*", "ABC", true)]
    [InlineData("A*", "A", true)]
    [InlineData("A*", "BA", false)]
    [InlineData("*C", "ABC", true)]
    [InlineData("*B*", "ABC", true)]
    [InlineData("A?C", "ABC", true)]
    [InlineData("A?C", "AC", false)]
    [InlineData("A?C", "ABBC", false)]
    [InlineData("???", "ABC", true)]
    [InlineData("????", "ABC", false)]
    [InlineData("?", "", false)]
    [InlineData("A*B*C", "AxxByyC", true)]
    [InlineData("A*B*C", "AxxCyyB", false)]
    [InlineData("*A*A*", "A", false)]
    [InlineData("*AB", "AAAB", true)]
    [InlineData("a*", "ABC", false)]
    [InlineData("A.*", "ABC", false)]
    [InlineData("[A]*", "ABC", false)]
    public void Star_is_any_run_and_question_mark_is_one_character(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.StudyDescription, key, stored));

    /// <summary>Every VR of the standard, from its own table.</summary>
    public static TheoryData<string> VRs => [.. Facts.Read("vrs.tsv").Select(row => row[0])];

    [Theory, MemberData(nameof(VRs))]
    public void Wild_cards_are_for_the_VRs_that_the_standard_lists(string vr)
    {
        Assert.True(DicomVR.TryParse(vr, out DicomVR parsed));
        Assert.Equal("AE CS LO LT PN SH ST UC UR UT".Split(' ').Contains(vr), WildCardPattern.Allows(parsed));
    }

    [Fact]
    public void A_UID_takes_no_wild_card()
    {
        Assert.False(Ask.Match(DicomTags.StudyInstanceUID, "1.2.*", "1.2.3"));
        Assert.Equal(KeyMatching.SingleValue, Ask.KindOf(DicomTags.StudyInstanceUID, "1.2.*"));
    }

    [Fact]
    public void A_lone_star_means_everything_even_where_wild_cards_are_not_allowed() => Assert.True(Ask.Match(DicomTags.InstanceNumber, "*", "7"));

    [Fact]
    public void Text_without_several_values_keeps_its_backslash()
    {
        DicomDataSet Text(string text) => new DicomDataSet().Set(DicomElement.Create(DicomTags.PatientComments, DicomVR.LT, text));
        Assert.True(AttributeQuery.Compile(Text(@"a\b*")).IsMatch(Text(@"a\bc")));
        Assert.False(AttributeQuery.Compile(Text(@"a\b*")).IsMatch(Text("a")));
    }

    [Fact]
    public void A_character_beyond_the_basic_plane_is_one_character() => Assert.True(WildCardPattern.IsMatch("a?c", "a\U0002000Bc"));

    [Fact]
    public void A_pattern_of_many_stars_ends_in_bounded_time()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 2000)) + "b";
        Assert.False(WildCardPattern.IsMatch(pattern, new string('a', 10_000)));
    }
}
