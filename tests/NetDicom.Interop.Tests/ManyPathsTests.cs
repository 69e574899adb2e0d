using System.Globalization;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>storescu with more paths than memory should hold: they are taken one at a time, and sending does not wait for the last.</summary>
public class ManyPathsTests
{
    [Fact]
    public async Task Two_hundred_thousand_paths_on_standard_input_take_no_more_memory_than_two_thousand()
    {
        using var folder = new TemporaryFolder();
        long few = await PeakAsync(folder, 2_000), many = await PeakAsync(folder, 200_000);
        // Each path here has some 90 bytes: kept, all of them would be 40 MB and more.
        Assert.True(many < few + 24 * 1024 * 1024, $"peak memory with 2,000 paths {few >> 20} MiB, with 200,000 {many >> 20} MiB");
    }

    [Fact]
    public async Task What_is_found_is_sent_while_standard_input_is_still_open()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path);
        await using ChildProcess sender = ChildProcess.Start(NetDicomProgram.File, ["storescu", "--json", "--stdin", "127.0.0.1", server.Port], input: RealFiles.CtSmall + "\n", keepInput: true);
        await sender.WaitForLineAsync("\"outcome\":\"stored\"");
        sender.Input.WriteLine(RealFiles.MrSmall);
        sender.Input.Flush();
        await sender.WaitForLinesAsync("\"outcome\":\"stored\"", 2);
        sender.CloseInput();
        Ended ended = await sender.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    // Paths that are none: each is looked at, told of and forgotten. The peak is what the system says of the process that has ended (GNU time, or wait4 by Python).
    private static async Task<long> PeakAsync(TemporaryFolder folder, int paths)
    {
        string python = Peers.Require("python3", "python3");
        string list = folder.File("paths");
        await using (var writer = new StreamWriter(list))
        {
            string name = new('p', 80);
            for (int i = 0; i < paths; i++)
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{folder.Path}/{name}{i}"));
        }

        const string Script = "import os,sys,subprocess\n"
            + "p=subprocess.Popen(sys.argv[2:],stdin=open(sys.argv[1]),stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)\n"
            + "_,status,usage=os.wait4(p.pid,0)\nprint(os.waitstatus_to_exitcode(status),usage.ru_maxrss*1024)";
        // The runtime lets garbage grow with the processor's cache, up to more than what is looked for here: 4 MiB, whatever the machine.
        Ended ended = await ChildProcess.RunAsync(
            python, ["-c", Script, list, NetDicomProgram.File, "storescu", "--stdin", "--json", "127.0.0.1", "1"], new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "0x400000" });
        string[] words = ended.Output.Split(' ', StringSplitOptions.TrimEntries);
        Assert.True(ended.ExitCode == 0 && words[0] == "3", ended.ToString());
        return long.Parse(words[1], CultureInfo.InvariantCulture);
    }
}
