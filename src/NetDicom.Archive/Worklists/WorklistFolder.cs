using System.Threading.Channels;

namespace NetDicom.Archive;

/// <summary>
/// A modality worklist (PS3.4 annex K) out of the files of a folder and those below: DICOM JSON (PS3.18 annex F, <c>*.json</c>, one data set or several) and DICOM files (any other name, such as
/// DCMTK's <c>*.wl</c>). A file that comes, changes or goes shows in <see cref="Worklist"/> without a restart.
/// </summary>
/// <remarks>
/// A file that cannot be used is a <see cref="WorklistProblem"/> and no more: what it held before stays until it can be read again, or is deleted. Hidden files, <c>lockfile</c> and names that end in
/// <c>~</c>, <c>.tmp</c> or <c>.part</c> are passed over: write a file under such a name and rename it, and half of it is never read.
/// </remarks>
public sealed class WorklistFolder : IAsyncDisposable
{
    private static readonly string[] s_passedOver = ["~", ".tmp", ".part"];

    private readonly WorklistFolderOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FileSystemWatcher? _watcher;
    private string? _folderProblem;
    private CareLoop? _following;

    private WorklistFolder(WorklistFolderOptions options)
    {
        _options = options;
        Worklist = new WorklistStore(options.MaxSteps);
        _watcher = Watch();
    }

    /// <summary>A file: how it looked when it was read, how many entries it has in the worklist, and what was wrong with it.</summary>
    private readonly record struct Known(long Length, DateTime Written, int Entries, string? Problem);

    /// <summary>The worklist as it is now.</summary>
    public WorklistStore Worklist { get; }

    /// <summary>Whether the system tells of changes; otherwise they are found when the interval is over.</summary>
    public bool IsWatching => _watcher is not null;

    /// <summary>Reads the folder, and again whenever it changes, until it is disposed of.</summary>
    /// <exception cref="IOException">The folder is not there and cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    /// <remarks>What <see cref="WorklistFolderOptions.OnReading"/> throws at the first reading is thrown on; later it goes to <see cref="WorklistFolderOptions.OnError"/>.</remarks>
    public static WorklistFolder Open(WorklistFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        Directory.CreateDirectory(options.Folder);
        var folder = new WorklistFolder(options);
        try
        {
            folder.Read();
        }
        catch
        {
            folder._watcher?.Dispose();
            throw;
        }

        folder._following = new CareLoop(folder.FollowAsync, options.PollInterval, options.TimeProvider, options.OnError);
        return folder;
    }

    /// <summary>Looks at the folder now.</summary>
    public WorklistReading Read()
    {
        WorklistReading reading;
        lock (_gate)
            reading = ReadFolder();
        if (reading.IsChanged || reading.Problems.Count > 0)
            _options.OnReading?.Invoke(reading);
        return reading;
    }

    /// <summary>Looks no more. The worklist stays as it is.</summary>
    public async ValueTask DisposeAsync()
    {
        _watcher?.Dispose();
        if (_following is not null)
            await _following.DisposeAsync().ConfigureAwait(false);
    }

    private WorklistReading ReadFolder()
    {
        var problems = new List<WorklistProblem>();
        bool changed = false;
        try
        {
            HashSet<string> gone = [.. _known.Keys];
            foreach (FileInfo file in new DirectoryInfo(_options.Folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden }))
            {
                if (IsPassedOver(file.Name))
                    continue;
                gone.Remove(file.FullName);
                changed |= ReadFile(file, problems);
            }

            foreach (string path in gone)
            {
                _known.Remove(path, out Known known);
                for (int i = 0; i < known.Entries; i++)
                    Worklist.Remove(KeyOf(path, i));
                changed = true;
            }

            _folderProblem = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A drive that is away for a while: the worklist stays.
            if (_folderProblem != error.Message)
                problems.Add(new WorklistProblem(_options.Folder, error.Message));
            _folderProblem = error.Message;
        }

        return new WorklistReading(_known.Values.Count(known => known.Entries > 0), Worklist.StepCount, changed, problems);
    }

    private bool ReadFile(FileInfo file, List<WorklistProblem> problems)
    {
        Known before = _known.GetValueOrDefault(file.FullName);
        if (before.Written == file.LastWriteTimeUtc && before.Length == file.Length)
            return false;
        int entries = before.Entries;
        try
        {
            if (file.Length > _options.MaxFileLength)
                throw new DicomDataException($"the file has more than {_options.MaxFileLength} bytes");
            IReadOnlyList<DicomDataSet> sets = SetsOf(file.FullName);
            // All of them, or none: half a file is not what somebody meant.
            if (sets.FirstOrDefault(set => set.GetSequence(DicomTags.ScheduledProcedureStepSequence) is not { Count: > 0 }) is not null)
                throw new DicomDataException("an entry has no Scheduled Procedure Step Sequence (PS3.4 table K.6-1)", DicomTags.ScheduledProcedureStepSequence);
            for (entries = 0; entries < sets.Count; entries++)
                Worklist.Set(KeyOf(file.FullName, entries), sets[entries]);
            for (int i = sets.Count; i < before.Entries; i++)
                Worklist.Remove(KeyOf(file.FullName, i));
            _known[file.FullName] = new Known(file.Length, file.LastWriteTimeUtc, sets.Count, null);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Gone again since it was listed.
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DicomDataException or InvalidOperationException)
        {
            // What cannot be opened now is tried each time; what is no entry only when it has changed. Either is told once.
            bool isWrong = error is DicomDataException;
            _known[file.FullName] = new Known(isWrong ? file.Length : 0, isWrong ? file.LastWriteTimeUtc : default, Math.Max(entries, before.Entries), error.Message);
            if (before.Problem != error.Message || isWrong)
                problems.Add(new WorklistProblem(file.FullName, error.Message));
            return false;
        }
    }

    private static IReadOnlyList<DicomDataSet> SetsOf(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return [DicomFile.Read(bytes).DataSet];
        ReadOnlySpan<byte> text = bytes.AsSpan();
        return DicomJson.Read(text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text);
    }

    private static string KeyOf(string path, int entry) => $"{path}#{entry}";

    private static bool IsPassedOver(string name) =>
        name.StartsWith('.') || name.Equals("lockfile", StringComparison.OrdinalIgnoreCase) || Array.Exists(s_passedOver, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(_options.Folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Created += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Deleted += (_, _) => _changes.Writer.TryWrite(true);
            watcher.Renamed += (_, _) => _changes.Writer.TryWrite(true);
            // More happened than there was room for.
            watcher.Error += (_, _) => _changes.Writer.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException or ArgumentException)
        {
            // Limits of the system on watches, file systems without them: looking now and then has to do.
            watcher?.Dispose();
            return null;
        }
    }

    // Waits for a change, or for the interval to pass, and reads once.
    private async Task FollowAsync(CancellationToken stop)
    {
        using (var passed = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            Task<bool> change = _changes.Reader.WaitToReadAsync(passed.Token).AsTask();
            Task interval = Task.Delay(_options.PollInterval, _options.TimeProvider, passed.Token);
            bool isChange = await Task.WhenAny(change, interval).ConfigureAwait(false) == change;
            stop.ThrowIfCancellationRequested();
            if (isChange && _changes.Reader.TryRead(out _))
                await Task.Delay(_options.SettleTime, _options.TimeProvider, stop).ConfigureAwait(false);
            await passed.CancelAsync().ConfigureAwait(false);
        }

        Read();
    }
}
