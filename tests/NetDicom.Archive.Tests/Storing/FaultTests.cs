using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>Whatever fails: no success, nothing half written visible, and the next one is stored.</summary>
public class FaultTests
{
    [Theory]
    [InlineData("create")]
    [InlineData("write")]
    [InlineData("flush")]
    [InlineData("close")]
    // Nobody has asked the device before: what a file system over a network could not write is told here and nowhere else.
    [InlineData("close", Durability.None)]
    [InlineData("rename")]
    [InlineData("folder")]
    [InlineData("index")]
    [InlineData("damaged")]
    public async Task A_failure_is_told_leaves_nothing_behind_and_passes(string what, Durability durability = Durability.Full)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(durability: durability);
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 9));
        var full = new IOException("No space left on device");
        switch (what)
        {
            case "create": fixture.Files.OnCreate = full; break;
            case "write": fixture.Files.OnWrite = full; break;
            case "close": fixture.Files.OnClose = full; break;
            case "flush": fixture.Files.OnFlush = full; break;
            case "rename": fixture.Files.OnRename = full; break;
            case "folder": fixture.Files.OnFlushFolder = full; break;
            case "index": fixture.Index.Fault = new ArchiveIndexException("locked"); break;
            default: fixture.Index.Fault = new InvalidOperationException("a defect"); break;
        }

        Exception error = await Assert.ThrowsAnyAsync<Exception>(async () => await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1)));
        Assert.True(error is IOException or ArchiveIndexException, error.ToString());
        if (what != "damaged")
            Assert.Equal(["1.2.3.1/1.2.3.1.1/1.2.3.1.1.9.dcm"], fixture.Names());
        Assert.Null(await fixture.Index.FindInstanceAsync(Made.Uid(1, 1, 1)));
        fixture.Files.OnCreate = fixture.Files.OnWrite = fixture.Files.OnFlush = fixture.Files.OnClose = fixture.Files.OnRename = fixture.Files.OnFlushFolder = null;
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
        Assert.Equal(2, fixture.Names().Length);
    }

    [Fact]
    public async Task An_instance_that_is_given_up_leaves_nothing()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        using (IncomingInstance incoming = archive.Receive(ArchiveFixture.Meta(Made.DataSet(1, 1, 1))))
        {
            incoming.Write(ArchiveFixture.Bytes(Made.DataSet(1, 1, 1)).AsMemory(0, 100));
            Assert.Single(fixture.Names());
        }

        Assert.Empty(fixture.Names());
    }

    [Fact]
    public async Task A_start_removes_half_files_indexes_whole_ones_and_reports_lost_ones()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        StoreResult lost = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 2));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(2, 1, 1));
        await archive.DisposeAsync();

        // As a crash leaves it: in use, half a file, a row gone, a file gone, a file that is none, one that is there twice.
        await fixture.Index.SetCleanAsync(false);
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, ".incoming", ".netdicom-1-1.part"), "half");
        await fixture.Index.CommitAsync([IndexChange.Remove(Made.Uid(1, 1, 2))]);
        File.Delete(archive.PathOf(lost.Instance));
        string series = Path.Combine(fixture.Folder, "1.2.3.1", "1.2.3.1.1");
        await File.WriteAllTextAsync(Path.Combine(series, "notes.txt"), "not an instance");
        File.Copy(Path.Combine(fixture.Folder, "1.2.3.2", "1.2.3.2.1", "1.2.3.2.1.1.dcm"), Path.Combine(series, "1.2.3.2.1.1~0011223344556677.dcm"));

        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal(1, again.Mended.TemporaryFilesRemoved);
        Assert.Equal(1, again.Mended.FilesIndexed);
        Assert.Equal(
            [new(FindingKind.FileMissing, "1.2.3.1/1.2.3.1.1/1.2.3.1.1.1.dcm"), new(FindingKind.Superseded, "1.2.3.1/1.2.3.1.1/1.2.3.2.1.1~0011223344556677.dcm"), new(FindingKind.NotAnInstance, "1.2.3.1/1.2.3.1.1/notes.txt")],
            again.Mended.Findings.OrderBy(finding => finding.Path, StringComparer.Ordinal));
        Assert.NotNull(await fixture.Index.FindInstanceAsync(Made.Uid(1, 1, 2)));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(fixture.Folder, ".orphans")).Length);
        // The lost one may come again, whatever the policy.
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(again, Made.DataSet(1, 1, 1))).Kind);
    }

    [Fact]
    public async Task A_lost_index_is_made_anew_from_the_files()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        for (int i = 1; i <= 5; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 1));
        List<IndexedInstance> before = await fixture.Index.GetAllAsync().ToListAsync();
        await archive.DisposeAsync();
        fixture.ForgetIndex();
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal(5, again.Mended.FilesIndexed);
        Assert.Empty(await again.VerifyAsync().ToListAsync());
        List<IndexedInstance> after = await fixture.Index.GetAllAsync().ToListAsync();
        Assert.All(after, instance => Assert.True(before.Single(old => old.SopInstanceUid == instance.SopInstanceUid) is var old && old.HasSameContent(instance) && old.File == instance.File && old.HeadLength == instance.HeadLength));
    }

    [Fact]
    public async Task A_clean_start_looks_into_no_folder()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        await archive.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, "1.2.3.1", "1.2.3.1.1", "notes.txt"), "x");
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal(MendReport.Nothing, again.Mended with { Findings = MendReport.Nothing.Findings });
        Assert.Single((await again.IndexFilesAsync()).Findings);
    }

    [Theory]
    [InlineData(FindingKind.OtherContent)]
    [InlineData(FindingKind.OtherLength)]
    [InlineData(FindingKind.FileMissing)]
    [InlineData(FindingKind.NotIndexed)]
    public async Task Verify_finds_what_is_not_as_it_was_stored(FindingKind kind)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        string path = archive.PathOf((await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Instance);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        switch (kind)
        {
            case FindingKind.OtherContent:
                bytes[^1] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                break;
            case FindingKind.OtherLength:
                await File.WriteAllBytesAsync(path, bytes[..^2]);
                break;
            case FindingKind.FileMissing:
                File.Delete(path);
                break;
            default:
                File.Copy(path, path + ".dcm");
                break;
        }

        Assert.Equal(kind, Assert.Single(await archive.VerifyAsync().ToListAsync()).Kind);
    }
}
