using System.Globalization;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>What echoscu says: a line for each answer, and the round trips of all.</summary>
internal sealed class EchoReport(ToolConsole console)
{
    // Memory stays bounded however often a user repeats: beyond this the median is of the first ones.
    private const int MostKept = 1_000_000;

    private readonly List<double> _milliseconds = [];

    public int Answers { get; private set; }

    public int Failures { get; private set; }

    public void Add(int number, DimseStatus status, TimeSpan roundTrip)
    {
        double milliseconds = roundTrip.TotalMilliseconds;
        Answers++;
        if (_milliseconds.Count < MostKept)
            _milliseconds.Add(milliseconds);
        // Pending is no answer that a C-ECHO may have (PS3.7 9.1.5.1.4): it is none that verifies anything.
        if (!status.IsSuccess && !status.IsWarning)
        {
            Failures++;
            console.Log.Error($"C-ECHO {number}: the peer answered {status}");
        }

        console.Json?.Write("echo", json =>
        {
            json.WriteNumber("number", number);
            json.WriteString("status", StatusText.Code(status));
            json.WriteString("statusText", status.ToString());
            json.WriteNumber("roundTripMs", Math.Round(milliseconds, 3));
        });
        console.Print($"C-ECHO {number}: {status}, {Text(milliseconds)} ms");
    }

    public void Summarize(int exitCode)
    {
        _milliseconds.Sort();
        (double Min, double Median, double Max)? times = _milliseconds.Count == 0 ? null
            : (_milliseconds[0], Median(_milliseconds), _milliseconds[^1]);
        if (times is { } t && _milliseconds.Count > 1)
            console.Print($"{Answers} answers, {Failures} failed; round trip min {Text(t.Min)}, median {Text(t.Median)}, max {Text(t.Max)} ms");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "echoscu");
            json.WriteNumber("answers", Answers);
            json.WriteNumber("failed", Failures);
            if (times is { } all)
            {
                json.WriteNumber("minMs", Math.Round(all.Min, 3));
                json.WriteNumber("medianMs", Math.Round(all.Median, 3));
                json.WriteNumber("maxMs", Math.Round(all.Max, 3));
            }

            json.WriteNumber("exitCode", exitCode);
        });
    }

    /// <summary>The middle of a sorted list; of an even count, the mean of the two in the middle.</summary>
    public static double Median(IReadOnlyList<double> sorted) => sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;

    private static string Text(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
