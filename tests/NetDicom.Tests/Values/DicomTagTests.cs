namespace NetDicom.Tests;

public class DicomTagTests
{
    [Theory]
    [InlineData("(0010,0020)")]
    [InlineData("0010,0020")]
    [InlineData("00100020")]
    public void A_tag_is_read_in_each_of_its_spellings(string text) => Assert.Equal(new DicomTag(0x0010, 0x0020), DicomTag.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("(0010,0020")]
    [InlineData("0010 0020")]
    [InlineData("001000200")]
    [InlineData("PatientID")]
    [InlineData("+010,0020")]
    public void Anything_else_is_not_a_tag(string text) => Assert.False(DicomTag.TryParse(text, out _));

    [Fact]
    public void Tags_are_ordered_as_in_a_data_set()
    {
        Assert.True(new DicomTag(0x0008, 0xFFFF) < new DicomTag(0x0010, 0x0000));
        Assert.Equal("(7FE0,0010)", new DicomTag(0x7FE00010).ToString());
        Assert.True(new DicomTag(0x0009, 0x0010).IsPrivateCreator);
        Assert.False(new DicomTag(0x0008, 0x0010).IsPrivate);
    }
}
