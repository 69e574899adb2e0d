namespace NetDicom.Archive;

/// <summary>
/// Work beside an archive, turn after turn until it is disposed. A turn that fails, whatever it fails with, is told and followed by another after a pause: care that ended without a word would be
/// noticed when the disk is full.
/// </summary>
internal sealed class CareLoop : IAsyncDisposable
{
    // Timers take 49 days at most.
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <param name="turn">The work. It waits by itself until it is due, before or behind what it does.</param>
    /// <param name="pause">From a turn that failed to the next, more than nothing.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="onError">Told why a turn failed.</param>
    public CareLoop(Func<CancellationToken, Task> turn, TimeSpan pause, TimeProvider clock, Action<Exception>? onError) =>
        _work = Task.Run(() => RunAsync(turn, pause, clock, onError));

    /// <summary>Waits, however long.</summary>
    public static async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (; time > TimeSpan.Zero; time -= s_longestSleep)
            await Task.Delay(time < s_longestSleep ? time : s_longestSleep, clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the turn to end, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static void Tell(Exception error, Action<Exception>? onError)
    {
        try
        {
            onError?.Invoke(error);
        }
        catch (Exception)
        {
            // Nobody is left who could be told; the work is not given up for that.
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> turn, TimeSpan pause, TimeProvider clock, Action<Exception>? onError)
    {
        CancellationToken stop = _stop.Token;
        try
        {
            while (true)
            {
                try
                {
                    await turn(stop).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    Tell(error, onError);
                    await WaitAsync(pause, clock, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }
}
