using System.IO.Compression;

namespace NetDicom;

/// <summary>
/// Reads a deflated data set (PS3.5 annex A.5: a raw RFC 1951 stream) as the explicit VR little endian data set that it holds, up to a limit.
/// </summary>
/// <remarks>
/// Two deviations of the field are read too: a zlib header in front of the stream, and data that are said to be deflated but are plain.
/// Where the stream is broken or longer than the limit, reading throws <see cref="DicomDataException"/>.
/// </remarks>
public sealed class InflatingStream : Stream
{
    /// <summary>Longest inflated data set, in bytes, where nothing else is said: 4 GiB, above what native pixel data can have.</summary>
    public const long DefaultMaxLength = 4L * 1024 * 1024 * 1024;

    private readonly PrefixedStream _source;
    private readonly bool _leaveOpen;
    private readonly Stream _compressed;
    private Stream? _inflated;
    private long _position;

    /// <summary>Reads the deflated data set that <paramref name="compressed"/> stands at.</summary>
    /// <param name="compressed">The deflated bytes; need not be seekable.</param>
    /// <param name="maxLength">Longest inflated data set, in bytes.</param>
    /// <param name="leaveOpen">Whether <paramref name="compressed"/> stays open.</param>
    public InflatingStream(Stream compressed, long maxLength = DefaultMaxLength, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        _compressed = compressed;
        _source = new PrefixedStream(compressed);
        _leaveOpen = leaveOpen;
        MaxLength = maxLength;
    }

    /// <summary>Longest inflated data set, in bytes.</summary>
    public long MaxLength { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_inflated is null)
        {
            await _source.PeekAsync(cancellationToken).ConfigureAwait(false);
            _inflated = Choose();
        }

        try
        {
            return Count(await _inflated.ReadAsync(Room(buffer.Length) is var room && room < buffer.Length ? buffer[..room] : buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception broken) when (IsOfInflater(broken))
        {
            throw Broken(broken);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_inflated is null)
        {
            _source.Peek();
            _inflated = Choose();
        }

        try
        {
            return Count(_inflated.Read(buffer[..Room(buffer.Length)]));
        }
        catch (Exception broken) when (IsOfInflater(broken))
        {
            throw Broken(broken);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_inflated != _source)
                _inflated?.Dispose();
            if (!_leaveOpen)
                _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    // One byte more than the limit is asked for, to tell a data set of just that length from a longer one.
    private int Room(int wanted) => (int)Math.Min(wanted, MaxLength - _position + 1);

    private int Count(int read)
    {
        _position += read;
        if (_position > MaxLength)
            throw new DicomDataException($"the inflated data set is longer than the limit of {MaxLength} bytes", null, MaxLength);
        return read;
    }

    private Stream Choose()
    {
        ReadOnlySpan<byte> head = _source.Peeked;
        // Plain although said to be deflated: a raw deflate stream cannot start with a low group number and a VR.
        if (head.Length >= 6 && head[1] == 0 && head[0] is 0x02 or 0x04 or 0x08 && DicomVR.FromBytes(head[4..]).IsKnown)
            return _source;
        // RFC 1950: 78 is a zlib header. Read as RFC 1951 it would be a stored block, whose length is followed by its complement.
        if (head.Length >= 5 && head[0] == 0x78 && (head[0] << 8 | head[1]) % 31 == 0 && (head[1] ^ head[3]) + (head[2] ^ head[4]) != 510)
            return new ZLibStream(_source, CompressionMode.Decompress, leaveOpen: true);
        return new DeflateStream(_source, CompressionMode.Decompress, leaveOpen: true);
    }

    // A zlib header that asks for a dictionary is an IOException of a type that .NET keeps to itself; other IOExceptions are the source's own.
    private static bool IsOfInflater(Exception broken) => broken is InvalidDataException || broken is IOException && broken.GetType().FullName == "System.IO.Compression.ZLibException";

    private DicomDataException Broken(Exception cause) =>
        new("the deflate stream is broken (PS3.5 annex A.5, RFC 1951)", null, _position, cause);

    /// <summary>A stream whose first bytes have been looked at.</summary>
    private sealed class PrefixedStream(Stream rest) : Stream
    {
        private readonly byte[] _head = new byte[8];
        private int _length;
        private int _at;

        internal ReadOnlySpan<byte> Peeked => _head.AsSpan(0, _length);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => TakeHead(buffer) is > 0 and var taken ? taken : rest.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            TakeHead(buffer.Span) is > 0 and var taken ? ValueTask.FromResult(taken) : rest.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        internal async ValueTask PeekAsync(CancellationToken cancellationToken) =>
            _length = await rest.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);

        internal void Peek() => _length = rest.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);

        private int TakeHead(Span<byte> buffer)
        {
            int taken = Math.Min(buffer.Length, _length - _at);
            _head.AsSpan(_at, taken).CopyTo(buffer);
            _at += taken;
            return taken;
        }
    }
}
