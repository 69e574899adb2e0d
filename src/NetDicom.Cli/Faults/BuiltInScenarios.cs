using System.Reflection;

namespace NetDicom.Cli.Faults;

/// <summary>The scenarios within the program: the files of Faults/Scenarios.</summary>
internal static class BuiltInScenarios
{
    private const string Suffix = ".fault";
    private static readonly Lazy<IReadOnlyList<FaultScenario>> s_all = new(Read);

    public static IReadOnlyList<FaultScenario> All => s_all.Value;

    /// <summary>Those of a group (<c>associate</c>), or one by its whole name.</summary>
    public static IEnumerable<FaultScenario> Find(string word) =>
        All.Where(scenario => scenario.Name == word || scenario.Name.StartsWith(word.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static List<FaultScenario> Read()
    {
        Assembly assembly = typeof(BuiltInScenarios).Assembly;
        var all = new List<FaultScenario>();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            all.AddRange(ScenarioParser.Parse(name, reader.ReadToEnd()));
        }

        return all;
    }
}
