using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The sending end of an association: one message at a time, never interleaved (PS3.8 annex E.2).</summary>
internal sealed class MessageWriter(UpperLayer upperLayer, uint peerMaxPduLength)
{
    /// <summary>More than any command set of ours but one with a long list of tags, headers included.</summary>
    private const int CommandRoom = 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly BufferFiller _filler = new();

    /// <summary>Waits until no other message of ours is on its way out.</summary>
    public ValueTask TakeTurnAsync(CancellationToken cancellationToken = default)
    {
        Task turn = _turn.WaitAsync(cancellationToken);
        return turn.IsCompletedSuccessfully ? default : new ValueTask(turn);
    }

    public void GiveTurn() => _turn.Release();

    /// <summary>The longest fragment the peer takes in one PDU, at most <paramref name="cap"/>.</summary>
    /// <exception cref="PduViolationException">The peer's limit has no room for anything.</exception>
    public int MaxFragmentLength(int cap) => PDataWriter.MaxFragmentLength(upperLayer.Quirks.Within(peerMaxPduLength), cap);

    /// <summary>How PDUs are put together and written.</summary>
    public PduGrouping Grouping => upperLayer.Quirks.Grouping;

    /// <summary>Sends a message without a data set.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(byte contextId, DimseMessage message)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CommandRoom);
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            int length = EncodeCommand(contextId, message, ref buffer);
            upperLayer.Watch.DimseSent(message, contextId);
            await TransmitAsync(buffer.AsMemory(0, length)).ConfigureAwait(false);
        }
        catch (PduViolationException violation)
        {
            await upperLayer.ViolateAsync(violation).ConfigureAwait(false);
            throw upperLayer.Ended!.ToException();
        }
        finally
        {
            GiveTurn();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends whole PDUs of the message whose turn it is.</summary>
    public ValueTask TransmitAsync(ReadOnlyMemory<byte> pdus) => Grouping == PduGrouping.OnePduPerWrite ? TransmitApartAsync(pdus) : upperLayer.SendPDataAsync(pdus);

    private async ValueTask TransmitApartAsync(ReadOnlyMemory<byte> pdus)
    {
        while (!pdus.IsEmpty)
        {
            int length = PDataWriter.PduHeaderLength + (int)BinaryPrimitives.ReadUInt32BigEndian(pdus.Span[2..]);
            await upperLayer.SendPDataAsync(pdus[..length]).ConfigureAwait(false);
            pdus = pdus[length..];
        }
    }

    /// <summary>Writes the command set as PDUs to the front of <paramref name="buffer"/>, which is exchanged for a larger one if need be. The caller has the turn, or a message nobody sees yet.</summary>
    public int EncodeCommand(byte contextId, DimseMessage message, ref byte[] buffer)
    {
        lock (_filler)
        {
            int length = 0;
            _filler.Begin(buffer);
            try
            {
                PdvFragmenter.WriteCommand(_filler, message, contextId, MaxFragmentLength(int.MaxValue));
            }
            finally
            {
                // Also on failure: the array given may be back in the pool already, and the caller must not return it once more.
                buffer = _filler.End(out length);
            }

            return length;
        }
    }

    /// <summary>The message whose turn it is begins to leave.</summary>
    public void OnSending(byte contextId, DimseMessage message) => upperLayer.Watch.DimseSent(message, contextId);

    /// <summary>See <see cref="UpperLayer.HurryWrite"/>.</summary>
    public void HurryWrite() => upperLayer.HurryWrite();

    public ValueTask AbortAsync() =>
        upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally, AbortSource = AbortSource.ServiceUser });

    /// <summary>An <see cref="IBufferWriter{T}"/> over a pooled array.</summary>
    private sealed class BufferFiller : IBufferWriter<byte>
    {
        private byte[] _buffer = [];
        private int _length;

        public void Begin(byte[] buffer)
        {
            _buffer = buffer;
            _length = 0;
        }

        public byte[] End(out int length)
        {
            byte[] buffer = _buffer;
            length = _length;
            _buffer = [];
            return buffer;
        }

        public void Advance(int count) => _length += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            MakeRoom(sizeHint);
            return _buffer.AsMemory(_length);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            MakeRoom(sizeHint);
            return _buffer.AsSpan(_length);
        }

        private void MakeRoom(int sizeHint)
        {
            if (_buffer.Length - _length >= Math.Max(sizeHint, 1))
                return;
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + sizeHint));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
