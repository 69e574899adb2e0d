using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>
/// No option without a test that runs the program with it. A test counts for an option when its text names the tool and one of the option's names; the matrices
/// say by lists what they give to which tools, and are held to their lists here too.
/// </summary>
public partial class OptionAuditTests
{
    // Helpers that name a tool or an option for the tests that call them.
    private static readonly (string Call, string[] Means)[] s_helpers =
    [
        ("Sent.RunAsync", ["storescu", "--json"]),
        ("Lines.RunAsync", ["--json"]),
        ("new ArchiveServer", ["qrscp", "archive"]),
        ("archive.CareAsync", ["archive"]),
    ];

    // Options of another issue's tools (the archive), which its own tests have to name; here until they do.
    private static readonly string[] s_others = ["qrscp --clean", "qrscp --durability", "qrscp --port"];

    [Fact]
    public void Every_option_of_every_tool_is_given_to_the_program_by_a_test()
    {
        string[] tests = [.. Directory.GetFiles(Path.Combine(Promised.Root, "tests", "NetDicom.Interop.Tests"), "*.cs").SelectMany(Methods)];
        HashSet<string>[] named = [.. tests.Select(Words)];
        List<string> missing = [];
        foreach ((string tool, string[] names) in Promised.Options)
        {
            if (!names.Any(name => MatrixCovers(tool, name)) && !named.Any(words => words.Contains(tool) && names.Any(words.Contains)) && !s_others.Contains($"{tool} {names[0]}"))
                missing.Add($"{tool} {string.Join('/', names)}");
        }

        Assert.True(missing.Count == 0, "No test runs the program with: " + string.Join(", ", missing));
    }

    [Fact]
    public void What_the_matrices_say_they_give_stands_in_them_and_is_an_option()
    {
        foreach ((string file, string[] covered) in ((string, string[])[])
            [
                ("ScuOptionMatrixTests.cs", ScuOptionMatrixTests.Covered), ("ScpOptionMatrixTests.cs", ScpOptionMatrixTests.Covered),
                ("ToolRunTests.cs", [.. ToolRunTests.CoveredEverywhere, .. ToolRunTests.CoveredForFiles]),
            ])
        {
            // Once in the list, and once at least in a run.
            string text = File.ReadAllText(Path.Combine(Promised.Root, "tests", "NetDicom.Interop.Tests", file));
            Assert.All(covered, name => Assert.True(text.Split($"\"{name}\"").Length > 2, $"{file} lists {name} and does not give it to a tool"));
            Assert.All(covered, name => Assert.Contains(Promised.Options, o => o.Names.Contains(name)));
        }

        string[] matrix = [.. ScuOptionMatrixTests.ToolNames, .. ScpOptionMatrixTests.Tools.Select(row => row.Data), .. ToolRunTests.FileTools];
        Assert.Equal(Promised.Tools.Order(StringComparer.Ordinal), matrix.Order(StringComparer.Ordinal));
    }

    private static bool MatrixCovers(string tool, string name) =>
        ToolRunTests.CoveredEverywhere.Contains(name)
        || (ScuOptionMatrixTests.ToolNames.Contains(tool) && ScuOptionMatrixTests.Covered.Contains(name))
        || (ScpOptionMatrixTests.Tools.Any(row => row.Data == tool) && ScpOptionMatrixTests.Covered.Contains(name))
        || (ToolRunTests.FileTools.Contains(tool) && ToolRunTests.CoveredForFiles.Contains(name));

    // The members of a test class, attributes with them: between two empty lines, as they are written here.
    private static IEnumerable<string> Methods(string file) => Path.GetFileName(file) == "OptionAuditTests.cs" ? [] : Member().Split(File.ReadAllText(file));

    private static HashSet<string> Words(string text) =>
        [.. Word().Matches(text).Select(m => m.Value), .. s_helpers.Where(h => text.Contains(h.Call, StringComparison.Ordinal)).SelectMany(h => h.Means)];

    [GeneratedRegex(@"\n\n    (?=\[|public|private|internal)")]
    private static partial Regex Member();

    // Tools and options as words: "-x=" and "+L" are options too.
    [GeneratedRegex(@"-x=|(?<![\w-])[-+]{0,2}[A-Za-z][\w-]*")]
    private static partial Regex Word();
}
