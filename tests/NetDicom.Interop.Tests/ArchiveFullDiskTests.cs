using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>A disk that is really full: a small file system in memory, the program, and a sender that we did not write.</summary>
public partial class ArchiveFullDiskTests
{
    [Fact]
    public async Task A_full_disk_is_answered_A700_and_loses_nothing_that_was_acknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small file system needs root on Linux");
        using var folder = new TemporaryFolder();
        string disk = folder.Folder("disk");
        Ended mounted = await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]);
        Assert.SkipUnless(mounted.ExitCode == 0, "a tmpfs cannot be mounted here");
        try
        {
            // The index is elsewhere: what is full here is the disk of the files. EveryCallTests has the index.
            var archive = new ArchiveServer(folder);
            string[] location = ["--database-location", folder.File("index.sqlite"), "--instance-location", Path.Combine(disk, "instances")];
            string[] sources = await MakeAsync(folder.Folder("in"), 40);
            int acknowledged;
            await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("qrscp", [.. location, "--open"]))
            {
                Ended sent = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-v", "-nh", "+sd", "127.0.0.1", server.Port, folder.File("in")], Peers.NoDelay);
                acknowledged = Success().Count(sent.Output + sent.Error);
                int refused = Refused().Count(sent.Output + sent.Error);
                Assert.True(acknowledged is > 5 and < 40 && acknowledged + refused == sources.Length, sent.ToString());
                await ArchiveServer.StopAsync(server);
            }

            Ended verified = await NetDicomProgram.RunAsync(["archive", "verify", .. location]);
            Assert.True(verified.ExitCode == 0, verified.ToString());
            Assert.Equal(acknowledged, Directory.EnumerateFiles(Path.Combine(disk, "instances"), "*.dcm", SearchOption.AllDirectories).Count());
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk, "instances", ".incoming")));

            // Room is made, and the same sender gets rid of the rest.
            Ended larger = await ChildProcess.RunAsync("mount", ["-o", "remount,size=8m", disk]);
            Assert.True(larger.ExitCode == 0, larger.ToString());
            await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("qrscp", [.. location, "--open"]))
            {
                Ended sent = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-v", "+sd", "127.0.0.1", server.Port, folder.File("in")], Peers.NoDelay);
                Assert.True(sent.ExitCode == 0 && Success().Count(sent.Output + sent.Error) == sources.Length, sent.ToString());
                await ArchiveServer.StopAsync(server);
            }

            Assert.Equal(sources.Length, Directory.EnumerateFiles(Path.Combine(disk, "instances"), "*.dcm", SearchOption.AllDirectories).Count());
        }
        finally
        {
            await ChildProcess.RunAsync("umount", ["-l", disk]);
        }
    }

    [Fact]
    public async Task Without_a_free_byte_instances_are_deleted_beside_the_server_and_without_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small file system needs root on Linux");
        using var folder = new TemporaryFolder();
        string disk = folder.Folder("disk");
        Ended mounted = await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
        Assert.SkipUnless(mounted.ExitCode == 0, "a tmpfs cannot be mounted here");
        try
        {
            // Files and index on one disk, which others fill to the last byte.
            string[] location = ["--database-location", Path.Combine(disk, "index.sqlite"), "--instance-location", Path.Combine(disk, "instances")];
            await MakeAsync(folder.Folder("in"), 40, studies: 4);
            await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("qrscp", [.. location, "--open"]))
            {
                Ended sent = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["+sd", "127.0.0.1", server.Port, folder.File("in")], Peers.NoDelay);
                Assert.True(sent.ExitCode == 0, sent.ToString());
                await FillAsync(disk, "first");
                Ended refused = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-v", "127.0.0.1", server.Port, RealFiles.MrSmall], Peers.NoDelay);
                Assert.Matches(Refused(), refused.Output + refused.Error);

                Ended beside = await NetDicomProgram.RunAsync(["archive", "delete", "--study", "2.25.78", "--yes", .. location]);
                Assert.True(beside.ExitCode == 0, beside.ToString());
                Ended again = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["127.0.0.1", server.Port, RealFiles.MrSmall], Peers.NoDelay);
                Assert.True(again.ExitCode == 0, again.ToString());
                await FillAsync(disk, "second");
                await ArchiveServer.StopAsync(server);
            }

            // No server, and again not a byte: not even the memory that SQLite shares fits.
            await FillAsync(disk, "third");
            Ended alone = await NetDicomProgram.RunAsync(["archive", "delete", "--study", "2.25.79", "--yes", .. location]);
            Assert.True(alone.ExitCode == 0, alone.ToString());
            Ended verified = await NetDicomProgram.RunAsync(["archive", "verify", .. location]);
            Assert.True(verified.ExitCode == 0, verified.ToString());
            Assert.Equal(21, Directory.EnumerateFiles(Path.Combine(disk, "instances"), "*.dcm", SearchOption.AllDirectories).Count());

            // A server starts on a full disk too, refuses what comes, and keeps what it needs to delete.
            await FillAsync(disk, "fourth");
            await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("qrscp", [.. location, "--open"]))
            {
                Ended deleted = await NetDicomProgram.RunAsync(["archive", "delete", "--study", "2.25.77", "--yes", .. location]);
                Assert.True(deleted.ExitCode == 0, deleted.ToString());
                await ArchiveServer.StopAsync(server);
            }
        }
        finally
        {
            await ChildProcess.RunAsync("umount", ["-l", disk]);
        }
    }

    /// <summary>Fills a disk to the last byte, as somebody else does.</summary>
    private static async Task FillAsync(string disk, string name)
    {
        Ended filled = await ChildProcess.RunAsync("dd", ["if=/dev/zero", $"of={Path.Combine(disk, name)}", "bs=4096"]);
        Assert.Contains("No space left", filled.Error, StringComparison.Ordinal);
        Assert.Equal(0, new DriveInfo(disk).AvailableFreeSpace);
    }

    private static async Task<string[]> MakeAsync(string into, int count, int studies = 1)
    {
        byte[] template = await File.ReadAllBytesAsync(RealFiles.CtSmall);
        var paths = new string[count];
        for (int i = 0; i < count; i++)
        {
            DicomFile file = DicomFile.Read(template);
            int study = 77 + i % studies;
            file.DataSet.Set(DicomTags.StudyInstanceUID, $"2.25.{study}").Set(DicomTags.SeriesInstanceUID, $"2.25.{study}.1").Set(DicomTags.SOPInstanceUID, $"2.25.{study}.1.{i + 1}");
            paths[i] = Path.Combine(into, $"{i:000}.dcm");
            await new DicomFile(file.DataSet, file.TransferSyntax).SaveAsync(paths[i]);
        }

        return paths;
    }

    [GeneratedRegex(@"Received Store Response \(Success\)")]
    private static partial Regex Success();

    [GeneratedRegex(@"Received Store Response \((Refused: OutOfResources|Refused|0xa7)", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();
}
