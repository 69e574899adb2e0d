using System.Buffers;
using System.Net.Sockets;

namespace NetDicom.Network;

/// <summary>
/// The socket under a TLS stream. SslStream takes and gives one record of 16 KiB at a time, and each would be a system call of its own, with a thread put to sleep between: what the
/// system has is read ahead, and the records of one send leave together. No memory is held while nothing is there to be read or sent.
/// </summary>
/// <remarks>One read and one write at a time, as SslStream does. Also remembers the first byte: what is no TLS record is told by its name, not as a "corrupted frame".</remarks>
internal sealed class TlsSocketStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>Bytes read ahead or gathered at most: eight records, which stay in the second-level cache between the system, the cipher and the file.</summary>
    private const int Most = 128 * 1024;

    private readonly Socket _socket = socket;
    private readonly ShortWait _shortWait = new(socket);
    private byte[]? _ahead;
    private int _start;
    private int _end;
    private byte[]? _gathered;
    private int _count;

    /// <summary>The first byte that came; null before.</summary>
    public int? First { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (First is null && !buffer.IsEmpty)
            return ReadFirstAsync(buffer, cancellationToken);
        if (_start < _end)
            return new ValueTask<int>(TakeAhead(buffer.Span));
        if (!_shortWait.ForBytes())
        {
            // Nobody knows for how long.
            LetGo();
            return base.ReadAsync(buffer, cancellationToken);
        }

        return buffer.IsEmpty ? default : HasMoreThan(buffer.Length) ? ReadAheadAsync(buffer, cancellationToken) : base.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>True when the next read needs nothing from the socket: a whole record more is here, wherever the one being read ends (RFC 8446 section 5.2: 2^14 + 256 bytes and a head of 5).</summary>
    public bool HasRecordAhead => _end - _start >= 16384 + 256 + 5;

    /// <summary>What is written from here on is gathered until <see cref="SendGatheredAsync"/>.</summary>
    public void Gather() => _gathered = ArrayPool<byte>.Shared.Rent(Most);

    /// <summary>Sends what was gathered.</summary>
    public async ValueTask SendGatheredAsync(CancellationToken cancellationToken)
    {
        byte[] gathered = _gathered!;
        int count = _count;
        // First of all: whatever happens now, nothing is sent twice.
        _gathered = null;
        _count = 0;
        await base.WriteAsync(gathered.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        // Not after a failure: the system may still be reading it.
        ArrayPool<byte>.Shared.Return(gathered);
    }

    /// <summary>Forgets what a send that failed had gathered: half of it would be of no use to the peer.</summary>
    public void StopGathering()
    {
        _gathered = null;
        _count = 0;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_gathered is null)
            return base.WriteAsync(buffer, cancellationToken);
        if (buffer.Length > _gathered.Length - _count)
            return SendThenAsync(buffer, cancellationToken);
        buffer.CopyTo(_gathered.AsMemory(_count));
        _count += buffer.Length;
        return default;
    }

    private async ValueTask SendThenAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await SendGatheredAsync(cancellationToken).ConfigureAwait(false);
        Gather();
        if (buffer.Length > _gathered!.Length)
        {
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        buffer.CopyTo(_gathered);
        _count = buffer.Length;
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read > 0)
            First ??= buffer.Span[0];
        return read;
    }

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _ahead ??= ArrayPool<byte>.Shared.Rent(Most);
        int read = await base.ReadAsync(_ahead, cancellationToken).ConfigureAwait(false);
        (_start, _end) = (0, read);
        return TakeAhead(buffer.Span);
    }

    private int TakeAhead(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _end - _start);
        _ahead.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private void LetGo()
    {
        if (_ahead is null)
            return;
        ArrayPool<byte>.Shared.Return(_ahead);
        _ahead = null;
    }

    private bool HasMoreThan(int count)
    {
        try
        {
            return _socket.Available > count;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The read that follows says what is wrong.
            return false;
        }
    }
}
