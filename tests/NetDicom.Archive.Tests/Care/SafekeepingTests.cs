using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;

namespace NetDicom.Archive.Tests.Care;

/// <summary>What is promised to be kept is on the device, however the archive stores.</summary>
public class SafekeepingTests
{
    [Theory]
    [InlineData(Durability.None)]
    [InlineData(Durability.File)]
    public async Task Bytes_names_and_index_are_flushed_when_somebody_asks(Durability durability)
    {
        await using var fixture = new ArchiveFixture();
        var index = new SteppedIndex(fixture.Index, () => { });
        await using DicomArchive archive = await fixture.OpenAsync(durability: durability, index: index);
        IndexedInstance[] stored = [(await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Instance, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 2, 1))).Instance];
        fixture.Files.Done.Clear();
        Assert.Empty(await archive.FlushAsync(stored));
        // Two files; two series, one study, the root.
        Assert.Equal(["flush", "flush", "folder", "folder", "folder", "folder"], fixture.Files.Done);
        Assert.Equal(1, index.Flushes);
    }

    [Fact]
    public async Task A_file_that_cannot_be_flushed_is_told_and_a_folder_or_an_index_makes_all_unsafe()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(durability: Durability.None);
        IndexedInstance one = (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Instance;
        IndexedInstance gone = (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 2))).Instance;
        File.Delete(archive.PathOf(gone));
        Assert.Equal([gone.SopInstanceUid], await archive.FlushAsync([one, gone]));
        fixture.Files.OnFlush = new IOException("Input/output error");
        Assert.Equal([one.SopInstanceUid], await archive.FlushAsync([one]));
        fixture.Files.OnFlush = null;
        fixture.Files.OnFlushFolder = new IOException("Input/output error");
        await Assert.ThrowsAsync<IOException>(() => archive.FlushAsync([one]));
    }
}
