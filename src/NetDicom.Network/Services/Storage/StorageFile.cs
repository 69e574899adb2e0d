using Microsoft.Win32.SafeHandles;

namespace NetDicom.Network;

/// <summary>
/// A Part 10 file whose head has been read: what a sender needs to know to plan, and what it can send without looking twice.
/// Of the data set nothing is read but what a file without meta information needs for its identity.
/// </summary>
public sealed class StorageFile : StorageObject
{
    private readonly FileHead _head;
    private SafeFileHandle? _handle;

    private StorageFile(string path, FileHead head, DateTime lastWriteTimeUtc, SafeFileHandle? handle) : base(path)
    {
        _head = head;
        _handle = handle;
        LastWriteTimeUtc = lastWriteTimeUtc;
    }

    /// <summary>SOP Class UID. Never none.</summary>
    public DicomUid SopClassUid => _head.SopClassUid;

    /// <summary>SOP Instance UID. Never none.</summary>
    public DicomUid SopInstanceUid => _head.SopInstanceUid;

    /// <summary>How the data set is encoded: what its bytes are, where the file says otherwise. Never none.</summary>
    public TransferSyntax TransferSyntax => _head.TransferSyntax;

    /// <summary>Bytes of the whole file.</summary>
    public long Length => _head.Length;

    /// <summary>When the file was changed last.</summary>
    public DateTime LastWriteTimeUtc { get; }

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="DicomDataException">It is not a DICOM object that C-STORE could name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static StorageFile Read(string path) => Read(path, keepOpen: false);

    /// <summary>Reads the head of a file that is about to be sent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keepOpen">
    /// Leave it open until it is sent for the first time: to open it twice costs as much as sending a small object. Only for a few files at a time; one that is never sent is
    /// closed when the garbage collector finds it.
    /// </param>
    /// <exception cref="DicomDataException">It is not a DICOM object that C-STORE could name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static StorageFile Read(string path, bool keepOpen)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle handle = OpenedFile.OpenHandle(path);
        StorageFile? file = null;
        try
        {
            file = new StorageFile(path, FileHead.Read(handle), File.GetLastWriteTimeUtc(handle), keepOpen ? handle : null);
            return file;
        }
        finally
        {
            if (file?._handle is null)
                handle.Dispose();
        }
    }

    internal override StorageIdentity KnownIdentity => new(SopClassUid, SopInstanceUid, TransferSyntax);

    internal override OpenedStorageObject Open() => Interlocked.Exchange(ref _handle, null) is { } handle ? OpenedFile.Of(handle, _head) : OpenedFile.Open(Name, _head);

    internal override (StorageObject Object, StorageIdentity Identity) Examine() => (this, new StorageIdentity(SopClassUid, SopInstanceUid, TransferSyntax));
}
