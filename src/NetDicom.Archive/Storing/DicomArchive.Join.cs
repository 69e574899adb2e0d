namespace NetDicom.Archive;

// Deleting and tidying beside the program that has the archive open, and the room that it takes.
public sealed partial class DicomArchive
{
    /// <summary>Whether another program has the archive open, and this one only deletes from it and tidies it up.</summary>
    public bool IsJoined { get; private init; }

    /// <summary>Whether there is room kept for deleting on a full disk, wherever it was asked for (<see cref="ArchiveOptions.ReserveBytes"/>).</summary>
    public bool HasReserve => HasReserveIn(Options);

    /// <summary>As above, for an archive that another program may have open.</summary>
    public static bool HasReserveIn(ArchiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ReserveBytes <= 0 || ReserveFolders(options).All(ArchiveReserve.IsThere);
    }

    /// <summary>
    /// Joins an archive that another program has open, to delete from it (<see cref="DeleteAsync"/>) and to tidy it up (<see cref="CompactAsync"/>); nothing else can be done. Both take turns, group by group, with what that
    /// program stores. Where it ends meanwhile, what was begun is ended and the next group refused.
    /// </summary>
    /// <param name="options">Where: the folders and the durability count.</param>
    /// <param name="open">Opens the index for writing beside the other program; the archive disposes it. Called when it is known that there is one.</param>
    /// <exception cref="ArchiveInUseException">The program that has it open lets nobody join: it is of an earlier version, makes the index anew, or is just starting or ending.</exception>
    /// <exception cref="IOException">Nobody has the archive open, or the folder cannot be used.</exception>
    /// <exception cref="PlatformNotSupportedException">This system has no locks that programs can take turns by.</exception>
    /// <exception cref="ArchiveIndexException">The index cannot be used.</exception>
    public static DicomArchive Join(ArchiveOptions options, Func<IArchiveIndex> open)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(open);
        if (!ArchiveLock.CanShare)
            throw new PlatformNotSupportedException("on this system nothing can be deleted beside a running server");
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        CheckIsShared(options.Folder);
        return new DicomArchive(options, open(), new ArchiveFiles(), null) { IsJoined = true };
    }

    private static void CheckIsShared(string folder)
    {
        if (!ArchiveLock.IsTaken(folder))
            throw new IOException("the server that had the archive open has ended: run it again");
        if (ArchiveLock.Read(folder) != ArchiveLock.Shared)
            throw new ArchiveInUseException($"the archive in {folder} is in use by another program, which lets nobody else work on it: a rebuild, an earlier version, or one that is starting or ending");
    }

    /// <summary>Takes the turn; in an archive that was joined, only while somebody has it open who knows of that.</summary>
    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        await Turn.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsJoined)
                CheckIsShared(Options.Folder);
        }
        catch
        {
            Turn.Give();
            throw;
        }
    }

    /// <summary>Where room is kept: with the files, and with the index.</summary>
    private static IEnumerable<string> ReserveFolders(ArchiveOptions options) =>
        options.IndexFolder is { } index && Path.GetFullPath(index) is var full && full != options.Folder && Directory.Exists(full) ? [options.Folder, full] : [options.Folder];

    private void MakeReserves()
    {
        foreach (string folder in Options.ReserveBytes > 0 ? ReserveFolders(Options) : [])
            ArchiveReserve.TryMake(folder, Options.ReserveBytes);
    }

    private void ReleaseReserves()
    {
        foreach (string folder in ReserveFolders(Options))
            ArchiveReserve.Release(folder);
    }
}
