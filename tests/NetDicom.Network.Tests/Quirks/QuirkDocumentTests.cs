namespace NetDicom.Network.Tests;

/// <summary>docs/quirks.md shows the properties and the built-in rules as they are: NETDICOM_UPDATE_PROMISES=1 writes its tables anew.</summary>
public class QuirkDocumentTests
{
    [Fact]
    public void The_document_shows_the_tables_of_the_program()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "quirks.md");
        string text = File.ReadAllText(file);
        string now = Replace(Replace(text, "properties", Properties()), "rules", Rules());
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(file, now);
        else
            Assert.Equal(now, text);
        Assert.All(QuirkTable.BuiltIn.Rules, rule => Assert.Contains($"| `{rule.Name}` |", now, StringComparison.Ordinal));
        Assert.Equal(typeof(PeerQuirks).GetProperties().Count(p => p.CanWrite), QuirkProperty.All.Count);
    }

    private static IEnumerable<string> Properties() =>
    [
        "| property | values | used by the | what is done |",
        "|---|---|---|---|",
        .. QuirkProperty.All.Select(p => $"| `{p.Name}` | {p.Values.Replace("\"", "`", StringComparison.Ordinal)} | {(p.Side == "both" ? "requestor and acceptor" : p.Side)} | {p.Meaning} |"),
    ];

    private static IEnumerable<string> Rules() =>
    [
        "| name | for | what is done | why |",
        "|---|---|---|---|",
        .. QuirkTable.BuiltIn.Rules.Select(rule => $"| `{rule.Name}` | {Peer(rule)} | {rule.Quirks} | {rule.Reason} |"),
    ];

    private static string Peer(QuirkRule rule) => rule.NamesPeers ? $"implementation class {rule.ImplementationClassUid}" : "asking only";

    private static string Replace(string text, string name, IEnumerable<string> lines)
    {
        string begin = $"<!-- {name} -->\n";
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int to = text.IndexOf("<!-- end -->", from, StringComparison.Ordinal);
        Assert.True(from > begin.Length && to > 0, $"the marks of {name} are missing");
        return text[..from] + string.Concat(lines.Select(line => line + "\n")) + text[to..];
    }
}
