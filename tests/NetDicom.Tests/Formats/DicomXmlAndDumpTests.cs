using System.Text;
using System.Xml;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.Formats;

public class DicomXmlAndDumpTests
{
    [Fact]
    public void XML_is_the_Native_DICOM_Model()
    {
        var set = new DicomDataSet
        {
            { DicomTags.PatientName, "Yamada^Tarou=山田^太郎" },
            { DicomTags.Rows, 512 },
            { DicomTags.ReferencedStudySequence, new DicomDataSet { { DicomTags.ReferencedSOPInstanceUID, "1.2" } } },
            { DicomTags.PixelData, new byte[] { 1, 2 } },
        };
        set.Set(DicomElement.Create(set.ReservePrivate("ACME", 0x0009, 0x01), DicomVR.LO, "x<y"));
        using var output = new MemoryStream();
        DicomXml.Write(output, set);
        var document = new XmlDocument();
        document.LoadXml(Encoding.UTF8.GetString(output.ToArray()));
        string Text(string path) => document.SelectSingleNode("/NativeDicomModel/" + path)?.InnerText ?? $"no {path}";
        Assert.Equal("太郎", Text("DicomAttribute[@keyword='PatientName']/PersonName[@number='1']/Ideographic/GivenName"));
        Assert.Equal("512", Text("DicomAttribute[@tag='00280010' and @vr='US']/Value"));
        Assert.Equal("1.2", Text("DicomAttribute[@vr='SQ']/Item[@number='1']/DicomAttribute/Value"));
        Assert.Equal("x<y", Text("DicomAttribute[@tag='00090001' and @privateCreator='ACME']/Value"));
        Assert.Equal("AQI=", Text("DicomAttribute[@keyword='PixelData']/InlineBinary"));
        output.SetLength(0);
        DicomXml.Write(output, set, (path, _) => path.Tag == DicomTags.PixelData ? "bulk/1" : null);
        Assert.Contains("<BulkData uri=\"bulk/1\" />", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void A_dump_has_a_line_for_each_element_laid_out_as_dcmdumps()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2\0").Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.2\0").EndItem().EndSequence()
            .Element(0x00090010, "LO", "ACME").Element(0x00104000, "LT", "a\nb ").Element(0x00280010, "US", 0, 2).Element(0x00280030, "DS", "").Element(0x7FE00010, "OW", 1, 2, 3, 4).Bytes;
        string[] lines = DicomDump.ToText(DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian)).Split('\n');
        Assert.Equal("""
            (0008,0016) UI =CTImageStorage                          #  26, 1 SOPClassUID
            (0008,1140) SQ (Sequence with undefined length #=1)     # u/l, 1 ReferencedImageSequence
              (fffe,e000) na (Item with undefined length #=1)         # u/l, 1 Item
                (0008,1150) UI [1.2]                                    #   4, 1 ReferencedSOPClassUID
              (fffe,e00d) na (ItemDelimitationItem)                   #   0, 0 ItemDelimitationItem
            (fffe,e0dd) na (SequenceDelimitationItem)               #   0, 0 SequenceDelimitationItem
            (0009,0010) LO [ACME]                                   #   4, 1 PrivateCreator
            (0010,4000) LT [a\nb]                                   #   4, 1 PatientComments
            (0028,0010) US 512                                      #   2, 1 Rows
            (0028,0030) DS (no value available)                     #   0, 0 PixelSpacing
            (7fe0,0010) OW 0201\0403                                #   4, 1 PixelData
            """.Split('\n'), lines[..^1]);
        Assert.Single(DicomDump.ToText(DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian), new DicomDumpOptions { Tags = [DicomTags.ReferencedSOPClassUID] }).TrimEnd('\n').Split('\n'));
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public void Every_real_file_can_be_dumped_validated_and_written_as_XML(string name)
    {
        DicomDataSet set = DicomFile.Read(RealFiles.Bytes(name)).DataSet;
        string dump = DicomDump.ToText(set);
        Assert.All(set.Where(element => !element.Tag.IsGroupLength), element => Assert.Contains(element.Tag.ToString(), dump, StringComparison.OrdinalIgnoreCase));
        Assert.NotNull(set.Validate());
        using var output = new MemoryStream();
        DicomXml.Write(output, set);
        output.Position = 0;
        using var reader = XmlReader.Create(output, new XmlReaderSettings { CheckCharacters = false });
        int attributes = 0;
        while (reader.Read())
            attributes += reader is { Depth: 1, NodeType: XmlNodeType.Element } ? 1 : 0;
        Assert.Equal(set.Count(element => !element.Tag.IsGroupLength), attributes);
    }
}
