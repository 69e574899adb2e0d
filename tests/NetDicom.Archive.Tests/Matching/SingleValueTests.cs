namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.2.2.2.1 to C.2.2.2.3: single value, list of UID, universal.</summary>
public class SingleValueTests
{
    [Theory]
    [InlineData("1234", "1234", true)]
    [InlineData("1234", "12345", false)]
    [InlineData("1234", "123", false)]
    [InlineData("abc", "ABC", false)]
    [InlineData("ABC", "ABC", true)]
    [InlineData("ABC ", "ABC", true)]
    [InlineData("ABC", "ABC   ", true)]
    [InlineData("ABC", "  ABC", true)]
    [InlineData("A BC", "ABC", false)]
    [InlineData("Ü", "U", false)]
    public void Text_matches_by_equality_with_case_and_accents_and_without_padding(string key, string stored, bool match) =>
        Assert.Equal(match, Ask.Match(DicomTags.PatientID, key, stored));

    [Fact]
    public void A_UID_matches_whatever_pads_it()
    {
        // Explicit VR Little Endian by hand: one UID padded with NUL, as it should be, one with a space, as is met.
        byte[] padded = [0x20, 0x00, 0x0D, 0x00, (byte)'U', (byte)'I', 4, 0, (byte)'1', (byte)'.', (byte)'2', 0];
        byte[] spaced = [0x20, 0x00, 0x0D, 0x00, (byte)'U', (byte)'I', 4, 0, (byte)'1', (byte)'.', (byte)'2', (byte)' '];
        AttributeQuery query = AttributeQuery.Compile(DicomDataSet.Read(padded, TransferSyntax.ExplicitVRLittleEndian));
        Assert.True(query.IsMatch(DicomDataSet.Read(spaced, TransferSyntax.ExplicitVRLittleEndian)));
        Assert.True(query.IsMatch(Ask.Set(DicomTags.StudyInstanceUID, "1.2")));
        Assert.False(query.IsMatch(Ask.Set(DicomTags.StudyInstanceUID, "1.2.3")));
    }

    [Theory]
    [InlineData("1.2.3\\1.2.4", "1.2.3", true)]
    [InlineData("1.2.3\\1.2.4", "1.2.4", true)]
    [InlineData("1.2.3\\1.2.4", "1.2.5", false)]
    [InlineData("1.2.3\\1.2.4", "", false)]
    public void A_list_of_UIDs_matches_any_of_them(string key, string stored, bool match)
    {
        Assert.Equal(match, Ask.Match(DicomTags.StudyInstanceUID, key, stored));
        Assert.Equal(KeyMatching.ListOfUid, Ask.KindOf(DicomTags.StudyInstanceUID, key));
    }

    [Theory]
    [InlineData("", "anything")]
    [InlineData("", "")]
    [InlineData("*", "anything")]
    [InlineData("*", "")]
    [InlineData("***", "")]
    public void An_empty_key_and_a_lone_star_match_everything(string key, string stored)
    {
        Assert.True(Ask.Match(DicomTags.PatientID, key, stored));
        Assert.Equal(KeyMatching.Universal, Ask.KindOf(DicomTags.PatientID, key));
        Assert.True(AttributeQuery.Compile(Ask.Set(DicomTags.PatientID, key)).IsMatch([]));
    }

    [Fact]
    public void A_key_with_a_value_does_not_match_what_has_none()
    {
        AttributeQuery query = AttributeQuery.Compile(Ask.Set(DicomTags.PatientID, "1"));
        Assert.False(query.IsMatch([]));
        Assert.False(query.IsMatch(Ask.Set(DicomTags.PatientID, "")));
    }

    [Fact]
    public void A_required_key_without_a_value_in_the_store_matches_any_request()
    {
        // PS3.4 C.2.2.1.2; in worklists nothing is named here and it does not.
        var options = new MatchingOptions { UnknownMatches = new HashSet<DicomTag> { DicomTags.AccessionNumber, DicomTags.StudyDate } };
        Assert.True(Ask.Match(DicomTags.AccessionNumber, "A1", "", options));
        Assert.True(Ask.Match(DicomTags.StudyDate, "20060705-", "", options));
        Assert.False(Ask.Match(DicomTags.AccessionNumber, "A1", "A2", options));
        Assert.False(Ask.Match(DicomTags.StudyID, "1", "", options));
        Assert.False(Ask.Match(DicomTags.StudyDate, "20060705-", "", MatchingOptions.Worklist));
    }

    [Theory]
    [InlineData("MR", "CT\\MR", true)]
    [InlineData("US", "CT\\MR", false)]
    [InlineData("C?", "MR\\CT", true)]
    public void An_attribute_of_several_values_matches_if_one_does(string key, string stored, bool match) =>
        Assert.Equal(match, Ask.Match(DicomTags.ModalitiesInStudy, key, stored));

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "01", true)]
    [InlineData("1", " 1 ", true)]
    [InlineData("+1", "1", true)]
    [InlineData("1", "10", false)]
    [InlineData("1*", "10", false)]
    public void An_integer_string_matches_by_number(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.InstanceNumber, key, stored));

    [Theory]
    [InlineData("1.5", "1.50", true)]
    [InlineData("1.5", "15E-1", true)]
    [InlineData("1.5", "1.51", false)]
    public void A_decimal_string_matches_by_number(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.PatientWeight, key, stored));

    [Fact]
    public void Binary_numbers_match_by_number()
    {
        AttributeQuery query = AttributeQuery.Compile(new DicomDataSet().Set(DicomTags.Rows, 512L));
        Assert.True(query.IsMatch(new DicomDataSet().Set(DicomTags.Rows, 512L)));
        Assert.False(query.IsMatch(new DicomDataSet().Set(DicomTags.Rows, 256L)));
    }

    [Theory]
    [InlineData("20060705", "20060705", true)]
    [InlineData("20060705", "2006.07.05", true)]
    [InlineData("2006.07.05", "20060705", true)]
    [InlineData("20060705", "20060706", false)]
    public void A_date_matches_by_meaning(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.StudyDate, key, stored));

    [Theory]
    [InlineData("100000", "100000", true)]
    [InlineData("100000", "100000.000000", true)]
    [InlineData("10:00:00", "100000", true)]
    [InlineData("1000", "100000", true)]
    [InlineData("1000", "100059.9", true)]
    [InlineData("10", "105959", true)]
    [InlineData("10", "110000", false)]
    [InlineData("100000", "100001", false)]
    public void A_time_matches_by_meaning_as_far_as_it_is_precise(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.StudyTime, key, stored));

    [Theory]
    [InlineData("20060705100000+0100", "20060705090000+0000", true)]
    [InlineData("20060705100000", "20060705100000", true)]
    [InlineData("200607", "20060731235959", true)]
    [InlineData("200607", "20060801", false)]
    [InlineData("20060705100000-0500", "20060705150000+0000", true)]
    public void A_date_time_matches_by_meaning_with_its_offset(string key, string stored, bool match) =>
        Assert.Equal(match, Ask.Match(DicomTags.AcquisitionDateTime, key, stored));

    [Fact]
    public void Several_values_without_negotiation_match_if_any_does()
    {
        Assert.True(Ask.Match(DicomTags.Modality, "CT\\MR", "MR"));
        Assert.False(Ask.Match(DicomTags.Modality, "CT\\MR", "US"));
    }

    [Fact]
    public void An_attribute_tag_matches_by_value()
    {
        var tag = new DicomDataSet().Set(DicomTags.FrameIncrementPointer, new DicomTag(0x0018, 0x1063));
        Assert.True(AttributeQuery.Compile(tag).IsMatch(new DicomDataSet().Set(DicomTags.FrameIncrementPointer, new DicomTag(0x0018, 0x1063))));
        Assert.False(AttributeQuery.Compile(tag).IsMatch(new DicomDataSet().Set(DicomTags.FrameIncrementPointer, new DicomTag(0x0018, 0x1065))));
    }

    [Fact]
    public void Bytes_match_if_they_are_the_same()
    {
        byte[] bytes = [1, 2, 3, 4];
        AttributeQuery query = AttributeQuery.Compile(new DicomDataSet().Set(DicomElement.Create(new DicomTag(0x0009, 0x1001), DicomVR.OB, bytes)));
        Assert.True(query.IsMatch(new DicomDataSet().Set(DicomElement.Create(new DicomTag(0x0009, 0x1001), DicomVR.OB, (byte[])[1, 2, 3, 4]))));
        Assert.False(query.IsMatch(new DicomDataSet().Set(DicomElement.Create(new DicomTag(0x0009, 0x1001), DicomVR.OB, (byte[])[1, 2, 3, 5]))));
    }

    [Fact]
    public void Elements_that_say_how_to_read_an_identifier_are_never_matched()
    {
        DicomDataSet identifier = Ask.Of((DicomTags.SpecificCharacterSet, "ISO_IR 100"), (DicomTags.QueryRetrieveLevel, "STUDY"), (DicomTags.TimezoneOffsetFromUTC, "+0100"),
            (DicomTags.RetrieveAETitle, "X"), (DicomTags.InstanceAvailability, "ONLINE"), (DicomTags.PatientID, "1"));
        AttributeQuery query = AttributeQuery.Compile(identifier);
        Assert.True(query.IsMatch(Ask.Set(DicomTags.PatientID, "1")));
        Assert.Equal([DicomTags.PatientID], query.Keys.Where(key => key.Matching != KeyMatching.None).Select(key => key.Tag));
    }

    [Fact]
    public void All_keys_must_match()
    {
        AttributeQuery query = AttributeQuery.Compile(Ask.Of((DicomTags.PatientID, "1"), (DicomTags.AccessionNumber, "A")));
        Assert.True(query.IsMatch(Ask.Of((DicomTags.PatientID, "1"), (DicomTags.AccessionNumber, "A"))));
        Assert.False(query.IsMatch(Ask.Of((DicomTags.PatientID, "1"), (DicomTags.AccessionNumber, "B"))));
        Assert.False(query.IsMatch(Ask.Of((DicomTags.PatientID, "2"), (DicomTags.AccessionNumber, "A"))));
    }

    [Fact]
    public void A_private_key_is_found_by_its_creator_whatever_block_it_has()
    {
        DicomDataSet identifier = new DicomDataSet()
            .Set(DicomElement.Create(new DicomTag(0x0009, 0x0010), DicomVR.LO, "ACME")).Set(DicomElement.Create(new DicomTag(0x0009, 0x1001), DicomVR.LO, "x"));
        DicomDataSet stored = new DicomDataSet()
            .Set(DicomElement.Create(new DicomTag(0x0009, 0x0010), DicomVR.LO, "OTHER")).Set(DicomElement.Create(new DicomTag(0x0009, 0x1001), DicomVR.LO, "x"))
            .Set(DicomElement.Create(new DicomTag(0x0009, 0x0011), DicomVR.LO, "ACME")).Set(DicomElement.Create(new DicomTag(0x0009, 0x1101), DicomVR.LO, "x"));
        AttributeQuery query = AttributeQuery.Compile(identifier);
        Assert.True(query.IsMatch(stored));
        Assert.Equal("x", query.BuildResponse(stored).GetString(new DicomTag(0x0009, 0x1001)));
        stored.Set(DicomElement.Create(new DicomTag(0x0009, 0x1101), DicomVR.LO, "y"));
        Assert.False(query.IsMatch(stored));
    }
}
