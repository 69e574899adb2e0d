using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace NetDicom.Interop.Tests.Support;

/// <summary>What a process said and how it ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How often a text was said.</summary>
    public int Said(string text) => (Output + Error).Split(text).Length - 1;

    public override string ToString() => $"exit code {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Error}";
}

/// <summary>A process in a group of its own, bounded in time, its output kept; at the end the whole group is killed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>Longest life of a peer or a tool in these tests: on a busy machine a peer that the tests of a class share lives for minutes.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(280);

    private readonly Process _process;
    private readonly CancellationTokenSource _deadline = new(s_longest);
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly ConcurrentQueue<Waiter> _waiters = new();
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private readonly string _name;

    private ChildProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? folder, string? input, bool keepInput)
    {
        _name = Path.GetFileName(program);
        // setsid makes the process the leader of a new group and becomes the program: its number is the group's.
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        // A test run that was started in the background of a script has SIGINT ignored, and all its children with it: a server would not stop for it.
        start.ArgumentList.Add("env");
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        if (folder is not null)
            start.WorkingDirectory = folder;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _deadline.Token.Register(() => Signals.SendToGroup(_process.Id, Signals.Kill));
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _error));
        if (input is not null)
            _process.StandardInput.Write(input);
        if (keepInput)
            _process.StandardInput.Flush();
        else
            _process.StandardInput.Close();
    }

    public int Id => _process.Id;

    /// <summary>Both streams so far.</summary>
    public string Said
    {
        get
        {
            lock (_gate)
                return $"{_output}{_error}";
        }
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, string? input = null, bool keepInput = false) =>
        new(program, arguments, environment, folder, input, keepInput);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, string? input = null)
    {
        await using ChildProcess child = Start(program, arguments, environment, folder, input);
        return await child.EndAsync();
    }

    /// <summary>The first line, said already or yet to come, that holds <paramref name="text"/>.</summary>
    public Task<string> WaitForLineAsync(string text) => WaitForLinesAsync(text, 1);

    /// <summary>The line, said already or yet to come, with which there are <paramref name="count"/> that hold <paramref name="text"/>.</summary>
    public async Task<string> WaitForLinesAsync(string text, int count)
    {
        var waiter = new Waiter(text, count);
        lock (_gate)
        {
            foreach (string line in $"{_output}{_error}".Split('\n'))
                waiter.Offer(line);
            _waiters.Enqueue(waiter);
        }

        Task first = await Task.WhenAny(waiter.Found.Task, _reading);
        if (first != waiter.Found.Task && !waiter.Found.Task.IsCompleted)
            throw new InvalidOperationException($"{_name} ended without the line '{text}'; it said:\n{Said}");
        return await waiter.Found.Task;
    }

    /// <summary>Standard input, if it was kept open.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Ends standard input, if it was kept open.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <summary>Waits for the end of the process.</summary>
    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        if (_deadline.IsCancellationRequested)
            throw new TimeoutException($"{_name} did not end within {s_longest.TotalSeconds} s; it said:\n{Said}");
        // A forked child may hold the pipes open: what is of interest was said by the process itself.
        Signals.SendToGroup(_process.Id, Signals.Kill);
        await _reading;
        lock (_gate)
            return new Ended(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        Signals.SendToGroup(_process.Id, Signals.Kill);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _deadline.Dispose();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                into.Append(line).Append('\n');
                foreach (Waiter waiter in _waiters)
                    waiter.Offer(line);
            }
        }
    }

    private sealed class Waiter(string text, int count)
    {
        private int _seen;

        public TaskCompletionSource<string> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Offer(string line)
        {
            if (line.Contains(text, StringComparison.Ordinal) && ++_seen >= count)
                Found.TrySetResult(line);
        }
    }
}
