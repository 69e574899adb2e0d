using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Network;

/// <summary>What the first bytes of a Part 10 file say: identity, encoding, and where the data set begins.</summary>
internal sealed record FileHead(DicomUid SopClassUid, DicomUid SopInstanceUid, TransferSyntax TransferSyntax, long DataSetOffset, long Length)
{
    /// <summary>Preamble and meta information are 300 to 600 bytes; a file without them needs some of its data set for its identity.</summary>
    private const int FirstRead = 4096;

    /// <summary>A file whose identity is not within this many bytes is not one we can name.</summary>
    private const int LargestRead = 1024 * 1024;

    /// <exception cref="DicomDataException">It is not a DICOM object that C-STORE could name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileHead Read(SafeFileHandle handle)
    {
        long length = RandomAccess.GetLength(handle);
        for (int size = FirstRead; ; size *= 8)
        {
            byte[] head = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                int read = RandomAccess.Read(handle, head, 0);
                bool isWhole = read >= length || read == 0;
                FileMetaStatus status = FileMetaInformation.TryRead(head.AsSpan(0, read), out FileMetaInformation? meta, out int dataSetOffset, isWhole);
                if (status is FileMetaStatus.Found or FileMetaStatus.Missing)
                    return Identify(meta!, dataSetOffset, length);
                if (status == FileMetaStatus.NotDicom || isWhole || size >= LargestRead)
                    throw new DicomDataException("no DICOM file: neither file meta information nor a data set was found (PS3.10 section 7.1)");
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(head);
            }
        }
    }

    private static FileHead Identify(FileMetaInformation meta, int dataSetOffset, long length)
    {
        // What the bytes are, not what the file says they are, is what the peer will read.
        TransferSyntax syntax = meta.DataSetSyntax;
        if (meta.MediaStorageSopClassUid.IsNone || meta.MediaStorageSopInstanceUid.IsNone)
            throw new DicomDataException("no SOP Class UID or no SOP Instance UID: C-STORE cannot name the object (PS3.7 section 9.1.1.1)", DicomTags.SOPInstanceUID);
        if (syntax.IsNone)
            throw new DicomDataException("no Transfer Syntax UID, and the data set does not show one (PS3.10 section 7.1)", DicomTags.TransferSyntaxUID);
        if (dataSetOffset >= length)
            throw new DicomDataException("the file ends after its meta information", null, dataSetOffset);
        return new FileHead(meta.MediaStorageSopClassUid, meta.MediaStorageSopInstanceUid, syntax, dataSetOffset, length);
    }
}
