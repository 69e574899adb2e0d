using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>
/// An instance on its way into an archive: give it the bytes of the data set as they come, then complete it. It has no name until it is whole, and leaves nothing behind when it is disposed before.
/// </summary>
/// <remarks>Not thread safe. Writes are synchronous: they go to the page cache.</remarks>
public sealed class IncomingInstance : IDisposable
{
    private readonly DicomArchive _archive;
    private readonly AttributeCollector _collector;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ReadOnlyMemory<byte>[] _headAndPiece = new ReadOnlyMemory<byte>[2];
    private readonly ReadOnlyMemory<byte>[] _piece = new ReadOnlyMemory<byte>[1];
    private readonly byte[] _head;
    private readonly FileMetaInformation _meta;
    private SafeFileHandle? _handle;

    internal IncomingInstance(DicomArchive archive, FileMetaInformation meta, string temporaryPath, SafeFileHandle handle)
    {
        _archive = archive;
        _meta = meta;
        _head = meta.GetBytes();
        _collector = new AttributeCollector(meta.TransferSyntax, archive.Index.Attributes);
        TemporaryPath = temporaryPath;
        _handle = handle;
    }

    /// <summary>Bytes of the file so far.</summary>
    public long Length { get; private set; }

    internal string TemporaryPath { get; }

    internal SafeFileHandle? Handle => _handle;

    internal InstanceRecord? Record { get; private set; }

    internal TaskCompletionSource<StoreResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes the next bytes of the data set.</summary>
    /// <exception cref="IOException">The device is full or fails.</exception>
    /// <exception cref="DicomDataException">The bytes are no data set.</exception>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        SafeFileHandle handle = _handle ?? throw new ObjectDisposedException(nameof(IncomingInstance));
        if (_archive.IsMakingRoom)
            throw new IOException("the disk is full, and instances are just being deleted");
        _collector.Add(bytes);
        _hash.AppendData(bytes.Span);
        ReadOnlyMemory<byte>[] pieces = _piece;
        int headLength = 0;
        if (Length == 0)
        {
            // One gathering write for the head and the first piece: most small instances need no second one.
            pieces = _headAndPiece;
            pieces[0] = _head;
            headLength = _head.Length;
        }

        pieces[^1] = bytes;
        _archive.Files.Write(handle, pieces, Length);
        Length += headLength + bytes.Length;
    }

    /// <summary>The data set is whole: it is named and indexed, as safe as the archive's durability says.</summary>
    /// <exception cref="IOException">It could not be made safe; the archive does not have it.</exception>
    /// <exception cref="ArchiveIndexException">It could not be indexed; the archive does not have it.</exception>
    /// <exception cref="DicomDataException">The data set cannot be read, or is another instance or class than it was announced as: <see cref="DicomDataException.Tag"/> says which.</exception>
    public async ValueTask<StoreResult> CompleteAsync()
    {
        if (Length == 0)
            Write(default);
        DicomDataSet attributes = _collector.Finish();
        // PS3.3 section C.12.1.1.1: both are of type 1. Noise has neither, and is seldom told from a data set by its form alone.
        if (!attributes.Contains(DicomTags.SOPInstanceUID) && !attributes.Contains(DicomTags.SOPClassUID))
            throw new DicomDataException("the data set is not an instance: it has neither SOP Class UID nor SOP Instance UID");
        Check(attributes, DicomTags.SOPInstanceUID, _meta.MediaStorageSopInstanceUid);
        Check(attributes, DicomTags.SOPClassUID, _meta.MediaStorageSopClassUid);
        var instance = new IndexedInstance
        {
            SopInstanceUid = _meta.MediaStorageSopInstanceUid,
            SopClassUid = _meta.MediaStorageSopClassUid,
            TransferSyntaxUid = _meta.TransferSyntax.Uid,
            Folder = InstancePath.FolderOf(attributes),
            File = InstancePath.FileOf(_meta.MediaStorageSopInstanceUid),
            Length = Length,
            HeadLength = _head.Length,
            DataSetHash = _hash.GetHashAndReset(),
            HeadHash = SHA256.HashData(_head),
            StoredAt = _archive.Options.TimeProvider.GetUtcNow(),
            CallingAETitle = _meta.SourceApplicationEntityTitle ?? "",
        };
        Record = new InstanceRecord(instance, attributes);
        _archive.Committer.Enqueue(this);
        return await Done.Task.ConfigureAwait(false);
    }

    /// <summary>Ends it; without an earlier <see cref="CompleteAsync"/> nothing is left.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        // From there on it is the committer's.
        if (Record is null)
            Discard();
    }

    /// <summary>Closes the file, which is whole.</summary>
    /// <exception cref="IOException">What was written may not be there.</exception>
    internal void Close()
    {
        if (_handle is not { } handle)
            return;
        _handle = null;
        _archive.Files.Close(handle);
    }

    /// <summary>Takes the temporary file away. What cannot be deleted is removed at the next start.</summary>
    internal void Discard()
    {
        if (_handle is null)
            return;
        _handle.Dispose();
        _handle = null;
        DicomArchive.TryDelete(_archive.Files, TemporaryPath);
    }

    // PS3.4 annex B.2.3: a data set that is not what the command set says does not match. One without one of them is taken at the command set's word.
    private static void Check(DicomDataSet attributes, DicomTag tag, DicomUid expected)
    {
        if (attributes.GetStringOrDefault(tag) is { Length: > 0 } text && text != expected.ToString())
            throw new DicomDataException("the data set is not the one that the request names", tag);
    }
}
