using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>Programs that storescp runs, and names that the program is called by.</summary>
public class HookTests
{
    [Fact]
    public async Task A_program_runs_for_each_object_and_once_for_the_study()
    {
        using var folder = new TemporaryFolder();
        string objects = folder.File("objects"), studies = folder.File("studies"), output = folder.Folder("in");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "--json", "-od", output,
            "--on-stored", "/bin/sh", "-c", "echo noise; echo \"$1|$NETDICOM_CALLING_AE_TITLE\" >> \"$0\"", objects, "{path}",
            "--on-study", "/bin/sh", "-c", "echo \"$1 $2\" >> \"$0\"", studies, "{studyInstanceUid}", "{objects}",
            "--study-quiet", "600");
        // A title that a shell would take for a command.
        Sent sent = await Sent.RunAsync("-aet", "$(id);`id`", "127.0.0.1", server.Port, RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.True(sent.Ended.ExitCode == 0, sent.Ended.ToString());

        // The end of the server is the end of every study.
        server.Process.Signal(Signals.Terminate);
        Ended ended = await server.Process.EndAsync();
        Assert.Equal(143, ended.ExitCode);
        Assert.DoesNotContain("noise", ended.Output, StringComparison.Ordinal);
        Assert.Equal(Directory.GetFiles(output).Select(f => $"{f}|$(id);`id`").Order(), File.ReadLines(objects).Order());
        Assert.Equal(2, File.ReadLines(studies).Count(l => l.EndsWith(" 1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_quiet_study_is_told_of_while_the_server_runs()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Folder("in"),
            "--on-study", "/bin/sh", "-c", "echo \"quiet $0\" >&2", "{studyInstanceUid}", "--study-quiet", "0.1");
        await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall);
        Assert.Equal("quiet 1.3.6.1.4.1.5962.1.2.1.20040119072730.12322", await server.Process.WaitForLineAsync("quiet "));
    }

    [Theory]
    [InlineData("replace", 1)]
    [InlineData("keep", 1)]
    [InlineData("both", 2)]
    public async Task An_object_that_comes_again_is_treated_as_asked(string existing, int files)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--existing", existing, "--durability", "file");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall)).Ended.ExitCode);
        string first = Assert.Single(Directory.GetFiles(folder.Path));
        Assert.StartsWith("CT.1.3.6.1", Path.GetFileName(first), StringComparison.Ordinal);
        File.WriteAllText(first, "marked");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall)).Ended.ExitCode);
        Assert.Equal(files, Directory.GetFiles(folder.Path).Length);
        Assert.Equal(existing != "replace", File.ReadAllText(first) == "marked");
    }

    [Fact]
    public async Task Nothing_is_kept_when_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("in");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", output, "--ignore");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall)).Ended.ExitCode);
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public async Task Links_make_each_tool_callable_by_its_own_name()
    {
        using var folder = new TemporaryFolder();
        Ended installed = await NetDicomProgram.RunAsync("--install-aliases", folder.Path);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        foreach (string tool in (string[])["echoscu", "echoscp", "storescu", "storescp"])
        {
            Ended ended = await ChildProcess.RunAsync(folder.File(tool), ["--version"]);
            Assert.Equal(0, ended.ExitCode);
            Assert.StartsWith($"netdicom {tool} ", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_listens_after_half_a_second_of_work()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "the processor time of a process is read from /proc");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp");
        // Processor time: on the clock it is as long as the other tests and programs of the machine let it be.
        using var process = System.Diagnostics.Process.GetProcessById(server.Process.Id);
        Assert.InRange(process.TotalProcessorTime.TotalSeconds, 0, 0.5);
    }
}
