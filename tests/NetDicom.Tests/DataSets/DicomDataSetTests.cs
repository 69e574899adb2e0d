using NetDicom.Tests.Support;

namespace NetDicom.Tests.DataSets;

public class DicomDataSetTests
{
    private static DicomDataSet Sample() => new()
    {
        { DicomTags.PatientID, "P1" },
        { DicomTags.PatientName, "Doe^John" },
        { DicomTags.StudyDate, new DateOnly(2026, 1, 2) },
        { DicomTags.Rows, 512 },
        { DicomTags.ImageType, "ORIGINAL", "PRIMARY" },
        { DicomTags.PixelSpacing, 0.5, 0.25 },
        { DicomTags.ScheduledProcedureStepSequence, new DicomDataSet { { DicomTags.Modality, "CT" } }, new DicomDataSet { { DicomTags.Modality, "MR" } } },
    };

    [Fact]
    public void Values_are_read_by_type()
    {
        DicomDataSet set = Sample();
        Assert.Equal("P1", set.GetString(DicomTags.PatientID));
        Assert.Equal("John", set.GetPersonName(DicomTags.PatientName).GivenName);
        Assert.Equal(new DateOnly(2026, 1, 2), set.GetDate(DicomTags.StudyDate));
        Assert.Equal(512, set.GetInt32(DicomTags.Rows));
        Assert.Equal(["ORIGINAL", "PRIMARY"], set.GetStrings(DicomTags.ImageType));
        Assert.Equal([0.5m, 0.25m], set.GetDecimals(DicomTags.PixelSpacing));
        Assert.Equal("MR", set.GetString("ScheduledProcedureStepSequence[1].Modality"));
        Assert.Equal("CT", set.GetString("(0040,0100)[0].00080060"));
        Assert.Equal(2, set.GetSequence(DicomTags.ScheduledProcedureStepSequence)!.Count);
        Assert.Equal([DicomTags.ImageType, DicomTags.StudyDate, DicomTags.PatientName], set.Select(element => element.Tag).Take(3));
    }

    [Fact]
    public void What_cannot_be_read_is_null_or_an_error_that_names_path_and_value()
    {
        DicomDataSet set = Sample();
        Assert.Null(set.GetInt32OrDefault(DicomTags.PatientID));
        Assert.Null(set.GetStringOrDefault(DicomTags.AccessionNumber));
        Assert.False(set.TryGetDate("ScheduledProcedureStepSequence[0].Modality", out _));
        var error = Assert.Throws<DicomDataException>(() => set.GetDate("ScheduledProcedureStepSequence[1].Modality"));
        Assert.Contains("ScheduledProcedureStepSequence[1].Modality", error.Message);
        // Its value may be a patient's, and exceptions are logged.
        Assert.DoesNotContain("MR", error.Message.Replace("ScheduledProcedureStepSequence[1].Modality", "", StringComparison.Ordinal));
        Assert.Contains("there is no AccessionNumber", Assert.Throws<DicomDataException>(() => set.GetString(DicomTags.AccessionNumber)).Message);
    }

    [Theory]
    [InlineData("PatientNames"), InlineData("Rows[0]"), InlineData("A[x].Rows"), InlineData(""), InlineData("Rows.")]
    public void Text_that_is_no_path_is_refused(string text) => Assert.Throws<FormatException>(() => DicomTagPath.Parse(text));

    [Fact]
    public void Values_that_do_not_fit_their_VR_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DicomDataSet().Set(DicomTags.Rows, 65536));
        Assert.Throws<ArgumentException>(() => new DicomDataSet().Set(DicomTags.Rows, "many"));
        Assert.Throws<ArgumentException>(() => new DicomDataSet().Set(new DicomTag(0x00091001), "x"));
        Assert.Throws<ArgumentException>(() => Sample().Add(DicomTags.PatientID, "again"));
    }

    [Fact]
    public void An_item_belongs_to_one_sequence_and_never_to_itself()
    {
        DicomDataSet set = Sample();
        DicomDataSet item = set.GetSequence(DicomTags.ScheduledProcedureStepSequence)![0];
        Assert.Same(set, item.Parent);
        Assert.Throws<ArgumentException>(() => new DicomDataSet().Set(DicomTags.RequestAttributesSequence, item));
        Assert.Throws<ArgumentException>(() => set.GetSequence(DicomTags.ScheduledProcedureStepSequence)!.Add(set));
        Assert.NotNull(new DicomDataSet().Set(DicomTags.RequestAttributesSequence, item.Clone()));
    }

    [Fact]
    public void A_clone_is_equal_and_independent_and_a_diff_names_the_paths()
    {
        DicomDataSet set = Sample(), clone = set.Clone();
        Assert.True(set.ContentEquals(clone));
        clone.GetSequence(DicomTags.ScheduledProcedureStepSequence)![1].Set(DicomTags.Modality, "US");
        clone.Remove(DicomTags.PatientID);
        clone.Set(DicomTags.AccessionNumber, "A");
        Assert.Equal(["AccessionNumber", "PatientID", "ScheduledProcedureStepSequence[1].Modality"], set.Diff(clone).Select(difference => difference.Path.ToString()));
        Assert.Equal("MR", set.GetString("ScheduledProcedureStepSequence[1].Modality"));
    }

    [Fact]
    public void Private_elements_are_found_by_creator_whatever_their_block()
    {
        var set = new DicomDataSet();
        DicomTag first = set.ReservePrivate("ACME 1", 0x0009, 0x01);
        set.Set(DicomElement.Create(first, DicomVR.LO, "x"));
        DicomTag second = set.ReservePrivate("ACME 2", 0x0009, 0x01);
        Assert.Equal((new DicomTag(0x00091001), new DicomTag(0x00091101)), (first, second));
        Assert.Equal(first, set.ReservePrivate("ACME 1", 0x0009, 0x01));
        Assert.True(set.TryGetPrivate("ACME 1", 0x0009, 0x01, out DicomElement? element) && element.GetText() == "x");
        Assert.Equal("ACME 2", set.GetPrivateCreator(second));
        Assert.False(set.TryGetPrivateTag("OTHER", 0x0009, 0x01, out _));
    }

    [Fact]
    public void A_private_dictionary_gives_implicit_elements_their_VR()
    {
        byte[] bytes = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00090010, "", "ACME").Element(0x00091001, "", 5, 0).Bytes;
        var options = new DicomReadOptions { PrivateDictionary = new PrivateDictionary().Add("ACME", 0x0009, 0x01, DicomVR.US, "Gain") };
        Assert.Equal(5, DicomDataSet.Read(bytes, TransferSyntax.ImplicitVRLittleEndian, options).GetInt32(new DicomTag(0x00091001)));
        Assert.Null(DicomDataSet.Read(bytes, TransferSyntax.ImplicitVRLittleEndian).GetInt32OrDefault(new DicomTag(0x00091001)));
    }

    [Fact]
    public void Text_that_was_read_keeps_its_meaning_in_another_character_set()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080005, "CS", "ISO_IR 100").Element(0x00100010, "PN", "M\u00fcller ").Bytes;
        DicomDataSet set = DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        set.CharacterSet = SpecificCharacterSet.Utf8;
        DicomDataSet back = DicomDataSet.Read(set.ToArray(TransferSyntax.ExplicitVRLittleEndian), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(("ISO_IR 192", "Müller"), (back.GetString(DicomTags.SpecificCharacterSet), back.GetString(DicomTags.PatientName)));
        set.CharacterSet = SpecificCharacterSet.Parse("ISO_IR 144");
        Assert.Contains("ISO_IR 144", Assert.Throws<DicomDataException>(() => set.ToArray(TransferSyntax.ExplicitVRLittleEndian)).Message);
    }

    [Fact]
    public void New_text_outside_ASCII_names_a_character_set_where_there_is_none()
    {
        var set = new DicomDataSet { { DicomTags.PatientName, "Müller" } };
        Assert.Equal("ISO_IR 192", set.GetString(DicomTags.SpecificCharacterSet));
        Assert.False(new DicomDataSet { { DicomTags.PatientName, "Mueller" } }.Contains(DicomTags.SpecificCharacterSet));
    }

    [Fact]
    public void Validation_finds_what_the_standard_forbids_and_reading_does_not_care()
    {
        DicomDataSet set = DicomDataSet.Read(Encoded.ExplicitLittle.Element(0x00080005, "CS", "ISO_IR 100").Element(0x00080020, "DA", "2026.1.2").Element(0x00080060, "CS", "ct").Element(0x00091001, "LO", "x ")
            .Element(0x00100020, "LO", new string('x', 66)).Element(0x0020000D, "UI", "1.02.3").Element(0x00280010, "SS", 1, 0).Element(0x00280030, "DS", "1\\2\\3 ").Bytes, TransferSyntax.ExplicitVRLittleEndian);
        IReadOnlyList<DicomFinding> findings = set.Validate();
        Assert.Equal(["StudyDate", "Modality", "(0009,1001)", "PatientID", "StudyInstanceUID", "Rows", "PixelSpacing"], findings.Select(finding => finding.Path.ToString()));
        Assert.All(findings, finding => Assert.StartsWith("PS3.", finding.Source));
        Assert.Empty(Sample().Validate());
    }

    [Fact]
    public void No_18_to_22_values_written_wrong_stay_readable_and_are_written_back_as_they_came()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", " 1.2.3 ").Element(0x00080018, "UI", "1.02.\u00003").Element(0x00080060, "CS", "ct\0\0").Element(0x00200013, "IS", "1.0 ").Element(0x00280030, "DS", "0,5\\1e").Bytes;
        DicomDataSet set = DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(new DicomUid("1.2.3"), set.GetUid(DicomTags.SOPClassUID));
        Assert.Equal("ct", set.GetString(DicomTags.Modality));
        Assert.Equal(1, set.GetInt32(DicomTags.InstanceNumber));
        Assert.Equal(0.5, set.GetDouble(DicomTags.PixelSpacing));
        Assert.Equal(bytes, set.ToArray(TransferSyntax.ExplicitVRLittleEndian));
    }

    [Fact]
    public async Task A_data_set_read_only_in_part_is_not_saved_as_if_it_were_whole()
    {
        byte[] bytes = new DicomFile(Sample().Set(DicomTags.PixelData, new byte[] { 1, 2 }), TransferSyntax.ExplicitVRLittleEndian) is var made ? await made.ToArrayAsync() : [];
        DicomFile part = DicomFile.Read(bytes, new DicomReadOptions { Reader = new DataSetReaderOptions { StopBefore = DicomTags.PixelData } });
        Assert.False(part.DataSet.Contains(DicomTags.PixelData));
        Assert.Equal(bytes, await part.ToArrayAsync());
        part.DataSet.Set(DicomTags.PatientID, "P2");
        await Assert.ThrowsAsync<InvalidOperationException>(() => part.ToArrayAsync());
    }

    [Fact]
    public async Task More_bytes_than_allowed_in_memory_are_refused()
    {
        byte[] bytes = await new DicomFile(Sample(), TransferSyntax.DeflatedExplicitVRLittleEndian).ToArrayAsync();
        Assert.True(DicomFile.Read(bytes).DataSet.ContentEquals(Sample()));
        int length = Sample().ToArray(TransferSyntax.ExplicitVRLittleEndian).Length;
        Assert.NotNull(DicomFile.Read(bytes, new DicomReadOptions { MaxBytesInMemory = length }));
        Assert.Throws<DicomDataException>(() => DicomFile.Read(bytes, new DicomReadOptions { MaxBytesInMemory = length - 1 }));
    }

    [Theory]
    [InlineData("PN", "\0\0\0\0"), InlineData("PN", "    "), InlineData("PN", "^^= "), InlineData("LO", "  "), InlineData("UI", "\0\0"), InlineData("LT", "  ")]
    public void Nothing_but_padding_is_no_other_value_than_none(string vr, string padding)
    {
        byte[] Element(string value) => Encoded.ExplicitLittle.Element(0x00100010, vr, value).Bytes;
        DicomDataSet padded = DicomDataSet.Read(Element(padding), TransferSyntax.ExplicitVRLittleEndian), empty = DicomDataSet.Read(Element(""), TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(padding.Length, padded[DicomTags.PatientName].Length);
        Assert.True(padded.ContentEquals(empty) && empty.ContentEquals(padded));
        Assert.False(padded.ContentEquals(DicomDataSet.Read(Element("A "), TransferSyntax.ExplicitVRLittleEndian)));
    }
}
