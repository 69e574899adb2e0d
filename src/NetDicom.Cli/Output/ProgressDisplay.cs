using System.Globalization;
using Spectre.Console;

namespace NetDicom.Cli.Output;

/// <summary>The bar on a terminal: files, bytes, rate, remaining time. Log lines are printed above it.</summary>
internal sealed class ProgressDisplay : IAsyncDisposable
{
    private readonly IAnsiConsole _terminal;
    private readonly ToolLog _log;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;
    private readonly Lock _gate = new();
    private ProgressTask? _bar;
    private long _knownFiles;
    private long _knownBytes;
    private long _doneFiles;
    private long _doneBytes;
    private readonly bool _hasBytes;
    private bool _countsObjects;

    private ProgressDisplay(ToolLog log, bool hasBytes)
    {
        _hasBytes = hasBytes;
        _log = log;
        _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        _drawing = DrawAsync();
        _log.PrintThrough(line => _terminal.WriteLine(line));
    }

    /// <summary>A bar when standard error is a terminal, otherwise null.</summary>
    /// <param name="wanted">Whether the user wants it.</param>
    /// <param name="log">Lines of it are printed above.</param>
    /// <param name="hasBytes">Sizes are known, so there is a rate.</param>
    public static ProgressDisplay? Start(bool wanted, ToolLog log, bool hasBytes = true) => wanted && !Console.IsErrorRedirected ? new ProgressDisplay(log, hasBytes) : null;

    /// <summary>One more file is known of.</summary>
    public void Found(long bytes) => Found(1, bytes);

    /// <summary>So many more files are known of.</summary>
    public void Found(int files, long bytes)
    {
        lock (_gate)
        {
            _knownFiles += files;
            _knownBytes += bytes;
            Update();
        }
    }

    /// <summary>One file has its outcome.</summary>
    public void Done(long bytes)
    {
        lock (_gate)
        {
            _doneFiles++;
            _doneBytes += bytes;
            Update();
        }
    }

    /// <summary>So many objects of so many are done; their bytes are not known.</summary>
    public void Objects(long done, long all)
    {
        lock (_gate)
        {
            (_knownFiles, _doneFiles) = (all, done);
            _countsObjects = true;
            Update();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _log.PrintThrough(null);
        _end.TrySetResult();
        await _drawing;
    }

    private void Update()
    {
        if (_bar is null)
            return;
        _bar.MaxValue = Math.Max(1, _countsObjects ? _knownFiles : _knownBytes);
        _bar.Value = _countsObjects ? Math.Min(_doneFiles, _knownFiles) : Math.Min(_doneBytes, _knownBytes);
        _bar.Description = string.Create(CultureInfo.InvariantCulture, $"{_doneFiles}/{_knownFiles} files");
    }

    private async Task DrawAsync() => await _terminal.Progress()
        .AutoClear(true)
        .Columns(_hasBytes
            ? [new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()])
        .StartAsync(async context =>
        {
            lock (_gate)
            {
                _bar = context.AddTask("0 files");
                Update();
            }

            await _end.Task;
        });
}
