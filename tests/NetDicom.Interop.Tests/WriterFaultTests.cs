using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>
/// Each system call with which storescp writes an object fails, by strace, for the first object and no other (<see cref="StracedProgram"/>).
/// </summary>
public class WriterFaultTests
{
    private const string Study = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322";
    private const string Series = Study + "/1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322";
    private const string Object = Series + "/1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322.dcm";

    // What the program is stopped at: the temporary file of the first object (the start has made one already), or a folder that only the first object has.
    private const string Temporary = Series + "/.netdicom-PID-2.part";

    [Theory]
    [InlineData("mkdir", "EACCES", Study, "")]
    [InlineData("mkdir", "ENOSPC", Study, "")]
    [InlineData("openat", "EMFILE", Study, "")]
    [InlineData("fsync", "EIO", Study, "")]
    [InlineData("openat", "EMFILE", Temporary, Series)]
    [InlineData("openat", "EACCES", Temporary, Series)]
    [InlineData("pwritev", "EIO", Temporary, Series)]
    [InlineData("pwrite64", "ENOSPC", Temporary, Series)]
    [InlineData("fsync", "EIO", Temporary, Series)]
    [InlineData("close", "EDQUOT", Temporary, Series)]
    [InlineData("rename", "EIO", Temporary, Series)]
    // The name is given by then, to a whole file: as after a crash at this point.
    [InlineData("fsync", "EIO", Series, Object)]
    [InlineData("openat", "EMFILE", Series, Object)]
    // What cannot be deleted stays, under a name that stands for no object.
    [InlineData("pwritev,unlink", "EIO", Temporary, Temporary)]
    public async Task A_call_that_fails_refuses_its_object_leaves_nothing_half_under_a_name_and_the_next_object_is_stored(string calls, string error, string at, string left)
    {
        using var folder = new TemporaryFolder();
        string received = folder.Folder("in");
        await using ChildProcess server = Start(received, at, calls.Split(',').Select(call => $"inject={call}:error={error}"), calls);
        int port = await PortAsync(server);
        var entity = new ApplicationEntity("SENDER");
        entity.AddRequestedContext(SopClasses.CTImageStorage);
        entity.AddRequestedContext(SopClasses.MRImageStorage);
        await using Association association = await entity.AssociateAsync("127.0.0.1", port, cancellationToken: TestContext.Current.CancellationToken);
        var statuses = new List<DimseStatus?>();
        await foreach (StoreOutcome outcome in association.StoreAsync(Enumerable.Select([RealFiles.CtSmall, RealFiles.MrSmall], StorageFile.Read), cancellationToken: TestContext.Current.CancellationToken))
            statuses.Add(outcome.Status);
        await association.ReleaseAsync(TestContext.Current.CancellationToken);
        Assert.Equal([new DimseStatus(0xA700), DimseStatus.Success], statuses);
        Assert.Contains("Cannot write 1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322", await server.WaitForLineAsync("E: "), StringComparison.Ordinal);

        string next = Assert.Single(Directory.GetFiles(received, "*.dcm", SearchOption.AllDirectories), file => !file.EndsWith(Object, StringComparison.Ordinal));
        AssertWhole(RealFiles.MrSmall, next);
        string[] there = [.. Directory.GetFileSystemEntries(received, "*", SearchOption.AllDirectories).Where(path => !next.StartsWith(path, StringComparison.Ordinal)).Select(path => Path.GetRelativePath(received, path))];
        // The deepest that is left, with what is above it.
        Assert.Equal(left.Replace("PID", server.Id.ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal), there.MaxBy(path => path.Length) ?? "");
        if (left == Object)
            AssertWhole(RealFiles.CtSmall, Path.Combine(received, Object));
    }

    [Theory]
    [InlineData("fsync,rename", Temporary)]
    [InlineData("openat,fsync", Series)]
    public async Task A_call_that_a_signal_interrupts_is_made_again_and_the_object_is_stored(string calls, string at)
    {
        using var folder = new TemporaryFolder();
        string received = folder.Folder("in"), trace = folder.File("trace");
        // Once in each thread.
        await using ChildProcess server = Start(received, at, calls.Split(',').Select(call => $"inject={call}:error=EINTR:when=1"), calls, trace);
        Sent sent = await Sent.RunAsync("127.0.0.1", (await PortAsync(server)).ToString(CultureInfo.InvariantCulture), RealFiles.CtSmall);
        Assert.True(sent.Ended.ExitCode == 0, sent.Ended.ToString());
        AssertWhole(RealFiles.CtSmall, Path.Combine(received, Object));
        string[] lines = await File.ReadAllLinesAsync(trace);
        Assert.All(calls.Split(','), call => Assert.Contains(lines, line => line.Contains($" {call}(", StringComparison.Ordinal) && line.Contains("EINTR", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sender_ends_with_4_and_names_what_was_refused_and_the_receiver_ends_cleanly()
    {
        using var folder = new TemporaryFolder();
        string received = folder.Folder("in");
        await using ChildProcess server = Start(received, Temporary, ["inject=close:error=EIO"], "close");
        string port = (await PortAsync(server)).ToString(CultureInfo.InvariantCulture);
        Sent sent = await Sent.RunAsync("127.0.0.1", port, RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.True(sent.Ended.ExitCode == 4 && (sent.Count("refused"), sent.AssertReceived(received)) == (1, 1), sent.Ended.ToString());
        Assert.Contains("0xA700", Assert.Single(sent.Ended.ErrorLines), StringComparison.Ordinal);
        server.Signal(Signals.Terminate);
        Assert.Equal(143, (await server.EndAsync()).ExitCode); // 128 + SIGTERM, as promised
    }

    [Fact]
    public async Task A_failed_close_leaves_the_file_that_modify_was_to_change_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a.dcm");
        File.Copy(RealFiles.CtSmall, file);
        await using ChildProcess modify = StracedProgram.Start(folder.File(".netdicom-PID-1.part"), ["inject=close:error=EDQUOT"], "close", ["modify", "-nb", "-m", "PatientID=OTHER", file]);
        Ended ended = await modify.EndAsync();
        Assert.True(ended.ExitCode == 4, ended.ToString());
        Assert.Contains("could not be closed", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(RealFiles.CtSmall), await File.ReadAllBytesAsync(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("storescp")]
    [InlineData("getscu")]
    [InlineData("movescu")]
    public async Task New_folders_are_flushed_level_by_level_before_an_object_in_them_counts_as_stored(string tool)
    {
        using var folder = new TemporaryFolder();
        string received = folder.File("new"), trace = folder.File("trace");
        string[] store = ["-od", received, "--layout", "study", "--durability", "full"];
        string[] strace = ["-f", "--seccomp-bpf", "-qq", "-y", "-o", trace, "-e", "trace=mkdir,fsync", NetDicomProgram.File, tool];
        string[] query = ["-S", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={Study}", "-aec", DcmQrScp.Title];
        if (tool == "storescp")
        {
            await using ChildProcess server = ChildProcess.Start(StracedProgram.Strace(), [.. strace, "0", .. store]);
            Sent sent = await Sent.RunAsync("127.0.0.1", (await PortAsync(server)).ToString(CultureInfo.InvariantCulture), RealFiles.CtSmall);
            Assert.Equal(0, sent.Ended.ExitCode);
        }
        else
        {
            await using DcmQrScp peer = await DcmQrScp.StartAsync(RealFiles.CtSmall);
            string[] address = ["127.0.0.1", peer.Port];
            string[] destination = tool == "movescu" ? ["--store", "--store-port", peer.DestinationPort, "-aem", DcmQrScp.Destination] : [];
            Ended ended = await ChildProcess.RunAsync(StracedProgram.Strace(), [.. strace, .. address, .. query, .. store, .. destination]);
            Assert.True(ended.ExitCode == 0, ended.ToString());
        }

        // Each folder that was made has its parent flushed behind it, and all of them come before the last flush: that of the folder with the object's own name.
        string[] calls = [.. File.ReadLines(trace).Where(line => line.EndsWith("= 0", StringComparison.Ordinal))];
        foreach (string made in (string[])["", "/" + Study, "/" + Series])
        {
            int at = Array.FindIndex(calls, line => line.Contains($"mkdir(\"{received}{made}\"", StringComparison.Ordinal));
            int flushed = Array.FindIndex(calls, line => line.Contains($"<{Path.GetDirectoryName(received + made)}>)", StringComparison.Ordinal));
            int named = Array.FindIndex(calls, line => line.Contains($"<{received}/{Series}>)", StringComparison.Ordinal));
            Assert.True(at >= 0 && at < flushed && flushed < named, $"{made}: {at} {flushed} {named} in\n{string.Join('\n', calls)}");
        }
    }

    private static ChildProcess Start(string received, string at, IEnumerable<string> injections, string calls, string trace = "/dev/null") => StracedProgram.Start(
        Path.Combine(received, at), injections, calls, ["storescp", "0", "-od", received, "--layout", "study", "--durability", "full"], trace);

    private static async Task<int> PortAsync(ChildProcess server) => int.Parse((await server.WaitForLineAsync("Listening on port ")).Split(' ')[^1], CultureInfo.InvariantCulture);

    private static void AssertWhole(string source, string file) => Assert.Equal(Part10.DataSet(File.ReadAllBytes(source)).ToArray(), Part10.DataSet(File.ReadAllBytes(file)).ToArray());
}
