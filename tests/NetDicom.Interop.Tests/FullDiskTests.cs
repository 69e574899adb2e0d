using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>What the tools do when a disk is full or cannot be written to: a file system of 256 KiB in memory, which root alone can make.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string? _disk;

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root")
            Assert.Skip("a small file system can be made by root only");
        string disk = _folder.Folder("disk");
        Ended mounted = await ChildProcess.RunAsync(Peers.Require("mount", "mount"), ["-t", "tmpfs", "-o", "size=256k", "netdicom-test", disk]);
        if (mounted.ExitCode != 0)
            Assert.Skip($"no file system could be made here: {mounted.Error.Trim()}");
        _disk = disk;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
            await ChildProcess.RunAsync("umount", ["-l", _disk]);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_receiver_answers_out_of_resources_leaves_no_piece_behind_and_takes_the_next_small_object()
    {
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", _disk!);
        string large = await LargeAsync();
        Sent full = await Sent.RunAsync("127.0.0.1", server.Port, large);
        Assert.True(full.Ended.ExitCode == 4 && full.Count("refused") == 1 && full.Ended.Error.Contains("A700", StringComparison.Ordinal), full.Ended.ToString());
        Assert.Contains("No space left", await server.Process.WaitForLineAsync("E: "), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.GetFileSystemEntries(_disk!));
        Sent small = await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall);
        Assert.True(small.Ended.ExitCode == 0 && small.AssertReceived(_disk!) == 1, small.Ended.ToString());
    }

    [Fact]
    public async Task A_journal_that_does_not_fit_any_more_stops_nothing_and_is_told_once()
    {
        // Forty lines of a journal fill a page, and one page is free.
        string many = _folder.Folder("many"), journal = Path.Combine(_disk!, "journal");
        for (int i = 0; i < 80; i++)
            File.Copy(RealFiles.CtSmall, Path.Combine(many, $"{i}{new string('x', 40)}.dcm"));
        await using (FileStream filler = File.Create(Path.Combine(_disk!, "filler"), 1))
        {
            byte[] page = new byte[4096];
            try
            {
                while (true)
                    filler.Write(page);
            }
            catch (IOException)
            {
                filler.SetLength(filler.Length - page.Length);
            }
        }

        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "--ignore");
        Sent sent = await Sent.RunAsync("--resume", journal, "127.0.0.1", server.Port, many);
        Assert.True(sent.Ended.ExitCode == 2 && sent.Count("stored") == 80, sent.Ended.ToString());
        Assert.Contains("Cannot write the journal any more", Assert.Single(sent.Ended.ErrorLines), StringComparison.Ordinal);
        File.Delete(Path.Combine(_disk!, "filler"));
        Sent rest = await Sent.RunAsync("--resume", journal, "127.0.0.1", server.Port, many);
        Assert.Equal((0, 80), (rest.Ended.ExitCode, rest.Count("skipped") + rest.Count("stored")));
        Assert.InRange(rest.Count("skipped"), 10, 79);
    }

    [Fact]
    public async Task A_receiver_on_a_read_only_file_system_is_2()
    {
        Ended remounted = await ChildProcess.RunAsync("mount", ["-o", "remount,ro", _disk!]);
        Assert.True(remounted.ExitCode == 0, remounted.ToString());
        Ended ended = await NetDicomProgram.RunAsync("storescp", "0", "-od", Path.Combine(_disk!, "in"));
        Assert.True(ended.ExitCode == 2, ended.ToString());
        Assert.Contains("Cannot write to the output folder", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert", "LARGE OUT")]
    [InlineData("modify", "-m PatientID=1 -o OUT LARGE")]
    public async Task A_result_that_does_not_fit_is_an_error_and_no_half_file_stays(string tool, string words)
    {
        string large = await LargeAsync(), result = Path.Combine(_disk!, "result.dcm");
        byte[] before = await File.ReadAllBytesAsync(large, TestContext.Current.CancellationToken);
        Ended ended = await NetDicomProgram.RunAsync([tool, .. words.Split(' ').Select(w => w switch { "LARGE" => large, "OUT" => result, _ => w })]);
        Assert.True(ended.ExitCode is 2 or 3 or 4 && ended.ErrorLines.Any(l => l.StartsWith("E: ", StringComparison.Ordinal)), ended.ToString());
        Assert.False(File.Exists(result));
        Assert.Equal(before, await File.ReadAllBytesAsync(large, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Getscu_says_what_it_could_not_keep_and_ends_with_4()
    {
        string large = await LargeAsync();
        await using DcmQrScp peer = await DcmQrScp.StartAsync(large);
        Ended ended = await NetDicomProgram.RunAsync("getscu", "-S", "-od", _disk!, "127.0.0.1", peer.Port, "-aec", DcmQrScp.Title, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.3.6.1.4.1.5962.1.2.1.20040119072730.12322");
        Assert.True(ended.ExitCode == 4 && ended.Error.Contains("No space left", StringComparison.OrdinalIgnoreCase), ended.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(_disk!));
    }

    // CT_small with half a megabyte more in a private element.
    private async Task<string> LargeAsync()
    {
        string file = _folder.File("large.dcm");
        await using NetDicom.DicomFile small = await NetDicom.DicomFile.OpenAsync(RealFiles.CtSmall, cancellationToken: TestContext.Current.CancellationToken);
        small.DataSet.Set(NetDicom.DicomTags.TextValue, new string('x', 512 * 1024));
        await small.SaveAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        return file;
    }
}
