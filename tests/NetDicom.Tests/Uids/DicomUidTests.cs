namespace NetDicom.Tests;

public class DicomUidTests
{
    [Theory]
    [InlineData("1.2.840.10008.1.1")]
    [InlineData("0")]
    [InlineData("1.02.3")]
    [InlineData("2.25.329800735698586629295641978511506172918")]
    public void Digits_and_single_dots_are_a_UID(string text) => Assert.True(DicomUid.TryParse(text, out DicomUid uid) && uid.ToString() == text);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(".", "only a dot")]
    [InlineData("..", "parent folder")]
    [InlineData("1..2", "empty component")]
    [InlineData("1.2.", "trailing dot")]
    [InlineData(".1.2", "leading dot")]
    [InlineData("1.2/3", "path character")]
    [InlineData("1.2\0", "NUL")]
    [InlineData("1.2.a", "letter")]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111", "65 characters")]
    public void Anything_else_is_not_a_UID(string text, string why) => Assert.False(DicomUid.TryParse(text, out _), why);

    [Fact]
    public void Padding_of_an_element_is_passed_over()
    {
        Assert.True(DicomUid.TryParse("1.2.3\0"u8, out DicomUid uid));
        Assert.Equal(new DicomUid("1.2.3"), uid);
        Assert.True(DicomUid.TryParse(" 1.2.3 "u8, out uid));
        Assert.Equal("1.2.3", uid.ToString());
        Assert.False(DicomUid.TryParse("1.2\0.3"u8, out _));
    }

    [Fact]
    public void The_default_is_none_and_equals_no_UID()
    {
        Assert.True(default(DicomUid).IsNone);
        Assert.Equal("", default(DicomUid).ToString());
        Assert.NotEqual(default, new DicomUid("1"));
    }
}
