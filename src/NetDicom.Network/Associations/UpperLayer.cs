using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// One connection with its PS3.8 state machine: bytes in, PDUs out, and the other way. The machine decides; this class does what it says.
/// </summary>
/// <remarks>
/// One reader at a time (the association's loop, or the owner of an open data set, in turn). Writers queue at the write lock, a PDU or
/// a gathered run of PDUs at a time. The machine and the end cause are guarded by one lock that is never held over an await.
/// </remarks>
internal sealed partial class UpperLayer : IDisposable
{
    /// <summary>How long a write in progress may hold up an A-ABORT: the peer has had all the time before, and who aborts wants to be done.</summary>
    private static readonly TimeSpan s_lastWrite = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_never = TimeSpan.FromDays(36_500);

    private readonly Transport _transport;
    private readonly UpperLayerMachine _machine;
    private readonly PduReader _reader;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writeLock = new(1, 1);
    private readonly TimeSpan _networkTimeout;
    private readonly TransportReader _receiver;
    private readonly ReceiveBuffer _buffer;
    private bool _junk;
    private bool _midMessage;
    private bool _passOver;
    private volatile bool _sending;
    private int _abortHints;
    private bool _abortHinted;
    private volatile bool _hurried;
    private long? _takenBefore;
    private AssociationEnd? _ended;

    public UpperLayer(Transport transport, AssociationRole role, UpperLayerOptions options, Func<AAssociateRQ, AAssociateRJ?>? providerCheck = null)
    {
        _transport = transport;
        _networkTimeout = options.NetworkTimeout;
        TimeProvider = options.TimeProvider;
        Log = options.Log;
        Watchdog = new Watchdog(options.TimeProvider, OnExpired);
        Watch = new AssociationWatch(role, options.Observer, Log);
        Watch.ConnectionOpened(transport.LocalEndPoint, transport.RemoteEndPoint);
        _receiver = new TransportReader(transport, Watchdog, Watch, options);
        _buffer = _receiver.Buffer;
        _machine = new UpperLayerMachine(role, options.ArtimTimeout > TimeSpan.Zero && options.ArtimTimeout < s_never ? options.ArtimTimeout : s_never, providerCheck);
        _reader = new PduReader(new PduLimits()) { MaxPDataLength = options.MaxPduLength };
    }

    public AssociationLog Log { get; }

    public Watchdog Watchdog { get; }

    /// <summary>Observer, metrics and traces.</summary>
    public AssociationWatch Watch { get; }

    /// <summary>The clock of all limits.</summary>
    public TimeProvider TimeProvider { get; }

    public EndPoint? LocalEndPoint => _transport.LocalEndPoint;

    public EndPoint? RemoteEndPoint => _transport.RemoteEndPoint;

    public X509Certificate2? PeerCertificate => _transport.PeerCertificate;

    /// <summary>What is done otherwise for the peer, once it is known.</summary>
    public PeerQuirks Quirks { get; private set; } = PeerQuirks.None;

    public void TakeQuirks(PeerQuirks quirks)
    {
        Quirks = quirks;
        if (!quirks.IsNone)
            Log.QuirksTaken(quirks);
    }

    /// <summary>Longest P-DATA-TF body taken, in bytes: what is announced to the peer.</summary>
    public uint MaxPduLength
    {
        set => _reader.MaxPDataLength = value;
    }

    public UlState State
    {
        get
        {
            lock (_gate)
                return _machine.State;
        }
    }

    /// <summary>How it ended; null while it has not.</summary>
    public AssociationEnd? Ended => Volatile.Read(ref _ended);

    /// <summary>Called once, at once, from whichever thread finds that the association is over: pending work is to be failed.</summary>
    public Action<AssociationEnd>? OnEnded { get; set; }

    /// <summary>Called before bytes are awaited: what was kept to be sent together leaves. It must not wait.</summary>
    public Action? BeforeReceiving { get; set; }

    /// <summary>Asked before bytes are awaited: whether the peer has a request of ours to answer. True as long as there is no association.</summary>
    public Func<bool>? ExpectsAnswer { get; set; }

    /// <summary>Asked when the idle limit passes: whether the peer is really the one we wait for.</summary>
    public Func<bool>? IsWaitingForPeer { get; set; }

    /// <summary>The piece of a PDV at hand after <see cref="UlToken.Fragment"/>, in one segment, until the next read.</summary>
    public ReadOnlySequence<byte> Fragment => _reader.Fragment;

    /// <summary>The association PDU the machine has just indicated.</summary>
    public Pdu? Pdu { get; private set; }

    /// <summary>Memory that the receive buffer holds, in bytes.</summary>
    public int BufferLength => _buffer.Length;

    /// <summary>True while the peer owes the rest of a PDU.</summary>
    public bool MidPdu => _reader.MidPdu || !_buffer.IsEmpty;

    /// <summary>
    /// Reads until there is something for the user. Ends with <see cref="AssociationEndedException"/> when the association is over, after
    /// the last PDU was sent and the peer had its time to take it.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UlToken> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            PduToken token;
            try
            {
                token = NextToken();
            }
            catch (PduViolationException violation)
            {
                await OnViolationAsync(violation).ConfigureAwait(false);
                continue;
            }

            switch (token)
            {
                case PduToken.NeedMoreData:
                    if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                        await OnTransportClosedAsync().ConfigureAwait(false);
                    continue;
                case PduToken.PDataTF:
                    _passOver = !AcceptPData();
                    if (_passOver)
                        await ApplyAsync(UlEvent.Evt10, null, AbortReason.UnexpectedPdu).ConfigureAwait(false);
                    continue;
                case PduToken.PdvFragment:
                    // In Sta13 whatever still comes is passed over (AA-6), also where there was never an association that could have ended.
                    if (!_passOver && Ended is null)
                        return UlToken.Fragment;
                    continue;
                case PduToken.Pdu:
                    UlToken? seen = await OnPduAsync(_reader.Pdu).ConfigureAwait(false);
                    if (seen is { } found)
                    {
                        Pdu = _reader.Pdu;
                        return found;
                    }

                    continue;
                default:
                    continue;
            }
        }
    }

    /// <summary>Gives the piece at hand to the assembler.</summary>
    /// <exception cref="PduViolationException">It may not come now.</exception>
    public MessageToken Assemble(PdvAssembler assembler)
    {
        MessageToken token = assembler.Accept(_reader);
        _midMessage = assembler.MidMessage;
        return token;
    }

    /// <summary>Starts the idle limit anew: bytes are awaited, or the last handler has just ended.</summary>
    public void RestartIdle() => _receiver.RestartIdle();

    /// <summary>Issues a request or response primitive of the local user; a PDU that follows from it is sent.</summary>
    public async ValueTask RequestAsync(UlEvent evt, Pdu? pdu = null)
    {
        await ApplyAsync(evt, pdu, AbortReason.NotSpecified).ConfigureAwait(false);
    }

    /// <summary>Sends bytes that are whole P-DATA-TF PDUs. The caller holds the message turn.</summary>
    /// <exception cref="AssociationEndedException">The association is over.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendPDataAsync(ReadOnlyMemory<byte> pdus)
    {
        Task turn = _writeLock.WaitAsync();
        if (!turn.IsCompletedSuccessfully)
            await turn.ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                if (_ended is not null)
                    throw _ended.ToException();
                // DT-1 in Sta6; AR-7 in Sta8, for what we still owe after the peer asked for release. In the other states our own release is under way.
                if (UpperLayerMachine.ActionFor(_machine.State, UlEvent.Evt9) == UlAction.None)
                    throw new AssociationEnd { Kind = AssociationEndKind.Released }.ToException();
                Handle(UlEvent.Evt9);
            }

            Watch.PDataSent(pdus.Span);
            await TransmitAsync(pdus).ConfigureAwait(false);
        }
        finally
        {
            _writeLock.Release();
        }
    }

    /// <summary>Gives a write in progress little more time: an A-ABORT waits behind it, or will.</summary>
    public void HurryWrite()
    {
        if (!_sending)
            return;
        _hurried = true;
        Watchdog.Set(TimeoutKind.NetworkSend, s_lastWrite);
    }

    /// <summary>Sends A-ABORT where the state allows it and ends the association. Returns when it is sent or cannot be.</summary>
    public async ValueTask AbortAsync(AssociationEnd end)
    {
        if (!TryEnd(end))
            return;
        bool inOpenState;
        lock (_gate)
            inOpenState = _machine.State is not (UlState.Sta1 or UlState.Sta2 or UlState.Sta4 or UlState.Sta13);
        if (inOpenState)
        {
            await ApplyAsync(UlEvent.Evt15, null, AbortReason.NotSpecified).ConfigureAwait(false);
            return;
        }

        CloseTransport();
    }

    /// <summary>Closes the connection without a word: for what has no association yet, or no time left.</summary>
    public void CloseTransport()
    {
        TryEnd(new AssociationEnd { Kind = AssociationEndKind.ConnectionLost });
        Watchdog.Dispose();
        _transport.Dispose();
        Watch.ConnectionClosed(Ended);
    }

    public void Dispose()
    {
        CloseTransport();
        _buffer.Release();
    }

    /// <summary>Feeds an event that neither comes from the peer nor sends a PDU: transport connection opened or accepted.</summary>
    public void Start(UlEvent evt, Pdu? pdu = null)
    {
        lock (_gate)
        {
            Handle(evt, pdu);
            while (_machine.TryTakeEffect(out _))
            {
                // AE-1 asks for a connection, which exists: the connect is the caller's, under its own limit.
            }

            WatchArtim();
        }
    }

    private PduToken NextToken()
    {
        if (_junk)
        {
            _buffer.Clear();
            return PduToken.NeedMoreData;
        }

        ReadOnlySequence<byte> input = _buffer.Unread;
        PduToken token = _reader.Read(ref input);
        _buffer.KeepLast(input.Length);
        return token;
    }

    // Under the lock.
    private void Handle(UlEvent evt, Pdu? pdu = null, AbortReason reason = AbortReason.NotSpecified)
    {
        UlState before = _machine.State;
        _machine.Handle(evt, Watchdog.Now, pdu, reason);
        if (Watch.HasObserver)
            Watch.StateChanged(before, evt, UpperLayerMachine.ActionFor(before, evt), _machine.State);
    }

    private bool AcceptPData()
    {
        Watch.PDataReceived();
        lock (_gate)
        {
            if (_machine.State is not (UlState.Sta6 or UlState.Sta7))
                return false;
            Handle(UlEvent.Evt10);
            while (_machine.TryTakeEffect(out _))
            {
                // DT-2 and AR-6 indicate P-DATA: the fragments that follow are the indication.
            }

            return true;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        BeforeReceiving?.Invoke();
        try
        {
            int received = await _receiver.ReceiveAsync(_midMessage || MidPdu, ExpectsAnswer?.Invoke() ?? true, cancellationToken).ConfigureAwait(false);
            _abortHinted = false;
            return received > 0;
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            TryEnd(new AssociationEnd { Kind = AssociationEndKind.ConnectionLost, Exception = error is ObjectDisposedException ? null : error });
            return false;
        }
    }

    private async ValueTask<UlToken?> OnPduAsync(Pdu pdu)
    {
        Log.PduReceived(pdu);
        Watch.PduReceived(pdu);
        UlEvent evt = UpperLayerMachine.EventFor(pdu.Type);
        return await ApplyAsync(evt, pdu, AbortReason.UnexpectedPdu).ConfigureAwait(false);
    }

    private async ValueTask OnViolationAsync(PduViolationException violation)
    {
        // The framing is lost: nothing behind this point can be read as PDUs any more.
        _junk = true;
        _buffer.Clear();
        TryEnd(new AssociationEnd { Kind = AssociationEndKind.ProtocolViolation, AbortSource = AbortSource.ServiceProvider, AbortReason = violation.Reason, Exception = violation });
        await ApplyAsync(UlEvent.Evt19, null, violation.Reason).ConfigureAwait(false);
    }

    /// <summary>A rule above the PDU layer was broken (assembly of PDVs, unknown context): same answer as for a malformed PDU.</summary>
    public ValueTask ViolateAsync(PduViolationException violation) => OnViolationAsync(violation);

    private async ValueTask OnTransportClosedAsync()
    {
        TryEnd(new AssociationEnd { Kind = AssociationEndKind.ConnectionLost });
        bool known;
        lock (_gate)
            known = _machine.State is not (UlState.Sta1 or UlState.Sta4);
        if (known)
            await ApplyAsync(UlEvent.Evt17, null, AbortReason.NotSpecified).ConfigureAwait(false);
        CloseTransport();
        throw Ended!.ToException();
    }

    /// <summary>Runs one event through the machine and does what it asks. Answers what the user has to see, if anything.</summary>
    private async ValueTask<UlToken?> ApplyAsync(UlEvent evt, Pdu? pdu, AbortReason reason)
    {
        Pdu? toSend = null;
        bool close = false;
        UlIndication indication = UlIndication.None;
        UlToken? token;
        AssociationEnd? end;
        bool ended;
        lock (_gate)
        {
            if (UpperLayerMachine.ActionFor(_machine.State, evt) == UlAction.None)
            {
                // Two threads met: for instance an abort of ours while the peer's A-ABORT was taken. The cell is empty because nothing is left to do.
                return null;
            }

            Handle(evt, pdu, reason);
            while (_machine.TryTakeEffect(out UlEffect effect))
            {
                switch (effect.Kind)
                {
                    case UlEffectKind.SendPdu:
                        toSend = effect.Pdu;
                        break;
                    case UlEffectKind.CloseTransport:
                        close = true;
                        break;
                    case UlEffectKind.Indicate:
                        indication = effect.Indication;
                        break;
                }
            }

            token = UlTokens.For(indication, _machine.State);
            end = UlTokens.EndFor(evt, token, pdu, toSend);
            // Together with the state, so that who sends a message sees either both or none.
            ended = end is not null && Interlocked.CompareExchange(ref _ended, end, null) is null;
            WatchArtim();
        }

        // Told before the last PDU leaves, so that no message slips in behind it.
        if (ended)
            OnEnded?.Invoke(end!);
        if (toSend is not null)
            await SendControlAsync(toSend).ConfigureAwait(false);
        if (close)
        {
            CloseTransport();
            if (Ended is { } over && token is null)
                throw over.ToException();
        }

        return token;
    }

    private async ValueTask SendControlAsync(Pdu pdu)
    {
        Log.PduSent(pdu);
        Watch.PduSent(pdu);
        var bytes = new ArrayBufferWriter<byte>(256);
        pdu.Write(bytes);
        // A peer that does not read must not hold up its own abort.
        if (pdu.Type == PduType.AAbort)
            HurryWrite();
        await _writeLock.WaitAsync().ConfigureAwait(false);
        try
        {
            await TransmitAsync(bytes.WrittenMemory).ConfigureAwait(false);
            if (pdu.Type is PduType.AAbort or PduType.AReleaseRP or PduType.AAssociateRJ && State == UlState.Sta13)
                _transport.ShutdownSend();
        }
        catch (AssociationEndedException) when (pdu.Type == PduType.AAbort)
        {
            // There was nobody left to tell.
        }
        finally
        {
            _writeLock.Release();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TransmitAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Watch.Sent(bytes.Span);
            ValueTask send = _transport.SendAsync(bytes, CancellationToken.None);
            if (send.IsCompletedSuccessfully)
            {
                send.GetAwaiter().GetResult();
                return;
            }

            _takenBefore = _transport.BytesTaken;
            _hurried = false;
            Watchdog.Set(TimeoutKind.NetworkSend, _networkTimeout);
            _sending = true;
            // An abort that came before it could be seen that we send has not hurried this.
            if (Ended is { Kind: not AssociationEndKind.Released })
                HurryWrite();
            await send.ConfigureAwait(false);
            _sending = false;
            Watchdog.Clear(TimeoutKind.NetworkSend);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // The reader may be about to find an A-ABORT that explains this; the first cause found is the one told.
            TryEnd(new AssociationEnd { Kind = AssociationEndKind.ConnectionLost, Exception = error is ObjectDisposedException ? null : error });
            throw Ended!.ToException();
        }
    }

    private bool TryEnd(AssociationEnd end)
    {
        if (Interlocked.CompareExchange(ref _ended, end, null) is not null)
            return false;
        OnEnded?.Invoke(end);
        return true;
    }

    /// <summary>The association ended in order: all was answered and released.</summary>
    public void EndReleased() => TryEnd(new AssociationEnd { Kind = AssociationEndKind.Released });
}
