using System.Text.Json;

namespace NetDicom.Interop.Tests.Support;

/// <summary>The lines of a tool with --json.</summary>
internal sealed class Lines
{
    private readonly IReadOnlyList<JsonElement> _lines;

    private Lines(Ended ended, IReadOnlyList<JsonElement> lines) => (Ended, _lines) = (ended, lines);

    public Ended Ended { get; }

    public JsonElement Summary => _lines[^1];

    /// <summary>Runs a tool with --json; its exit code stands in the summary too.</summary>
    public static async Task<Lines> RunAsync(int exitCode, string tool, params string[] arguments)
    {
        Ended ended = await NetDicomProgram.RunAsync([tool, "--json", .. arguments]);
        Assert.True(ended.ExitCode == exitCode, $"{tool} {string.Join(' ', arguments)}: expected {exitCode}: {ended}");
        return Read(ended);
    }

    public static Lines Read(Ended ended)
    {
        JsonElement[] lines = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.True(lines.Length > 0, $"no lines: {ended}");
        Assert.Equal("summary", lines[^1].GetProperty("type").GetString());
        Assert.Equal(ended.ExitCode, lines[^1].GetProperty("exitCode").GetInt32());
        return new Lines(ended, lines);
    }

    public IReadOnlyList<JsonElement> Of(string type) => [.. _lines.Where(l => l.GetProperty("type").GetString() == type)];

    /// <summary>The first value of an attribute in the data set of a line, by its tag in eight digits.</summary>
    public static string Value(JsonElement line, string tag) =>
        line.GetProperty("dataSet").TryGetProperty(tag, out JsonElement element) && element.TryGetProperty("Value", out JsonElement values) ? values[0].ToString() : "";
}
