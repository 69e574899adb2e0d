using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>What a deletion came to.</summary>
/// <param name="Instances">Instances that are gone.</param>
/// <param name="Bytes">Bytes of their files.</param>
/// <param name="FilesLeft">Files that could not be deleted. No row points to them any more; the next start tries again.</param>
public readonly record struct DeleteReport(long Instances, long Bytes, int FilesLeft);

// Rows first, then files: at no moment is there a row without its file. A list of the files stands on the device in between, so that a crash cannot bring back what the index has let go.
public sealed partial class DicomArchive
{
    internal const string DeletingFile = ".deleting";

    /// <summary>Most instances that go in one transaction.</summary>
    private const int DeleteBatch = 250;

    /// <summary>As many when the disk is full: what has to be written before fits the reserve then.</summary>
    private const int SmallDeleteBatch = 8;

    /// <summary>Deletes instances: their rows, their files and the folders that are empty then. What is being stored meanwhile waits for a moment; what is being sent is sent to its end where the system allows it.</summary>
    /// <param name="selection">Which ones.</param>
    /// <param name="progress">Told of each one that is gone; null for none.</param>
    /// <param name="cancellationToken">Stops between two groups of instances: those before are gone, the others whole.</param>
    /// <remarks>On a full disk the room that was kept for it is used (<see cref="ArchiveOptions.ReserveBytes"/>), in small groups; then it is kept anew.</remarks>
    /// <exception cref="IOException">The list of what goes cannot be written: nothing of the group was deleted. Or an archive that was joined is no longer open elsewhere.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used: nothing of the group was deleted.</exception>
    public async Task<DeleteReport> DeleteAsync(InstanceSelection selection, IProgress<IndexedInstance>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        List<IndexedInstance> chosen = [];
        await foreach (IndexedInstance instance in Index.SelectAsync(selection, cancellationToken).ConfigureAwait(false))
            chosen.Add(instance);
        var total = default(DeleteReport);
        int size = DeleteBatch;
        try
        {
            for (int at = 0; at < chosen.Count;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                List<IndexedInstance> batch = chosen.GetRange(at, Math.Min(size, chosen.Count - at));
                // Nothing is named or committed meanwhile: an instance that comes again just now is stored before or after, not half.
                await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    DeleteReport report = await DeleteGroupAsync(batch, progress).ConfigureAwait(false);
                    total = new DeleteReport(total.Instances + report.Instances, total.Bytes + report.Bytes, total.FilesLeft + report.FilesLeft);
                    at += batch.Count;
                    // Room was made: the next group may be larger again.
                    size = Math.Min(2 * size, DeleteBatch);
                    EndMakingRoom();
                }
                catch (Exception error) when (size > SmallDeleteBatch && DiskFull.Is(error))
                {
                    // What has to be written first, the list and the log of the index, is less for fewer instances, and has the room that was kept for it.
                    size = SmallDeleteBatch;
                    IsMakingRoom = true;
                    ReleaseReserves();
                }
                finally
                {
                    Turn.Give();
                }
            }
        }
        finally
        {
            EndMakingRoom();
        }

        return total;
    }

    /// <summary>Whether the reserve was given back for a deletion. What comes meanwhile is refused, or it would be used up by that.</summary>
    internal bool IsMakingRoom { get => Volatile.Read(ref _isMakingRoom); private set => Volatile.Write(ref _isMakingRoom, value); }

    private bool _isMakingRoom;

    private void EndMakingRoom()
    {
        if (!IsMakingRoom)
            return;
        MakeReserves();
        IsMakingRoom = false;
    }

    private async Task<DeleteReport> DeleteGroupAsync(List<IndexedInstance> batch, IProgress<IndexedInstance>? progress)
    {
        // Those that were replaced or deleted since they were chosen are not what was meant.
        var group = new List<IndexedInstance>(batch.Count);
        foreach (IndexedInstance instance in batch)
        {
            if (await Index.FindInstanceAsync(instance.SopInstanceUid).ConfigureAwait(false) is { } now && now.File == instance.File && now.Folder == instance.Folder)
                group.Add(instance);
        }

        if (group.Count == 0)
            return default;
        bool hasEarlier = WriteDeleting(group);
        await Index.CommitAsync([.. group.Select(instance => IndexChange.Remove(instance.SopInstanceUid))]).ConfigureAwait(false);
        int left = 0;
        foreach (IndexedInstance instance in group)
        {
            string path = PathOf(instance);
            TryDelete(Files, path);
            if (Files.Exists(path))
                left++;
            progress?.Report(instance);
        }

        foreach (string folder in group.Select(instance => instance.Folder).Distinct())
            RemoveIfEmpty(folder);
        if (left == 0 && !hasEarlier)
            TryDelete(Files, DeletingPath);
        return new DeleteReport(group.Count, group.Sum(instance => instance.Length), left);
    }

    private string DeletingPath => Path.Join(Options.Folder, DeletingFile);

    /// <returns>Whether files of an earlier group are on the list too.</returns>
    private bool WriteDeleting(List<IndexedInstance> group)
    {
        // What an earlier group left undone goes along, until the next start: its rows are gone for good, and the files would be taken for ones that were not indexed yet.
        HashSet<string> own = [.. group.Select(PathBelow)];
        string[] earlier = Files.Exists(DeletingPath) ? [.. File.ReadLines(DeletingPath).Where(below => !own.Contains(below) && Files.Exists(InstancePath.Join(Options.Folder, below)))] : [];
        var text = new StringBuilder();
        foreach (string below in earlier)
            text.Append(below).Append('\n');
        foreach (string below in own)
            text.Append(below).Append('\n');
        string aside = DeletingPath + ".new";
        TryDelete(Files, aside);
        using (SafeFileHandle handle = Files.Create(aside))
        {
            Files.Write(handle, [Encoding.UTF8.GetBytes(text.ToString())], 0);
            if (Options.Durability != Durability.None)
                Files.Flush(handle);
            Files.Close(handle);
        }

        Files.Rename(aside, DeletingPath);
        if (Options.Durability == Durability.Full)
            Files.FlushFolder(Options.Folder);
        return earlier.Length > 0;
    }

    /// <summary>Ends what a crash left of a deletion: files on the list that no row points to any more.</summary>
    private async Task<int> FinishDeletingAsync(CancellationToken cancellationToken)
    {
        if (!Files.Exists(DeletingPath))
            return 0;
        int deleted = 0;
        bool isDone = true;
        foreach (string below in await File.ReadAllLinesAsync(DeletingPath, cancellationToken).ConfigureAwait(false))
        {
            // Its own lines are three names. Anything else was not written here.
            if (below.Split('/') is not [{ Length: > 0 } study, { Length: > 0 } series, { Length: > 0 } file] || study.StartsWith('.') || series.StartsWith('.') || file.StartsWith('.'))
                continue;
            string folder = $"{study}/{series}", path = Path.Join(InstancePath.Join(Options.Folder, folder), file);
            if (!Files.Exists(path) || (await Index.GetFolderAsync(folder, cancellationToken).ConfigureAwait(false)).Any(row => row.File == file))
                continue;
            TryDelete(Files, path);
            if (Files.Exists(path))
                isDone = false;
            else
                deleted++;
            RemoveIfEmpty(folder);
        }

        if (isDone)
            TryDelete(Files, DeletingPath);
        return deleted;
    }

    /// <summary>Takes a series folder away if nothing is in it, and that of its study.</summary>
    private int RemoveIfEmpty(string folder)
    {
        string series = InstancePath.Join(Options.Folder, folder), study = Path.GetDirectoryName(series)!;
        ForgetFolder(series);
        if (!Files.TryDeleteFolder(series))
            return 0;
        return Files.TryDeleteFolder(study) ? 2 : 1;
    }
}
