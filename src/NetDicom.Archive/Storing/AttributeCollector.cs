using System.Buffers;
using System.IO.Compression;

namespace NetDicom.Archive;

/// <summary>
/// Takes chosen elements out of a data set while its bytes pass: copies those and nothing else, whatever the pieces are, and stops when nothing more is wanted.
/// </summary>
internal sealed class AttributeCollector
{
    /// <summary>Longest element kept, in bytes: longer ones are no keys. 64 KiB holds any sequence of the key tables.</summary>
    internal const int MaxElement = 64 * 1024;

    /// <summary>Most bytes kept of one data set.</summary>
    internal const int MaxKept = 512 * 1024;

    /// <summary>Most bytes of a deflated data set that are looked at, and most that are made of them.</summary>
    private const int MaxDeflated = 1024 * 1024, MaxInflated = 8 * 1024 * 1024;

    private readonly ArchiveAttributes _attributes;
    private readonly ArrayBufferWriter<byte> _kept = new(4096);
    private readonly ArrayBufferWriter<byte>? _deflated;
    private DataSetReaderState _state;
    private byte[] _rest = [];
    private long _skip;
    private int _elementStart;
    private bool _isKeeping;
    private bool _isExplicit;
    private bool _isBigEndian;

    public AttributeCollector(TransferSyntax syntax, ArchiveAttributes attributes)
    {
        _attributes = attributes;
        if (syntax.IsDeflated)
        {
            _deflated = new ArrayBufferWriter<byte>(4096);
            syntax = TransferSyntax.ExplicitVRLittleEndian;
        }

        _isExplicit = syntax.IsExplicitVR;
        _isBigEndian = syntax.IsBigEndian;
        _state = new DataSetReaderState(syntax, attributes.ReaderOptions);
    }

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="DicomDataException">They are no data set.</exception>
    public void Add(ReadOnlyMemory<byte> piece)
    {
        if (IsDone)
            return;
        if (_deflated is null)
        {
            Take(piece.Span, isFinal: false);
            return;
        }

        _deflated.Write(piece.Span[..Math.Min(piece.Length, MaxDeflated - _deflated.WrittenCount)]);
        if (_deflated.WrittenCount == MaxDeflated)
            Inflate();
    }

    /// <summary>The elements, once all bytes have been given.</summary>
    /// <exception cref="DicomDataException">They were no data set.</exception>
    public DicomDataSet Finish()
    {
        if (!IsDone)
        {
            if (_deflated is not null)
                Inflate();
            else
                Take([], isFinal: true);
        }

        if (_isKeeping)
            Drop();
        TransferSyntax syntax = _isBigEndian ? TransferSyntax.ExplicitVRBigEndian : _isExplicit ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ImplicitVRLittleEndian;
        return DicomDataSet.Read(_kept.WrittenMemory.ToArray(), syntax, DicomReadOptions.Default with { Duplicates = DuplicateElements.KeepFirst });
    }

    private void Inflate()
    {
        using var source = new MemoryStream(_deflated!.WrittenMemory.ToArray());
        using var inflater = new DeflateStream(source, CompressionMode.Decompress);
        byte[] block = new byte[64 * 1024];
        int total = 0;
        try
        {
            while (!IsDone && total < MaxInflated && inflater.Read(block) is var read and > 0)
            {
                total += read;
                Take(block.AsSpan(0, read), isFinal: false);
            }
        }
        catch (InvalidDataException)
        {
            // Cut at the limit, or broken: what came before it counts.
        }

        if (!IsDone)
            Take([], isFinal: true);
    }

    private void Take(ReadOnlySpan<byte> piece, bool isFinal)
    {
        int skipped = (int)Math.Min(_skip, piece.Length);
        _skip -= skipped;
        piece = piece[skipped..];
        if (_skip > 0 && !isFinal)
            return;
        // A header that the last piece cut in two: a few bytes, seldom.
        if (_rest.Length > 0)
            piece = (byte[])[.. _rest, .. piece];
        long from = _state.Offset;
        var reader = new DataSetReader(piece, isFinal, _state);
        while (reader.Read())
        {
            if (reader.Depth == 0 && reader.Token == DataSetToken.Element)
                (_isExplicit, _isBigEndian) = (reader.IsExplicitVR, reader.IsBigEndian);
            if (reader.Depth == 0 && reader.Token == DataSetToken.Element || reader.Depth == 1 && reader.Token is DataSetToken.SequenceStart or DataSetToken.FragmentsStart)
                Begin(ref reader);
            if (_isKeeping)
                Keep(ref reader, piece, from);
            else if (reader.Token is DataSetToken.Element or DataSetToken.FragmentStart || reader.Token == DataSetToken.SequenceStart && !reader.HasUndefinedLength)
                _skip = reader.SkipValue();
            if (_isKeeping && reader.Depth == 0 && (reader.Token == DataSetToken.SequenceEnd || reader.Token is DataSetToken.Element or DataSetToken.ValueChunk && reader.RemainingLength == 0))
                _isKeeping = false;
            if (_skip > 0)
                break;
        }

        if (reader.Token == DataSetToken.End || _kept.WrittenCount >= MaxKept)
            IsDone = true;
        _state = reader.CurrentState;
        _rest = _skip > 0 ? [] : piece[(int)reader.BytesConsumed..].ToArray();
    }

    private void Begin(ref DataSetReader reader)
    {
        bool isTooLong = !reader.HasUndefinedLength && reader.Length > MaxElement;
        _isKeeping = reader.Token != DataSetToken.FragmentsStart && _attributes.IsKept(reader.Tag) && !isTooLong;
        _elementStart = _kept.WrittenCount;
    }

    private void Keep(ref DataSetReader reader, ReadOnlySpan<byte> piece, long from)
    {
        int at = (int)(reader.TokenOffset - from);
        int length = reader.Token == DataSetToken.ValueChunk ? reader.Chunk.Length : reader.HeaderLength;
        if (length > 0)
            _kept.Write(piece.Slice(at, length));
        if (_kept.WrittenCount - _elementStart <= MaxElement)
            return;
        // Longer than any key, as the end of an undefined length shows only now: what was kept of it is dropped.
        Drop();
    }

    private void Drop()
    {
        byte[] before = _kept.WrittenSpan[.._elementStart].ToArray();
        _kept.ResetWrittenCount();
        _kept.Write(before);
        _isKeeping = false;
    }
}
