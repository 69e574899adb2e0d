using Microsoft.Win32.SafeHandles;

namespace NetDicom.Network;

/// <summary>A Part 10 file being sent: its data set is read straight into the outgoing buffer.</summary>
internal sealed class OpenedFile : OpenedStorageObject
{
    private readonly SafeFileHandle _handle;
    private readonly long _start;
    private readonly long _length;
    private long _position;

    private OpenedFile(SafeFileHandle handle, FileHead head)
    {
        _handle = handle;
        _start = _position = head.DataSetOffset;
        _length = head.Length;
    }

    public override bool IsAtEnd => _position >= _length;

    public override long? Remaining => _length - _position;

    public override bool CanRewind => true;

    /// <summary>Opens a file whose head is known, or reads it. A file that has another length by now is looked at again.</summary>
    public static OpenedFile Open(string path, FileHead? head)
    {
        SafeFileHandle handle = OpenHandle(path);
        try
        {
            if (head is null || RandomAccess.GetLength(handle) != head.Length)
                head = FileHead.Read(handle);
            return Of(handle, head);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>A file that is open already. It is closed with the result.</summary>
    public static OpenedFile Of(SafeFileHandle handle, FileHead head) =>
        new(handle, head) { SopClassUid = head.SopClassUid, SopInstanceUid = head.SopInstanceUid, TransferSyntax = head.TransferSyntax };

    // Sharing for reading only lets the run-time keep the length it learnt at the opening: two system calls less for each object.
    public static SafeFileHandle OpenHandle(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public override void Rewind() => _position = _start;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int wanted = (int)Math.Min(buffer.Length, _length - _position);
        int done = 0;
        while (done < wanted)
        {
            int read = RandomAccess.Read(_handle, buffer.Span[done..wanted], _position);
            if (read == 0)
                throw new EndOfStreamException("the file became shorter while it was being sent");
            done += read;
            _position += read;
        }

        return new ValueTask<int>(done);
    }

    public override void Dispose() => _handle.Dispose();
}
