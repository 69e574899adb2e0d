using System.Diagnostics;

namespace NetDicom.Fuzz;

/// <summary>Makes an input smaller as long as the same fault shows: pieces are left out, halves first, single bytes last.</summary>
internal static class Minimizer
{
    /// <param name="fails">The signature of what goes wrong with an input; null if nothing does.</param>
    /// <param name="input">An input that goes wrong.</param>
    /// <param name="limit">When to be content with what there is.</param>
    public static byte[] Minimize(byte[] input, Func<byte[], string?> fails, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        string? wanted = fails(input);
        if (wanted is null)
            return input;
        for (int piece = Math.Max(1, input.Length / 2); piece >= 1; piece /= 2)
        {
            for (int at = 0; at < input.Length && clock.Elapsed < limit;)
            {
                byte[] smaller = [.. input[..at], .. input[Math.Min(input.Length, at + piece)..]];
                if (fails(smaller) == wanted)
                    input = smaller;
                else
                    at += piece;
            }
        }

        return input;
    }
}
