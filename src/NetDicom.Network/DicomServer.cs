using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A listening application entity. It runs until it is stopped or disposed.</summary>
public sealed class DicomServer : IAsyncDisposable
{
    private static readonly TimeSpan s_abortWait = TimeSpan.FromSeconds(2);

    private readonly DicomServerOptions _options;
    private readonly AssociationAcceptor _acceptor;
    private readonly Socket _listener;
    private readonly AssociationLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly ConcurrentDictionary<Connection, byte> _connections = new();
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _placesByAddress = [];
    private Task? _stopped;
    private volatile bool _isStopping;
    private long _connectionNumber;
    private int _pending;
    private int _places;

    internal DicomServer(AETitle title, IReadOnlyList<PresentationContext> supported, ServiceHandlers handlers, int port, DicomServerOptions options)
    {
        _options = options;
        _places = options.MaxAssociations;
        _log = new AssociationLog(options.LoggerFactory);
        _acceptor = new AssociationAcceptor(title, supported, handlers, options);
        _listener = Listen(options.BindAddress, port);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Title = title;
        _log.Listening(title, EndPoint);
        _accepting = AcceptAsync();
    }

    /// <summary>The entity's title.</summary>
    public AETitle Title { get; }

    /// <summary>The address listened at.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The TCP port listened at, also where the system chose it.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Associations open now.</summary>
    public int AssociationCount => _options.MaxAssociations - Volatile.Read(ref _places);

    /// <summary>
    /// Stops: no new connection is taken, open associations may come to their end within <see cref="DicomServerOptions.DrainTimeout"/>, the rest
    /// are aborted. Returns when the last handler has ended.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting: what is open is aborted at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration hurry = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _hurry);
        Task stopped;
        lock (_gate)
            stopped = _stopped ??= StopOnceAsync();
        await stopped.ConfigureAwait(false);
    }

    /// <summary>Stops at once: what is open is aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        // The token sources have neither timers nor links to others, so there is nothing of theirs to dispose, and all of this can be called again.
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
    }

    private static Socket Listen(IPAddress? address, int port)
    {
        Socket socket;
        if (address is null && Socket.OSSupportsIPv6)
        {
            socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            address = IPAddress.IPv6Any;
        }
        else
        {
            address ??= IPAddress.Any;
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        }

        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_isStopping)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (_isStopping)
            {
                return;
            }
            catch (SocketException error)
            {
                // The peer was gone before it was taken, or the process has no handles left: those that are open will give some back.
                _log.AcceptFailed(error);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _options.TimeProvider).ConfigureAwait(false);
                continue;
            }

            var connection = new Connection(this, ++_connectionNumber, socket);
            _connections.TryAdd(connection, 0);
            if (Interlocked.Increment(ref _pending) > _options.MaxPendingConnections)
                CloseOldestPending();
            // Each connection has its own task from here on: neither its handshake nor its silence is seen by the others.
            connection.Serving = Task.Run(() => ServeAsync(connection));
        }
    }

    private void CloseOldestPending()
    {
        Connection? oldest = null;
        foreach (Connection connection in _connections.Keys)
        {
            if (connection.IsPending && (oldest is null || connection.Number < oldest.Number))
                oldest = connection;
        }

        // Counted out at once, not when its task has noticed: a burst would else close the same one again and again and keep the rest.
        oldest?.StopPending();
        oldest?.Close();
    }

    private async Task ServeAsync(Connection connection)
    {
        try
        {
            Association? association = await EstablishAsync(connection).ConfigureAwait(false);
            connection.StopPending();
            if (association is not null)
            {
                await association.Completion.ConfigureAwait(false);
                // A handler that works on after the end still costs what a place stands for: a peer that asks and aborts must not pile them up.
                await association.WhenHandledAsync().ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            // Ours, not the peer's; the other connections go on.
            _log.LoopFailed(error);
        }
        finally
        {
            connection.StopPending();
            connection.Close();
            connection.GiveBackPlace();
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task<Association?> EstablishAsync(Connection connection)
    {
        if (await OpenTransportAsync(connection).ConfigureAwait(false) is not { } transport)
            return null;
        var upperLayer = new UpperLayer(transport, AssociationRole.Acceptor, new UpperLayerOptions
        {
            ArtimTimeout = _options.ArtimTimeout,
            NetworkTimeout = _options.NetworkTimeout,
            MaxPduLength = _options.MaxPduLength,
            TimeProvider = _options.TimeProvider,
            Log = new AssociationLog(_options.LoggerFactory),
        }, AssociationAcceptor.CheckAsProvider);
        connection.UpperLayer = upperLayer;
        return await _acceptor.AcceptAsync(upperLayer, connection.TryTakePlace).ConfigureAwait(false);
    }

    private async Task<Transport?> OpenTransportAsync(Connection connection)
    {
        try
        {
            if (_options.Tls is null)
                return new SocketTransport(connection.Socket);
            connection.Socket.NoDelay = true;
            var tls = new SslStream(new NetworkStream(connection.Socket, ownsSocket: true));
            using var limit = new TimeLimit(_options.TlsHandshakeTimeout, _options.TimeProvider, CancellationToken.None);
            await tls.AuthenticateAsServerAsync(_options.Tls, limit.Token).ConfigureAwait(false);
            return new TlsTransport(tls, connection.Socket);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            _log.HandshakeFailed(error);
            return null;
        }
    }

    private async Task StopOnceAsync()
    {
        _isStopping = true;
        // The port first: whoever comes from here on is told so by the system.
        _listener.Dispose();
        _log.Stopping(Title, AssociationCount);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        foreach (Connection connection in _connections.Keys)
        {
            if (connection.IsPending)
                connection.Close();
        }

        if (_options.DrainTimeout > TimeSpan.Zero)
        {
            using var limit = new TimeLimit(_options.DrainTimeout, _options.TimeProvider, _hurry.Token);
            await Task.WhenAny(AllServedAsync(), Task.Delay(Timeout.InfiniteTimeSpan, limit.Token)).ConfigureAwait(false);
        }

        // Side by side and not awaited alone: an A-ABORT to a peer that does not read stays behind the bytes it does not take.
        Task aborted = Task.WhenAll(_connections.Keys.Select(connection => connection.AbortAsync()));

        // An aborted peer closes at once; one that does not, and a handler that does not heed its token, are not waited for longer than that.
        await Task.WhenAny(Task.WhenAll(aborted, AllServedAsync()), Task.Delay(s_abortWait)).ConfigureAwait(false);
        foreach (Connection connection in _connections.Keys)
            connection.Close();
    }

    /// <summary>Counts an association of that address; false if it has as many as it may.</summary>
    private bool TryTakePlaceFor(IPAddress? address)
    {
        if (_options.MaxAssociationsPerAddress <= 0 || address is null)
            return true;
        lock (_gate)
        {
            int open = _placesByAddress.GetValueOrDefault(address);
            if (open >= _options.MaxAssociationsPerAddress)
                return false;
            _placesByAddress[address] = open + 1;
            return true;
        }
    }

    private void GiveBackPlaceOf(IPAddress? address)
    {
        if (_options.MaxAssociationsPerAddress <= 0 || address is null)
            return;
        lock (_gate)
        {
            if (--_placesByAddress[address] == 0)
                _placesByAddress.Remove(address);
        }
    }

    private Task AllServedAsync() => Task.WhenAll(_connections.Keys.Select(connection => connection.Serving));

    /// <summary>One connection from its acceptance to its end.</summary>
    private sealed class Connection(DicomServer server, long number, Socket socket)
    {
        private int _pending = 1;
        private readonly IPAddress? _address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
        private int _hasPlace;

        public long Number => number;

        public Socket Socket => socket;

        public UpperLayer? UpperLayer { get; set; }

        public Task Serving { get; set; } = Task.CompletedTask;

        /// <summary>True until it has an association, or is over.</summary>
        public bool IsPending => Volatile.Read(ref _pending) != 0;

        public void StopPending()
        {
            if (Interlocked.Exchange(ref _pending, 0) != 0)
                Interlocked.Decrement(ref server._pending);
        }

        public bool TryTakePlace()
        {
            if (Interlocked.Decrement(ref server._places) < 0 || !server.TryTakePlaceFor(_address))
            {
                Interlocked.Increment(ref server._places);
                return false;
            }

            _hasPlace = 1;
            // From here on it is an association: its first message may be at work before its acceptance returns.
            StopPending();
            return true;
        }

        public void GiveBackPlace()
        {
            if (Interlocked.Exchange(ref _hasPlace, 0) != 0)
            {
                server.GiveBackPlaceOf(_address);
                Interlocked.Increment(ref server._places);
            }
        }

        public async Task AbortAsync()
        {
            if (UpperLayer is not { } upperLayer)
            {
                Close();
                return;
            }

            try
            {
                await upperLayer.AbortAsync(new AssociationEnd { Kind = AssociationEndKind.AbortedLocally, AbortSource = AbortSource.ServiceUser }).ConfigureAwait(false);
            }
            catch (AssociationEndedException)
            {
                // It had ended by itself.
            }
        }

        public void Close()
        {
            UpperLayer?.CloseTransport();
            socket.Dispose();
        }
    }
}
