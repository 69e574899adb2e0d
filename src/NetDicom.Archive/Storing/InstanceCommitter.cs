using System.Diagnostics;
using System.Threading.Channels;

namespace NetDicom.Archive;

/// <summary>
/// Makes received instances part of the archive, in groups: what has come while the last group was made safe shares the flushes and the index commit of the next one.
/// The order is what keeps an acknowledged instance: bytes to the device, then the name, then the name to the device and the index side by side, then the answer. A row that is safe without its name is mended at
/// the start: the bytes are safe under the temporary name then.
/// </summary>
internal sealed class InstanceCommitter : IAsyncDisposable
{
    /// <summary>Up to this many files are flushed side by side; from there one flush of the whole file system has less to do, though it takes along what other programs wrote.</summary>
    private const int MaxSingleFlushes = 64;

    private readonly DicomArchive _archive;
    private readonly Channel<IncomingInstance> _queue = Channel.CreateUnbounded<IncomingInstance>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _work;
    private readonly Queue<IncomingInstance> _postponed = [];
    private readonly FlushCrew _crew = new();

    public InstanceCommitter(DicomArchive archive)
    {
        _archive = archive;
        _work = Task.Run(RunAsync);
    }

    private ArchiveFiles Files => _archive.Files;

    public void Enqueue(IncomingInstance instance)
    {
        if (_queue.Writer.TryWrite(instance))
            return;
        instance.Discard();
        instance.Done.TrySetException(new IOException("the archive is closed"));
    }

    /// <summary>Takes no more, and ends when what was given is safe.</summary>
    public async Task CloseAsync()
    {
        _queue.Writer.TryComplete();
        await _work.ConfigureAwait(false);
        _crew.Dispose();
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task RunAsync()
    {
        var group = new List<Incoming>();
        while (_postponed.Count > 0 || await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (_postponed.TryDequeue(out IncomingInstance? postponed))
                group.Add(new Incoming(postponed));
            while (group.Count < _archive.Options.MaxBatch && _queue.Reader.TryRead(out IncomingInstance? instance))
                group.Add(new Incoming(instance));
            long began = Stopwatch.GetTimestamp();
            bool hasTurn = false;
            try
            {
                await _archive.Turn.TakeAsync().ConfigureAwait(false);
                hasTurn = true;
                began = Stopwatch.GetTimestamp();
                await CommitAsync(group).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // Nothing of a group may be left without an answer, whatever went wrong.
                foreach (Incoming one in group)
                    Fail(one, error is IOException or ArchiveIndexException ? error : new IOException("storing failed", error));
            }
            finally
            {
                if (hasTurn)
                    _archive.Turn.Give();
                ArchiveMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(began));
            }

            foreach (Incoming one in group)
                Answer(one);
        }
    }

    private async Task CommitAsync(List<Incoming> group)
    {
        await DecideAsync(group).ConfigureAwait(false);
        List<Incoming> wanted = group.FindAll(one => one.IsWanted);
        await FlushFilesAsync(wanted).ConfigureAwait(false);
        NameFiles(wanted);
        wanted.RemoveAll(one => one.Error is not null);
        if (wanted.Count == 0)
            return;
        Task folders = FlushFoldersAsync(wanted);
        await IndexAsync(wanted).ConfigureAwait(false);

        try
        {
            await folders.ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await TakeBackAsync(wanted.FindAll(one => one.Error is null), error).ConfigureAwait(false);
        }

        foreach (Incoming one in wanted)
        {
            // The index points to the new file: nobody looks for the old one any more. If this fails the next start finds it.
            if (one.Error is null && one.OldPath is { } old && old != one.FinalPath)
                DicomArchive.TryDelete(Files, old);
        }
    }

    private async Task IndexAsync(List<Incoming> wanted)
    {
        try
        {
            await _archive.Index.CommitAsync([.. wanted.Select(one => IndexChange.Put(one.Record))]).ConfigureAwait(false);
        }
        catch (DicomDataException) when (wanted.Count > 1)
        {
            // One of them cannot be indexed: the others are other senders'.
            foreach (Incoming one in wanted)
                await IndexAsync([one]).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ArchiveIndexException or UnauthorizedAccessException or DicomDataException)
        {
            foreach (Incoming one in wanted)
            {
                // Its text may hold values of the data set.
                Fail(one, error is DicomDataException { Tag: var tag } ? new DicomDataException("the data set cannot be indexed", tag) : error);
                DicomArchive.TryDelete(Files, one.FinalPath);
            }
        }
    }

    /// <summary>What is there already.</summary>
    private async Task DecideAsync(List<Incoming> group)
    {
        var inGroup = new HashSet<DicomUid>();
        foreach (Incoming one in group)
        {
            IndexedInstance instance = one.Record.Instance;
            if (!inGroup.Add(instance.SopInstanceUid))
            {
                // The same UID twice at one moment: the second is decided on when the first is safe, or has failed.
                one.IsPostponed = true;
                _postponed.Enqueue(one.Instance);
                continue;
            }

            if (await _archive.Index.FindInstanceAsync(instance.SopInstanceUid).ConfigureAwait(false) is not { } existing)
            {
                one.Kind = StoreOutcomeKind.Stored;
                one.IsWanted = true;
                continue;
            }

            // A row whose file has gone, or was cut off by a crash, is no instance: the new file takes its place, whatever the policy. Who sends again may be about to delete the last copy.
            string path = _archive.PathOf(existing);
            bool isThere = Files.LengthOf(path) == existing.Length;
            if (isThere && instance.HasSameContent(existing))
            {
                (one.Kind, one.Existing) = (StoreOutcomeKind.AlreadyStored, existing);
            }
            else if (isThere && _archive.Options.Conflict != ConflictPolicy.Replace)
            {
                (one.Kind, one.Existing) = (_archive.Options.Conflict == ConflictPolicy.Keep ? StoreOutcomeKind.KeptExisting : StoreOutcomeKind.Rejected, existing);
            }
            else
            {
                one.Kind = isThere ? StoreOutcomeKind.Replaced : StoreOutcomeKind.Stored;
                one.IsWanted = true;
                one.IsReplacing = isThere;
                one.OldPath = path;
                // Beside the old one, so that a crash leaves one of them whole under the name that the index has.
                if (isThere)
                    one.Record = one.Record with { Instance = instance with { File = InstancePath.FileBeside(existing.File, instance.SopInstanceUid, instance.DataSetHash.Span) } };
            }
        }
    }

    private async ValueTask FlushFilesAsync(List<Incoming> wanted)
    {
        if (_archive.Options.Durability == Durability.None)
            return;
        if (wanted.Count > MaxSingleFlushes && _archive.Volume is { } volume && Files.TryFlushVolume(volume))
            return;
        if (wanted is [var single])
        {
            FlushFile(single);
            return;
        }

        await _crew.RunAsync([.. wanted.Select<Incoming, Action>(one => () => FlushFile(one))]).ConfigureAwait(false);
    }

    private void FlushFile(Incoming one)
    {
        try
        {
            Files.Flush(one.Instance.Handle!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(one, error);
        }
    }

    /// <summary>The names are not known to be safe, but the rows are: the rows go, then the files. What replaced another stays; it is whole, and its sender is told to try again.</summary>
    private async ValueTask TakeBackAsync(List<Incoming> committed, Exception error)
    {
        List<Incoming> fresh = committed.FindAll(one => !one.IsReplacing);
        foreach (Incoming one in committed)
            Fail(one, error);
        try
        {
            if (fresh.Count > 0)
                await _archive.Index.CommitAsync([.. fresh.Select(one => IndexChange.Remove(one.Record.Instance.SopInstanceUid))]).ConfigureAwait(false);
        }
        catch (ArchiveIndexException)
        {
            // Then they stay with their rows: whole, and recognised when they are sent again.
            return;
        }

        foreach (Incoming one in fresh)
            DicomArchive.TryDelete(Files, one.FinalPath);
    }

    private void NameFiles(List<Incoming> wanted)
    {
        foreach (Incoming one in wanted)
        {
            if (one.Error is not null)
                continue;
            IndexedInstance instance = one.Record.Instance;
            try
            {
                string folder = InstancePath.Join(_archive.Options.Folder, instance.Folder);
                one.FinalPath = Path.Join(folder, instance.File);
                one.ChangedFolders.AddRange(_archive.MakeFolder(folder));
                one.ChangedFolders.Add(folder);
                one.Instance.Close();
                try
                {
                    Files.Rename(one.Instance.TemporaryPath, one.FinalPath);
                }
                catch (IOException) when (_archive.ForgetFolder(folder))
                {
                    // Somebody took the folder away since it was last looked at.
                    one.ChangedFolders.AddRange(_archive.MakeFolder(folder));
                    Files.Rename(one.Instance.TemporaryPath, one.FinalPath);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                DicomArchive.TryDelete(Files, one.Instance.TemporaryPath);
                Fail(one, error);
            }
        }
    }

    private Task FlushFoldersAsync(List<Incoming> wanted)
    {
        if (_archive.Options.Durability != Durability.Full)
            return Task.CompletedTask;
        HashSet<string> folders = [.. wanted.SelectMany(one => one.ChangedFolders)];
        if (folders.Count > MaxSingleFlushes && _archive.Volume is { } volume)
        {
            return _crew.RunAsync([() =>
            {
                if (Files.TryFlushVolume(volume))
                    return;
                foreach (string folder in folders)
                    Files.FlushFolder(folder);
            }]);
        }

        return _crew.RunAsync([.. folders.Select<string, Action>(folder => () => Files.FlushFolder(folder))]);
    }

    private static void Fail(Incoming one, Exception error) => one.Error ??= error;

    private static void Answer(Incoming one)
    {
        if (one.IsPostponed)
            return;
        one.Instance.Discard();
        if (one.Error is { } error)
        {
            ArchiveMetrics.NotStored();
            one.Instance.Done.TrySetException(error);
            return;
        }

        ArchiveMetrics.Stored(one.Kind, one.Record.Instance.Length);
        one.Instance.Done.TrySetResult(new StoreResult(one.Kind, one.Existing ?? one.Record.Instance));
    }

    /// <summary>One instance of a group, and how far it is.</summary>
    private sealed class Incoming(IncomingInstance instance)
    {
        public IncomingInstance Instance { get; } = instance;

        public InstanceRecord Record { get; set; } = instance.Record!;

        public StoreOutcomeKind Kind { get; set; }

        public bool IsWanted { get; set; }

        public bool IsPostponed { get; set; }

        public IndexedInstance? Existing { get; set; }

        /// <summary>Whether a whole file was there before.</summary>
        public bool IsReplacing { get; set; }

        /// <summary>Where the row that was there before points to; null without one.</summary>
        public string? OldPath { get; set; }

        public string FinalPath { get; set; } = "";

        public List<string> ChangedFolders { get; } = [];

        public Exception? Error { get; set; }
    }
}
