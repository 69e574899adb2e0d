using System.Threading.Channels;

namespace NetDicom.Cli.Sending;

/// <summary>
/// The files of a job, in their order, for one or more senders. The heads of the first ones are read before an association is asked for, so that it proposes all that most runs need; after
/// these each file is looked at when a sender asks for it, and opened once. Nothing is collected, so that a million files cost no memory.
/// </summary>
/// <param name="paths">Where the files are.</param>
/// <param name="canBlock">The paths may wait for others (standard input): they are read by a thread that nobody waits for, with a bounded queue behind it.</param>
/// <param name="look">Reads the head of a file; null if it is not to be sent. The second argument: whether it may stay open until it is sent.</param>
/// <param name="stop">Ends the looking.</param>
internal sealed class StoreFeed(IEnumerable<ScannedPath> paths, bool canBlock, Func<ScannedPath, bool, StoreFile?> look, CancellationToken stop)
{
    private const int LookAhead = 1000;

    // A slow scan (standard input, a network disk) must not hold up what is there already.
    private static readonly TimeSpan s_longestLook = TimeSpan.FromMilliseconds(200);

    private readonly Channel<StoreFile> _found = Channel.CreateBounded<StoreFile>(
        // The sender that takes a file from a full queue reads the next head itself: that is done sooner than another thread is woken for it.
        new BoundedChannelOptions(LookAhead + 1) { SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IEnumerator<ScannedPath> _paths = paths.GetEnumerator();
    private readonly Lock _gate = new();
    private bool _atEnd;

    /// <summary>Begins to look; returns when the first files are known, or soon.</summary>
    /// <returns>The looking ahead itself.</returns>
    public async Task<Task> BeginAsync()
    {
        Task ahead = Task.Run(LookAheadAsync);
        await Task.WhenAny(_looked.Task, Task.Delay(s_longestLook, stop));
        return ahead;
    }

    /// <summary>The next file; null when there is none left.</summary>
    /// <param name="keepOpen">It is sent at once, and may stay open until then.</param>
    public async ValueTask<StoreFile?> TakeAsync(bool keepOpen)
    {
        while (await _found.Reader.WaitToReadAsync(stop))
        {
            if (_found.Reader.TryRead(out StoreFile? file))
                return file;
        }

        return canBlock ? null : Next(keepOpen);
    }

    /// <summary>A file that is known already; null when there is none.</summary>
    public StoreFile? TakeKnown() => _found.Reader.TryRead(out StoreFile? file) ? file : null;

    private async Task LookAheadAsync()
    {
        try
        {
            for (int found = 1; (canBlock || found <= LookAhead) && Next(keepOpen: false) is { } file; found++)
            {
                await _found.Writer.WriteAsync(file, stop);
                if (found == LookAhead)
                    _looked.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The senders see the same token.
        }
        finally
        {
            _found.Writer.Complete();
            _looked.TrySetResult();
        }
    }

    private StoreFile? Next(bool keepOpen)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            ScannedPath path;
            lock (_gate)
            {
                _atEnd = _atEnd || !_paths.MoveNext();
                if (_atEnd)
                    return null;
                path = _paths.Current;
            }

            if (look(path, keepOpen) is { } file)
                return file;
        }
    }
}
