namespace NetDicom.Archive.Tests;

/// <summary>The tables of eng/standard, embedded.</summary>
internal static class Facts
{
    /// <summary>The rows behind the heading, split into their columns.</summary>
    public static IReadOnlyList<string[]> Read(string name)
    {
        using Stream stream = typeof(Facts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        var rows = new List<string[]>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            rows.Add(line.Split('\t'));
        return rows;
    }
}
