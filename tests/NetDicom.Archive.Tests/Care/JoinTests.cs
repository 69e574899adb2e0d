using NetDicom.Archive.Sqlite;
using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;

namespace NetDicom.Archive.Tests.Care;

/// <summary>Deleting beside the program that has the archive open. Here both are this process: the locks are of the files that are open, and an archive does not know who else is there.</summary>
public sealed class JoinTests : IAsyncDisposable
{
    private readonly ArchiveFixture _fixture = new();

    private string Database => Path.Combine(_fixture.Folder, "..", "index.sqlite");

    private ArchiveOptions Options => new() { Folder = _fixture.Folder, Durability = Durability.None };

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private Task<DicomArchive> OpenAsync() => DicomArchive.OpenAsync(Options, () => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Database, Durability = Durability.None }));

    private DicomArchive Join() => DicomArchive.Join(Options, () => SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Database, Durability = Durability.None, Joined = true }));

    [Fact]
    public async Task What_is_deleted_beside_it_is_gone_for_who_has_it_open_too_and_can_be_stored_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "programs cannot take turns here");
        await using DicomArchive archive = await OpenAsync();
        for (int i = 1; i <= 5; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(2, 1, 1));
        await using (DicomArchive joined = Join())
        {
            Assert.True(joined.IsJoined);
            Assert.Throws<InvalidOperationException>(() => joined.Receive(ArchiveFixture.Meta(Made.DataSet(9, 1, 1))));
            Assert.Equal(5, (await joined.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] })).Instances);
        }

        // It had the series' row and folder in mind, and both are gone.
        Assert.Null(await archive.Index.FindInstanceAsync(Made.Uid(1, 1, 1)));
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
        Assert.Equal((2L, 2L, 2L), await archive.Index.GetStatisticsAsync() is var now ? (now.Studies, now.Series, now.Instances) : default);
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task Storing_and_deleting_the_same_instances_at_once_leaves_no_row_without_its_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "programs cannot take turns here");
        await using DicomArchive archive = await OpenAsync();
        await using DicomArchive joined = Join();
        int deleted = 0;
        Task storing = Task.Run(async () =>
        {
            for (int round = 0; round < 15; round++)
                await Task.WhenAll(Enumerable.Range(1, 8).Select(i => ArchiveFixture.StoreAsync(archive, Made.DataSet(i % 3 + 1, 1, i)).AsTask()));
        });
        do
        {
            for (int study = 1; study <= 3; study++)
                deleted += (int)(await joined.DeleteAsync(new InstanceSelection { Studies = [new DicomUid($"1.2.3.{study}")] })).Instances;
        }
        while (!storing.IsCompleted);
        await storing;
        Assert.True(deleted > 0);
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => ArchiveFixture.StoreAsync(archive, Made.DataSet(i % 3 + 1, 1, i)).AsTask()));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
        Assert.Equal(8, (await archive.Index.GetStatisticsAsync()).Instances);
    }

    [Fact]
    public async Task Compacting_beside_it_takes_empty_folders_and_leaves_the_pages_and_young_orphans()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "programs cannot take turns here");
        await using DicomArchive archive = await OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        Directory.CreateDirectory(Path.Combine(_fixture.Folder, "1.2.9", "1.2.9.1"));
        string orphans = Directory.CreateDirectory(Path.Combine(_fixture.Folder, ".orphans")).FullName;
        File.WriteAllText(Path.Combine(orphans, "young.dcm"), "x");
        File.WriteAllText(Path.Combine(orphans, "old.dcm"), "x");
        File.SetLastWriteTimeUtc(Path.Combine(orphans, "old.dcm"), DateTime.UtcNow.AddMinutes(-2));
        await using DicomArchive joined = Join();
        CompactReport report = await joined.CompactAsync(removeOrphans: true);
        Assert.Equal((2, false, true), (report.EmptyFolders, report.IsIndexCompacted, report.OrphansRemoved));
        Assert.Equal([".orphans/old.dcm"], report.Orphans);
        Assert.Equal(["young.dcm"], Directory.GetFiles(orphans).Select(Path.GetFileName));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 2));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task Only_one_has_it_open_and_only_who_shares_it_is_joined()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "programs cannot take turns here");
        DicomArchive archive = await OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        ArchiveInUseException second = await Assert.ThrowsAsync<ArchiveInUseException>(OpenAsync);
        Assert.Contains("in use by another program", second.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArchiveInUseException>(() => DicomArchive.RebuildAsync(Options, () => throw new InvalidOperationException("not to be opened"), () => { }));
        await using DicomArchive joined = Join();
        await archive.DisposeAsync();
        // Who had it has ended: the next group is refused, not written into an index that somebody may be about to replace.
        IOException ended = await Assert.ThrowsAnyAsync<IOException>(() => joined.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] }));
        Assert.Contains("has ended", ended.Message, StringComparison.Ordinal);
        // A rebuild holds the lock as well, and says nothing of sharing; so does an earlier version.
        using (ArchiveLock.Take(_fixture.Folder))
        {
            await Assert.ThrowsAsync<ArchiveInUseException>(() => joined.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] }));
            Assert.Throws<ArchiveInUseException>(Join);
        }

        await using DicomArchive again = await OpenAsync();
        Assert.Equal(1, (await again.Index.GetStatisticsAsync()).Instances);
    }
}
