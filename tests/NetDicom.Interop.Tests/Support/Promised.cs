namespace NetDicom.Interop.Tests.Support;

/// <summary>The tools and options that there are, as docs/promises/options.txt lists them (a test of NetDicom.Cli.Tests holds that against the program).</summary>
internal static class Promised
{
    /// <summary>The root of the repository, from the build output of this project.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));

    /// <summary>Each tool and all the names of one of its options.</summary>
    public static IReadOnlyList<(string Tool, string[] Names)> Options { get; } =
    [
        // "storescu -aet, --aetitle, --calling-aet AET": behind the last name may stand what it takes.
        .. File.ReadLines(Path.Combine(Root, "docs", "promises", "options.txt")).Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1].Split(", ").Select(name => name.Split(' ')[0]).ToArray())),
    ];

    public static IReadOnlyList<string> Tools { get; } = [.. Options.Select(o => o.Tool).Distinct()];
}
