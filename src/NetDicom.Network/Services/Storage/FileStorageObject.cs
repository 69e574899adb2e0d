using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace NetDicom.Network;

/// <summary>A Part 10 file to be sent: one small read for the meta information, the rest straight into the outgoing buffer.</summary>
internal sealed class FileStorageObject(string path) : StorageObject(path)
{
    /// <summary>Preamble and meta information are 300 to 600 bytes; a file without them needs some of its data set for its identity.</summary>
    private const int FirstHead = 4096;

    /// <summary>A file whose identity is not within this many bytes is not one we can name.</summary>
    private const int LargestHead = 1024 * 1024;

    internal override OpenedStorageObject Open()
    {
        // Others may write, rename or delete it meanwhile: a sender takes no locks on an archive it reads.
        SafeFileHandle handle = File.OpenHandle(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            long length = RandomAccess.GetLength(handle);
            for (int size = FirstHead; ; size *= 8)
            {
                byte[] head = ArrayPool<byte>.Shared.Rent(size);
                try
                {
                    int read = RandomAccess.Read(handle, head, 0);
                    bool isWhole = read >= length || read == 0;
                    FileMetaStatus status = FileMetaInformation.TryRead(head.AsSpan(0, read), out FileMetaInformation? meta, out int dataSetOffset, isWhole);
                    if (status is FileMetaStatus.Found or FileMetaStatus.Missing)
                        return Identify(handle, meta!, dataSetOffset, length);
                    if (status == FileMetaStatus.NotDicom || isWhole || size >= LargestHead)
                        throw new DicomDataException("no DICOM file: neither file meta information nor a data set was found (PS3.10 section 7.1)");
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(head);
                }
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static Opened Identify(SafeFileHandle handle, FileMetaInformation meta, int dataSetOffset, long length)
    {
        // What the bytes are, not what the file says they are, is what the peer will read.
        TransferSyntax syntax = meta.DataSetSyntax;
        if (meta.MediaStorageSopClassUid.IsNone || meta.MediaStorageSopInstanceUid.IsNone)
            throw new DicomDataException("no SOP Class UID or no SOP Instance UID: C-STORE cannot name the object (PS3.7 section 9.1.1.1)", DicomTags.SOPInstanceUID);
        if (syntax.IsNone)
            throw new DicomDataException("no Transfer Syntax UID, and the data set does not show one (PS3.10 section 7.1)", DicomTags.TransferSyntaxUID);
        if (dataSetOffset >= length)
            throw new DicomDataException("the file ends after its meta information", null, dataSetOffset);
        return new Opened(handle, dataSetOffset, length)
        {
            SopClassUid = meta.MediaStorageSopClassUid,
            SopInstanceUid = meta.MediaStorageSopInstanceUid,
            TransferSyntax = syntax,
        };
    }

    private sealed class Opened(SafeFileHandle handle, long start, long length) : OpenedStorageObject
    {
        private readonly long _start = start;
        private long _position = start;

        public override bool IsAtEnd => _position >= length;

        public override long? Remaining => length - _position;

        public override bool CanRewind => true;

        public override void Rewind() => _position = _start;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int wanted = (int)Math.Min(buffer.Length, length - _position);
            int done = 0;
            while (done < wanted)
            {
                int read = RandomAccess.Read(handle, buffer.Span[done..wanted], _position);
                if (read == 0)
                    throw new EndOfStreamException("the file became shorter while it was being sent");
                done += read;
                _position += read;
            }

            return new ValueTask<int>(done);
        }

        public override void Dispose() => handle.Dispose();
    }
}
