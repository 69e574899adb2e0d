using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Output;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Commands;

/// <summary>Where an SCU's associations go and how: the options of the command line as the library wants them.</summary>
internal sealed class ScuConnection
{
    private readonly ApplicationEntity _entity;
    private readonly AssociationOptions _options;
    private readonly ToolLog _log;
    private readonly Func<TlsServerSettings?> _listenerTls;

    /// <exception cref="UsageException">The called title is given twice.</exception>
    public ScuConnection(ScuOptions options, ParseResult arguments, PeerAddress peer, ToolConsole console)
    {
        if (peer.CalledAETitle is not null && options.CalledTitleGiven(arguments) && peer.CalledAETitle != options.CalledTitle(arguments))
            throw new UsageException($"the called AE title is given twice, '{peer.CalledAETitle}' and '{options.CalledTitle(arguments)}'");
        Peer = peer;
        _log = console.Log;
        _listenerTls = () => options.ListenerTls(arguments, console.Log);
        CalledAETitle = peer.CalledAETitle ?? options.CalledTitle(arguments);
        _entity = new ApplicationEntity(options.CallingTitle(arguments));
        _options = new AssociationOptions
        {
            // The tools' own code between two outcomes writes a line at most.
            RunContinuationsInline = true,
            CalledAETitle = CalledAETitle,
            MaxPduLength = options.MaxPduLength(arguments),
            ConnectTimeout = options.ConnectTimeout(arguments),
            AcseTimeout = options.AcseTimeout(arguments),
            ReleaseTimeout = options.AcseTimeout(arguments),
            DimseTimeout = options.DimseTimeout(arguments),
            NetworkTimeout = options.NetworkTimeout(arguments),
            AsynchronousOperationsWindow = options.Window(arguments),
            QuirkTable = options.Quirks.Read(arguments),
            Tls = options.Tls.Client(arguments, peer.Host),
            UserIdentity = options.Identity.Read(arguments),
            LoggerFactory = console.Log,
        };
    }

    public PeerAddress Peer { get; }

    public string CalledAETitle { get; }

    /// <summary>The receiver as a journal names it.</summary>
    public string Name => $"{CalledAETitle}@{Peer}";

    /// <summary>Longest wait for a response; infinite: none.</summary>
    public TimeSpan DimseTimeout => _options.DimseTimeout;

    /// <summary>Ours: what the peer sends back on the same association, or on one of its own, is answered by its handlers.</summary>
    public ApplicationEntity Entity => _entity;

    /// <summary>How a server listens that a client tool runs for the time of its work (movescu --store, reports of events).</summary>
    /// <exception cref="UsageException">A file for TLS cannot be used.</exception>
    public DicomServerOptions ServerOptions => new()
    {
        SelectTls = _listenerTls() is { } tls ? tls.SelectAsync : null,
        TlsHandshakeTimeout = _options.ConnectTimeout,
        MaxPduLength = _options.MaxPduLength,
        NetworkTimeout = _options.NetworkTimeout,
        DimseTimeout = _options.DimseTimeout,
        QuirkTable = _options.QuirkTable,
        LoggerFactory = _options.LoggerFactory,
    };

    /// <summary>Asks for an association.</summary>
    /// <exception cref="DicomException">There is none: see <see cref="Failures"/>.</exception>
    public Task<Association> OpenAsync(IReadOnlyList<PresentationContext> contexts, CancellationToken cancellationToken) => OpenAsync(contexts, [], cancellationToken);

    /// <summary>Asks for an association, with extended negotiation.</summary>
    /// <exception cref="DicomException">There is none: see <see cref="Failures"/>.</exception>
    public async Task<Association> OpenAsync(IReadOnlyList<PresentationContext> contexts, IReadOnlyList<SopClassExtendedNegotiation> extended, CancellationToken cancellationToken)
    {
        Association association = await _entity.AssociateAsync(Peer.Host, Peer.Port, _options with { RequestedContexts = contexts, ExtendedNegotiations = extended }, cancellationToken);
        // PS3.7 annex D.3.3.7.2: no response means that the acceptor does not support user identity; whether to go on is the requestor's choice.
        if (_options.UserIdentity is { PositiveResponseRequested: true } && association.UserIdentityResponse is null)
            _log.Warn("The peer did not confirm the user identity");
        return association;
    }
}
