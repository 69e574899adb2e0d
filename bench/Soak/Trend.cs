namespace NetDicom.Bench.Soak;

/// <summary>Whether what was measured grows.</summary>
internal static class Trend
{
    // The first fifth brings in code, caches and buffers.
    private const int SettleShare = 5;

    /// <summary>Slope by least squares, in units an hour, over the samples behind the first fifth; and the growth over that time that it comes to.</summary>
    public static (double PerHour, double Growth, double Mean) Of(IReadOnlyList<Usage> samples, Func<Usage, double> value)
    {
        Usage[] settled = [.. samples.Skip(samples.Count / SettleShare)];
        if (settled.Length < 3)
            return (0, 0, settled.Length == 0 ? 0 : settled.Average(value));
        double meanX = settled.Average(sample => sample.Seconds), meanY = settled.Average(value);
        double slope = settled.Sum(sample => (sample.Seconds - meanX) * (value(sample) - meanY)) / settled.Sum(sample => (sample.Seconds - meanX) * (sample.Seconds - meanX));
        return (slope * 3600, slope * (settled[^1].Seconds - settled[0].Seconds), meanY);
    }

    /// <summary>Growth is what is more than a tenth of the mean and more than <paramref name="slack"/>: less is how the collector and the pool breathe.</summary>
    public static bool Grows(IReadOnlyList<Usage> samples, Func<Usage, double> value, double slack)
    {
        (_, double growth, double mean) = Of(samples, value);
        return growth > slack && growth > mean / 10;
    }
}
