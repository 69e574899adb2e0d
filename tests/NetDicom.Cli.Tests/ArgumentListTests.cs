using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

public class ArgumentListTests
{
    private static readonly HashSet<string> s_vectors = ["--on-stored"];
    private static readonly HashSet<string> s_long = ["--on-stored", "--study-quiet", "--output-directory"];

    [Theory]
    [InlineData("-x=", "--prefer-uncompr")]
    [InlineData("+tls key cert", "--tls-key-cert key cert")]
    [InlineData("+cf ca.pem", "--ca ca.pem")]
    [InlineData("+cf=ca.pem", "--ca=ca.pem")]
    [InlineData("-aet=X 11112 -od out", "-aet=X 11112 -od out")]
    [InlineData("-- -x=", "-- -x=")]
    public void Odd_spellings_become_long_options(string written, string parsed) =>
        Assert.Equal(parsed.Split(' '), ArgumentList.Normalize(written.Split(' '), s_vectors, s_long));

    [Fact]
    public void A_program_to_run_keeps_its_own_options_and_ends_before_one_of_ours() => Assert.Equal(
        ["11112", "--on-stored=prog", "--on-stored=-q", "--on-stored={path}", "--study-quiet", "5"],
        ArgumentList.Normalize(["11112", "--on-stored", "prog", "-q", "{path}", "--study-quiet", "5"], s_vectors, s_long));

    [Fact]
    public void A_program_to_run_ends_at_a_lone_semicolon() => Assert.Equal(
        ["--on-stored=prog", "--on-stored=a b", "11112"],
        ArgumentList.Normalize(["--on-stored", "prog", "a b", ";", "11112"], s_vectors, s_long));

    [Theory]
    [InlineData("echoscu", "-aet ME -aec YOU 127.0.0.1 104")]
    [InlineData("echoscu", "127.0.0.1 -aet=ME 104 --called-aet=YOU")]
    [InlineData("echoscu", "YOU@127.0.0.1:104 --aetitle ME --call YOU")]
    [InlineData("storescu", "-r -cx 127.0.0.1 104 folder -nh -td=0.5")]
    [InlineData("storescp", "-x= 104 -od out")]
    [InlineData("storescp", "-xi -ba 127.0.0.1 --require-calling-aet A B --ignore -aet=X 104")]
    public void What_fingers_are_used_to_is_understood(string tool, string line)
    {
        ParseResult parsed = Dispatcher.Parse(Dispatcher.Create(tool)!, line.Split(' '));
        Assert.Empty(parsed.Errors.Select(e => e.Message));
    }

    [Theory]
    [InlineData("echoscu", "-q -v 127.0.0.1 104", "exclude each other")]
    [InlineData("echoscu", "-aet ABCDEFGHIJKLMNOPQ 127.0.0.1 104", "not an AE title")]
    [InlineData("echoscu", "-ta -1 127.0.0.1 104", "not a time in seconds")]
    [InlineData("echoscu", "--repeat 0 127.0.0.1 104", "not a number from 1")]
    [InlineData("echoscu", "--no-such 127.0.0.1 104", "'--no-such' is not an option")]
    [InlineData("storescu", "-xe -xb 127.0.0.1 104 f", "exclude each other")]
    [InlineData("storescu", "--all-contexts -cx 127.0.0.1 104 f", "exclude each other")]
    [InlineData("storescu", "--halt -nh 127.0.0.1 104 f", "exclude each other")]
    [InlineData("storescp", "--status A7 104", "not a status")]
    [InlineData("storescp", "--existing maybe 104", "maybe")]
    [InlineData("storescp", "-ba here 104", "not an IP address")]
    public void What_is_wrong_is_said(string tool, string line, string why)
    {
        ParseResult parsed = Dispatcher.Parse(Dispatcher.Create(tool)!, line.Split(' '));
        Assert.Contains(parsed.Errors, e => e.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_named_after_a_tool_makes_that_tool()
    {
        Assert.Equal(["storescu", "a", "b"], ToolName.Prefix("storescu", ["a", "b"], Dispatcher.ToolNames));
        Assert.Equal(["storescu", "a"], ToolName.Prefix("netdicom", ["storescu", "a"], Dispatcher.ToolNames));
    }
}
