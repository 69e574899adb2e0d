using System.Buffers;

namespace NetDicom.Cli.Output;

/// <summary>Collects bytes in a rented array: outputs of many files in a row do not become garbage each.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _used;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _used);

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).Span;

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        _used = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private Memory<byte> Room(int sizeHint)
    {
        int wanted = Math.Max(sizeHint, 256);
        if (_bytes.Length - _used < wanted)
        {
            byte[] longer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)_used + wanted)));
            _bytes.AsSpan(0, _used).CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = longer;
        }

        return _bytes.AsMemory(_used);
    }
}
