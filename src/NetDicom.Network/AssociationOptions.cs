using System.Net.Security;
using Microsoft.Extensions.Logging;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>How an association is asked for and kept. A time limit of zero or less means none.</summary>
public sealed record AssociationOptions
{
    /// <summary>Title of the application entity asked for. Default <c>ANY-SCP</c>, the habit of the field for "whoever listens there".</summary>
    public string CalledAETitle { get; init; } = "ANY-SCP";

    /// <summary>Presentation contexts to propose. Default null: those of the entity.</summary>
    public IReadOnlyList<PresentationContext>? RequestedContexts { get; init; }

    /// <summary>
    /// Longest P-DATA-TF body we receive, in bytes (PS3.8 annex D.1). Default 262,144: large enough that the header costs nothing, small
    /// enough to stay in the processor's cache. 0 means no limit for the peer; memory is bounded all the same, since PDUs are never held whole.
    /// </summary>
    public uint MaxPduLength { get; init; } = 262_144;

    /// <summary>Time for the TCP connection (all addresses of the host together) and the TLS handshake after it, each. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from A-ASSOCIATE-RQ to its answer. Default 30 s.</summary>
    public TimeSpan AcseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from the end of a request, or from the response before, to the next response. Default 30 s.</summary>
    public TimeSpan DimseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a byte from a peer that is in mid message, or without progress when it does not take what we send. Default 30 s.</summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Least rate of a peer that is in the middle of a PDU or message, in bytes a second; it may be behind by <see cref="NetworkTimeout"/>, and time in which we do not
    /// read does not count. Default 240 (what Kestrel asks of a request body): far below any line in use, and the end of a peer that sends a byte now and then
    /// to keep its place. 0: no such limit.
    /// </summary>
    public int MinReceiveRate { get; init; } = 240;

    /// <summary>Time from A-RELEASE-RQ to A-RELEASE-RP. Default 30 s.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time the peer has to close after the last PDU of ours (PS3.8 section 9.1.5). Default 30 s.</summary>
    public TimeSpan ArtimTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Asynchronous operations window to propose (PS3.7 annex D.3.3.3); 0 means unlimited. Default null: none, since there is equipment that drops the
    /// line when it sees the item. What is granted is used: so many requests are outstanding at a time.
    /// </summary>
    public AsynchronousOperationsWindow? AsynchronousOperationsWindow { get; init; }

    /// <summary>SOP class extended negotiation to propose (56H, PS3.7 annex D.3.3.5), one for a SOP class. Default none.</summary>
    public IReadOnlyList<SopClassExtendedNegotiation> ExtendedNegotiations { get; init; } = [];

    /// <summary>SOP class common extended negotiation to state (57H, PS3.7 annex D.3.3.6), one for a SOP class. Default none.</summary>
    public IReadOnlyList<SopClassCommonExtendedNegotiation> CommonExtendedNegotiations { get; init; } = [];

    /// <summary>User identity to send (PS3.7 annex D.3.3.7). Default none. A passcode travels in the clear unless <see cref="Tls"/> is set.</summary>
    public UserIdentity? UserIdentity { get; init; }

    /// <summary>What is done otherwise for this peer. Default none. Rules of <see cref="QuirkTable"/> that name the peer come on top.</summary>
    public PeerQuirks Quirks { get; init; } = PeerQuirks.None;

    /// <summary>
    /// Peers that are known not to keep to the standard. By its called title a peer is known before it is asked, by its implementation class only when it has answered: then
    /// what concerns the answer and all after it is heeded. Default <see cref="QuirkTable.BuiltIn"/>.
    /// </summary>
    public QuirkTable QuirkTable { get; init; } = QuirkTable.BuiltIn;

    /// <summary>TLS settings; null for a plain connection. <see cref="SslClientAuthenticationOptions.TargetHost"/> is the host when empty.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// Go on with the consumer of <see cref="Association.StoreAsync(IAsyncEnumerable{StorageObject}, StoreOptions?, CancellationToken)"/> on the thread that reads the
    /// association, without a change of threads. Faster for many small objects; only for code that never blocks, since nothing is read meanwhile. Default false.
    /// </summary>
    public bool RunContinuationsInline { get; init; }

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock for all limits. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
