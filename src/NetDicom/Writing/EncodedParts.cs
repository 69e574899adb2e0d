using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom;

/// <summary>
/// A data set on its way to bytes: what is small stands in one buffer, what is large is named by its region, so that lengths can be put in afterwards and nothing large is held.
/// </summary>
internal sealed class EncodedParts
{
    // Below this a region that is in memory is copied: cheaper than a part of its own.
    private const int CopyBelow = 16 * 1024;

    private readonly List<Part> _parts = [];
    private byte[] _buffer = new byte[4096];
    private int _used;

    /// <summary>Bytes in all.</summary>
    internal long Length { get; private set; }

    /// <summary>Room for <paramref name="count"/> bytes, to be filled at once.</summary>
    internal Span<byte> Take(int count)
    {
        if (_buffer.Length - _used < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + count));
        Span<byte> room = _buffer.AsSpan(_used, count);
        _used += count;
        Length += count;
        return room;
    }

    internal void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A length to be put in later.</summary>
    internal int Reserve()
    {
        Take(4);
        return _used - 4;
    }

    /// <summary>The four bytes written last, as a length to be put in later.</summary>
    internal int LastReserved() => _used - 4;

    internal void PutIn(int reserved, uint value, bool bigEndian)
    {
        Span<byte> room = _buffer.AsSpan(reserved, 4);
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
    }

    /// <summary>The bytes of a region; their order is reversed in units of <paramref name="swapUnit"/>.</summary>
    internal void Write(ByteRegion region, int swapUnit = 1)
    {
        if (region.Length == 0)
            return;
        if (region.Length < CopyBelow && region.Source.TryGet(region.Offset, region.Length, out ReadOnlyMemory<byte> bytes))
        {
            Span<byte> room = Take((int)region.Length);
            bytes.Span.CopyTo(room);
            ByteOrder.Swap(room, swapUnit);
            return;
        }

        Length += region.Length;
        // Neighbours that were neighbours are copied in one go.
        if (_parts.Count > 0 && _parts[^1] is var last && last.BufferEnd == _used && swapUnit == 1 && last.SwapUnit == 1
            && last.Region.Source == region.Source && last.Region.Offset + last.Region.Length == region.Offset)
            _parts[^1] = last with { Region = last.Region with { Length = last.Region.Length + region.Length } };
        else
            _parts.Add(new Part(_used, region, swapUnit));
    }

    /// <summary>Everything as one array.</summary>
    internal byte[] ToArray()
    {
        byte[] result = new byte[Length];
        int at = 0, from = 0;
        foreach (Part part in _parts)
        {
            _buffer.AsSpan(from, part.BufferEnd - from).CopyTo(result.AsSpan(at));
            at += part.BufferEnd - from;
            from = part.BufferEnd;
            Span<byte> room = result.AsSpan(at, (int)part.Region.Length);
            part.Region.Source.Read(part.Region.Offset, room);
            ByteOrder.Swap(room, part.SwapUnit);
            at += room.Length;
        }

        _buffer.AsSpan(from, _used - from).CopyTo(result.AsSpan(at));
        return result;
    }

    /// <summary>Writes everything; regions are copied through a rented buffer.</summary>
    internal async ValueTask CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        int from = 0;
        foreach (Part part in _parts)
        {
            if (part.BufferEnd > from)
                await output.WriteAsync(_buffer.AsMemory(from, part.BufferEnd - from), cancellationToken).ConfigureAwait(false);
            from = part.BufferEnd;
            await CopyAsync(part, output, cancellationToken).ConfigureAwait(false);
        }

        if (_used > from)
            await output.WriteAsync(_buffer.AsMemory(from, _used - from), cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask CopyAsync(Part part, Stream output, CancellationToken cancellationToken)
    {
        if (part.SwapUnit == 1 && part.Region.Source.TryGet(part.Region.Offset, part.Region.Length, out ReadOnlyMemory<byte> bytes))
        {
            await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        // A multiple of every swap unit.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(part.Region.Length + 7, 256 * 1024));
        try
        {
            int size = buffer.Length & ~7;
            for (long done = 0; done < part.Region.Length;)
            {
                int count = (int)Math.Min(size, part.Region.Length - done);
                await part.Region.Source.ReadAsync(part.Region.Offset + done, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                ByteOrder.Swap(buffer.AsSpan(0, count), part.SwapUnit);
                await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private readonly record struct Part(int BufferEnd, ByteRegion Region, int SwapUnit);
}
