using System.Globalization;
using System.Reflection;
using System.Text;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>docs/interoperability.md is what the tests say of themselves: NETDICOM_UPDATE_PROMISES=1 writes it anew.</summary>
public class InteroperabilityTests
{
    private static readonly string[] s_peers = ["DCMTK", "Orthanc", "dcmjs-dimse"];

    /// <summary>What a peer does not have in the version that is tested (DCMTK 3.6.7, Orthanc 1.10.1 without plugins, dcmjs-dimse 0.3.3), by service and our role.</summary>
    private static readonly HashSet<(string Service, string Role, string Peer)> s_lacking =
    [
        ("Modality Performed Procedure Step", "SCU", "DCMTK"), ("Modality Performed Procedure Step", "SCP", "DCMTK"),
        ("Modality Performed Procedure Step", "SCU", "Orthanc"), ("Modality Performed Procedure Step", "SCP", "Orthanc"),
        ("N-CREATE, N-SET, N-GET, N-ACTION, N-DELETE, N-EVENT-REPORT", "SCU", "Orthanc"), ("N-CREATE, N-SET, N-GET, N-ACTION, N-DELETE, N-EVENT-REPORT", "SCP", "Orthanc"),
        ("Print Management", "SCU", "Orthanc"), ("Print Management", "SCP", "Orthanc"),
        ("Storage Commitment", "SCU", "DCMTK"), ("Storage Commitment", "SCP", "DCMTK"),
        ("Unified Procedure Step", "SCU", "DCMTK"), ("Unified Procedure Step", "SCP", "DCMTK"),
        ("Unified Procedure Step", "SCU", "Orthanc"), ("Unified Procedure Step", "SCP", "Orthanc"),
    ];

    [Fact]
    public void The_page_says_what_is_tested()
    {
        var cells = typeof(InteroperabilityTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetCustomAttributes<InteropAttribute>().Select(cell => (cell.Service, cell.Role, cell.Peer, Test: $"{method.DeclaringType!.Name}.{method.Name}")))
            .ToLookup(cell => (cell.Service, cell.Role, cell.Peer), cell => cell.Test);
        Assert.All(cells, cell => Assert.Contains(cell.Key.Peer, s_peers));
        Assert.All(cells, cell => Assert.True(cell.Key.Role is "SCU" or "SCP", cell.Key.Role));
        Assert.All(cells, cell => Assert.False(s_lacking.Contains(cell.Key), $"{cell.Key} is tested and said to be lacking"));
        string page = Page(cells);
        string file = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "interoperability.md"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(file, page);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == page, "docs/interoperability.md is not what the tests say: run with NETDICOM_UPDATE_PROMISES=1 and commit it");
    }

    private static string Page(ILookup<(string Service, string Role, string Peer), string> cells)
    {
        var page = new StringBuilder();
        page.Append("""
            # Interoperability

            Which service is tested with which product of others, in which role of ours. The page is made from the tests in `tests/NetDicom.Interop.Tests` by
            `NETDICOM_UPDATE_PROMISES=1 ./test.sh`, and a test compares it. Each test runs in every build where its peer is installed: a red one stops the build, so a number here
            is that of green tests. `-` is a service that the peer does not have; an empty cell is not tested.


            """);
        page.Append(CultureInfo.InvariantCulture, $"| service | our role | {string.Join(" | ", s_peers)} |\n| --- | --- |{string.Concat(s_peers.Select(_ => " --- |"))}\n");
        (string Service, string Role)[] rows = [.. cells.Select(cell => (cell.Key.Service, cell.Key.Role)).Distinct().OrderBy(row => row.Service, StringComparer.Ordinal).ThenByDescending(row => row.Role, StringComparer.Ordinal)];
        foreach ((string service, string role) in rows)
        {
            IEnumerable<string> shown = s_peers.Select(peer => cells[(service, role, peer)].Count() is var count and > 0 ? $" {count} " : s_lacking.Contains((service, role, peer)) ? " - " : " ");
            page.Append(CultureInfo.InvariantCulture, $"| {service} | {role} |{string.Join('|', shown)}|\n");
        }

        page.Append("\n## Tests\n\n");
        foreach ((string service, string role) in rows)
        {
            foreach (string peer in s_peers)
            {
                foreach (string test in cells[(service, role, peer)].Order(StringComparer.Ordinal))
                    page.Append(CultureInfo.InvariantCulture, $"- {service}, {role}, {peer}: `{test}`\n");
            }
        }

        return page.ToString();
    }
}
