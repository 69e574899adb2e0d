using System.Diagnostics;
using System.Globalization;

namespace NetDicom.Bench.Rows;

/// <summary>One transfer: how long its senders took, start included, and what it cost at both ends.</summary>
internal sealed record Run(double Seconds, double SenderProcessor, double ReceiverProcessor, double SenderMemory, double ReceiverMemory);

/// <summary>One pairing and its runs.</summary>
internal sealed record Cell(Sender Sender, Receiver Receiver, string Input, int Objects, double Bytes)
{
    /// <summary>How many senders at once.</summary>
    public int Senders { get; init; } = 1;

    public List<Run> Runs { get; } = [];

    public double Seconds => Median(run => run.Seconds);

    public double Rate => Bytes * Senders / Seconds;

    public double PerSecond => Objects * Senders / Seconds;

    public double SenderPerGigabyte => Median(run => run.SenderProcessor) / (Bytes * Senders / 1e9);

    public double ReceiverPerGigabyte => Median(run => run.ReceiverProcessor) / (Bytes * Senders / 1e9);

    public double Median(Func<Run, double> of) => Runs.Select(of).Order().ElementAt(Runs.Count / 2);
}

/// <summary>Runs pairings of programs.</summary>
internal sealed class Measure(string work, int repeats)
{
    public int Repeats => repeats;

    /// <summary>Runs all cells in turn, as often as asked, so that a change of the machine meets each alike.</summary>
    public void Run(IReadOnlyList<Cell> cells)
    {
        for (int i = 0; i < repeats; i++)
        {
            foreach (Cell cell in cells)
                cell.Runs.Add(Once(cell));
        }
    }

    private Run Once(Cell cell)
    {
        using var receiver = new RunningReceiver(cell.Receiver, Path.Combine(work, "out"));
        TimeSpan before = receiver.Processor;
        long began = Stopwatch.GetTimestamp();
        var errors = new string[cell.Senders];
        Process[] senders = [.. Enumerable.Range(0, cell.Senders).Select(i => Start(cell, receiver.Port, line => errors[i] = line))];
        double memory = 0;
        foreach (Process sender in senders)
        {
            while (!sender.WaitForExit(50))
                memory = Math.Max(memory, PeakOfChildren(sender.Id));
            sender.WaitForExit();
        }

        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double spent = 0;
        for (int i = 0; i < senders.Length; i++)
        {
            if (senders[i].ExitCode != 0)
                throw new InvalidOperationException($"{cell.Sender.Name} to {cell.Receiver.Name} ended with {senders[i].ExitCode}: {errors[i]}");
            spent += errors[i].Split(' ').Sum(part => double.Parse(part, CultureInfo.InvariantCulture));
            senders[i].Dispose();
        }

        // Each sender sends the same objects: whoever is last, they are there once.
        if (receiver.Count != cell.Objects)
            throw new InvalidOperationException($"{cell.Sender.Name} to {cell.Receiver.Name}: {receiver.Count} of {cell.Objects} objects arrived");
        return new Run(seconds, spent, (receiver.Processor - before).TotalSeconds, memory, receiver.PeakMemory);
    }

    // The processor time of a process that has ended is told to its parent only: the shell's, whose last line it is.
    private static Process Start(Cell cell, int port, Action<string> onError)
    {
        Process process = RunningReceiver.Create(["bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\"", "-", .. cell.Sender.Command], port, cell.Input, "", cell.Sender.NoDelay);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text)
                onError(text);
        };
        RunningReceiver.Begin(process);
        return process;
    }

    private static double PeakOfChildren(int shell)
    {
        try
        {
            string[] children = File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Select(child => RunningReceiver.MemoryOf(int.Parse(child, CultureInfo.InvariantCulture), "VmHWM:")).DefaultIfEmpty().Max();
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return 0;
        }
    }
}
