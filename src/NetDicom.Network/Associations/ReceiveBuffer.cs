using System.Buffers;

namespace NetDicom.Network;

/// <summary>
/// The one buffer that a connection receives into, and all that is decided about its size. PDUs are read out of it in place; what is left of one
/// that is not whole stays until the next receive (docs/decisions/0001-own-receive-buffer.md).
/// </summary>
/// <remarks>For one reader at a time. What was handed out stays valid until the next call of <see cref="MakeRoom"/>.</remarks>
internal sealed class ReceiveBuffer(ReceiveBuffer.Places places)
{
    /// <summary>First buffer: all that an association with small messages needs.</summary>
    public const int Small = 16 * 1024;

    /// <summary>Buffer once a receive has filled the small one: fits the second-level cache beside what it is copied to, and a hundred connections in the middle of large objects hold 25 MB.</summary>
    public const int Large = 256 * 1024;

    /// <summary>
    /// Buffer in the middle of an object of many megabytes, for a few connections at a time: each receive also lets the peer's next bytes go and wakes it, which costs more than a copy that stays in
    /// the second-level cache saves.
    /// </summary>
    public const int Largest = 1024 * 1024;

    /// <summary>So many receives in a row that fill the large buffer show such an object.</summary>
    public const int FullBeforeLargest = 8;

    /// <summary>After so long without a message a connection lets its buffer go, and waits for the next one without.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _wanted = Small;
    private int _full;
    private int _hasPlace;

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
        if (_end != _bytes.Length)
        {
            _full = 0;
        }
        else if (_wanted < Large)
        {
            _wanted = Large;
        }
        else if (++_full >= FullBeforeLargest && _wanted < Largest && places.TryTake())
        {
            _hasPlace = 1;
            _wanted = Largest;
        }
    }

    /// <summary>Lets the memory go; the next buffer is small again. It is not returned to a pool, since a reader may still hold a piece of it: the collector takes it.</summary>
    public void Release()
    {
        _bytes = [];
        _start = _end = _full = 0;
        _wanted = Small;
        if (Interlocked.Exchange(ref _hasPlace, 0) != 0)
            places.GiveBack();
    }

    private void MoveToFront()
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }

    /// <summary>How many connections may have the largest buffer at one time.</summary>
    internal sealed class Places(int most)
    {
        private int _taken;

        /// <summary>Those of all connections of this process: 16 MB.</summary>
        public static Places Shared { get; } = new(16);

        public bool TryTake()
        {
            if (Interlocked.Increment(ref _taken) <= most)
                return true;
            Interlocked.Decrement(ref _taken);
            return false;
        }

        public void GiveBack() => Interlocked.Decrement(ref _taken);
    }
}
