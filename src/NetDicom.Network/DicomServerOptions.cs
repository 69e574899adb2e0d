using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How a server accepts associations. A time limit of zero or less means none.</summary>
public sealed record DicomServerOptions
{
    /// <summary>Address to listen at. Default null: every address of the machine, IPv4 and IPv6.</summary>
    public IPAddress? BindAddress { get; init; }

    /// <summary>
    /// Longest P-DATA-TF body we receive, in bytes (PS3.8 annex D.1). Default 262,144: large enough that the header costs nothing, small
    /// enough to stay in the processor's cache. 0 means no limit for the peer; memory is bounded all the same, since PDUs are never held whole.
    /// </summary>
    public uint MaxPduLength { get; init; } = 262_144;

    /// <summary>Associations open at one time. One more is answered with A-ASSOCIATE-RJ (transient, presentation, local limit exceeded). Default 100.</summary>
    public int MaxAssociations { get; init; } = 100;

    /// <summary>Associations open at one time from one address; one more is rejected as above. Default 0: no limit of its own.</summary>
    public int MaxAssociationsPerAddress { get; init; }

    /// <summary>
    /// Judges a user identity (58H, PS3.7 annex D.3.3.7). Default null: an identity is neither checked nor answered. The fields are secrets: not to be logged.
    /// An exception rejects for now.
    /// </summary>
    public Func<UserIdentity, AssociationNegotiation, CancellationToken, ValueTask<UserIdentityDecision>>? Authenticate { get; init; }

    /// <summary>With <see cref="Authenticate"/>: refuse a requestor that sends no user identity. Default false.</summary>
    public bool RequireUserIdentity { get; init; }

    /// <summary>
    /// Sees every request that passed the server's own checks before it is answered, and may change the answer item by item or reject. Default null.
    /// An exception rejects for now.
    /// </summary>
    public Func<AssociationNegotiation, CancellationToken, ValueTask>? OnNegotiate { get; init; }

    /// <summary>
    /// Connections at one time that have not asked for an association yet. One more closes the oldest of them: a crowd of silent peers
    /// must not keep an honest one out. Default 1,000.
    /// </summary>
    public int MaxPendingConnections { get; init; } = 1000;

    /// <summary>
    /// Most operations of one association that are worked on side by side, granted to a requestor that proposes an asynchronous operations window
    /// (PS3.7 annex D.3.3.3). Default 16: enough to fill a long line, and a bound on what one peer can set in motion.
    /// </summary>
    public ushort MaxOperationsPerformed { get; init; } = 16;

    /// <summary>Time from the TCP connection to the A-ASSOCIATE-RQ, and for the close after our last PDU (PS3.8 section 9.1.5). Default 30 s.</summary>
    public TimeSpan ArtimTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for the TLS handshake. Default 30 s.</summary>
    public TimeSpan TlsHandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time without a byte from a peer that is in mid message, or has no request open; or without progress when it does not take what we send.
    /// A handler at work does not count. Default 60 s: equipment that holds an association between two images is met often.
    /// </summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Least rate of a peer that is in the middle of a PDU or message, in bytes a second; it may be behind by <see cref="NetworkTimeout"/>, and time in which we do not
    /// read does not count. Default 240 (what Kestrel asks of a request body): far below any line in use, and the end of a peer that sends a byte now and then
    /// to keep its place. 0: no such limit.
    /// </summary>
    public int MinReceiveRate { get; init; } = 240;

    /// <summary>
    /// Time for <see cref="Authenticate"/> and <see cref="OnNegotiate"/> together; then the request is rejected (transient, temporary congestion) and the hook's token fires. Default 30 s: requestors
    /// rarely wait longer.
    /// </summary>
    public TimeSpan NegotiationTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping server lets associations come to their end before it aborts them. Default 10 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Refuse requests whose called AE title is not the entity's. Default false.</summary>
    public bool RequireCalledAETitle { get; init; }

    /// <summary>Calling AE titles that are let in. Default null: all.</summary>
    public IReadOnlyCollection<string>? AllowedCallingAETitles { get; init; }

    /// <summary>Presentation contexts that this server accepts. Default null: those of the entity.</summary>
    public IReadOnlyList<PresentationContext>? SupportedContexts { get; init; }

    /// <summary>
    /// Presentation contexts by calling AE title, for peers that get others than the rest. A title is a claim, not a proof: <see cref="OnNegotiate"/> also sees the certificate and
    /// the identity. Default null: all get the same.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PresentationContext>>? SupportedContextsByPeer { get; init; }

    /// <summary>Peers that are known not to keep to the standard, by calling AE title or implementation class. Default <see cref="QuirkTable.BuiltIn"/>.</summary>
    public QuirkTable QuirkTable { get; init; } = QuirkTable.BuiltIn;

    /// <summary>Time for the response to a request of our own, such as an event report. Default 30 s.</summary>
    public TimeSpan DimseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Accept any abstract syntax that is not a known class of another service as storage, in any transfer syntax. Default false.</summary>
    public bool AcceptUnknownStorage { get; init; }

    /// <summary>Transfer syntaxes in order of preference where several of a context would do. Default null: the order of the requestor. Empty: the order of the supported context.</summary>
    public IReadOnlyList<TransferSyntax>? PreferredTransferSyntaxes { get; init; }

    /// <summary>
    /// TLS settings; null for plain connections. TLS 1.2 and 1.3 unless <see cref="SslServerAuthenticationOptions.EnabledSslProtocols"/> says otherwise (PS3.15 annex B.12).
    /// Plain and TLS never share a port: start one server for each.
    /// </summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// Chooses the TLS settings of each handshake, by the server name that the client asks for (SNI) or because certificates change; see
    /// <see cref="TlsServerSettings"/>. Default null: <see cref="Tls"/> for all. An exception refuses that connection.
    /// </summary>
    public Func<SslClientHelloInfo, CancellationToken, ValueTask<SslServerAuthenticationOptions>>? SelectTls { get; init; }

    /// <summary>
    /// Further entities on the same port: a request is served by the one whose title it calls, with its contexts and handlers; every other by the entity that
    /// started the server. Default none.
    /// </summary>
    public IReadOnlyList<ApplicationEntity> AlsoServe { get; init; } = [];

    /// <summary>
    /// Where the handlers' services come from: each association gets a scope, <see cref="Association.Services"/>, which is disposed of after its last handler.
    /// Default null: none. <see cref="DicomServerServiceCollectionExtensions"/> sets it.
    /// </summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>
    /// Take the next object of a C-GET from its source on the thread that reads the association, without a change of threads: half as fast again on a machine with few processors
    /// (docs/performance.md). Only for sources that never block for long, since nothing is read meanwhile, a C-CANCEL-RQ neither. Default false.
    /// </summary>
    public bool RunContinuationsInline { get; init; }

    /// <summary>Is told what happens on every connection. Default: nobody.</summary>
    public AssociationObserver? Observer { get; init; }

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock for all limits. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
