using NetDicom.TestSupport;

namespace NetDicom.Archive.Tests.Care;

public class CareLoopTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<Exception> _errors = [];

    [Fact]
    public async Task Whatever_a_turn_fails_with_is_told_and_another_follows_after_the_pause()
    {
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int turns = 0;
        await using var loop = new CareLoop(
            async stop =>
            {
                if (++turns == 1)
                    throw new InvalidOperationException("not foreseen");
                second.TrySetResult();
                await CareLoop.WaitAsync(TimeSpan.FromDays(100), _clock, stop);
            },
            TimeSpan.FromMinutes(1), _clock, _errors.Add);
        await _clock.WhenTimerWithin(TimeSpan.FromMinutes(1));
        Assert.Equal("not foreseen", Assert.Single(_errors).Message);
        Assert.False(second.Task.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await second.Task;
    }

    [Fact]
    public async Task A_turn_that_fails_while_it_is_told_to_stop_fails_no_disposal()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var loop = new CareLoop(
            async stop =>
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop).ContinueWith(_ => throw new IOException("no such disk"), TaskScheduler.Default);
            },
            TimeSpan.FromMinutes(1), _clock, _errors.Add);
        await begun.Task;
        await loop.DisposeAsync();
        Assert.IsType<IOException>(Assert.Single(_errors));
        await loop.DisposeAsync();
    }

    [Fact]
    public async Task Who_throws_when_told_of_a_failure_does_not_end_the_work()
    {
        int turns = 0;
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var loop = new CareLoop(
            async stop =>
            {
                if (++turns < 3)
                    throw new InvalidOperationException("not foreseen");
                third.TrySetResult();
                await CareLoop.WaitAsync(TimeSpan.FromDays(100), _clock, stop);
            },
            TimeSpan.FromMinutes(1), _clock, error => throw error);
        for (int failure = 0; failure < 2; failure++)
        {
            await _clock.WhenTimerWithin(TimeSpan.FromMinutes(1));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        await third.Task;
    }

    [Fact]
    public async Task A_wait_may_be_longer_than_a_timer_takes()
    {
        using var stop = new CancellationTokenSource();
        Task wait = CareLoop.WaitAsync(TimeSpan.FromDays(60), TimeProvider.System, stop.Token);
        Assert.False(wait.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        wait = CareLoop.WaitAsync(TimeSpan.FromDays(2.5), _clock, TestContext.Current.CancellationToken);
        for (int day = 0; day < 2; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await _clock.WhenTimerWithin(TimeSpan.FromDays(1));
            Assert.False(wait.IsCompleted);
        }

        _clock.Advance(TimeSpan.FromDays(0.5));
        await wait;
    }
}
