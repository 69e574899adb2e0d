namespace NetDicom.Protocol.Tests;

public class AETitleTests
{
    [Fact]
    public void Surrounding_spaces_do_not_count_and_inner_ones_do()
    {
        Assert.Equal(AETitle.Parse("A B"), AETitle.Parse("  A B "));
        Assert.NotEqual(AETitle.Parse("AB"), AETitle.Parse("A B"));
        Assert.NotEqual(AETitle.Parse("ab"), AETitle.Parse("AB"));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("                ", "sixteen spaces mean no name")]
    [InlineData("ABCDEFGHIJKLMNOPQ", "17 characters")]
    [InlineData("A\\B", "backslash")]
    [InlineData("A\tB", "control character")]
    [InlineData("Ä", "outside ISO 646")]
    public void What_the_VR_forbids_is_refused(string text, string why) => Assert.False(AETitle.TryParse(text, out _), why);
}
