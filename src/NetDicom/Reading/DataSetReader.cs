using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom;

/// <summary>
/// Reads a data set forward, token by token, from bytes that may come in pieces (PS3.5 chapter 7). Nothing is copied and no value is held:
/// a value comes out as the chunks that lie in the given bytes.
/// </summary>
/// <remarks>
/// <para>
/// When <see cref="Read"/> answers false more bytes are needed: keep <see cref="CurrentState"/>, drop <see cref="BytesConsumed"/> bytes from the front of
/// the buffer, add to its end, and go on with a new reader. With the last bytes given as the final block it ends with <see cref="DataSetToken.End"/>.
/// </para>
/// <para>
/// The data are read as leniently as real files ask for; <see cref="Deviations"/> tells what was wrong. What cannot be read on is a
/// <see cref="DicomDataException"/> with tag, offset and rule.
/// </para>
/// </remarks>
public ref partial struct DataSetReader
{
    private const uint UndefinedLength = 0xFFFFFFFF;
    private const uint ItemTag = 0xFFFEE000, ItemDelimiter = 0xFFFEE00D, SequenceDelimiter = 0xFFFEE0DD;
    private const uint PixelData = 0x7FE00010;

    private readonly ReadOnlySequence<byte> _sequence;
    private readonly bool _isFinalBlock;
    private readonly long _start;
    private readonly long _blockLength;
    private SequencePosition _next;
    private ReadOnlySpan<byte> _span;
    private int _at;
    private DataSetReaderState _s;

    /// <summary>Goes on from <paramref name="state"/> with the bytes that follow it.</summary>
    /// <param name="data">The bytes from <see cref="DataSetReaderState.Offset"/> on.</param>
    /// <param name="isFinalBlock">Whether the data set ends with them.</param>
    /// <param name="state">A fresh state, or that of the reader before.</param>
    public DataSetReader(ReadOnlySequence<byte> data, bool isFinalBlock, DataSetReaderState state)
    {
        _sequence = data;
        _isFinalBlock = isFinalBlock;
        _s = state;
        _s.Options ??= DataSetReaderOptions.Default;
        _start = state.Position;
        _span = data.FirstSpan;
        _blockLength = data.Length;
        _next = data.IsSingleSegment ? data.End : data.GetPosition(_span.Length);
    }

    /// <summary>Goes on from <paramref name="state"/> with the bytes that follow it.</summary>
    /// <param name="data">The bytes from <see cref="DataSetReaderState.Offset"/> on.</param>
    /// <param name="isFinalBlock">Whether the data set ends with them.</param>
    /// <param name="state">A fresh state, or that of the reader before.</param>
    public DataSetReader(ReadOnlySpan<byte> data, bool isFinalBlock, DataSetReaderState state)
    {
        _isFinalBlock = isFinalBlock;
        _s = state;
        _s.Options ??= DataSetReaderOptions.Default;
        _start = state.Position;
        _span = data;
        _blockLength = data.Length;
    }

    /// <summary>What was read last.</summary>
    public readonly DataSetToken Token => _s.Token;

    /// <summary>The tag of the element, sequence or fragments; that of the item or delimiter for the tokens of items.</summary>
    public DicomTag Tag { get; private set; }

    /// <summary>The VR to read the value by: as written, or from the dictionary where nothing usable is written.</summary>
    public DicomVR VR { get; private set; }

    /// <summary>The VR as the data have it; none for implicit VR.</summary>
    public DicomVR WrittenVR { get; private set; }

    /// <summary>The length field of the header, in bytes; FFFFFFFF for an undefined one.</summary>
    public uint Length { get; private set; }

    /// <summary>Whether only a delimiter ends the element or item.</summary>
    public readonly bool HasUndefinedLength => Length == UndefinedLength;

    /// <summary>Bytes from the start of the data set to the header or chunk.</summary>
    public long TokenOffset { get; private set; }

    /// <summary>Bytes of the header or delimiter: 8 or 12, and 0 where a length alone has ended an item or sequence, or for a chunk.</summary>
    public int HeaderLength { get; private set; }

    /// <summary>A piece of the value, for <see cref="DataSetToken.ValueChunk"/>.</summary>
    public ReadOnlySpan<byte> Chunk { get; private set; }

    /// <summary>Bytes of the value that have not been read yet.</summary>
    public readonly long RemainingLength => _s.Remaining;

    /// <summary>Open sequences, items and fragments: 0 in the outermost data set, 1 in a sequence, 2 in its items.</summary>
    public readonly int Depth => _s.Depth;

    /// <summary>Whether values of this level are big endian.</summary>
    public readonly bool IsBigEndian => _s.Top.IsBigEndian;

    /// <summary>Whether elements of this level carry their VR.</summary>
    public readonly bool IsExplicitVR => _s.Top.IsExplicit;

    /// <summary>Rules broken so far.</summary>
    public readonly DataSetDeviations Deviations => _s.Deviations;

    /// <summary>Bytes read of those given to this reader.</summary>
    public readonly long BytesConsumed => Math.Min(_s.Position - _start, _blockLength);

    /// <summary>What a reader over the following bytes needs.</summary>
    public readonly DataSetReaderState CurrentState => _s;

    private readonly long Available => _blockLength - (_s.Position - _start);

    /// <summary>Moves to the next token.</summary>
    /// <returns><see langword="false"/> at the end, where <see cref="Token"/> is <see cref="DataSetToken.End"/>, or if more bytes are needed.</returns>
    /// <exception cref="DicomDataException">The data break a rule that cannot be read past, or a limit of the options.</exception>
    public bool Read()
    {
        if (_s.Token == DataSetToken.End)
            return false;
        if (_s.Remaining > 0)
        {
            if (Available > 0)
                return ReadChunk();
            if (!_isFinalBlock)
                return false;
            _s.Deviations |= DataSetDeviations.Truncated;
            _s.Remaining = 0;
        }

        while (true)
        {
            if (_s.Position >= _s.Top.End)
                return Close(0);
            Step step = _s.Top.Kind switch
            {
                DataSetReaderState.LevelKind.Sequence => ReadItem(),
                DataSetReaderState.LevelKind.Fragments => ReadFragment(),
                _ => ReadElement(),
            };
            switch (step)
            {
                case Step.Token:
                    return true;
                case Step.End:
                    return false;
                case Step.MoreBytes:
                    return false;
                case Step.EndOfData:
                    return EndOfData();
            }
        }
    }

    /// <summary>
    /// Copies the rest of the value of the element or fragment whose header was just read, if all of it lies in the given bytes (or these are the last). It is then consumed.
    /// </summary>
    /// <param name="destination">Room for <see cref="RemainingLength"/> bytes.</param>
    /// <param name="length">Bytes copied: fewer than were announced only where the data are cut off.</param>
    /// <returns><see langword="false"/> if more bytes are needed; nothing is then consumed.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public bool TryReadValue(scoped Span<byte> destination, out int length)
    {
        length = 0;
        long wanted = Math.Min(_s.Remaining, Available);
        if (wanted < _s.Remaining && !_isFinalBlock)
            return false;
        if (wanted > destination.Length)
            throw new ArgumentException($"{wanted} bytes do not fit into {destination.Length}", nameof(destination));
        if (wanted < _s.Remaining)
            _s.Deviations |= DataSetDeviations.Truncated;
        length = (int)wanted;
        _s.Remaining = 0;
        while (wanted > 0)
        {
            MoveToBytes();
            int part = (int)Math.Min(wanted, _span.Length - _at);
            _span.Slice(_at, part).CopyTo(destination[(length - (int)wanted)..]);
            Advance(part);
            wanted -= part;
        }

        return true;
    }

    /// <summary>
    /// Passes over the rest of the value whose header or chunk was just read, or over a whole sequence of defined length whose header was.
    /// </summary>
    /// <returns>
    /// Bytes to pass over that are not in the given ones: the next reader must be given what comes after them. 0 for a sequence of undefined length, which has to be read through.
    /// </returns>
    public long SkipValue()
    {
        long length = _s.Remaining;
        if (Token == DataSetToken.SequenceStart && !_s.Top.IsUndefined)
        {
            length = _s.Top.End - _s.Position;
            Pop();
            _s.AfterDefinedSequence = true;
        }

        _s.Remaining = 0;
        long here = Math.Min(length, Available);
        Advance(here);
        _s.Position += length - here;
        return length - here;
    }

    /// <summary>Whether the header that was read last is big endian; what UN holds is not even where its header is.</summary>
    internal bool IsHeaderBigEndian { get; private set; }

    /// <summary>The rules broken since this was last asked.</summary>
    internal DataSetDeviations TakeDeviations()
    {
        DataSetDeviations taken = _s.Deviations;
        _s.Deviations = DataSetDeviations.None;
        return taken;
    }

    /// <summary>The first four bytes of the value as a little endian number, if they are among the given bytes.</summary>
    internal uint? PeekUInt32()
    {
        if (_s.Remaining < 4 || Available < 4)
            return null;
        Span<byte> scratch = stackalloc byte[4];
        return BinaryPrimitives.ReadUInt32LittleEndian(Peek(4, scratch));
    }

    private bool ReadChunk()
    {
        MoveToBytes();
        int length = (int)Math.Min(_s.Remaining, _span.Length - _at);
        Chunk = _span.Slice(_at, length);
        TokenOffset = _s.Position;
        HeaderLength = 0;
        Advance(length);
        _s.Remaining -= length;
        _s.Token = DataSetToken.ValueChunk;
        return true;
    }

    // The bytes are over: whatever is open ends here.
    private bool EndOfData()
    {
        if (_s.Depth > 0)
        {
            if (_s.Top.IsUndefined)
                _s.Deviations |= DataSetDeviations.MissingDelimiter;
            else
                _s.Deviations |= DataSetDeviations.Truncated;
        }

        return Close(0);
    }

    // Leaves the innermost level. False at the outermost, which is the end.
    private bool Close(int headerLength)
    {
        if (_s.Depth == 0)
            return Finish();
        TokenOffset = _s.Position - headerLength;
        HeaderLength = headerLength;
        Length = 0;
        _s.AfterDefinedSequence = _s.Top.Kind == DataSetReaderState.LevelKind.Sequence && !_s.Top.IsUndefined;
        (_s.Token, uint tag) = _s.Top.Kind switch
        {
            DataSetReaderState.LevelKind.Sequence => (DataSetToken.SequenceEnd, _s.Top.Tag),
            DataSetReaderState.LevelKind.Item => (DataSetToken.ItemEnd, ItemDelimiter),
            _ => (DataSetToken.FragmentsEnd, _s.Top.Tag),
        };
        Tag = new DicomTag(tag);
        VR = default;
        WrittenVR = default;
        Pop();
        return true;
    }

    private bool Finish()
    {
        _s.Token = DataSetToken.End;
        TokenOffset = _s.Position;
        HeaderLength = 0;
        return false;
    }

    private void Push(in DataSetReaderState.Level level)
    {
        // Each sequence is a level and each of its items another.
        DataSetReaderState.Level[] outer = _s.Outer ??= new DataSetReaderState.Level[8];
        if (_s.Depth == outer.Length)
            Array.Resize(ref _s.Outer, outer.Length * 2);
        _s.Outer[_s.Depth++] = _s.Top;
        _s.Top = level;
    }

    private void Pop()
    {
        if (_s.Top.Kind is not DataSetReaderState.LevelKind.Item)
            _s.Sequences--;
        _s.Top = _s.Outer![--_s.Depth];
    }

    private void Advance(long count)
    {
        _s.Position += count;
        while (count > 0)
        {
            int here = (int)Math.Min(count, _span.Length - _at);
            _at += here;
            count -= here;
            if (count > 0)
                MoveToBytes();
        }
    }

    // Leaves used up and empty segments behind.
    private void MoveToBytes()
    {
        while (_at == _span.Length && _sequence.TryGet(ref _next, out ReadOnlyMemory<byte> memory))
        {
            _span = memory.Span;
            _at = 0;
        }
    }

    // The next bytes of a header, copied only where a segment edge lies within; all of them must be available.
    private readonly ReadOnlySpan<byte> Peek(int count, Span<byte> scratch)
    {
        if (count <= _span.Length - _at)
            return _span.Slice(_at, count);
        int copied = _span.Length - _at;
        _span[_at..].CopyTo(scratch);
        SequencePosition next = _next;
        while (copied < count && _sequence.TryGet(ref next, out ReadOnlyMemory<byte> memory))
        {
            int part = Math.Min(memory.Length, count - copied);
            memory.Span[..part].CopyTo(scratch[copied..]);
            copied += part;
        }

        return scratch[..count];
    }

    private readonly uint ReadTag(scoped ReadOnlySpan<byte> header) => _s.Top.IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(header)
        : (uint)BinaryPrimitives.ReadUInt16LittleEndian(header) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);

    private readonly uint ReadUInt32(scoped ReadOnlySpan<byte> bytes) => _s.Top.IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private readonly ushort ReadUInt16(scoped ReadOnlySpan<byte> bytes) => _s.Top.IsBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private readonly DicomDataException Broken(string message, uint tag) => new(message, new DicomTag(tag), _s.Position);

    private enum Step
    {
        Token,
        Again,
        MoreBytes,
        EndOfData,
        End,
    }
}
