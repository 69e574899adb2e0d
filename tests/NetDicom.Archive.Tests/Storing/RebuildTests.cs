using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

public class RebuildTests
{
    private static ArchiveOptions Options(ArchiveFixture fixture) => new() { Folder = fixture.Folder };

    [Fact]
    public async Task An_archive_that_is_open_elsewhere_is_left_alone_and_so_is_a_half_made_index()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await Assert.ThrowsAsync<ArchiveInUseException>(() => DicomArchive.RebuildAsync(Options(fixture), () => throw new InvalidOperationException("opened"), () => throw new InvalidOperationException("replaced")));
    }

    [Fact]
    public async Task Nobody_opens_the_archive_between_the_old_index_and_the_new_one()
    {
        await using var fixture = new ArchiveFixture();
        await using (DicomArchive archive = await fixture.OpenAsync())
        {
            for (int i = 1; i <= 3; i++)
                await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        }

        var anew = new ReferenceIndex();
        bool isReplaced = false;
        RebuildReport report = await DicomArchive.RebuildAsync(Options(fixture), () => anew, () =>
        {
            isReplaced = true;
            Assert.Throws<ArchiveInUseException>(() => fixture.OpenAsync().GetAwaiter().GetResult());
        });
        Assert.True(isReplaced);
        Assert.Equal((3L, 3, true), (report.Instances, report.Mended.FilesIndexed, report.IsComplete));
        Assert.True((await anew.GetStatisticsAsync()).IsClean);
        await using DicomArchive again = await fixture.OpenAsync(index: anew);
        Assert.Empty(await again.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task A_run_that_is_stopped_replaces_nothing_and_the_next_one_goes_on()
    {
        await using var fixture = new ArchiveFixture();
        await using (DicomArchive archive = await fixture.OpenAsync())
        {
            for (int i = 1; i <= 3; i++)
                await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 1));
        }

        var anew = new ReferenceIndex();
        using var stop = new CancellationTokenSource();
        RebuildReport stopped = await DicomArchive.RebuildAsync(Options(fixture), () => anew, () => throw new InvalidOperationException("replaced"), new Stopper(stop), stop.Token);
        Assert.False(stopped.IsComplete);
        Assert.False((await anew.GetStatisticsAsync()).IsClean);
        Assert.True((await DicomArchive.RebuildAsync(Options(fixture), () => anew, () => { })).IsComplete);
        Assert.Equal(3, (await anew.GetStatisticsAsync()).Instances);
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<string>
    {
        public void Report(string value) => stop.Cancel();
    }
}
