using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Tests;

/// <summary>
/// What scripts rely on stands in docs/promises, a line each. A change shows here first; NETDICOM_UPDATE_PROMISES=1 writes the files anew,
/// and the change is then seen in the review.
/// </summary>
public class PromiseTests
{
    [Fact]
    public void Exit_codes_are_the_promised_ones() => Compare("exit-codes.txt", ExitCode.All.Select(c => $"{c.Code} {c.Meaning}"));

    [Fact]
    public void Option_names_are_the_promised_ones() => Compare("options.txt", Dispatcher.ToolNames.SelectMany(name =>
        Dispatcher.Create(name)!.Command.Options.Select(o => $"{name} {HelpText.Names(o)}").Order(StringComparer.Ordinal)));

    [Fact]
    public void Every_option_is_in_the_help_with_its_default_and_every_tool_has_examples()
    {
        foreach (string name in Dispatcher.ToolNames)
        {
            Tool tool = Dispatcher.Create(name)!;
            string help = HelpText.OfTool(tool);
            foreach (Option option in tool.Command.Options)
            {
                Assert.Contains($"  {HelpText.Names(option)}", help, StringComparison.Ordinal);
                Assert.False(string.IsNullOrWhiteSpace(option.Description), $"{name} {option.Name} has no description");
                if (option.HasDefaultValue && option.ValueType != typeof(bool))
                    Assert.Contains("default: ", option.Description, StringComparison.Ordinal);
            }

            Assert.NotEmpty(tool.Examples);
            foreach ((string line, _) in tool.Examples.Where(e => e.Line.StartsWith(name, StringComparison.Ordinal)))
                Assert.Empty(Dispatcher.Parse(tool, line.Split(' ')[1..]).Errors.Select(e => e.Message));
        }
    }

    private static void Compare(string file, IEnumerable<string> lines)
    {
        // From the build output of this project (bin, configuration, framework) up to the root.
        string path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "promises", file);
        string now = string.Concat(lines.Select(l => l + "\n"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(path, now);
        Assert.Equal(File.ReadAllText(path), now);
    }
}
