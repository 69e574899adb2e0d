using System.Buffers;

namespace NetDicom.Network;

/// <summary>
/// The one buffer that a connection receives into, and all that is decided about its size. PDUs are read out of it in place; what is left of one
/// that is not whole stays until the next receive (docs/decisions/0001-own-receive-buffer.md).
/// </summary>
/// <remarks>For one reader at a time. What was handed out stays valid until the next call of <see cref="MakeRoom"/>.</remarks>
internal sealed class ReceiveBuffer
{
    /// <summary>First buffer: all that an association with small messages needs.</summary>
    public const int Small = 16 * 1024;

    /// <summary>Buffer once a receive has filled the small one: fits the second-level cache beside what it is copied to, and a hundred connections in the middle of large objects hold 25 MB.</summary>
    public const int Large = 256 * 1024;

    /// <summary>After so long without a message a connection lets its buffer go, and waits for the next one without.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _wanted = Small;

    /// <summary>Bytes of memory held.</summary>
    public int Length => _bytes.Length;

    /// <summary>True when every byte received has been read.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>The bytes received and not yet read, in one segment.</summary>
    public ReadOnlySequence<byte> Unread => new(_bytes, _start, _end - _start);

    /// <summary>Passes over what was read: all but the last <paramref name="left"/> bytes.</summary>
    public void KeepLast(long left) => _start = _end - (int)left;

    /// <summary>Passes over everything.</summary>
    public void Clear() => _start = _end;

    /// <summary>Room for the next receive, never empty.</summary>
    public Memory<byte> MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length < _wanted)
                _bytes = GC.AllocateUninitializedArray<byte>(_wanted);
        }
        else if (_end == _bytes.Length)
        {
            // A PDU that is decoded whole needs all its bytes side by side; the reader has checked its length against the limit.
            if (_start > 0)
                MoveToFront();
            else
                Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Room for receiving on while nothing is taken, as far as the large buffer reaches; empty when it is full.</summary>
    public Memory<byte> MakeRoomAhead()
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_start > 0 && _end == _bytes.Length)
            MoveToFront();
        if (_bytes.Length < Large)
            Array.Resize(ref _bytes, Large);
        return _bytes.AsMemory(_end);
    }

    /// <summary>Counts in what was received into the room.</summary>
    public void Received(int count)
    {
        _end += count;
        if (_end == _bytes.Length && _wanted < Large)
            _wanted = Large;
    }

    /// <summary>The connection is quiet: lets the memory go, and starts small again.</summary>
    public void Rest()
    {
        Release();
        _wanted = Small;
    }

    /// <summary>Lets the memory go. It is not returned to a pool, since a reader may still hold a piece of it: the collector takes it.</summary>
    public void Release()
    {
        _bytes = [];
        _start = _end = 0;
    }

    private void MoveToFront()
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }
}
