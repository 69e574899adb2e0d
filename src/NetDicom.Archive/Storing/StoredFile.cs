using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Archive;

/// <summary>A file of the archive read to its end: what the index has to know of it.</summary>
internal static class StoredFile
{
    private const int BlockSize = 256 * 1024;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DicomDataException">It is not an instance.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static InstanceRecord Read(string path, string folder, ArchiveAttributes attributes, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        (FileMetaInformation meta, byte[] head) = ReadHead(handle);
        if (meta.MediaStorageSopClassUid.IsNone || meta.MediaStorageSopInstanceUid.IsNone)
            throw new DicomDataException("the file names no SOP class or instance");
        TransferSyntax syntax = meta.DataSetSyntax.IsNone ? meta.TransferSyntax : meta.DataSetSyntax;
        var collector = new AttributeCollector(syntax, attributes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = head.Length + ReadDataSet(
            handle,
            head.Length,
            block =>
            {
                collector.Add(block);
                hash.AppendData(block.Span);
            },
            cancellationToken);
        return new InstanceRecord(
            new IndexedInstance
            {
                SopInstanceUid = meta.MediaStorageSopInstanceUid,
                SopClassUid = meta.MediaStorageSopClassUid,
                TransferSyntaxUid = meta.TransferSyntax.Uid,
                Folder = folder,
                File = Path.GetFileName(path),
                Length = length,
                HeadLength = head.Length,
                DataSetHash = hash.GetHashAndReset(),
                HeadHash = SHA256.HashData(head),
                StoredAt = File.GetLastWriteTimeUtc(handle),
                CallingAETitle = meta.SourceApplicationEntityTitle ?? "",
            },
            collector.Finish());
    }

    /// <summary>Whether a file is, byte by byte, what was stored.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FindingKind? Check(string path, IndexedInstance instance, CancellationToken cancellationToken)
    {
        using SafeFileHandle? handle = TryOpen(path, instance, out byte[] head, out FindingKind? wrong);
        if (handle is null)
            return wrong;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadDataSet(handle, head.Length, block => hash.AppendData(block.Span), cancellationToken);
        return IsAsStored(head, hash, instance) ? null : FindingKind.OtherContent;
    }

    /// <summary>As <see cref="Check"/>, waiting for <paramref name="pace"/> after each block, with the number of bytes read.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async ValueTask<FindingKind?> CheckAsync(string path, IndexedInstance instance, Func<int, ValueTask> pace)
    {
        using SafeFileHandle? handle = TryOpen(path, instance, out byte[] head, out FindingKind? wrong);
        if (handle is null)
            return wrong;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long offset = head.Length;
            while (await RandomAccess.ReadAsync(handle, block.AsMemory(0, BlockSize), offset).ConfigureAwait(false) is var read and > 0)
            {
                hash.AppendData(block, 0, read);
                offset += read;
                await pace(read).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return IsAsStored(head, hash, instance) ? null : FindingKind.OtherContent;
    }

    /// <summary>The SOP Instance UID of a file's head; null if it has none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DicomUid? UidOf(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            DicomUid uid = ReadHead(handle).Meta.MediaStorageSopInstanceUid;
            return uid.IsNone ? null : uid;
        }
        catch (DicomDataException)
        {
            return null;
        }
    }

    /// <returns>A file of the right length, open, and its head; null for one that is not, with what is wrong.</returns>
    private static SafeFileHandle? TryOpen(string path, IndexedInstance instance, out byte[] head, out FindingKind? wrong)
    {
        head = [];
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            wrong = FindingKind.FileMissing;
            return null;
        }

        bool isRight = false;
        try
        {
            wrong = FindingKind.OtherLength;
            if (RandomAccess.GetLength(handle) != instance.Length || instance.HeadLength > instance.Length)
                return null;
            head = new byte[instance.HeadLength];
            if (ReadFull(handle, head, 0) < head.Length)
                return null;
            wrong = null;
            isRight = true;
            return handle;
        }
        finally
        {
            if (!isRight)
                handle.Dispose();
        }
    }

    private static bool IsAsStored(byte[] head, IncrementalHash dataSet, IndexedInstance instance) =>
        SHA256.HashData(head).AsSpan().SequenceEqual(instance.HeadHash.Span) && dataSet.GetHashAndReset().AsSpan().SequenceEqual(instance.DataSetHash.Span);

    private static (FileMetaInformation Meta, byte[] Head) ReadHead(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        for (int wanted = 4096; ; wanted *= 4)
        {
            byte[] bytes = new byte[Math.Min(wanted, length)];
            int read = ReadFull(handle, bytes, 0);
            bool isComplete = read >= length;
            FileMetaStatus status = FileMetaInformation.TryRead(bytes.AsSpan(0, read), out FileMetaInformation? meta, out int offset, isComplete);
            if (status is FileMetaStatus.Found or FileMetaStatus.Missing)
                return (meta!, bytes[..offset]);
            if (status == FileMetaStatus.NotDicom || isComplete || wanted > FileMetaInformation.MaxLength)
                throw new DicomDataException("the file is not a DICOM file");
        }
    }

    private static long ReadDataSet(SafeFileHandle handle, long offset, Action<ReadOnlyMemory<byte>> take, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockSize];
        long total = 0;
        while (RandomAccess.Read(handle, block, offset + total) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            take(block.AsMemory(0, read));
            total += read;
        }

        return total;
    }

    private static int ReadFull(SafeFileHandle handle, Span<byte> bytes, long offset)
    {
        int total = 0;
        while (total < bytes.Length && RandomAccess.Read(handle, bytes[total..], offset + total) is var read and > 0)
            total += read;
        return total;
    }
}
