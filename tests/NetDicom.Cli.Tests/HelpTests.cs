using System.CommandLine;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Tests;

/// <summary>Manual pages, topics and completion scripts come from the tools' own options.</summary>
public class HelpTests
{
    public static TheoryData<string> Tools => [.. Dispatcher.ToolNames];

    [Theory, MemberData(nameof(Tools))]
    public void A_manual_page_has_every_option_and_no_line_that_roff_takes_for_a_request_by_mistake(string name)
    {
        Tool tool = Dispatcher.Create(name)!;
        string page = ManPage.OfTool(tool, "1.0");
        Assert.StartsWith($".TH NETDICOM\\-{name.ToUpperInvariant()} 1 ", page, StringComparison.Ordinal);
        foreach (Option option in tool.Command.Options)
            Assert.Contains($".B {HelpText.Names(option).Replace("-", "\\-", StringComparison.Ordinal)}\n", page, StringComparison.Ordinal);
        string[] requests = [".TH", ".SH", ".TP", ".B", ".BR", ".PP", ".nf", ".fi"];
        Assert.All(page.Split('\n').Where(l => l.StartsWith('.')), l => Assert.Contains(l.Split(' ')[0], requests));
        Assert.DoesNotContain("\n'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_the_program_lists_tools_and_topics()
    {
        string page = ManPage.OfProgram([("storescu", "sends")], "1.0");
        Assert.Contains(".B storescu\nsends\n", page, StringComparison.Ordinal);
        Assert.All(HelpTopics.All, topic => Assert.Contains($".SH {topic.Name.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)}\n", page, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task Every_tool_says_its_version_and_how_it_is_called_and_ends_with_0(string name)
    {
        Tool tool = Dispatcher.Create(name)!;
        foreach (string word in (string[])["-h", "--help", "--version"])
        {
            using var output = new StringWriter();
            await using var error = new StringWriter();
            Assert.Equal(ExitCode.Success, await Dispatcher.RunAsync(tool, [word], output, error));
            Assert.Equal("", error.ToString());
            Assert.StartsWith(word == "--version" ? $"netdicom {name} {Dispatcher.Version}" : HelpText.OfTool(tool), output.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains($"netdicom {name} ", HelpText.OfTool(tool), StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_are_found_by_name_and_none_has_the_name_of_a_tool()
    {
        Assert.All(HelpTopics.All, topic => Assert.Contains(topic.Summary, HelpTopics.Find(topic.Name)!, StringComparison.Ordinal));
        Assert.Null(HelpTopics.Find("nothing"));
        Assert.Empty(HelpTopics.All.Select(t => t.Name).Intersect(Dispatcher.ToolNames));
        Assert.DoesNotContain(HelpTopics.All, topic => topic.Text.Split('\n').Any(line => line.Length > 150));
    }

    [Theory]
    [InlineData("bash"), InlineData("zsh"), InlineData("powershell")]
    public void A_completion_script_knows_every_tool_option_and_choice(string shell)
    {
        Tool[] tools = [.. Dispatcher.ToolNames.Select(n => Dispatcher.Create(n)!)];
        string script = Completion.Script(shell, tools, ["help"]);
        foreach (Tool tool in tools)
        {
            Assert.Contains(tool.Name, script, StringComparison.Ordinal);
            foreach (Option option in tool.Command.Options)
            {
                Assert.Contains(option.Name, script, StringComparison.Ordinal);
                Assert.All(Completion.Choices(option), choice => Assert.Contains(choice, script, StringComparison.Ordinal));
            }
        }

        Assert.Equal(["auto", "never"], Completion.Choices(tools[2].Command.Options.First(o => o.Name == "--progress")).Order());
    }

    [Fact]
    public void The_help_names_the_peers_that_the_library_knows_to_be_peculiar() =>
        Assert.Equal(NetDicom.Network.QuirkTable.BuiltIn.Rules.Select(rule => rule.Name), NetDicom.Cli.Options.QuirkOption.Names.Split(", "));
}
