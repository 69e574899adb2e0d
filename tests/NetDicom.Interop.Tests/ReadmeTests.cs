using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>What the README and the pages of the services show is what is compiled and run.</summary>
public partial class ReadmeTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", ".."));
    private static readonly string s_readme = File.ReadAllText(Path.Combine(s_root, "README.md"));

    [Fact]
    public void Every_snippet_is_a_region_of_a_compiled_sample()
    {
        string[] pages = [s_readme, .. Directory.GetFiles(Path.Combine(s_root, "docs", "services"), "*.md").Select(File.ReadAllText)];
        Assert.True(pages.Length > 5);
        foreach (string page in pages)
        {
            MatchCollection snippets = Snippet().Matches(page);
            Assert.Equal(page.Split("```csharp").Length - 1, snippets.Count);
            foreach (Match snippet in snippets)
                Assert.Equal(Region(snippet.Groups["file"].Value, snippet.Groups["region"].Value), snippet.Groups["code"].Value);
        }
    }

    [Fact]
    public async Task The_two_commands_and_those_behind_them_do_the_main_job_on_real_files()
    {
        string[] archive = Command("archive"), send = Command("send"), find = Command("find"), get = Command("get");
        Assert.Equal(["qrscp", "--open"], archive);
        Assert.Equal(["storescu", "127.0.0.1", "11112", "-r", RealFiles.Folder], send);
        // They are the first two.
        Assert.Equal(["archive", "send"], Regex.Matches(s_readme, "<!-- command (\\w+) -->").Take(2).Select(match => match.Groups[1].Value));
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(
            "qrscp", "--open", "--database-location", folder.File("index.sqlite"), "--instance-location", folder.File("instances"));
        Sent sent = await Sent.RunAsync([.. send[1..].Select(w => w == "11112" ? server.Port : w)]);
        Assert.True(sent.Stored.Count() >= 100, sent.Ended.ToString());
        Ended found = await NetDicomProgram.RunAsync([.. find.Select(w => w == "11112" ? server.Port : w)]);
        Assert.Equal(0, found.ExitCode);
        Assert.Contains("CompressedSamples^CT1", found.Output, StringComparison.Ordinal);
        Ended got = await NetDicomProgram.RunAsync([.. get.Select(w => w == "11112" ? server.Port : w == "got" ? folder.File("got") : w)]);
        Assert.Equal(0, got.ExitCode);
        Assert.NotEmpty(Directory.GetFiles(folder.File("got")));
    }

    [Fact]
    public async Task The_receiver_of_the_README_keeps_real_files()
    {
        string[] receive = Command("receive"), send = Command("send");
        Assert.Equal(["storescp", "11112", "-od", "received"], receive);
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.File("received"), "--existing", "both");
        Sent sent = await Sent.RunAsync([.. send[1..].Select(w => w == "11112" ? server.Port : w)]);
        Assert.True(sent.AssertReceived(folder.File("received")) >= 100, sent.Ended.ToString());
    }

    private static string[] Command(string name)
    {
        Match line = Regex.Match(s_readme, $"<!-- command {name} -->\n```sh\ndotnet run --project src/NetDicom.Cli -- (?<words>.*)\n```");
        Assert.True(line.Success, $"README has no command '{name}'");
        return line.Groups["words"].Value.Split(' ');
    }

    private static string Region(string file, string region)
    {
        string[] lines = [.. File.ReadAllLines(Path.Combine(s_root, file)).SkipWhile(l => l.Trim() != $"#region {region}").Skip(1).TakeWhile(l => l.Trim() != "#endregion")];
        Assert.NotEmpty(lines);
        int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Concat(lines.Select(l => (l.Length > 0 ? l[indent..] : l) + "\n"));
    }

    [GeneratedRegex("<!-- (?<file>samples/[A-Za-z]+\\.cs)#(?<region>[a-z]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
