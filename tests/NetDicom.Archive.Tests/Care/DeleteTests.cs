using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;

namespace NetDicom.Archive.Tests.Care;

public class DeleteTests
{
    [Fact]
    public async Task What_is_deleted_is_gone_upward_too_and_its_neighbours_stay()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        foreach ((int study, int series, int instance) in ((int, int, int)[])[(1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1)])
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(study, series, instance));
        DeleteReport report = await archive.DeleteAsync(new InstanceSelection { Series = [new DicomUid("1.2.3.1.1")] });
        Assert.Equal((2, 0), (report.Instances, report.FilesLeft));
        Assert.Equal(["1.2.3.1/1.2.3.1.2/1.2.3.1.2.1.dcm", "1.2.3.2/1.2.3.2.1/1.2.3.2.1.1.dcm"], fixture.Names());
        Assert.False(Directory.Exists(Path.Combine(fixture.Folder, "1.2.3.1", "1.2.3.1.1")));
        await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] });
        Assert.False(Directory.Exists(Path.Combine(fixture.Folder, "1.2.3.1")));
        IndexStatistics statistics = await archive.Index.GetStatisticsAsync();
        Assert.Equal((1, 1, 1, 1), (statistics.Patients, statistics.Studies, statistics.Series, statistics.Instances));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
        // What went may come again.
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
    }

    [Fact]
    public async Task An_empty_selection_deletes_nothing()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        Assert.Equal(default, await archive.DeleteAsync(new InstanceSelection()));
        Assert.Single(fixture.Names());
    }

    [Fact]
    public async Task A_deletion_that_a_crash_cut_off_is_finished_and_what_came_again_stays()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        StoreResult gone = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        StoreResult kept = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 2));
        await archive.DisposeAsync();
        // As it is between the index and the files; one of the two came again.
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, ".deleting"), $"{gone.Instance.Folder}/{gone.Instance.File}\n{kept.Instance.Folder}/{kept.Instance.File}\n../../outside\n/etc/passwd\n");
        await fixture.Index.CommitAsync([IndexChange.Remove(gone.Instance.SopInstanceUid)]);
        await fixture.Index.SetCleanAsync(false);
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal((1, 0), (again.Mended.DeletionsFinished, again.Mended.FilesIndexed));
        Assert.Equal(["1.2.3.1/1.2.3.1.1/1.2.3.1.1.2.dcm"], fixture.Names());
        Assert.Null(await again.Index.FindInstanceAsync(gone.Instance.SopInstanceUid));
    }

    [Fact]
    public async Task A_file_that_could_not_be_deleted_does_not_come_back_when_others_were_deleted_after_it()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        StoreResult held = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(2, 1, 1));
        string path = archive.PathOf(held.Instance);
        fixture.Files.Holds = one => one == path;
        Assert.Equal(1, (await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] })).FilesLeft);
        Assert.Equal((1L, 0), await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.2")] }) is var report ? (report.Instances, report.FilesLeft) : default);
        await archive.DisposeAsync();
        fixture.Files.Holds = null;
        await fixture.Index.SetCleanAsync(false);
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal((1, 0), (again.Mended.DeletionsFinished, again.Mended.FilesIndexed));
        Assert.Empty(fixture.Names());
    }

    [Fact]
    public async Task A_lost_index_does_not_delete_what_a_list_names()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        StoreResult stored = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        await archive.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, ".deleting"), $"{stored.Instance.Folder}/{stored.Instance.File}\n");
        fixture.ForgetIndex();
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal((0, 1), (again.Mended.DeletionsFinished, again.Mended.FilesIndexed));
        Assert.Single(fixture.Names());
    }

    [Fact]
    public async Task Storing_and_deleting_the_same_instance_at_once_leaves_it_whole_or_gone()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(durability: Durability.None);
        for (int round = 0; round < 20; round++)
        {
            Task[] all =
            [
                .. Enumerable.Range(1, 4).Select(i => ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i)).AsTask()),
                archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] }),
            ];
            await Task.WhenAll(all);
            Assert.Empty(await archive.VerifyAsync().ToListAsync());
        }
    }

    [Fact]
    public async Task Compact_takes_empty_folders_and_on_demand_the_orphans()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        Directory.CreateDirectory(Path.Combine(fixture.Folder, "1.2.9", "1.2.9.1"));
        Directory.CreateDirectory(Path.Combine(fixture.Folder, "1.2.8"));
        Directory.CreateDirectory(Path.Combine(fixture.Folder, ".orphans"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, ".orphans", "a_b_c.dcm"), "x");
        CompactReport report = await archive.CompactAsync(removeOrphans: false);
        Assert.Equal((3, 1L, false), (report.EmptyFolders, report.OrphanBytes, report.OrphansRemoved));
        Assert.Equal([".orphans/a_b_c.dcm"], report.Orphans);
        Assert.True((await archive.CompactAsync(removeOrphans: true)).OrphansRemoved);
        Assert.Equal(["1.2.3.1/1.2.3.1.1/1.2.3.1.1.1.dcm"], fixture.Names());
        Assert.Equal(StoreOutcomeKind.AlreadyStored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
    }

    [Fact]
    public async Task A_copy_is_compared_and_never_takes_anothers_place()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        IndexedInstance instance = (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Instance;
        string target = Path.Combine(Path.GetDirectoryName(fixture.Folder)!, "out", "deep", "copy.dcm");
        Assert.Null(DicomArchive.CopyTo(fixture.Folder, instance, target));
        Assert.Equal(await File.ReadAllBytesAsync(archive.PathOf(instance)), await File.ReadAllBytesAsync(target));
        Assert.Null(DicomArchive.CopyTo(fixture.Folder, instance, target));
        await File.WriteAllTextAsync(target, "something else");
        Assert.Throws<IOException>(() => DicomArchive.CopyTo(fixture.Folder, instance, target));
        Assert.Equal("something else", await File.ReadAllTextAsync(target));

        byte[] bytes = await File.ReadAllBytesAsync(archive.PathOf(instance));
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(archive.PathOf(instance), bytes);
        string second = Path.Combine(Path.GetDirectoryName(target)!, "second.dcm");
        Assert.Equal(FindingKind.OtherContent, DicomArchive.CopyTo(fixture.Folder, instance, second));
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
        File.Delete(archive.PathOf(instance));
        Assert.Equal(FindingKind.FileMissing, DicomArchive.CopyTo(fixture.Folder, instance, second));
    }

    [Fact]
    public async Task Health_says_what_is_wrong()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        ArchiveHealth health = await archive.CheckHealthAsync();
        Assert.True(health.IsReady);
        Assert.True(health.FreeBytes > 0);
        Assert.Empty(fixture.Names());
        fixture.Files.OnWrite = new IOException("No space left on device");
        health = await archive.CheckHealthAsync();
        Assert.Equal((false, null, "No space left on device"), (health.IsReady, health.IndexError, health.FolderError));
        Assert.Empty(fixture.Names());
    }
}
