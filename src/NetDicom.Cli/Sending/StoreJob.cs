using NetDicom.Cli.Commands;
using NetDicom.Cli.Output;
using NetDicom.Network;

namespace NetDicom.Cli.Sending;

/// <summary>How storescu goes about it.</summary>
internal sealed record StoreJobOptions
{
    public required int Parallel { get; init; }

    public required int Retry { get; init; }

    public required bool Halt { get; init; }

    public required StoreOptions Store { get; init; }
}

/// <summary>Sends files: one or more senders take them from a feed, each on associations of its own; what becomes of each is in the report.</summary>
internal sealed class StoreJob
{
    private readonly ToolConsole _console;
    private readonly ProgressDisplay? _progress;
    private StoreFeed? _feed;
    private bool _fromOthers;
    private volatile bool _halted;

    public StoreJob(ScuConnection connection, ContextPlan plan, StoreJobOptions options, StoreReport report, Journal? journal, ToolConsole console, ProgressDisplay? progress)
    {
        Connection = connection;
        Plan = plan;
        Options = options;
        Report = report;
        Journal = journal;
        _console = console;
        _progress = progress;
    }

    public ScuConnection Connection { get; }

    public ContextPlan Plan { get; }

    public StoreJobOptions Options { get; }

    public StoreReport Report { get; }

    public Journal? Journal { get; }

    public ToolLog Log => _console.Log;

    public CancellationToken Stop => _console.Stop;

    /// <summary>A failure was met and <c>--halt</c> was given: nothing more is sent.</summary>
    public bool IsHalted => _halted;

    /// <summary>The next file; null when there is none left, or nothing more is to be sent.</summary>
    public async ValueTask<StoreFile?> TakeAsync() => _halted ? null : await _feed!.TakeAsync(keepOpen: true);

    /// <summary>A file was not stored.</summary>
    public void Failed() => _halted |= Options.Halt;

    /// <summary>
    /// A file was stored: the journal gets to know. One that cannot be written any more (a full disk) does not end the work, since what it misses is only sent again by a
    /// later run; but it is told, and the exit code says it.
    /// </summary>
    public void Acknowledged(StoreFile file)
    {
        if (Journal?.Add(file.Path, file.Size, file.ChangedUtc) is not { } problem)
            return;
        Log.Error($"Cannot write the journal any more, and a run that resumes it sends again what follows: {problem}");
        Report.Tally.JournalLost = true;
    }

    /// <summary>Sends everything that <paramref name="paths"/> yields; each file gets its outcome in the report.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="canBlock">The scan may wait for others (standard input): when nothing more can be sent, it is left alone.</param>
    /// <exception cref="OperationCanceledException">A signal came.</exception>
    public async Task RunAsync(IEnumerable<ScannedPath> paths, bool canBlock)
    {
        _fromOthers = canBlock;
        var feed = new StoreFeed(paths, canBlock, Look, Stop);
        _feed = feed;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task counting = _progress is null || canBlock ? Task.CompletedTask : Task.Run(() => Count(paths, _progress, done.Token));
        Task ahead = await feed.BeginAsync();
        var senders = new Task[Options.Parallel];
        for (int i = 0; i < senders.Length; i++)
            senders[i] = new StoreSender(this).RunAsync();
        try
        {
            await Task.WhenAll(senders);
        }
        finally
        {
            await done.CancelAsync();
            await counting;
        }

        Stop.ThrowIfCancellationRequested();

        // The senders may have given up with files left: those get their outcome too.
        if (canBlock)
        {
            while (feed.TakeKnown() is { } known)
                NotSent(known);
            if (!ahead.IsCompleted)
            {
                Log.Error("The rest of standard input was not read");
                return;
            }
        }
        else
        {
            while (await feed.TakeAsync(keepOpen: false) is { } left)
                NotSent(left);
        }

        await ahead;
    }

    // The bar is to know how many there are long before each is looked at. What others give (standard input) is counted as it comes.
    private static void Count(IEnumerable<ScannedPath> paths, ProgressDisplay progress, CancellationToken done)
    {
        foreach (ScannedPath[] some in paths.Chunk(100))
        {
            if (done.IsCancellationRequested)
                return;
            progress.Found(some.Length, some.Sum(path => path.Length));
        }
    }

    private StoreFile? Look(ScannedPath path, bool keepOpen)
    {
        if (_fromOthers)
            _progress?.Found(path.Length);
        if (path.Problem is not null)
        {
            Report.Unreadable(path, path.Problem);
            Failed();
            return null;
        }

        try
        {
            if (Journal is not null)
            {
                var info = new FileInfo(path.Path);
                if (Journal.Contains(path.Path, info.Length, info.LastWriteTimeUtc))
                {
                    Report.Skipped(path.Path, info.Length);
                    return null;
                }
            }

            var file = new StoreFile(path.Path, StorageFile.Read(path.Path, keepOpen));
            // In the plan before it is in the queue: the first association proposes what the look-ahead found.
            Plan.PlaceOf(file.Pair);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DicomException or NotSupportedException)
        {
            // NotSupportedException: a pipe, which has no length.
            Report.Unreadable(path, $"Cannot read input file {path.Path}: {e.Message}");
            Failed();
            return null;
        }
    }

    private void NotSent(StoreFile file) => Report.NotSent(file, _halted ? "stopped at the first failure (--halt)" : "no association left");
}
