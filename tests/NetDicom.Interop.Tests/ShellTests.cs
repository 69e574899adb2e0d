using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The completion script in a real bash, the manual pages through a real man, and the help as a user calls it.</summary>
public class ShellTests
{
    [Theory]
    [InlineData("finds", new[] { "findscu" })]
    [InlineData("findscu --rel", new[] { "--relational-query" })]
    [InlineData("findscu -ll w", new[] { "warn" })]
    [InlineData("storescp --existing ''", new[] { "both", "keep", "replace" })]
    [InlineData("echoscu 127.0.0.1 104 -ae", new[] { "-aec", "-aet" })]
    [InlineData("help exit", new[] { "exit-codes" })]
    [InlineData("completion b", new[] { "bash" })]
    [InlineData("dump read", new[] { "readme.dcm" })]
    public async Task Bash_completes_tools_options_choices_and_files(string words, string[] expected)
    {
        string bash = Peers.Require("bash", "bash");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("readme.dcm"), "");
        File.WriteAllText(folder.File("netdicom.bash"), (await NetDicomProgram.RunAsync("completion", "bash")).Output);
        string script = $"set -u; source ./netdicom.bash; COMP_WORDS=(netdicom {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _netdicom; printf '%s\\n' \"${{COMPREPLY[@]}}\"";
        Ended ended = await ChildProcess.RunAsync(bash, ["--norc", "-c", script], folder: folder.Path);
        Assert.True(ended.ExitCode == 0 && ended.Error.Length == 0, ended.ToString());
        Assert.Equal(expected, ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("finds", 2, new[] { "findscu" })]
    [InlineData("storescp --existing ''", 4, new[] { "both", "keep", "replace" })]
    [InlineData("echoscu 127.0.0.1 104 -ae", 5, new[] { "-aec", "-aet" })]
    public async Task Zsh_completes_by_the_same_function(string words, int current, string[] expected)
    {
        string zsh = Peers.Require("zsh", "zsh");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("_netdicom"), (await NetDicomProgram.RunAsync("completion", "zsh")).Output);
        // compinit would want a terminal; what it loads is the file, and what runs is the function that bash runs too, with zsh's own compgen.
        string script = $"autoload -U +X compinit && compinit -u -D; source ./_netdicom; COMP_WORDS=(netdicom {words}); COMP_CWORD={current - 1}; () {{ emulate -L bash; setopt ksharrays; _netdicom }}; print -l -- $COMPREPLY[@]";
        Ended ended = await ChildProcess.RunAsync(zsh, ["-f", "-c", script], folder: folder.Path);
        Assert.True(ended.ExitCode == 0 && ended.Error.Length == 0, ended.ToString());
        // zsh's compgen hands on every word; what is typed so far is held against them by compadd, which needs a terminal.
        string typed = words.Split(' ')[^1].Trim('\'');
        Assert.Equal(expected, ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(typed, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_manual_page_is_one_that_groff_takes_without_a_warning()
    {
        string groff = Peers.Require("groff", "groff-base");
        string root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));
        using var folder = new TemporaryFolder();
        Ended made = await ChildProcess.RunAsync(Path.Combine(root, "eng", "man.sh"), [NetDicomProgram.File, folder.Path]);
        Assert.True(made.ExitCode == 0, made.ToString());
        string[] pages = Directory.GetFiles(folder.Path);
        Assert.True(pages.Length > 15, string.Join(' ', pages));
        Ended read = await ChildProcess.RunAsync(groff, ["-man", "-Kutf8", "-Tutf8", "-ww", "-z", .. pages]);
        Assert.True(read.ExitCode == 0 && read.Error.Length == 0, read.ToString());
        Ended storescu = await ChildProcess.RunAsync(groff, ["-man", "-Kutf8", "-Tascii", "-P-cbou", folder.File("netdicom-storescu.1")]);
        Assert.Contains("--required-contexts", storescu.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_on_standard_output_and_0_and_an_unknown_topic_is_2()
    {
        foreach (string[] words in (string[][])[["help"], ["help", "keys"], ["help", "findscu"], ["help", "--man"], ["findscu", "--help"], ["printscu", "-h"], ["mwlscu", "--version"]])
        {
            Ended ended = await NetDicomProgram.RunAsync(words);
            Assert.True(ended.ExitCode == 0 && ended.Output.Length > 0 && ended.Error.Length == 0, ended.ToString());
        }

        foreach (string[] words in (string[][])[["help", "nothing"], ["completion"], ["completion", "fish"]])
            Assert.Equal(2, (await NetDicomProgram.RunAsync(words)).ExitCode);
    }

    [Fact]
    public async Task The_new_tools_can_be_called_by_their_own_names()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, (await NetDicomProgram.RunAsync("--install-aliases", folder.Path)).ExitCode);
        foreach (string tool in (string[])["findscu", "getscu", "movescu", "mwlscu", "mppsscu", "stgcmtscu", "upsscu", "ianscu", "printscu"])
            Assert.StartsWith($"netdicom {tool} ", (await ChildProcess.RunAsync(folder.File(tool), ["--version"])).Output, StringComparison.Ordinal);
    }
}
