using NetDicom.TestSupport;

namespace NetDicom.Network.Tests.Support;

internal static class Clocks
{
    /// <summary>
    /// Moves the clock by <paramref name="span"/> as often as a limit is set that is due by then, until <paramref name="task"/> is done: what a peer sees is often there a
    /// moment before the limit that follows it.
    /// </summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, TimeSpan span, Task task)
    {
        using var patience = new CancellationTokenSource(RawPeer.Patience);
        while (await Task.WhenAny(task, clock.WhenTimerWithin(span)).WaitAsync(patience.Token) != task)
            clock.Advance(span);
        await task;
    }
}
