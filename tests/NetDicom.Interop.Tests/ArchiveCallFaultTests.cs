using System.Globalization;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>System calls of qrscp that fail, by strace: what the archive's own tests let fail behind its seam, at the system itself.</summary>
public class ArchiveCallFaultTests
{
    [Fact]
    public async Task A_failed_close_refuses_the_object_though_nothing_is_flushed()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using ChildProcess server = Start(archive, Path.Combine(archive.Instances, ".incoming", ".netdicom-PID-1.part"), ["inject=close:error=EDQUOT"], "close");
        Sent sent = await Sent.RunAsync("127.0.0.1", await PortAsync(server), RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.True(sent.Ended.ExitCode == 4 && sent.Count("refused") == 1, sent.Ended.ToString());
        byte[] stored = Assert.Single(archive.Stored().Values);
        Assert.Equal(Part10.DataSet(await File.ReadAllBytesAsync(RealFiles.MrSmall)).ToArray(), Part10.DataSet(stored).ToArray());
        Assert.Empty(Directory.GetFiles(Path.Combine(archive.Instances, ".incoming")));
    }

    [Fact]
    public async Task A_start_whose_calls_for_the_lock_are_interrupted_takes_it_all_the_same()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        string trace = folder.File("trace");
        // Every other time: .NET makes the file first, and opens it again by itself.
        await using ChildProcess server = Start(archive, Path.Combine(archive.Instances, ".lock"), ["inject=openat,flock:error=EINTR:when=1+2"], "openat,flock", trace);
        await PortAsync(server);
        string[] lines = await File.ReadAllLinesAsync(trace);
        Assert.All((string[])["openat", "flock"], call => Assert.Contains(lines, line => line.Contains($" {call}(", StringComparison.Ordinal) && line.Contains("EINTR", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_system_without_locks_is_told_and_not_taken_for_another_program()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using ChildProcess server = Start(archive, Path.Combine(archive.Instances, ".lock"), ["inject=flock:error=ENOLCK"], "flock");
        Ended ended = await server.EndAsync();
        Assert.True(ended.ExitCode != 0 && ended.Error.Contains("cannot be locked (flock): No locks available", StringComparison.Ordinal), ended.ToString());
        Assert.DoesNotContain("another program", ended.Error, StringComparison.Ordinal);
    }

    private static ChildProcess Start(ArchiveServer archive, string at, string[] injections, string calls, string trace = "/dev/null") =>
        StracedProgram.Start(at, injections, calls, ["qrscp", "0", "--open", "--durability", "none", .. archive.Location], trace);

    private static async Task<string> PortAsync(ChildProcess server) =>
        int.Parse((await server.WaitForLineAsync("Listening on port ")).Split(' ')[^1], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
