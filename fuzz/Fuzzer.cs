using System.Diagnostics;

namespace NetDicom.Fuzz;

/// <summary>Takes the targets in turn until the time is up. An input is made of nothing but seed, target and number of the turn.</summary>
internal sealed class Fuzzer(FuzzOptions options, TextWriter output)
{
    private static readonly TimeSpan s_minimize = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _turns = [];
    private readonly Dictionary<(string Target, string Signature), int> _findings = [];

    /// <summary>The number of faults, each counted once.</summary>
    public int Findings => _findings.Count;

    public void Run()
    {
        output.WriteLine($"seed {options.Seed}, {options.Duration.TotalSeconds:0} s, {string.Join(' ', options.Targets)}");
        Thread[] jobs = [.. Enumerable.Range(0, options.Jobs).Select(job => new Thread(() => Job(job), 16 << 20))];
        foreach (Thread job in jobs)
            job.Start();
        foreach (Thread job in jobs)
            job.Join();
        output.WriteLine($"executions: {string.Join(", ", _turns.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}"))}; {_turns.Values.Sum()} in all; {Findings} findings");
    }

    /// <summary>The input of one turn.</summary>
    public static byte[] Input(FuzzTarget target, int seed, long turn)
    {
        var random = new Random(unchecked((int)(((uint)seed * 2654435761u) ^ ((ulong)turn * 0x9E3779B97F4A7C15ul >> 32)) + target.Name[0]));
        byte[] from = target.Seeds[random.Next(target.Seeds.Count)], donor = target.Seeds[random.Next(target.Seeds.Count)];
        return target.Mutate(from, donor, random);
    }

    private void Job(int job)
    {
        FuzzTarget[] targets = [.. options.Targets.Select(FuzzTargets.Create)];
        long[] turns = new long[targets.Length];
        Array.Fill(turns, job);
        // The seeds themselves have to be right before damage says anything.
        if (job == 0)
        {
            foreach (FuzzTarget target in targets)
            {
                for (int i = 0; i < target.Seeds.Count; i++)
                    Try(target, target.Seeds[i], $"the seed input {i}");
            }
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < options.Duration)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                TimeSpan until = clock.Elapsed + s_slice;
                while (clock.Elapsed < until && (options.Turn < 0 || turns[i] <= options.Turn))
                {
                    long turn = options.Turn < 0 ? turns[i] : options.Turn;
                    turns[i] = turn + options.Jobs;
                    CrashNotes.Write(job, targets[i].Name, turn);
                    byte[] input = Input(targets[i], options.Seed, turn);
                    Try(targets[i], input, $"--seed {options.Seed} --only {targets[i].Name} --turn {turn}");
                }
            }

            if (options.Turn >= 0)
                break;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            Guard(targets[i], [], "the end of the run", targets[i].Finish);
            targets[i].Dispose();
            lock (_gate)
                _turns[targets[i].Name] = _turns.GetValueOrDefault(targets[i].Name) + (options.Turn >= 0 ? 1 : (turns[i] - job) / options.Jobs);
        }
    }

    private void Try(FuzzTarget target, byte[] input, string origin) => Guard(target, input, origin, () => target.Run(input));

    private void Guard(FuzzTarget target, byte[] input, string origin, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Report(target, new Finding(target.Name, Finding.Describe(exception), input), origin);
        }
    }

    private void Report(FuzzTarget target, Finding finding, string origin)
    {
        int number;
        lock (_gate)
        {
            var key = (finding.Target, finding.Signature);
            _findings[key] = _findings.GetValueOrDefault(key) + 1;
            if (_findings[key] > 1)
                return;
            number = _findings.Count;
        }

        Finding small = finding with { Input = Minimizer.Minimize(finding.Input, input => SignatureOf(target, input), s_minimize) };
        Directory.CreateDirectory(options.Output);
        string path = Path.Combine(options.Output, $"{finding.Target}-{options.Seed:x8}-{number}.hex");
        small.Write(path, origin);
        lock (_gate)
            output.WriteLine($"FINDING {finding.Target}: {finding.Message}\n    again: {origin}\n    {path}: {small.Input.Length} bytes");
    }

    /// <summary>What goes wrong with an input; null if nothing does.</summary>
    public static string? SignatureOf(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception exception)
        {
            return Finding.SignatureOf(Finding.Describe(exception));
        }
    }
}
