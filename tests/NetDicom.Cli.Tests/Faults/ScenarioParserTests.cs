using NetDicom.Cli.Commands;
using NetDicom.Cli.Faults;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests.Faults;

/// <summary>The language of scenarios (docs/fault.md): text in, statements or a message with the line out.</summary>
public class ScenarioParserTests
{
    [Fact]
    public void Every_statement_is_read()
    {
        FaultScenario scenario = Parse("""
            # a comment
            client my/own
              about what is wrong   # is part of the text
              patience 1.5s
              connect
              hold 3 0102
              drop
              send A-RELEASE-RQ
              trickle 2 20ms A-ABORT source=2
              flood C-ECHO-RQ
              delay 2m
              expect A-ABORT source=2 reason=1|2 or closed
              await C-STORE-RSP status=Cxxx
              repeat 2
                repeat 3
                  abort
                end
              end
              close
              shutdown
              reset
              echo
            """).Single();
        Assert.Equal(("my/own", FaultRole.Client, TimeSpan.FromSeconds(1.5)), (scenario.Name, scenario.Role, scenario.Patience));
        Assert.Equal(
            ["ConnectStep", "HoldStep", "DropStep", "SendStep", "TrickleStep", "FloodStep", "DelayStep", "ExpectStep", "ExpectStep", "RepeatStep", "EndStep", "EndStep", "EndStep", "EchoStep"],
            scenario.Steps.Select(step => step.GetType().Name));
        Assert.Equal((2, 20), (((TrickleStep)scenario.Steps[4]).Size, ((TrickleStep)scenario.Steps[4]).Pause.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMinutes(2), ((DelayStep)scenario.Steps[6]).Time);
        Assert.True(((ExpectStep)scenario.Steps[8]).SkipsOthers);
        var repeat = (RepeatStep)scenario.Steps[9];
        Assert.Equal((2, 3, 14), (repeat.Count, ((RepeatStep)repeat.Steps[0]).Count, repeat.Line));
    }

    [Fact]
    public void Tables_make_a_scenario_of_each_combination()
    {
        List<FaultScenario> scenarios = Parse("client a/{x}-{y}\n each x | text\n | 1 | one\n | 2 | \n each y\n | 7\n | 8\n about {text}\n send 0{x} {{y}{x} length={y}}\n");
        Assert.Equal(["a/1-7", "a/1-8", "a/2-7", "a/2-8"], scenarios.Select(scenario => scenario.Name));
        Assert.Equal("one", scenarios[0].About);
        Assert.Equal("01710000000007", Convert.ToHexString(((SendStep)scenarios[0].Steps[0]).What.Build(new FaultSession("", ""))));
        Assert.Contains("send 02 {82 length=8}", scenarios[3].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send A-ABORT", "f:1: a scenario begins with 'client NAME' or 'server NAME'")]
    [InlineData("", "f: no scenario in it")]
    [InlineData("client", "f:1: 'client' begins a scenario")]
    [InlineData("client a\n about x", "f:1: 'a' does nothing")]
    [InlineData("client a\n jump", "f:2: 'jump' is no statement")]
    [InlineData("client a\n close now", "f:2: 'now' is one word too many")]
    [InlineData("client a\n repeat 2\n close", "f:2: 'repeat' without 'end'")]
    [InlineData("client a\n end", "f:2: 'end' without 'repeat'")]
    [InlineData("server a\n echo", "f:2: 'echo' is for scenarios of a client")]
    [InlineData("client a\n next", "f:2: 'next' is for scenarios of a server")]
    [InlineData("client a\n delay 5", "f:2: '5' is not a time")]
    [InlineData("client a\n send", "f:2: what is to be sent is missing")]
    [InlineData("client a\n send \"x", "f:2: a quotation mark is not closed")]
    [InlineData("client a\n send \"\\q\"", "f:2: an escape is one of")]
    [InlineData("client a\n send 012", "f:2: '012' is nothing that can be sent")]
    [InlineData("client a\n send [50 01", "f:2: ']' is missing")]
    [InlineData("client a\n send (10,20 \"x\")", "f:2: '10,20' is not a tag")]
    [InlineData("client a\n send zeros:999999999999", "f:2: '999999999999' is not a count")]
    [InlineData("client a\n send C-ECHO-RQ Status=x", "f:2: 'x' is not a number")]
    [InlineData("client a\n send C-ECHO-RQ Colour=1", "f:2: 'Colour' is no element of a command set")]
    [InlineData("client a\n send A-ABORT colour=1", "f:2: 'colour=1' is no field of this PDU")]
    [InlineData("client a\n send C-ECHO-RQ class=NoSuchClass", "f:2: 'NoSuchClass' is no UID")]
    [InlineData("client a\n expect A-HUG", "f:2: 'A-HUG' cannot be expected")]
    [InlineData("client a\n expect closed or", "f:2: what is expected is missing")]
    [InlineData("client a\n | 1", "f:2: a row stands below 'each'")]
    [InlineData("client a{x}\n each x | y\n | 1\n close", "f:3: 1 values where 'each' has 2 columns")]
    [InlineData("client a{x}\n each x\n close", "f:1: the tables of 'a{x}' make no scenario")]
    [InlineData("client a\n close\nclient a\n close", "f: there are two scenarios 'a'")]
    public void What_cannot_be_read_is_told_with_its_line(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<ScenarioException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("A-ABORT source=2 reason=1", "07 00 00000004 0000 02 01")]
    [InlineData("A-ASSOCIATE-RJ result=2 source=3 reason=4", "03 00 00000004 00 02 03 04")]
    [InlineData("A-RELEASE-RQ length=3 reserved=255 only=7", "05 FF 00000003 00")]
    [InlineData("A-RELEASE-RP times=2 patch=6:AABB", "06 00 00000004 AABB0000 06 00 00000004 AABB0000")]
    [InlineData("[52 \"1.2\"] u8:1 u16:2 u32:3 le16:4 le32:5 zeros:2", "52 00 0003 312E32 01 0002 00000003 0400 05000000 0000")]
    [InlineData("{04 <01 03 \"ab\">}", "04 00 00000008 00000004 01 03 6162")]
    [InlineData("<01 03 length=9>", "00000009 01 03")]
    [InlineData("(0008,0018 \"1.2\") (0010,0010 \"Doe\") (0010,0010 PN \"Doe\") (7FE0,0010 OW length=7 01)", "08001800 04000000 312E3200 10001000 04000000 446F6520 10001000 504E 0400 446F6520 E07F1000 4F57 0000 07000000 01")]
    [InlineData("times:2 [60 01]", "60 00 0001 01 60 00 0001 01")]
    [InlineData("[context 3 Verification]", "20 00 002E 03000000 30 00 0011 312E322E3834302E31303030382E312E31 40 00 0011 312E322E3834302E31303030382E312E32")]
    [InlineData("[result 5 3]", "21 00 0004 05000300")]
    [InlineData("DATA context=3 fragment=2 010203", "04 00 00000008 00000004 03 00 0102 04 00 00000007 00000003 03 02 03")]
    [InlineData("DATA context=1 command=yes last=no 01", "04 00 00000007 00000003 01 01 01")]
    [InlineData("C-CANCEL-RQ id=7 context=9", "04 00 00000030 0000002C 09 03 00000000 04000000 1E000000 00000001 02000000 FF0F 00002001 02000000 0700 00000008 02000000 0101")]
    [InlineData("C-ECHO-RQ -CommandGroupLength -CommandField -CommandDataSetType -MessageID class=\"x\"", "04 00 00000010 0000000C 01 03 00000200 02000000 7800")]
    [InlineData("C-ECHO-RSP -CommandGroupLength -CommandField -CommandDataSetType -id -class Status=hex:07", "04 00 0000000F 0000000B 01 03 00000009 01000000 07")]
    public void What_is_sent_has_the_layout_of_the_standard(string text, string expected)
    {
        Sendable what = SendableParser.Read(new TokenReader(ScenarioToken.Split(text)));
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(what.Build(new FaultSession("CALLED", "CALLING"))));
    }

    [Fact]
    public void An_association_request_has_the_layout_of_the_standard()
    {
        byte[] pdu = SendableParser.Read(new TokenReader(ScenarioToken.Split("A-ASSOCIATE-RQ version=3 [50]"))).Build(new FaultSession("CALLED", "CALLING"));
        Assert.Equal("0100" + "00000048" + "00030000" + Convert.ToHexString("CALLED          CALLING         "u8) + new string('0', 64) + "50000000", Convert.ToHexString(pdu));
    }

    [Theory]
    [InlineData("A-ABORT source=2 reason=1|2", "A-ABORT source=2 reason=2", true)]
    [InlineData("A-ABORT source=2", "A-ABORT source=0 reason=0", false)]
    [InlineData("C-STORE-RSP status=Cxxx", "C-STORE-RSP Status=C123", true)]
    [InlineData("C-STORE-RSP status=Cxxx", "C-STORE-RSP Status=A700", false)]
    [InlineData("C-STORE-RSP id=0x10", "C-STORE-RSP MessageIDBeingRespondedTo=16", true)]
    [InlineData("C-STORE-RSP", "C-ECHO-RSP Status=0000", false)]
    [InlineData("anything", "A-RELEASE-RP", true)]
    [InlineData("anything", "closed", false)]
    [InlineData("closed or A-RELEASE-RP", "closed", true)]
    public void What_comes_is_held_against_what_is_expected(string expected, string came, bool fits)
    {
        string[] words = came.Split(' ');
        var arrival = new Arrival(words[0], [.. words[1..].Select(word => (word.Split('=')[0], word.Split('=')[1]))]);
        Assert.Equal(fits, FaultExpectation.ReadAll(new TokenReader(ScenarioToken.Split(expected))).Exists(expectation => expectation.Takes(arrival)));
    }

    [Fact]
    public void Scenarios_are_chosen_by_name_group_or_file()
    {
        Assert.Equal(["data/no-pdv"], FaultPeer.Choose(["data/no-pdv"], FaultRole.Client).Select(scenario => scenario.Name));
        Assert.All(FaultPeer.Choose(["data"], FaultRole.Client), scenario => Assert.StartsWith("data/", scenario.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(FaultPeer.Choose(["all"], FaultRole.Client), scenario => scenario.Name.StartsWith("slow/", StringComparison.Ordinal));
        Assert.Throws<UsageException>(() => FaultPeer.Choose(["data"], FaultRole.Server));
        Assert.Throws<UsageException>(() => FaultPeer.Choose(["no/such"], null));
    }

    [Fact]
    public void Every_scenario_that_is_built_in_says_what_it_is_about_and_has_a_name_of_its_own()
    {
        Assert.All(BuiltInScenarios.All, scenario => Assert.NotEmpty(scenario.About));
        Assert.All(BuiltInScenarios.All, scenario => Assert.DoesNotContain('{', scenario.Name));
        Assert.Equal(BuiltInScenarios.All.Count, BuiltInScenarios.All.Select(scenario => scenario.Name).Distinct().Count());
    }

    private static List<FaultScenario> Parse(string text) => ScenarioParser.Parse("f", text);
}
