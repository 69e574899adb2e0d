using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// An application entity (PS3.8 section 5.1): a title, the presentation contexts it asks for or supports, and what it answers. It can ask for
/// associations and serve them; it holds no connection itself. It may listen at several ports at a time, each with options of its own: plain and TLS, for one.
/// </summary>
/// <remarks>Set it up first, then use it from any number of threads: an association or server takes the settings as they are when it starts.</remarks>
public sealed partial class ApplicationEntity
{
    private readonly List<PresentationContext> _requested = [];
    private readonly List<PresentationContext> _supported = [];
    private readonly ServiceHandlers _handlers;
    private readonly ConcurrentDictionary<DicomServer, byte> _servers = new();

    /// <summary>An entity with the title <paramref name="title"/>.</summary>
    /// <exception cref="FormatException">It is not an AE title: 1 to 16 characters from 20H to 7EH without backslash.</exception>
    public ApplicationEntity(string title)
    {
        Title = AETitle.Parse(title);
        _handlers = new ServiceHandlers { Title = Title };
    }

    /// <summary>The title: calling AE title as requestor, the entity's own as acceptor.</summary>
    public AETitle Title { get; }

    /// <summary>Limits and paces of its services, in both roles.</summary>
    public ServiceOptions ServiceOptions
    {
        get => _handlers.Options;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _handlers.Options = value;
        }
    }

    /// <summary>What an association asks for unless its options say otherwise.</summary>
    public IReadOnlyList<PresentationContext> RequestedContexts => _requested;

    /// <summary>What a server accepts.</summary>
    public IReadOnlyList<PresentationContext> SupportedContexts => _supported;

    /// <summary>Asks for <paramref name="abstractSyntax"/> in one presentation context.</summary>
    /// <param name="abstractSyntax">A SOP class or Meta SOP class.</param>
    /// <param name="transferSyntaxes">The peer chooses one of them. None given: <see cref="PresentationContexts.DefaultTransferSyntaxes"/>.</param>
    public void AddRequestedContext(DicomUid abstractSyntax, params IEnumerable<TransferSyntax> transferSyntaxes) =>
        _requested.Add(PresentationContexts.Create(abstractSyntax, transferSyntaxes));

    /// <summary>Asks for all of <paramref name="contexts"/>.</summary>
    public void AddRequestedContexts(IEnumerable<PresentationContext> contexts) => _requested.AddRange(contexts);

    /// <summary>Supports <paramref name="abstractSyntax"/> as acceptor.</summary>
    /// <param name="abstractSyntax">A SOP class or Meta SOP class.</param>
    /// <param name="transferSyntaxes">Those that are accepted. None given: <see cref="PresentationContexts.DefaultTransferSyntaxes"/>.</param>
    public void AddSupportedContext(DicomUid abstractSyntax, params IEnumerable<TransferSyntax> transferSyntaxes) =>
        _supported.Add(PresentationContexts.Create(abstractSyntax, transferSyntaxes));

    /// <summary>Supports all of <paramref name="contexts"/> as acceptor.</summary>
    public void AddSupportedContexts(IEnumerable<PresentationContext> contexts) => _supported.AddRange(contexts);

    /// <summary>Connects to <paramref name="host"/> and asks for an association.</summary>
    /// <param name="host">Host name or address, IPv4 or IPv6; all addresses of a name are tried.</param>
    /// <param name="port">TCP port, 1 to 65535.</param>
    /// <param name="options">Called AE title, limits, TLS and the rest; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up: the connection is closed, after A-ABORT if the request was sent.</param>
    /// <exception cref="ConnectionFailedException">No connection.</exception>
    /// <exception cref="AssociationRejectedException">The peer said no.</exception>
    /// <exception cref="AssociationEndedException">The peer aborted or closed, or did not answer in time.</exception>
    /// <exception cref="ArgumentException">No presentation context was asked for, or more than 128.</exception>
    public Task<Association> AssociateAsync(string host, int port, AssociationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        options ??= new AssociationOptions();
        return AssociationRequestor.AssociateAsync(Title, options.RequestedContexts ?? [.. _requested], _handlers.Copy(), host, port, options, cancellationToken);
    }

    /// <summary>Listens and accepts associations until the server is stopped. Returns as soon as the port is open.</summary>
    /// <param name="port">TCP port; 0 lets the system choose, see <see cref="DicomServer.Port"/>.</param>
    /// <param name="options">Limits, admission, TLS and the rest; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up before the port is open; a server that runs is stopped by <see cref="DicomServer.StopAsync"/>.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken or the address is not the machine's.</exception>
    public Task<DicomServer> StartServerAsync(int port, DicomServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        cancellationToken.ThrowIfCancellationRequested();
        var server = new DicomServer(this, port, options ?? new DicomServerOptions());
        _servers.TryAdd(server, 0);
        server.OnStopped = () => _servers.TryRemove(server, out _);
        return Task.FromResult(server);
    }

    /// <summary>Stops every server that this entity has started and that still runs, side by side, as <see cref="DicomServer.StopAsync"/> does.</summary>
    /// <param name="cancellationToken">Ends the waiting: what is open is aborted at once.</param>
    public Task StopServersAsync(CancellationToken cancellationToken = default) => Task.WhenAll(_servers.Keys.Select(server => server.StopAsync(cancellationToken)));

    /// <summary>What a server needs of the entity, as it is now.</summary>
    internal AssociationAcceptor CreateAcceptor(DicomServerOptions options, Func<AETitle, AssociationAcceptor?>? route = null) =>
        new(Title, [.. _supported], _handlers.Copy(), options) { Route = route };

    /// <summary>Serves until <paramref name="cancellationToken"/> fires, then stops as <see cref="DicomServer.StopAsync"/> does.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken or the address is not the machine's.</exception>
    public async Task RunServerAsync(int port, DicomServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        DicomServer server = await StartServerAsync(port, options, CancellationToken.None).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable disposing = server.ConfigureAwait(false);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stop))
            await stop.Task.ConfigureAwait(false);
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
