using NetDicom.Archive.Tests.Index;
using NetDicom.Archive.Tests.Storing;
using NetDicom.TestSupport;

namespace NetDicom.Archive.Tests.Care;

public class ScrubberTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly List<ArchiveFinding> _findings = [];
    private TaskCompletionSource<ScrubState> _round = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScrubOptions Options => new()
    {
        BytesPerSecond = 200, TimeProvider = _clock, Interval = TimeSpan.FromDays(1), OnFinding = _findings.Add, OnRound = state => _round.TrySetResult(state),
        OnError = error => _round.TrySetException(error),
    };

    [Fact]
    public async Task A_round_finds_what_is_not_as_it_was_stored_and_the_next_comes_when_it_is_due()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        for (int i = 1; i <= 4; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        Spoil(archive, await archive.Index.FindInstanceAsync(Made.Uid(1, 1, 2)));
        File.Delete(archive.PathOf((await archive.Index.FindInstanceAsync(Made.Uid(1, 1, 3)))!));
        await using var scrubber = ArchiveScrubber.Start(archive, Options);
        ScrubState state = await RoundAsync();
        Assert.Equal((4L, 2L, false), (state.Files, state.Findings, state.IsGoingOn));
        Assert.Equal(
            [new ArchiveFinding(FindingKind.OtherContent, "1.2.3.1/1.2.3.1.1/1.2.3.1.1.2.dcm"), new ArchiveFinding(FindingKind.FileMissing, "1.2.3.1/1.2.3.1.1/1.2.3.1.1.3.dcm")], _findings);
        Assert.False(state.IsGoingOn);
        await _clock.WhenTimerWithin(TimeSpan.FromDays(1));
        Assert.Equal(4, scrubber.State.Files);
        _round = new TaskCompletionSource<ScrubState>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(4, (await RoundAsync()).Files);
        Assert.Equal(4, _findings.Count);
    }

    [Fact]
    public async Task It_keeps_to_its_pace()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        long bytes = 0;
        for (int i = 1; i <= 3; i++)
            bytes += DataSetBytes((await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i))).Instance);
        await using var scrubber = ArchiveScrubber.Start(archive, Options);
        DateTimeOffset began = _clock.GetUtcNow();
        await RoundAsync();
        Assert.InRange((_clock.GetUtcNow() - began).TotalSeconds, bytes / 200.0 - 0.1, bytes / 200.0 + 2);
    }

    [Fact]
    public async Task It_goes_on_where_an_earlier_program_was_and_does_not_hinder_storing()
    {
        await using var fixture = new ArchiveFixture();
        DicomArchive archive = await fixture.OpenAsync();
        for (int i = 1; i <= 4; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        var scrubber = ArchiveScrubber.Start(archive, Options);
        // It waits within the first file: that one is not done when it is told to stop.
        await _clock.WhenTimerWithin(s_soon);
        _clock.Advance(s_soon);
        await _clock.WhenTimerWithin(s_soon);
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 5))).Kind);
        await scrubber.DisposeAsync();
        ScrubState left = ArchiveScrubber.ReadState(fixture.Folder);
        Assert.True(left.IsGoingOn);
        Assert.InRange(left.Files, 1, 3);
        await archive.DisposeAsync();

        await using DicomArchive again = await fixture.OpenAsync();
        await using var next = ArchiveScrubber.Start(again, Options);
        ScrubState state = await RoundAsync();
        Assert.Equal(5, state.Files);
        Assert.Equal(left.StartedAt, state.StartedAt);
    }

    [Fact]
    public async Task What_is_deleted_meanwhile_is_no_finding()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        for (int i = 1; i <= 3; i++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(i, 1, 1));
        await using var scrubber = ArchiveScrubber.Start(archive, Options);
        await _clock.WhenTimerWithin(s_soon);
        await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.3")] });
        await RoundAsync();
        Assert.Empty(_findings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not\na\nstate\nat\nall\n!")]
    public async Task A_broken_state_begins_anew(string text)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder, ".scrub"), text);
        Assert.Equal(ScrubState.Never, ArchiveScrubber.ReadState(fixture.Folder));
    }

    private async Task<ScrubState> RoundAsync()
    {
        while (!_round.Task.IsCompleted)
        {
            Task timer = _clock.WhenTimerWithin(TimeSpan.FromDays(2));
            if (await Task.WhenAny(timer, _round.Task) == timer && !_round.Task.IsCompleted)
                _clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        return await _round.Task;
    }

    private static long DataSetBytes(IndexedInstance instance) => instance.Length - instance.HeadLength;

    private static void Spoil(DicomArchive archive, IndexedInstance? instance)
    {
        byte[] bytes = File.ReadAllBytes(archive.PathOf(instance!));
        bytes[^1] ^= 1;
        File.WriteAllBytes(archive.PathOf(instance!), bytes);
    }
}
