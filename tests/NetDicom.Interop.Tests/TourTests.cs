using System.Globalization;
using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>docs/tour.md is true: its commands are run in their order, with free ports in place of its own and real files in its folder.</summary>
public partial class TourTests
{
    [Fact]
    public async Task Every_command_of_the_tour_works()
    {
        string tour = await File.ReadAllTextAsync(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "tour.md")));
        string[][] commands = [.. ShellBlock().Matches(tour).SelectMany(m => m.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => l.Split(' '))];
        Assert.Equal(10, commands.Length);
        Assert.All(commands, c => Assert.Equal("netdicom", c[0]));

        using var folder = new TemporaryFolder();
        string images = folder.Folder("images");
        File.Copy(RealFiles.CtSmall, Path.Combine(images, "ct.dcm"));
        File.Copy(RealFiles.MrSmall, Path.Combine(Directory.CreateDirectory(Path.Combine(images, "more")).FullName, "mr.dcm"));
        string back = Ports.Free().ToString(CultureInfo.InvariantCulture);
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, int> { ["ME"] = int.Parse(back, CultureInfo.InvariantCulture) });

        string[] receiver = commands[0];
        Assert.Equal(["netdicom", "storescp", "11112"], receiver[..3]);
        await using ChildProcess server = ChildProcess.Start(NetDicomProgram.File, ["storescp", "0", .. receiver[3..]], folder: folder.Path);
        string line = await server.WaitForLineAsync("Listening on port ");
        string port = line[(line.LastIndexOf(' ') + 1)..];
        var said = new List<Ended>();
        foreach (string[] command in commands[1..])
        {
            string[] words = [.. command[1..].Select(w => w.Replace("127.0.0.1:4242", $"127.0.0.1:{orthanc.Port}", StringComparison.Ordinal)).Select(w => w == "11112" ? port : w == "11113" ? back : w)];
            Ended ended = await ChildProcess.RunAsync(NetDicomProgram.File, words, folder: folder.Path);
            Assert.True(ended.ExitCode == 0, $"{string.Join(' ', command)}: {ended}");
            said.Add(ended);
        }

        Assert.Equal(2, Directory.EnumerateFiles(folder.File("received"), "*.dcm", SearchOption.AllDirectories).Count());
        Assert.Contains("StudyInstanceUID", said[4].Output, StringComparison.Ordinal);
        Assert.Equal(3, said[5].Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single(Directory.GetFiles(folder.File("study")));
        Assert.Single(Directory.GetFiles(folder.File("moved")));
        Assert.Equal(2, said[8].Said("Committed: "));
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
