using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A listening application entity. It runs until it is stopped or disposed.</summary>
public sealed class DicomServer : IAsyncDisposable
{
    private static readonly TimeSpan s_abortWait = TimeSpan.FromSeconds(2);

    private readonly DicomServerOptions _options;
    private readonly AssociationAcceptor _acceptor;
    private readonly AssociationPlaces _places;
    private readonly Socket _listener;
    private readonly AssociationLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly ConcurrentDictionary<ServerConnection, byte> _connections = new();
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private Task? _stopped;
    private volatile bool _isStopping;
    private long _connectionNumber;
    private int _pending;

    internal DicomServer(ApplicationEntity entity, int port, DicomServerOptions options)
    {
        _options = options;
        _places = new AssociationPlaces(options.MaxAssociations, options.MaxAssociationsPerAddress);
        _log = new AssociationLog(options.LoggerFactory);
        _acceptor = CreateAcceptor(entity, options);
        _listener = Listen(options.BindAddress, port);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Title = entity.Title;
        Titles = [Title, .. options.AlsoServe.Select(other => other.Title)];
        _log.Listening(Title, EndPoint);
        // Not in the context of whoever starts it: a server outlives the activity, the request or the test that is current here, and so do its handlers.
        using (ExecutionContext.SuppressFlow())
            _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The title of the entity that started the server.</summary>
    public AETitle Title { get; }

    /// <summary>The titles of all entities that are served here, the one of <see cref="Title"/> first.</summary>
    public IReadOnlyList<AETitle> Titles { get; }

    /// <summary>The address listened at.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The TCP port listened at, also where the system chose it.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Associations open now.</summary>
    public int AssociationCount => _places.Taken;

    /// <summary>Called when it has stopped, before <see cref="StopAsync"/> returns.</summary>
    internal Action? OnStopped { get; set; }

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

    private static AssociationAcceptor CreateAcceptor(ApplicationEntity entity, DicomServerOptions options)
    {
        if (options.AlsoServe.Count == 0)
            return entity.CreateAcceptor(options);
        var byTitle = new Dictionary<AETitle, AssociationAcceptor>();
        foreach (ApplicationEntity other in options.AlsoServe)
        {
            if (other.Title == entity.Title || !byTitle.TryAdd(other.Title, other.CreateAcceptor(options)))
                throw new ArgumentException($"two entities with the title {other.Title} cannot share a port", nameof(options));
        }

        return entity.CreateAcceptor(options, byTitle.GetValueOrDefault);
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
                await Task.Delay(TimeSpan.FromMilliseconds(100), _options.TimeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            ServerConnection connection;
            try
            {
                connection = new ServerConnection(++_connectionNumber, socket, _places, () => Interlocked.Decrement(ref _pending));
            }
            catch (SocketException error)
            {
                // Gone between its acceptance and the question for its address.
                _log.AcceptFailed(error);
                socket.Dispose();
                continue;
            }

            _connections.TryAdd(connection, 0);
            if (Interlocked.Increment(ref _pending) > _options.MaxPendingConnections)
                CloseOldestPending();
            // Each connection has its own task from here on: neither its handshake nor its silence is seen by the others.
            connection.Serving = Task.Run(() => ServeAsync(connection));
        }
    }

    private void CloseOldestPending()
    {
        ServerConnection? oldest = null;
        foreach (ServerConnection connection in _connections.Keys)
        {
            if (connection.IsPending && (oldest is null || connection.Number < oldest.Number))
                oldest = connection;
        }

        // Counted out at once, not when its task has noticed: a burst would else close the same one again and again and keep the rest.
        oldest?.StopPending();
        oldest?.Close();
    }

    private async Task ServeAsync(ServerConnection connection)
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
                if (association.Scope is { } scope)
                    await scope.DisposeAsync().ConfigureAwait(false);
            }
            else if (connection.UpperLayer?.Ended is { Kind: AssociationEndKind.ProtocolViolation or AssociationEndKind.TimedOut } end)
            {
                _log.NotEstablished(connection.RemoteEndPoint, end);
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

    private async Task<Association?> EstablishAsync(ServerConnection connection)
    {
        if (await OpenTransportAsync(connection).ConfigureAwait(false) is not { } transport)
            return null;
        var upperLayer = new UpperLayer(transport, AssociationRole.Acceptor, new UpperLayerOptions
        {
            ArtimTimeout = _options.ArtimTimeout,
            NetworkTimeout = _options.NetworkTimeout,
            MinReceiveRate = _options.MinReceiveRate,
            MaxPduLength = _options.MaxPduLength,
            TimeProvider = _options.TimeProvider,
            Log = new AssociationLog(_options.LoggerFactory),
            Observer = _options.Observer,
        }, AssociationAcceptor.CheckAsProvider);
        connection.UpperLayer = upperLayer;
        return await _acceptor.AcceptAsync(upperLayer, connection.TryTakePlace).ConfigureAwait(false);
    }

    private async Task<Transport?> OpenTransportAsync(ServerConnection connection)
    {
        try
        {
            if (_options.Tls is null && _options.SelectTls is null)
                return new SocketTransport(connection.Socket);
            using var limit = new TimeLimit(_options.TlsHandshakeTimeout, _options.TimeProvider, CancellationToken.None);
            return await TlsHandshake.AcceptAsync(connection.Socket, _options, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _log.HandshakeFailed(new TimeoutException($"not done within {_options.TlsHandshakeTimeout.TotalSeconds} s"), connection.RemoteEndPoint);
            return null;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            _log.HandshakeFailed(error, connection.RemoteEndPoint);
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
        foreach (ServerConnection connection in _connections.Keys)
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
        foreach (ServerConnection connection in _connections.Keys)
            connection.Close();
        OnStopped?.Invoke();
    }

    private Task AllServedAsync() => Task.WhenAll(_connections.Keys.Select(connection => connection.Serving));
}
