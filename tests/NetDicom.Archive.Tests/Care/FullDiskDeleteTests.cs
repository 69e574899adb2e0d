using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;

namespace NetDicom.Archive.Tests.Care;

/// <summary>Deleting where there is no room: with what was kept for it.</summary>
public class FullDiskDeleteTests
{
    [Fact]
    public async Task What_is_deleted_on_a_full_disk_uses_the_reserve_which_is_there_again_afterwards()
    {
        await using var fixture = new ArchiveFixture();
        var files = new FullFiles(fixture.Folder);
        await using DicomArchive archive = await DicomArchive.OpenAsync(new ArchiveOptions { Folder = fixture.Folder }, fixture.Index, files, CancellationToken.None);
        for (int i = 1; i <= 30; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(2, 1, 1));
        Assert.True(archive.HasReserve);
        files.IsFull = true;
        bool isRefused = false;
        files.OnDelete = path =>
        {
            if (!path.EndsWith(".dcm", StringComparison.Ordinal) || !archive.IsMakingRoom)
                return;
            // What comes meanwhile would take the room that was given back.
            using IncomingInstance incoming = archive.Receive(ArchiveFixture.Meta(Made.DataSet(3, 1, 1)));
            Assert.Throws<IOException>(() => incoming.Write(ArchiveFixture.Bytes(Made.DataSet(3, 1, 1))));
            isRefused = true;
        };
        DeleteReport report = await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] });
        Assert.Equal((30L, 0), (report.Instances, report.FilesLeft));
        Assert.True(isRefused);
        Assert.True(archive.HasReserve && !archive.IsMakingRoom);
        files.IsFull = false;
        Assert.Equal(["1.2.3.2/1.2.3.2.1/1.2.3.2.1.1.dcm"], fixture.Names());
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(3, 1, 1));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task Without_a_reserve_a_full_disk_is_told_and_nothing_is_half_deleted()
    {
        await using var fixture = new ArchiveFixture();
        var options = new ArchiveOptions { Folder = fixture.Folder, ReserveBytes = 0 };
        await using (DicomArchive archive = await DicomArchive.OpenAsync(options, fixture.Index, new ArchiveFiles(), CancellationToken.None))
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        var files = new FaultyFiles { OnWrite = new IOException("No space left on device", 28) };
        await using DicomArchive full = await DicomArchive.OpenAsync(options, fixture.Index, files, CancellationToken.None);
        await Assert.ThrowsAsync<IOException>(() => full.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] }));
        Assert.Empty(await full.VerifyAsync().ToListAsync());
        Assert.Equal(1, (await full.Index.GetStatisticsAsync()).Instances);
    }
}
