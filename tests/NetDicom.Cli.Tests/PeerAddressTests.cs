using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

public class PeerAddressTests
{
    [Theory]
    [InlineData("localhost 104", "localhost", 104, null)]
    [InlineData("::1 104", "::1", 104, null)]
    [InlineData("[::1] 104", "::1", 104, null)]
    [InlineData("ARCHIVE@pacs.example:11112", "pacs.example", 11112, "ARCHIVE")]
    [InlineData("ARCHIVE@[fe80::1]:11112", "fe80::1", 11112, "ARCHIVE")]
    public void Both_forms_are_taken(string words, string host, int port, string? title) =>
        Assert.Equal(new PeerAddress(host, port, title), PeerAddress.TakeFrom(words.Split(' '), out _));

    [Fact]
    public void What_follows_the_address_is_the_tools()
    {
        PeerAddress.TakeFrom(["A@host:104", "1.dcm", "2.dcm"], out IReadOnlyList<string> rest);
        Assert.Equal(["1.dcm", "2.dcm"], rest);
        PeerAddress.TakeFrom(["host", "104", "1.dcm"], out rest);
        Assert.Equal(["1.dcm"], rest);
    }

    [Theory]
    [InlineData("", "peer is missing")]
    [InlineData("host", "port is missing")]
    [InlineData("host 0", "not a port")]
    [InlineData("host 65536", "not a port")]
    [InlineData("host dicom", "not a port")]
    [InlineData("A@host", "not AET@host:port")]
    [InlineData("@host:104", "not an AE title")]
    [InlineData("A\\B@host:104", "not an AE title")]
    public void What_is_wrong_is_said(string words, string why) => Assert.Contains(why,
        Assert.Throws<UsageException>(() => PeerAddress.TakeFrom(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _)).Message, StringComparison.Ordinal);
}
