using System.Buffers;
using System.Buffers.Binary;

namespace NetDicom;

/// <summary>
/// Re-encodes a data set between uncompressed transfer syntaxes as it streams by: nothing is held but the bytes in hand, so any size goes through. Values change their byte order only;
/// sequences and items come out with delimiters, since their lengths are not known beforehand; group lengths are left out.
/// </summary>
/// <remarks>Deflated data sets are inflated before and deflated after: <see cref="TranscodeAsync"/> does both.</remarks>
public sealed class DataSetTranscoder
{
    private readonly TransferSyntax _target;
    private readonly Stack<Level> _levels = [];
    private readonly byte[] _carry = new byte[8];
    private DataSetReaderState _state;
    private int _carried;
    private int _swapUnit = 1;
    private bool _padding;
    private byte _pad;
    private long _missing;
    private DicomTag _tag;

    /// <summary>A transcoder for one data set.</summary>
    /// <param name="source">The transfer syntax it comes in.</param>
    /// <param name="target">The transfer syntax it goes out in.</param>
    /// <param name="options">Limits and leniency of the reader.</param>
    /// <exception cref="NotSupportedException">One of the two is compressed.</exception>
    public DataSetTranscoder(TransferSyntax source, TransferSyntax target, DataSetReaderOptions? options = null)
    {
        if (!CanTranscode(source, target))
            throw new NotSupportedException($"A data set cannot be re-encoded from {source} to {target}: only the uncompressed transfer syntaxes can be converted into each other");
        _target = target;
        _state = new DataSetReaderState(source, options);
        _levels.Push(default);
    }

    /// <summary>Whether the whole data set has been written.</summary>
    public bool IsComplete => _state.Token == DataSetToken.End;

    /// <summary>Rules the incoming data broke so far.</summary>
    public DataSetDeviations Deviations => _state.BrokenRules;

    /// <summary>Whether a data set can be re-encoded from one transfer syntax to the other without touching pixel values.</summary>
    public static bool CanTranscode(TransferSyntax source, TransferSyntax target) => source.IsUncompressed && target.IsUncompressed;

    /// <summary>Re-encodes a whole data set, inflating and deflating where a syntax says so.</summary>
    /// <param name="input">The data set in <paramref name="source"/>, to its end.</param>
    /// <param name="source">The transfer syntax it comes in.</param>
    /// <param name="output">Gets the data set in <paramref name="target"/>; stays open.</param>
    /// <param name="target">The transfer syntax it goes out in.</param>
    /// <param name="options">Limits and leniency of the reader.</param>
    /// <param name="cancellationToken">Stops in the middle of the output.</param>
    /// <exception cref="NotSupportedException">One of the two is compressed.</exception>
    /// <exception cref="DicomDataException">The data break a rule that cannot be read past, end within a value, or hold encapsulated pixel data.</exception>
    public static async Task TranscodeAsync(
        Stream input, TransferSyntax source, Stream output, TransferSyntax target, DataSetReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var transcoder = new DataSetTranscoder(source, target, options);
        using InflatingStream? inflating = source.IsDeflated ? new InflatingStream(input, leaveOpen: true) : null;
        Stream from = inflating ?? input;
        if (target.IsDeflated)
        {
            var deflating = new DeflatingStream(output);
            await using (deflating.ConfigureAwait(false))
                await transcoder.RunAsync(from, deflating, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await transcoder.RunAsync(from, output, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Re-encodes the bytes in hand.</summary>
    /// <param name="input">The bytes that follow those consumed so far, inflated where the source is deflated.</param>
    /// <param name="isFinalBlock">Whether the data set ends with them.</param>
    /// <param name="output">Gets what they become; not deflated.</param>
    /// <returns>How many bytes were consumed; the rest has to come again with more behind it.</returns>
    /// <exception cref="DicomDataException">The data break a rule that cannot be read past, end within a value, or hold encapsulated pixel data.</exception>
    public long Transcode(ReadOnlySequence<byte> input, bool isFinalBlock, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reader = new DataSetReader(input, isFinalBlock, _state);
        while (reader.Read())
            Take(ref reader, output);
        if (reader.Token == DataSetToken.End)
            EndValue(output);
        _state = reader.CurrentState;
        return reader.BytesConsumed;
    }

    private async Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        var writer = new ArrayBufferWriter<byte>(256 * 1024);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            int length = 0;
            while (!IsComplete)
            {
                int read = await input.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
                int consumed = (int)Transcode(new ReadOnlySequence<byte>(buffer, 0, length), read == 0, writer);
                // Only a part of a header can be left over.
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
                await output.WriteAsync(writer.WrittenMemory, cancellationToken).ConfigureAwait(false);
                writer.ResetWrittenCount();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Take(ref DataSetReader reader, IBufferWriter<byte> output)
    {
        if (reader.Token != DataSetToken.ValueChunk)
            EndValue(output);
        switch (reader.Token)
        {
            case DataSetToken.Element:
                Element(ref reader, output);
                break;
            case DataSetToken.ValueChunk:
                Value(reader.Chunk, output);
                break;
            case DataSetToken.SequenceStart:
                _levels.Push(_levels.Peek());
                Header(output, reader.Tag, DicomVR.SQ, uint.MaxValue);
                break;
            case DataSetToken.ItemStart:
                _levels.Push(_levels.Peek());
                Header(output, reader.Tag, default, uint.MaxValue);
                break;
            case DataSetToken.ItemEnd:
                _levels.Pop();
                Header(output, new DicomTag(0xFFFEE00D), default, 0);
                break;
            case DataSetToken.SequenceEnd:
                _levels.Pop();
                Header(output, new DicomTag(0xFFFEE0DD), default, 0);
                break;
            default:
                throw new DicomDataException("encapsulated pixel data cannot be re-encoded in a native transfer syntax (PS3.5 annex A.4)", reader.Tag, reader.TokenOffset);
        }
    }

    private void Element(ref DataSetReader reader, IBufferWriter<byte> output)
    {
        DicomTag tag = reader.Tag;
        DicomVR vr = Choose(ref reader);
        uint length = (uint)reader.RemainingLength;
        // Right group lengths would have to be known before the group is: PS3.5 section 7.2 lets them go.
        if (tag.IsGroupLength)
        {
            _swapUnit = 0;
            return;
        }

        if (tag == DicomTags.PixelRepresentation)
            Remember(tag);
        _missing = length;
        _tag = tag;
        uint even = length + (length & 1);
        // PS3.5 section 6.2.2 note 3: too long for the short form is written as UN, which is little endian.
        DicomVR written = _target.IsExplicitVR && !vr.IsLongForm && even > 0xFFFF ? DicomVR.UN : vr;
        Header(output, tag, written, even);
        bool sourceIsBig = reader.IsBigEndian && reader.WrittenVR != DicomVR.UN;
        _swapUnit = sourceIsBig != (_target.IsBigEndian && written != DicomVR.UN) ? vr.SwapUnit : 1;
        _padding = (length & 1) != 0;
        _pad = vr.Padding;
    }

    // The VR to write, of those the dictionary leaves a choice of (PS3.5 annex A).
    private DicomVR Choose(ref DataSetReader reader)
    {
        DicomVR vr = reader.VR;
        if (!reader.WrittenVR.IsNone || !DicomDictionary.TryGet(reader.Tag, out DictionaryEntry entry) || entry.VRCount < 2)
            return vr;
        Level level = _levels.Peek();
        if (vr == DicomVR.US && entry.Allows(DicomVR.SS))
            return level.IsSigned ? DicomVR.SS : DicomVR.US;
        return vr;
    }

    private void Remember(DicomTag tag)
    {
        // Two bytes that may not be in hand yet: they are looked at when they come, by Value.
        Level level = _levels.Pop();
        level.Awaits = tag;
        // Its own, not that of the data set around it: an icon is unsigned where the image is not.
        level.IsSigned = false;
        _levels.Push(level);
    }

    private void Value(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        Level level = _levels.Peek();
        if (level.Awaits == DicomTags.PixelRepresentation)
        {
            // 0 or 1 in two bytes: any byte that is 1 tells.
            _levels.Pop();
            level.IsSigned |= chunk.Contains((byte)1);
            _levels.Push(level);
        }

        if (_swapUnit == 0)
            return;
        _missing -= chunk.Length;
        if (_swapUnit == 1)
        {
            output.Write(chunk);
            return;
        }

        if (_carried > 0)
        {
            int missing = Math.Min(_swapUnit - _carried, chunk.Length);
            chunk[..missing].CopyTo(_carry.AsSpan(_carried));
            _carried += missing;
            chunk = chunk[missing..];
            if (_carried < _swapUnit)
                return;
            Span<byte> unit = _carry.AsSpan(0, _swapUnit);
            ByteOrder.Swap(unit, _swapUnit);
            output.Write(unit);
            _carried = 0;
        }

        int whole = chunk.Length - chunk.Length % _swapUnit;
        while (whole > 0)
        {
            // A span may be as short as was asked for: with less than one longest unit the loop would not come on.
            Span<byte> room = output.GetSpan(Math.Clamp(whole, 8, 4096));
            int count = Math.Min(whole, room.Length & ~7);
            chunk[..count].CopyTo(room);
            ByteOrder.Swap(room[..count], _swapUnit);
            output.Advance(count);
            chunk = chunk[count..];
            whole -= count;
        }

        chunk.CopyTo(_carry);
        _carried = chunk.Length;
    }

    private void EndValue(IBufferWriter<byte> output)
    {
        // The header with the full length is out already: what follows would be read as part of the value.
        if (_missing > 0)
            throw new DicomDataException($"the data end {_missing} bytes before the value does", _tag);
        // What is no whole unit has no order.
        output.Write(_carry.AsSpan(0, _carried));
        _carried = 0;
        if (_padding)
            output.Write([_pad]);
        _padding = false;
        _swapUnit = 1;
        Level level = _levels.Pop();
        level.Awaits = default;
        _levels.Push(level);
    }

    private void Header(IBufferWriter<byte> output, DicomTag tag, DicomVR vr, uint length)
    {
        Span<byte> room = output.GetSpan(12);
        int count = 8;
        if (_target.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(room, tag.Value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(room, tag.Group);
            BinaryPrimitives.WriteUInt16LittleEndian(room[2..], tag.Element);
        }

        if (vr.IsNone || !_target.IsExplicitVR)
        {
            Put(room[4..], length);
        }
        else
        {
            room[4] = (byte)(vr.Code >> 8);
            room[5] = (byte)vr.Code;
            if (vr.IsLongForm)
            {
                count = 12;
                room[6] = 0;
                room[7] = 0;
                Put(room[8..], length);
            }
            else if (_target.IsBigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(room[6..], (ushort)length);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(room[6..], (ushort)length);
            }
        }

        output.Advance(count);
    }

    private void Put(Span<byte> room, uint value)
    {
        if (_target.IsBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
    }

    // What an item inherits from what encloses it.
    private struct Level
    {
        internal bool IsSigned;
        internal DicomTag Awaits;
    }
}
