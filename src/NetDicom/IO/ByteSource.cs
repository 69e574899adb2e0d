using Microsoft.Win32.SafeHandles;

namespace NetDicom;

/// <summary>
/// Bytes that lie somewhere and are fetched when asked for: where values too large to hold stay. Positions count from the start of the source.
/// Blocks that were read anyway are kept and served from memory.
/// </summary>
internal abstract class ByteSource : IDisposable
{
    // By offset; a value that was held lies in one block whole.
    private readonly List<(long Offset, ReadOnlyMemory<byte> Bytes)> _blocks = [];

    /// <summary>Bytes in all.</summary>
    internal abstract long Length { get; }

    /// <summary>Keeps a block that was read.</summary>
    internal void Keep(long offset, ReadOnlyMemory<byte> bytes) => _blocks.Add((offset, bytes));

    /// <summary>Gives up the block that was kept last.</summary>
    internal void DropLast() => _blocks.RemoveAt(_blocks.Count - 1);

    /// <summary>The bytes if a kept block has them.</summary>
    internal bool TryGet(long offset, long length, out ReadOnlyMemory<byte> bytes)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_blocks[middle].Offset > offset)
                high = middle - 1;
            else
                low = middle + 1;
        }

        if (high >= 0 && _blocks[high] is var block && offset - block.Offset + length <= block.Bytes.Length)
        {
            bytes = block.Bytes.Slice((int)(offset - block.Offset), (int)length);
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>Fetches bytes, from a kept block where possible.</summary>
    /// <exception cref="EndOfStreamException">The source ends before.</exception>
    internal void Read(long offset, Span<byte> destination)
    {
        if (TryGet(offset, destination.Length, out ReadOnlyMemory<byte> bytes))
        {
            bytes.Span.CopyTo(destination);
            return;
        }

        while (!destination.IsEmpty)
        {
            int read = Fetch(offset, destination);
            if (read == 0)
                throw new EndOfStreamException($"the source of a value ends at byte {offset}");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>Fetches bytes, from a kept block where possible.</summary>
    /// <exception cref="EndOfStreamException">The source ends before.</exception>
    internal async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (TryGet(offset, destination.Length, out ReadOnlyMemory<byte> bytes))
        {
            bytes.CopyTo(destination);
            return;
        }

        while (!destination.IsEmpty)
        {
            int read = await FetchAsync(offset, destination, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException($"the source of a value ends at byte {offset}");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>Reads some bytes; 0 at the end.</summary>
    internal abstract int Fetch(long offset, Span<byte> destination);

    /// <summary>Reads some bytes; 0 at the end.</summary>
    internal abstract ValueTask<int> FetchAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what the source holds open.</summary>
    protected virtual void Close()
    {
    }
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryByteSource : ByteSource
{
    internal MemoryByteSource(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        Keep(0, bytes);
    }

    internal ReadOnlyMemory<byte> Bytes { get; }

    internal override long Length => Bytes.Length;

    internal override int Fetch(long offset, Span<byte> destination)
    {
        if (offset >= Bytes.Length)
            return 0;
        int count = (int)Math.Min(destination.Length, Bytes.Length - offset);
        Bytes.Span.Slice((int)offset, count).CopyTo(destination);
        return count;
    }

    internal override ValueTask<int> FetchAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Fetch(offset, destination.Span));
}

/// <summary>Bytes of a file, read where they are wanted: no position is shared, so several readers do not disturb each other.</summary>
internal sealed class FileByteSource(SafeFileHandle handle) : ByteSource
{
    internal override long Length { get; } = RandomAccess.GetLength(handle);

    internal static FileByteSource Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous));

    internal override int Fetch(long offset, Span<byte> destination) => RandomAccess.Read(handle, destination, offset);

    internal override ValueTask<int> FetchAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(handle, destination, offset, cancellationToken);

    protected override void Close() => handle.Dispose();
}

/// <summary>Bytes of a seekable stream. The position is shared, so reads take turns.</summary>
internal sealed class StreamByteSource(Stream stream, bool leaveOpen) : ByteSource
{
    private readonly long _start = stream.Position;
    private readonly SemaphoreSlim _turn = new(1, 1);

    internal override long Length { get; } = stream.Length - stream.Position;

    internal override int Fetch(long offset, Span<byte> destination)
    {
        if (offset >= Length)
            return 0;
        _turn.Wait();
        try
        {
            stream.Position = _start + offset;
            return stream.Read(destination);
        }
        finally
        {
            _turn.Release();
        }
    }

    internal override async ValueTask<int> FetchAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        // What a length in the file claims may lie beyond what a stream's position can be.
        if (offset >= Length)
            return 0;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            stream.Position = _start + offset;
            return await stream.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override void Close()
    {
        _turn.Dispose();
        if (!leaveOpen)
            stream.Dispose();
    }
}
