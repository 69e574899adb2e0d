using System.Buffers;
using System.Buffers.Binary;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A message with a data set, on its way out: command PDU and data PDUs side by side in one buffer, the data read straight into its place
/// behind the room left for the headers. The buffer is sent when it is full: many small PDUs, or command and data, leave in one write.
/// </summary>
internal sealed class OutgoingMessage : IDisposable
{
    /// <summary>One write's worth: fits the second-level cache, and larger writes gain nothing on a loopback or a 10 Gbit line.</summary>
    private const int BufferSize = 256 * 1024;

    /// <summary>An object that is smaller than this gets a buffer of its size.</summary>
    private const int SmallestBuffer = 4096;

    private readonly MessageWriter _writer;
    private readonly byte _contextId;
    private readonly DimseMessage _command;
    private readonly OpenedStorageObject _source;
    private readonly int _maxFragment;
    private byte[] _buffer;
    private int _filled;
    private int _dataFilled;
    private bool _lastFilled;
    private int _joinRoom;

    private OutgoingMessage(MessageWriter writer, byte contextId, DimseMessage command, OpenedStorageObject source, byte[] buffer)
    {
        _command = command;
        _writer = writer;
        _contextId = contextId;
        _source = source;
        _buffer = buffer;
        // A fragment that fits the buffer behind its header, so that no PDU needs more than one write.
        _maxFragment = writer.MaxFragmentLength(buffer.Length - PDataWriter.PDataHeaderLength);
    }

    /// <summary>Whether any byte of it may have left.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Bytes of the data set handed to the transport.</summary>
    public long DataSetBytesSent { get; private set; }

    /// <summary>Encodes the command set and reads the first bytes of the data set, so that sending can start at once.</summary>
    public static async ValueTask<OutgoingMessage> PrepareAsync(
        MessageWriter writer, byte contextId, DimseMessage command, OpenedStorageObject source, CancellationToken cancellationToken)
    {
        int size = source.Remaining is { } remaining && remaining < BufferSize - SmallestBuffer ? (int)remaining + SmallestBuffer : BufferSize;
        var message = new OutgoingMessage(writer, contextId, command, source, ArrayPool<byte>.Shared.Rent(size));
        try
        {
            message._filled = writer.EncodeCommand(contextId, command, ref message._buffer);
            message._joinRoom = writer.Grouping == PduGrouping.CommandWithData ? message.RoomBehindCommand() : 0;
            await message.FillAsync(cancellationToken).ConfigureAwait(false);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <summary>Sends all of it. Between the first byte and the last no other message of ours goes out.</summary>
    /// <exception cref="AssociationEndedException">The association ended.</exception>
    /// <exception cref="ObjectReadException">The source failed in mid-message; the association is aborted.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; in mid-message the association is aborted.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _writer.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        // A write cannot be cancelled: what the peer has of a PDU it must get whole. Where it does not take it, the connection goes.
        using CancellationTokenRegistration hurry = cancellationToken.UnsafeRegister(static writer => ((MessageWriter)writer!).HurryWrite(), _writer);
        try
        {
            _writer.OnSending(_contextId, _command);
            while (true)
            {
                IsStarted = true;
                ValueTask transmission = _writer.TransmitAsync(_buffer.AsMemory(0, _filled));
                // A cancellation between two writes finds none to hurry.
                if (!transmission.IsCompleted && cancellationToken.IsCancellationRequested)
                    _writer.HurryWrite();
                await transmission.ConfigureAwait(false);
                DataSetBytesSent += _dataFilled;
                if (_lastFilled)
                    return;
                _filled = _dataFilled = 0;
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await FillAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error)
                {
                    // PS3.7 has no way to take half a message back.
                    await _writer.AbortAsync().ConfigureAwait(false);
                    // A source may cancel by itself, when a limit of its own passes; that is not the caller's wish.
                    if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                        throw;
                    throw new ObjectReadException(error);
                }
            }
        }
        finally
        {
            _writer.GiveTurn();
        }
    }

    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Room for data in the PDU of the command set, if it is one PDU: what the peer's limit leaves behind it and a second PDV header.</summary>
    private int RoomBehindCommand()
    {
        int command = (int)BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(2));
        int room = (_maxFragment - command) & ~1;
        return PDataWriter.PduHeaderLength + command == _filled && room >= 2 ? room : 0;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        while (!_lastFilled)
        {
            bool joins = _joinRoom > 0;
            int header = joins ? PDataWriter.PdvHeaderLength : PDataWriter.PDataHeaderLength;
            int most = joins ? _joinRoom : _maxFragment;
            int room = _buffer.Length - _filled - header;
            int fragment = Math.Min(most, room & ~1);
            // A PDU of fewer bytes than there are to come only fills up the end of the buffer; not worth a header unless the buffer is empty.
            if (fragment < 2 || (!joins && _filled > 0 && fragment < Math.Min(most, _source.Remaining ?? long.MaxValue) && fragment < SmallestBuffer))
                return;
            int read = await _source.ReadAsync(_buffer.AsMemory(_filled + header, fragment), cancellationToken).ConfigureAwait(false);
            _lastFilled = _source.IsAtEnd;
            // A fragment is even (PS3.8 annex E.2), and peers abort over an odd one. A data set is even but for a deflated one, whose stream is padded
            // with one zero (PS3.5 annex A.5), and one cut off in a file: padded alike, it costs only itself and not the association.
            if ((read & 1) != 0)
                _buffer[_filled + header + read++] = 0;
            if (joins)
                PDataWriter.AppendPdvHeader(_buffer, _filled, (uint)read, _contextId, isCommand: false, isLast: _lastFilled);
            else
                PDataWriter.WritePDataHeader(_buffer.AsSpan(_filled), (uint)read, _contextId, isCommand: false, isLast: _lastFilled);
            _joinRoom = 0;
            _filled += header + read;
            _dataFilled += read;
        }
    }
}
