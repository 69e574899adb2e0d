using NetDicom.Protocol;

namespace NetDicom.Network;

// Receiving while nobody takes anything, so that the peer's end is seen.
internal sealed partial class UpperLayer
{
    /// <summary>
    /// Receives on while nothing is taken, as far as the buffer reaches, so that a peer that has gone or aborted is noticed. Returns when
    /// <paramref name="stop"/> completes, or before it when the end has come: what is in the buffer is then to be taken. No limit runs meanwhile, since the peer owes nothing.
    /// </summary>
    public async ValueTask ReadAheadAsync(Task stop)
    {
        while (!stop.IsCompleted && Ended is null)
        {
            if (!_receiver.IsReceivingAhead)
            {
                if (EndsInAbort())
                    return;
                if (!_receiver.TryReceiveAhead())
                {
                    // What the peer says now is behind all this: it is seen when there is room again.
                    await stop.ConfigureAwait(false);
                    return;
                }
            }

            // Its end, or its error, is told to the next reader.
            if (!await _receiver.WaitAheadAsync(stop).ConfigureAwait(false))
                return;
            _abortHinted = false;
        }
    }

    // Only a guess, since the PDUs before it are not looked at; a wrong one costs no more than the buffer once, and a peer gets few of them.
    private bool EndsInAbort()
    {
        ReadOnlySpan<byte> tail = _buffer.Unread.FirstSpan;
        if (tail.Length < 10 || tail[^10] != (byte)PduType.AAbort || !tail[^8..^4].SequenceEqual("\0\0\0\u0004"u8))
            return false;
        if (!_abortHinted)
            _abortHints++;
        _abortHinted = true;
        return _abortHints <= 8;
    }
}
