namespace NetDicom;

/// <summary>A stretch of a <see cref="ByteSource"/>.</summary>
/// <param name="Source">Where the bytes lie.</param>
/// <param name="Offset">Bytes from the start of the source.</param>
/// <param name="Length">Bytes of the stretch.</param>
internal readonly record struct ByteRegion(ByteSource Source, long Offset, long Length)
{
    /// <summary>All the bytes: a slice of memory where they are held, else read.</summary>
    internal ReadOnlyMemory<byte> Get()
    {
        if (Length == 0)
            return default;
        if (Source.TryGet(Offset, Length, out ReadOnlyMemory<byte> bytes))
            return bytes;
        byte[] read = new byte[CheckedLength()];
        Source.Read(Offset, read);
        return read;
    }

    /// <summary>All the bytes: a slice of memory where they are held, else read.</summary>
    internal async ValueTask<ReadOnlyMemory<byte>> GetAsync(CancellationToken cancellationToken)
    {
        if (Length == 0)
            return default;
        if (Source.TryGet(Offset, Length, out ReadOnlyMemory<byte> bytes))
            return bytes;
        byte[] read = new byte[CheckedLength()];
        await Source.ReadAsync(Offset, read, cancellationToken).ConfigureAwait(false);
        return read;
    }

    private int CheckedLength() => Length <= Array.MaxLength
        ? (int)Length
        : throw new DicomDataException($"a value of {Length} bytes does not fit into one array: read it as a stream");
}

/// <summary>Reads a region forward without holding it; swaps byte order on the way where a unit is given.</summary>
internal sealed class RegionStream(ByteRegion region, int swapUnit = 1) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => region.Length;

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    public override int Read(Span<byte> buffer)
    {
        int count = Prepare(buffer.Length, out int skip);
        if (count == 0)
            return 0;
        if (skip == 0 && count % swapUnit == 0)
        {
            region.Source.Read(region.Offset + _position, buffer[..count]);
            ByteOrder.Swap(buffer[..count], swapUnit);
            _position += count;
            return count;
        }

        Span<byte> unit = stackalloc byte[8];
        int whole = Unit();
        region.Source.Read(region.Offset + _position - skip, unit[..whole]);
        return TakeUnit(unit[..whole], skip, buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = Prepare(buffer.Length, out int skip);
        if (count == 0)
            return 0;
        if (skip == 0 && count % swapUnit == 0)
        {
            await region.Source.ReadAsync(region.Offset + _position, buffer[..count], cancellationToken).ConfigureAwait(false);
            ByteOrder.Swap(buffer.Span[..count], swapUnit);
            _position += count;
            return count;
        }

        byte[] unit = new byte[Unit()];
        await region.Source.ReadAsync(region.Offset + _position - skip, unit, cancellationToken).ConfigureAwait(false);
        return TakeUnit(unit, skip, buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _position, _ => region.Length };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Whole units where there is room for one; the rest of a value that ends within a unit is not swapped.
    private int Prepare(int room, out int skip)
    {
        skip = (int)(_position % swapUnit);
        long left = Math.Max(0, region.Length - _position);
        int count = (int)Math.Min(Math.Min(room, 1 << 20), left);
        return skip == 0 && count >= swapUnit ? count - count % swapUnit : count;
    }

    private int Unit() => (int)Math.Min(swapUnit, region.Length - (_position - _position % swapUnit));

    private int TakeUnit(Span<byte> unit, int skip, Span<byte> buffer)
    {
        if (unit.Length == swapUnit)
            ByteOrder.Swap(unit, swapUnit);
        int count = Math.Min(buffer.Length, unit.Length - skip);
        unit.Slice(skip, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
