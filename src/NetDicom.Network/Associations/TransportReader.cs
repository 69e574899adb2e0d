using System.Runtime.CompilerServices;

namespace NetDicom.Network;

/// <summary>
/// The receiving end of a connection: one buffer, and how long the peer may let us wait. Silence has the limit <see cref="TimeoutKind.NetworkIdle"/>;
/// a peer that owes the rest of a PDU or message and sends it in drops has <see cref="TimeoutKind.ReceiveRate"/>. Only waiting for the peer counts, never the work of a handler.
/// </summary>
internal sealed class TransportReader(Transport transport, Watchdog watchdog, AssociationWatch watch, UpperLayerOptions options)
{
    private readonly double _ticksPerByte = options.MinReceiveRate > 0 ? (double)TimeSpan.TicksPerSecond / options.MinReceiveRate : 0;
    private readonly Lock _restGate = new();
    private bool _holdsNothing;
    private Task<int>? _ahead;
    private TimeSpan _behind;
    private volatile bool _isReceiving;

    public ReceiveBuffer Buffer { get; } = new(ReceiveBuffer.Places.Shared);

    /// <summary>True while bytes are awaited: an expired limit is about the peer then.</summary>
    public bool IsReceiving => _isReceiving;

    /// <summary>Starts the idle limit anew.</summary>
    public void RestartIdle() => watchdog.Set(TimeoutKind.NetworkIdle, options.NetworkTimeout);

    /// <summary>Receives at least one byte into the buffer; 0 at the end of the stream.</summary>
    /// <param name="owed">Whether the peer owes the rest of a PDU or message.</param>
    /// <param name="answer">Whether the peer has a request of ours to answer.</param>
    /// <param name="cancellationToken">Stops the waiting; nothing is lost.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(bool owed, bool answer, CancellationToken cancellationToken)
    {
        // Between two messages the wait is one without a buffer, so that a connection that stays quiet can give its own back meanwhile.
        if (_ahead is null && !transport.HasBytes(owed, answer) && !owed && !cancellationToken.CanBeCanceled)
        {
            ValueTask<int> bytes = transport.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
            _ = bytes.IsCompletedSuccessfully ? bytes.Result : await WaitAsync(bytes, owed, mayRest: true).ConfigureAwait(false);
        }

        // What was begun while nobody took anything goes on into the place it was given: the buffer stays as it is until then.
        ValueTask<int> receive = _ahead is { } ahead
            ? new ValueTask<int>(cancellationToken.CanBeCanceled ? ahead.WaitAsync(cancellationToken) : ahead)
            : transport.ReceiveAsync(Buffer.MakeRoom(), cancellationToken);
        int received = receive.IsCompletedSuccessfully ? receive.Result : await WaitAsync(receive, owed, mayRest: false).ConfigureAwait(false);
        _ahead = null;
        OnReceived(received);
        if (!owed)
            _behind = TimeSpan.Zero;
        else if (_behind > TimeSpan.Zero)
            _behind -= TimeSpan.FromTicks((long)Math.Min(received * _ticksPerByte, _behind.Ticks));
        return received;
    }

    /// <summary>True while a receive is under way for which nobody waits.</summary>
    public bool IsReceivingAhead => _ahead is not null;

    /// <summary>Begins to receive while nothing is taken, as far as the buffer reaches; false if it is full.</summary>
    public bool TryReceiveAhead()
    {
        Memory<byte> room = Buffer.MakeRoomAhead();
        if (room.IsEmpty)
            return false;
        _ahead = BeginAsync(room);
        return true;
    }

    /// <summary>Waits for what was begun, or for <paramref name="stop"/>; no limit runs meanwhile. False if nothing came, or the end, which the next receive tells.</summary>
    public async ValueTask<bool> WaitAheadAsync(Task stop)
    {
        Task<int> ahead = _ahead!;
        await Task.WhenAny(ahead, stop).ConfigureAwait(false);
        if (!ahead.IsCompletedSuccessfully || await ahead.ConfigureAwait(false) is not (> 0 and int received))
            return false;
        _ahead = null;
        OnReceived(received);
        return true;
    }

    /// <summary>Called by the watchdog when nothing has come for <see cref="ReceiveBuffer.QuietTime"/>.</summary>
    public void Rest()
    {
        lock (_restGate)
        {
            if (_holdsNothing)
                Buffer.Release();
        }
    }

    // A socket that was closed meanwhile throws in the call; who waits ahead is to find that in the task, and leave it to the next reader.
    private async Task<int> BeginAsync(Memory<byte> room) => await transport.ReceiveAsync(room, CancellationToken.None).ConfigureAwait(false);

    private void OnReceived(int count)
    {
        Buffer.Received(count);
        if (count > 0)
            watch.Received(Buffer.Unread.FirstSpan[^count..]);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> receive, bool owed, bool mayRest)
    {
        TimeSpan began = watchdog.Now;
        _isReceiving = true;
        RestartIdle();
        if (owed)
        {
            // The peer has more to say and may be waiting for the acknowledgement of what it said.
            transport.AcknowledgeNow();
            // Where nothing was waited for yet, the idle limit is the same.
            if (_behind > TimeSpan.Zero && _ticksPerByte > 0 && options.NetworkTimeout > TimeSpan.Zero)
                watchdog.Set(TimeoutKind.ReceiveRate, TimeSpan.FromTicks(Math.Max(1, (options.NetworkTimeout - _behind).Ticks)));
        }
        else if (mayRest)
        {
            lock (_restGate)
                _holdsNothing = true;
            watchdog.Set(Watchdog.Quiet, ReceiveBuffer.QuietTime);
        }

        try
        {
            return await receive.ConfigureAwait(false);
        }
        finally
        {
            _isReceiving = false;
            watchdog.Clear(TimeoutKind.NetworkIdle);
            if (owed)
            {
                watchdog.Clear(TimeoutKind.ReceiveRate);
                _behind += watchdog.Now - began;
            }
            else if (mayRest)
            {
                lock (_restGate)
                    _holdsNothing = false;
                watchdog.Clear(Watchdog.Quiet);
            }
        }
    }
}
