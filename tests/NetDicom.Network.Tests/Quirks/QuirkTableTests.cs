using System.Text;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class QuirkTableTests
{
    private static readonly AETitle s_any = AETitle.Parse("ANY");

    [Theory]
    [InlineData("1.2.840.113619.6.55", true)]
    [InlineData("1.2.840.113619.6.55.1", true)]
    [InlineData("1.2.840.113619.6.551", false)]
    [InlineData("1.2.840.113619.6", false)]
    [InlineData("", false)]
    public void An_implementation_class_is_known_by_the_components_it_begins_with(string implementation, bool known)
    {
        DicomUid uid = implementation.Length == 0 ? default : new DicomUid(implementation);
        Assert.Equal(known, QuirkTable.BuiltIn.Find(s_any, uid).NoAsynchronousWindow);
    }

    [Fact]
    public void Every_built_in_rule_does_something_says_why_and_is_found_by_name()
    {
        Assert.All(QuirkTable.BuiltIn.Rules, rule =>
        {
            Assert.False(rule.Quirks.IsNone, rule.Name);
            Assert.NotEmpty(rule.Reason);
            Assert.Matches("^[a-z0-9.-]+$", rule.Name);
            Assert.Same(rule, QuirkTable.BuiltIn.Find(rule.Name.ToUpperInvariant()));
            // What applies by itself names who it is for.
            Assert.False(rule.EveryPeer, rule.Name);
        });
        Assert.Null(QuirkTable.BuiltIn.Find("nobody"));
        Assert.True(QuirkTable.BuiltIn.Find(s_any, new DicomUid("1.2.3"), "SOMETHING").IsNone);
    }

    [Fact]
    public void A_file_is_read_with_every_property_and_criterion()
    {
        QuirkTable table = Parse("""
            {
              // by title
              "rules": [
                { "name": "one", "aeTitle": "CT1", "noAsynchronousWindow": true, "evenItems": true, "grouping": "onePduPerWrite", "maxPduLength": 8, "reason": "because" },
                { "name": "two", "implementationClassUid": "1.2.3", "implementationVersionName": "OLD", "assumeRoles": true, "refusalMeansDefault": true },
                { "everyPeer": true, "evenContextIds": true, "ignoreTitleCase": true, "grouping": "gathered" },
              ]
            }
            """);
        Assert.Equal(["one", "two", "rule 3"], table.Rules.Select(rule => rule.Name));
        Assert.Equal("because", table.Rules[0].Reason);
        var everyone = new PeerQuirks { EvenContextIds = true, IgnoreTitleCase = true };
        Assert.Equal(everyone, table.Find(s_any));
        Assert.Equal(
            everyone with { NoAsynchronousWindow = true, EvenItems = true, Grouping = PduGrouping.OnePduPerWrite, MaxPduLength = 8 },
            table.Find(AETitle.Parse("CT1"), new DicomUid("1.2.3"), "NEW"));
        Assert.Equal(everyone with { AssumeRoles = true, RefusalMeansDefault = true }, table.Find(s_any, new DicomUid("1.2.3.4"), "old_1.0"));
        Assert.Equal(everyone, table.Find(s_any, new DicomUid("1.2.3.4"), null));
        Assert.Equal(everyone, table.Find(s_any, default, "OLD"));
    }

    [Theory]
    [InlineData("", "no JSON: line 1")]
    [InlineData("{", "no JSON: line 1")]
    [InlineData("{\n \"rules\": [\n {,} ] }", "no JSON: line 3")]
    [InlineData("[]", "an object with one array 'rules'")]
    [InlineData("{}", "an object with one array 'rules'")]
    [InlineData("{\"rules\": {}}", "an object with one array 'rules'")]
    [InlineData("{\"rules\": [], \"more\": 1}", "an object with one array 'rules'")]
    [InlineData("{\"rules\": [1]}", "rule 1 is no object")]
    [InlineData("{\"rules\": [{\"name\": \"x\"}]}", "x names no peer")]
    [InlineData("{\"rules\": [{\"everyPeer\": false}]}", "rule 1 names no peer")]
    [InlineData("{\"rules\": [{\"name\": \"\"}]}", "rule 1: 'name'")]
    [InlineData("{\"rules\": [{\"everyPeer\": 1}]}", "rule 1: 'everyPeer'")]
    [InlineData("{\"rules\": [{\"aeTitle\": \"seventeen letters\"}]}", "rule 1: 'aeTitle'")]
    [InlineData("{\"rules\": [{\"implementationClassUid\": \"1.2.x\"}]}", "rule 1: 'implementationClassUid'")]
    [InlineData("{\"rules\": [{\"everyPeer\": true, \"evenItems\": \"yes\"}]}", "rule 1: 'evenItems' is one of true, false")]
    [InlineData("{\"rules\": [{\"everyPeer\": true, \"grouping\": \"loose\"}]}", "rule 1: 'grouping' is one of \"gathered\"")]
    [InlineData("{\"rules\": [{\"everyPeer\": true, \"maxPduLength\": 7}]}", "rule 1: 'maxPduLength' is one of bytes, 8 to")]
    [InlineData("{\"rules\": [{\"everyPeer\": true, \"maxPduLength\": 4294967296}]}", "rule 1: 'maxPduLength'")]
    [InlineData("{\"rules\": [{\"everyPeer\": true, \"padUids\": true}]}", "rule 1: 'padUids' is not known; there are name, reason")]
    [InlineData("{\"rules\": [{\"name\": \"a\", \"everyPeer\": true}, {\"name\": \"A\", \"everyPeer\": true}]}", "two rules are called 'A'")]
    public void A_file_that_is_no_table_is_refused_in_one_line_that_says_where(string json, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => Parse(json));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_may_begin_with_a_byte_order_mark() => Assert.Empty(QuirkTable.Parse((byte[])[0xEF, 0xBB, 0xBF, .. "{\"rules\":[]}"u8]).Rules);

    [Fact]
    public void Quirks_of_several_rules_add_up_and_the_smaller_limit_counts()
    {
        var left = new PeerQuirks { MaxPduLength = 100, EvenItems = true, Grouping = PduGrouping.CommandWithData };
        var right = new PeerQuirks { MaxPduLength = 50, AssumeRoles = true };
        Assert.Equal(new PeerQuirks { MaxPduLength = 50, EvenItems = true, AssumeRoles = true, Grouping = PduGrouping.CommandWithData }, left.With(right));
        Assert.Equal(PduGrouping.OnePduPerWrite, left.With(new PeerQuirks { Grouping = PduGrouping.OnePduPerWrite }).Grouping);
        Assert.Equal(100u, left.With(PeerQuirks.None).MaxPduLength);
        Assert.Equal(50u, PeerQuirks.None.With(right).MaxPduLength);
        Assert.Equal("none", PeerQuirks.None.ToString());
        Assert.Equal("evenItems, grouping commandWithData, maxPduLength 100", left.ToString());
    }

    [Theory]
    [InlineData(0u, 0u, 0u)]
    [InlineData(0u, 100u, 100u)]
    [InlineData(50u, 100u, 50u)]
    [InlineData(200u, 100u, 100u)]
    [InlineData(200u, 0u, 200u)]
    public void The_limit_of_a_quirk_and_the_peers_own_both_hold(uint announced, uint cap, uint expected) =>
        Assert.Equal(expected, new PeerQuirks { MaxPduLength = cap }.Within(announced));

    [Theory]
    [InlineData(1u)]
    [InlineData(7u)]
    public void A_limit_without_room_for_a_byte_pair_is_a_wrong_argument(uint bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeerQuirks { MaxPduLength = bytes });

    private static QuirkTable Parse(string json) => QuirkTable.Parse(Encoding.UTF8.GetBytes(json));
}
