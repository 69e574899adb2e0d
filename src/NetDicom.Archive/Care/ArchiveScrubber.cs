using System.Globalization;

namespace NetDicom.Archive;

/// <summary>
/// Reads an archive's files in the background, round after round, and compares each with the SHA-256 under which it was stored. It keeps to a pace, waits for nobody and holds nothing that storing or
/// sending needs. Where it is stands in <c>.scrub</c> in the instance folder, so that a new start goes on there.
/// </summary>
public sealed class ArchiveScrubber : IAsyncDisposable
{
    private const string StateFile = ".scrub";
    private const int Page = 100;

    // Shorter waits than this are saved up: a timer is coarser than a block.
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_afterError = TimeSpan.FromMinutes(1);

    private readonly DicomArchive _archive;
    private readonly ScrubOptions _options;
    private readonly CareLoop _loop;
    private bool _disposed;
    private long _paceFrom;
    private long _paceBytes;
    private long _notedAt;
    private volatile ScrubState _state;

    private ArchiveScrubber(DicomArchive archive, ScrubOptions options)
    {
        _archive = archive;
        _options = options;
        _state = ReadState(archive.Options.Folder);
        _paceFrom = _notedAt = options.TimeProvider.GetTimestamp();
        _loop = new CareLoop(RoundAsync, s_afterError, options.TimeProvider, options.OnError);
    }

    /// <summary>Where it is.</summary>
    public ScrubState State => _state;

    /// <summary>Begins, or goes on where an earlier program was. To be disposed before the archive.</summary>
    public static ArchiveScrubber Start(DicomArchive archive, ScrubOptions options)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BytesPerSecond, 1, nameof(options));
        return new ArchiveScrubber(archive, options);
    }

    /// <summary>Where the scrubber of an archive is or was, for a look from outside.</summary>
    /// <param name="folder">The instance folder.</param>
    public static ScrubState ReadState(string folder)
    {
        try
        {
            string[] lines = File.ReadAllLines(Path.Join(folder, StateFile));
            return lines is [var after, var started, var going, var files, var bytes, var findings, ..]
                ? new ScrubState(
                    after.Length == 0 ? default : new DicomUid(after), DateTimeOffset.FromUnixTimeMilliseconds(Number(started)), going == "1", Number(files), Number(bytes), Number(findings))
                : ScrubState.Never;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or OverflowException or ArgumentException)
        {
            // Lost or broken: the worst of it is a round from the beginning.
            return ScrubState.Never;
        }

        static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Stops, and notes where it is.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _loop.DisposeAsync().ConfigureAwait(false);
        try
        {
            Note();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _options.OnError?.Invoke(error);
        }
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        if (!_state.IsGoingOn)
        {
            await UntilDueAsync(stop).ConfigureAwait(false);
            _state = new ScrubState(default, _options.TimeProvider.GetUtcNow(), true, 0, 0, 0);
            Note();
        }

        while (await _archive.Index.GetPageAsync(_state.After, Page, stop).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (IndexedInstance instance in page)
                await LookAtAsync(instance, stop).ConfigureAwait(false);
        }

        _state = _state with { After = default, IsGoingOn = false };
        Note();
        _options.OnRound?.Invoke(_state);
    }

    private async Task UntilDueAsync(CancellationToken stop)
    {
        while (_state.StartedAt is { } last && last + _options.Interval - _options.TimeProvider.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            // At most a day: timers take 49 days, and what is due goes by the calendar, which may be set.
            await Task.Delay(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1), _options.TimeProvider, stop).ConfigureAwait(false);
        }

        (_paceFrom, _paceBytes) = (_options.TimeProvider.GetTimestamp(), 0);
    }

    private async Task LookAtAsync(IndexedInstance instance, CancellationToken stop)
    {
        FindingKind? wrong;
        try
        {
            wrong = await StoredFile.CheckAsync(_archive.PathOf(instance), instance, bytes => PaceAsync(bytes, stop)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            wrong = FindingKind.Unreadable;
        }

        bool isFinding = wrong is not null && await DicomArchive.IsStillAsync(_archive.Index, instance, stop).ConfigureAwait(false);
        if (isFinding)
        {
            ArchiveMetrics.ScrubFinding();
            _options.OnFinding?.Invoke(new ArchiveFinding(wrong!.Value, DicomArchive.PathBelow(instance)));
        }

        ArchiveMetrics.Scrubbed(instance.Length);
        _state = _state with { After = instance.SopInstanceUid, Files = _state.Files + 1, Bytes = _state.Bytes + instance.Length, Findings = _state.Findings + (isFinding ? 1 : 0) };
        if (_options.TimeProvider.GetElapsedTime(_notedAt) >= _options.NoteInterval)
            Note();
    }

    // Slow down to the pace; what was lost by waiting for the disk or the index is not made up for by more than a second's worth.
    private async ValueTask PaceAsync(int bytes, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _paceBytes += bytes;
        TimeSpan due = TimeSpan.FromSeconds((double)_paceBytes / _options.BytesPerSecond);
        TimeSpan ahead = due - _options.TimeProvider.GetElapsedTime(_paceFrom);
        if (ahead < TimeSpan.FromSeconds(-1))
            (_paceFrom, _paceBytes) = (_options.TimeProvider.GetTimestamp(), 0);
        if (ahead >= s_shortestWait)
            await Task.Delay(ahead, _options.TimeProvider, stop).ConfigureAwait(false);
    }

    // Not flushed: an older state costs a second look at some files.
    private void Note()
    {
        ScrubState state = _state;
        _notedAt = _options.TimeProvider.GetTimestamp();
        if (state.StartedAt is not { } started)
            return;
        string path = Path.Join(_archive.Options.Folder, StateFile), aside = path + ".new";
        File.WriteAllLines(aside, [
            state.After.ToString(), Text(started.ToUnixTimeMilliseconds()), state.IsGoingOn ? "1" : "0", Text(state.Files), Text(state.Bytes), Text(state.Findings),
        ]);
        File.Move(aside, path, overwrite: true);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
