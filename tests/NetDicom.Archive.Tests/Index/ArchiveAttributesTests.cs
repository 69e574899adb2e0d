namespace NetDicom.Archive.Tests.Index;

public class ArchiveAttributesTests
{
    public static TheoryData<string, string> Keys()
    {
        var keys = new TheoryData<string, string>();
        foreach (string[] row in Facts.Read("qr-keys.tsv").Where(row => row[2] == row[3]))
            keys.Add(row[0], row[3]);
        return keys;
    }

    /// <summary>In Study Root the attributes of the patient are keys of the study level too (PS3.4 section C.6.2.1.2).</summary>
    [Theory, MemberData(nameof(Keys))]
    public void Every_key_of_the_standard_is_known_at_its_level(string level, string tag)
    {
        ArchiveLevel own = level switch { "PATIENT" => ArchiveLevel.Patient, "STUDY" => ArchiveLevel.Study, "SERIES" => ArchiveLevel.Series, _ => ArchiveLevel.Instance };
        ArchiveLevel? known = ArchiveAttributes.Default.LevelOf(DicomTag.Parse(tag));
        Assert.True(known == own || own == ArchiveLevel.Study && known == ArchiveLevel.Patient, $"{tag} is at {known}");
    }

    [Fact]
    public void Bulk_data_private_elements_and_group_2_cannot_be_added()
    {
        foreach (DicomTag tag in (DicomTag[])[DicomTags.PixelData, new(0x0009, 0x1001), new(0x0002, 0x0010), new(0x0010, 0x0000)])
            Assert.Throws<ArgumentException>(() => ArchiveAttributes.With([(ArchiveLevel.Study, tag)]));
    }
}
