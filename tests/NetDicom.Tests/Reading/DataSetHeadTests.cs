using NetDicom.Tests.Support;

namespace NetDicom.Tests.Reading;

public class DataSetHeadTests
{
    private static readonly DicomTag[] _wanted = [DicomTags.SOPClassUID, DicomTags.SOPInstanceUID, DicomTags.PatientID, DicomTags.StudyInstanceUID];

    [Fact]
    public void Wanted_elements_are_found_and_nothing_behind_them_is_looked_at()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0")
            .Sequence(0x00081140).Item().Element(0x00100020, "LO", "no").EndItem().EndSequence()
            .Element(0x0020000D, "UI", "1.5\0").Raw("rubbish that is no element"u8.ToArray()).Bytes;
        var values = new Range[4];
        Assert.Equal(DataSetHeadStatus.Done, DataSetHead.TryFind(bytes, false, TransferSyntax.ExplicitVRLittleEndian, _wanted, values));
        Assert.Equal("1.2\0"u8, bytes.AsSpan(values[0]));
        Assert.Equal(default, values[1]);
        Assert.Equal(default, values[2]);
        Assert.Equal("1.5\0"u8, bytes.AsSpan(values[3]));
    }

    [Fact]
    public void More_bytes_are_asked_for_until_the_last_wanted_tag_is_past()
    {
        byte[] bytes = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00080018, "", "1.3\0").Element(0x00200010, "", "ID").Bytes;
        var values = new Range[4];
        for (int i = 0; i < bytes.Length - 2; i++)
            Assert.Equal(DataSetHeadStatus.NeedMoreBytes, DataSetHead.TryFind(bytes.AsSpan(0, i), false, TransferSyntax.ImplicitVRLittleEndian, _wanted, values));
        // The header of (0020,0010) shows that (0020,000D) is absent.
        Assert.Equal(DataSetHeadStatus.Done, DataSetHead.TryFind(bytes.AsSpan(0, bytes.Length - 2), false, TransferSyntax.ImplicitVRLittleEndian, _wanted, values));
        Assert.Equal("1.3\0"u8, bytes.AsSpan(values[1]));
        Assert.Equal(DataSetHeadStatus.Done, DataSetHead.TryFind(bytes.AsSpan(0, 24), true, TransferSyntax.ImplicitVRLittleEndian, _wanted, values));
    }

    [Fact]
    public void A_deflated_data_set_must_be_inflated_first() =>
        Assert.Equal(DataSetHeadStatus.Unreadable, DataSetHead.TryFind([1, 2, 3], true, TransferSyntax.DeflatedExplicitVRLittleEndian, _wanted, new Range[4]));

    [Fact]
    public void Bytes_that_are_no_data_set_are_unreadable() =>
        Assert.Equal(DataSetHeadStatus.Unreadable, DataSetHead.TryFind(Encoded.ExplicitLittle.Item(0).Bytes, true, TransferSyntax.ExplicitVRLittleEndian, _wanted, new Range[4]));
}
