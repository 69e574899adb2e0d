namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.4.1.1.3.2: what a response identifier has.</summary>
public class ResponseTests
{
    private static readonly DicomDataSet _study = Ask.Of((DicomTags.PatientName, "Smith^John"), (DicomTags.PatientID, "1"), (DicomTags.StudyInstanceUID, "1.2.3"), (DicomTags.StudyDescription, "Head"));

    [Fact]
    public void Requested_attributes_are_there_and_empty_where_nothing_is_known()
    {
        AttributeQuery query = AttributeQuery.Compile(Ask.Of((DicomTags.QueryRetrieveLevel, "STUDY"), (DicomTags.PatientName, "Smith*"), (DicomTags.AccessionNumber, ""), (DicomTags.ReferencedStudySequence, "")));
        DicomDataSet response = query.BuildResponse(_study);
        Assert.Equal("STUDY", response.GetString(DicomTags.QueryRetrieveLevel));
        Assert.Equal("Smith^John", response.GetString(DicomTags.PatientName));
        Assert.True(response[DicomTags.AccessionNumber].IsEmpty);
        Assert.Equal(DicomVR.SH, response[DicomTags.AccessionNumber].VR);
        Assert.Empty(response[DicomTags.ReferencedStudySequence].Items!);
        Assert.Equal(4, response.Count);
    }

    [Fact]
    public void Nothing_else_is_in_it()
    {
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.StudyInstanceUID, ""))).BuildResponse(_study);
        Assert.Equal([DicomTags.StudyInstanceUID], response.Select(element => element.Tag));
    }

    [Fact]
    public void Unsupported_keys_are_neither_compared_nor_returned_and_the_query_says_so()
    {
        DicomDataSet identifier = Ask.Of((DicomTags.PatientID, "1"), (DicomTags.PatientComments, "x"));
        AttributeQuery query = AttributeQuery.Compile(identifier, new MatchingOptions { IsSupported = tag => tag != DicomTags.PatientComments });
        Assert.True(query.HasUnsupportedKeys);
        Assert.True(query.IsMatch(_study));
        Assert.False(query.BuildResponse(_study).Contains(DicomTags.PatientComments));
        Assert.False(AttributeQuery.Compile(identifier).HasUnsupportedKeys);
    }

    [Fact]
    public void Retrieve_AE_Title_availability_and_media_come_from_the_provider()
    {
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.StudyInstanceUID, ""), (DicomTags.RetrieveAETitle, ""))).BuildResponse(_study, new QueryResponseOptions
        {
            RetrieveAETitles = ["ARCHIVE", "MIRROR"],
            InstanceAvailability = entity => entity.Contains(DicomTags.StudyInstanceUID) ? "NEARLINE" : null,
            FileSet = ("DISC1", new DicomUid("1.2.9")),
        });
        Assert.Equal(["ARCHIVE", "MIRROR"], response.GetStrings(DicomTags.RetrieveAETitle));
        Assert.Equal("NEARLINE", response.GetString(DicomTags.InstanceAvailability));
        Assert.Equal("DISC1", response.GetString(DicomTags.StorageMediaFileSetID));
        Assert.Equal("1.2.9", response.GetString(DicomTags.StorageMediaFileSetUID));
    }

    [Fact]
    public void Instance_availability_is_never_empty()
    {
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.StudyInstanceUID, ""))).BuildResponse(_study, new QueryResponseOptions { InstanceAvailability = _ => null });
        Assert.False(response.Contains(DicomTags.InstanceAvailability));
    }

    [Fact]
    public void The_timezone_of_the_entity_is_returned_and_never_an_empty_one()
    {
        DicomDataSet stored = Ask.Of((DicomTags.StudyTime, "1000"), (DicomTags.TimezoneOffsetFromUTC, "+0200"));
        AttributeQuery query = AttributeQuery.Compile(Ask.Of((DicomTags.StudyTime, ""), (DicomTags.TimezoneOffsetFromUTC, "+0100")));
        Assert.Equal("+0200", query.BuildResponse(stored).GetString(DicomTags.TimezoneOffsetFromUTC));
        Assert.False(query.BuildResponse(_study).Contains(DicomTags.TimezoneOffsetFromUTC));
    }

    [Fact]
    public void Unique_keys_above_may_be_returned_though_not_asked_for()
    {
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.SeriesInstanceUID, ""))).BuildResponse(_study, new QueryResponseOptions { AlsoReturn = [DicomTags.StudyInstanceUID, DicomTags.PatientID] });
        Assert.Equal("1.2.3", response.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal("1", response.GetString(DicomTags.PatientID));
    }

    [Theory]
    [InlineData("ISO_IR 100", "Müller", "ISO_IR 100")]
    [InlineData("ISO_IR 100", "山田", "ISO_IR 192")]
    [InlineData("ISO_IR 192", "Müller", "ISO_IR 192")]
    [InlineData("ISO_IR 144", "Müller", "ISO_IR 192")]
    [InlineData("", "Müller", "ISO_IR 192")]
    public void Text_is_written_in_the_set_of_the_request_where_it_holds_it_all(string requested, string name, string used)
    {
        DicomDataSet identifier = Ask.Of((DicomTags.PatientName, ""));
        if (requested.Length > 0)
            identifier.Set(DicomTags.SpecificCharacterSet, requested);
        DicomDataSet response = AttributeQuery.Compile(identifier).BuildResponse(Ask.Of((DicomTags.PatientName, name)));
        Assert.Equal(used, response.GetString(DicomTags.SpecificCharacterSet));
        DicomDataSet read = DicomDataSet.Read(response.ToArray(TransferSyntax.ImplicitVRLittleEndian), TransferSyntax.ImplicitVRLittleEndian);
        Assert.Equal(name, read.GetString(DicomTags.PatientName));
    }

    [Fact]
    public void Plain_text_names_no_character_set()
    {
        DicomDataSet identifier = Ask.Of((DicomTags.SpecificCharacterSet, "ISO_IR 100"), (DicomTags.PatientName, ""));
        Assert.False(AttributeQuery.Compile(identifier).BuildResponse(_study).Contains(DicomTags.SpecificCharacterSet));
    }

    [Fact]
    public void A_stored_set_other_than_UTF8_is_converted_when_it_is_returned()
    {
        byte[] stored = [0x08, 0, 0x05, 0, (byte)'C', (byte)'S', 10, 0, .. "ISO_IR 100"u8, 0x10, 0, 0x10, 0, (byte)'P', (byte)'N', 6, 0, (byte)'M', 0xFC, (byte)'l', (byte)'l', (byte)'e', (byte)'r'];
        DicomDataSet entity = DicomDataSet.Read(stored, TransferSyntax.ExplicitVRLittleEndian);
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.SpecificCharacterSet, "ISO_IR 192"), (DicomTags.PatientName, "muller"))).BuildResponse(entity);
        byte[] written = response.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        Assert.True(written.AsSpan().IndexOf("M\u00FCller"u8) > 0);
    }

    [Fact]
    public void A_sequence_asked_for_as_a_whole_is_returned_as_a_copy()
    {
        DicomDataSet entity = new DicomDataSet().Set(DicomTags.ReferencedStudySequence, Ask.Of((DicomTags.ReferencedSOPInstanceUID, "1.2")));
        DicomDataSet response = AttributeQuery.Compile(Ask.Of((DicomTags.ReferencedStudySequence, ""))).BuildResponse(entity);
        response.GetSequence(DicomTags.ReferencedStudySequence)![0].Set(DicomTags.ReferencedSOPInstanceUID, "9.9");
        Assert.Equal("1.2", entity.GetString("ReferencedStudySequence[0].ReferencedSOPInstanceUID"));
    }
}
