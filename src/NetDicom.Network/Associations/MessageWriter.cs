using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The sending end of an association: one message at a time, never interleaved (PS3.8 annex E.2).</summary>
internal sealed class MessageWriter(UpperLayer upperLayer, uint peerMaxPduLength)
{
    /// <summary>More than any command set of ours but one with a long list of tags, headers included.</summary>
    private const int CommandRoom = 1024;

    /// <summary>So many bytes of answers are kept to leave together: some twenty-five to C-STORE.</summary>
    private const int HeldAtMost = 4096;

    /// <summary>A handler that takes longer than this would keep the answer before its own from the peer for as long.</summary>
    private static readonly TimeSpan s_longestHold = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly BufferFiller _filler = new();
    private byte[] _held = [];
    private int _heldLength;
    private long _heldSince;
    private bool _gathers;

    /// <summary>Whether answers may leave together (<see cref="AnswerAsync"/>); for a peer that has several requests under way.</summary>
    public bool GathersAnswers
    {
        set => _gathers = value && Grouping != PduGrouping.OnePduPerWrite;
    }

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

    /// <summary>
    /// Sends an answer, or keeps it so that it leaves with the next ones: a peer that has several requests under way sends them together, and a write for each answer costs both ends more than
    /// the object. Kept are only answers given on the loop's own stack, which calls <see cref="Flush"/> before it waits for anything; whatever else is sent goes behind them.
    /// </summary>
    /// <param name="contextId">The presentation context.</param>
    /// <param name="message">The answer.</param>
    /// <param name="onLoop">Whether the loop is the caller, and nothing was waited for since it took the request.</param>
    public ValueTask AnswerAsync(byte contextId, DimseMessage message, bool onLoop)
    {
        if (!onLoop || !_gathers || !_turn.Wait(0, CancellationToken.None))
            return SendAsync(contextId, message);
        bool isFull;
        try
        {
            if (_heldLength == 0)
            {
                _heldSince = Stopwatch.GetTimestamp();
                if (_held.Length == 0)
                    _held = ArrayPool<byte>.Shared.Rent(HeldAtMost + CommandRoom);
            }
            else if (Stopwatch.GetElapsedTime(_heldSince) > s_longestHold)
            {
                _gathers = false;
            }

            _heldLength = EncodeCommand(contextId, message, ref _held, _heldLength);
            upperLayer.Watch.DimseSent(message, contextId);
            isFull = !_gathers || _heldLength >= HeldAtMost;
        }
        catch (PduViolationException)
        {
            // The peer's limit has no room for anything: the usual way finds the same, and ends the association.
            _gathers = false;
            return SendAsync(contextId, message);
        }
        finally
        {
            GiveTurn();
        }

        return isFull ? new ValueTask(FlushAsync()) : default;
    }

    /// <summary>Lets the answers that are kept go, without waiting for it: the loop reads on, and finds there whatever ends the connection.</summary>
    public void Flush()
    {
        if (_heldLength > 0)
            _ = FlushAsync();
    }

    /// <summary>Returns when the answers that were kept are out, or cannot be any more.</summary>
    public async Task FlushAsync()
    {
        await TakeTurnAsync().ConfigureAwait(false);
        try
        {
            await TransmitAsync(default).ConfigureAwait(false);
        }
        catch (AssociationEndedException)
        {
            // There is nobody to answer any more.
        }
        finally
        {
            GiveTurn();
        }
    }

    /// <summary>Sends whole PDUs of the message whose turn it is, behind the answers that were kept.</summary>
    public ValueTask TransmitAsync(ReadOnlyMemory<byte> pdus) => _heldLength > 0 ? TransmitHeldAsync(pdus) : pdus.IsEmpty ? default : TransmitNowAsync(pdus);

    private async ValueTask TransmitHeldAsync(ReadOnlyMemory<byte> pdus)
    {
        int length = _heldLength;
        _heldLength = 0;
        await upperLayer.SendPDataAsync(_held.AsMemory(0, length)).ConfigureAwait(false);
        if (!pdus.IsEmpty)
            await TransmitNowAsync(pdus).ConfigureAwait(false);
    }

    private ValueTask TransmitNowAsync(ReadOnlyMemory<byte> pdus) => Grouping == PduGrouping.OnePduPerWrite ? TransmitApartAsync(pdus) : upperLayer.SendPDataAsync(pdus);

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
    /// <returns>How many bytes of the buffer are filled now, the <paramref name="filled"/> that were there before included.</returns>
    public int EncodeCommand(byte contextId, DimseMessage message, ref byte[] buffer, int filled = 0)
    {
        lock (_filler)
        {
            int length = 0;
            _filler.Begin(buffer, filled);
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

        public void Begin(byte[] buffer, int filled)
        {
            _buffer = buffer;
            _length = filled;
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
