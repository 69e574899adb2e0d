namespace NetDicom.Cli.Sending;

/// <summary>How long to wait before trying again (<c>--retry</c>): doubled each time, with a random part so that many senders do not return at once.</summary>
internal static class BackOff
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    /// <param name="attempt">1 for the first repetition.</param>
    /// <param name="random">0 up to 1.</param>
    public static TimeSpan Delay(int attempt, double random)
    {
        double seconds = s_first.TotalSeconds * Math.Pow(2, Math.Min(attempt - 1, 16));
        return TimeSpan.FromSeconds(Math.Min(seconds, s_longest.TotalSeconds) * (0.75 + random / 2));
    }
}
