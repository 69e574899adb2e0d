using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Cli.Sending;

/// <summary>A file that can be sent: what its file meta information says. The data set is not looked at.</summary>
internal sealed record StoreFile(string Path, DicomUid SopClass, DicomUid SopInstance, TransferSyntax TransferSyntax, long Size, DateTime ChangedUtc)
{
    // As the library reads it: preamble and meta are 300 to 600 bytes, a file without them shows its identity a little later.
    private const int FirstHead = 4096;
    private const int LargestHead = 1024 * 1024;

    /// <summary>Associations that ended while this file was on its way.</summary>
    public int Losses { get; init; }

    public ContextPair Pair => new(SopClass, TransferSyntax.Uid);

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="DicomDataException">It is not a DICOM object.</exception>
    public static StoreFile Read(FileInfo file)
    {
        using SafeFileHandle handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(handle);
        for (int size = FirstHead; ; size *= 8)
        {
            byte[] head = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                int read = RandomAccess.Read(handle, head, 0);
                bool isWhole = read >= length || read == 0;
                FileMetaStatus status = FileMetaInformation.TryRead(head.AsSpan(0, read), out FileMetaInformation? meta, out _, isWhole);
                if (status is FileMetaStatus.Found or FileMetaStatus.Missing)
                    return Identify(file, meta!, length);
                if (status == FileMetaStatus.NotDicom || isWhole || size >= LargestHead)
                    throw new DicomDataException("not a DICOM file");
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(head);
            }
        }
    }

    private static StoreFile Identify(FileInfo file, FileMetaInformation meta, long length)
    {
        if (meta.MediaStorageSopClassUid.IsNone || meta.MediaStorageSopInstanceUid.IsNone)
            throw new DicomDataException("no SOP Class UID or no SOP Instance UID, so it cannot be stored");
        if (meta.DataSetSyntax.IsNone)
            throw new DicomDataException("no Transfer Syntax UID, and the data set does not show one");
        return new StoreFile(file.FullName, meta.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid, meta.DataSetSyntax, length, file.LastWriteTimeUtc);
    }
}
