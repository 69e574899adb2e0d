using System.Net;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>An open association (PS3.8 section 3.5.1), as requestor or acceptor.</summary>
/// <remarks>
/// All members can be used from any thread. Disposing releases an idle association and aborts one in mid-message. When an association has
/// ended every operation on it throws <see cref="AssociationEndedException"/>, which tells how.
/// </remarks>
public sealed partial class Association : IAsyncDisposable
{
    private readonly AssociationEngine _engine;

    internal Association(AssociationEngine engine, AAssociateRQ request, UserInformation peer, IReadOnlyList<NegotiatedContext> contexts, AsynchronousOperationsWindow window)
    {
        _engine = engine;
        CallingAETitle = request.CallingAETitle;
        CalledAETitle = request.CalledAETitle;
        Contexts = contexts;
        AsynchronousOperationsWindow = window;
        PeerMaxPduLength = peer.MaximumLength ?? 0;
        PeerImplementationClassUid = peer.ImplementationClassUid;
        PeerImplementationVersionName = peer.ImplementationVersionName;
        UserIdentityResponse = peer.UserIdentityResponse;
        PeerCertificate = engine.UpperLayer.PeerCertificate;
    }

    /// <summary>Title of the requestor.</summary>
    public AETitle CallingAETitle { get; }

    /// <summary>Title the requestor asked for.</summary>
    public AETitle CalledAETitle { get; }

    /// <summary>Every presentation context that was proposed, with what became of it.</summary>
    public IReadOnlyList<NegotiatedContext> Contexts { get; }

    /// <summary>Longest P-DATA-TF body the peer takes, in bytes; 0 for no limit.</summary>
    public uint PeerMaxPduLength { get; }

    /// <summary>The window in force, from the requestor's point of view on both sides (PS3.7 annex D.3.3.3); 1 and 1 where none was negotiated.</summary>
    public AsynchronousOperationsWindow AsynchronousOperationsWindow { get; }

    /// <summary>The peer's Implementation Class UID (PS3.7 annex D.3.3.2); none if it sent none that is a UID.</summary>
    public DicomUid PeerImplementationClassUid { get; }

    /// <summary>The peer's Implementation Version Name; null if it sent none.</summary>
    public string? PeerImplementationVersionName { get; }

    /// <summary>The acceptor's answer to a user identity that asked for one; null if there is none.</summary>
    public UserIdentityResponse? UserIdentityResponse { get; }

    /// <summary>Who the requestor is, by the acceptor's authentication of its user identity; null as requestor, or if there was none.</summary>
    public ClaimsPrincipal? Principal { get; private init; }

    /// <summary>The certificate the peer showed in the TLS handshake; null without TLS or without one.</summary>
    public X509Certificate2? PeerCertificate { get; }

    /// <summary>The SOP class extended negotiation that was answered (56H): what the acceptor agreed to.</summary>
    public IReadOnlyList<SopClassExtendedNegotiation> ExtendedNegotiations { get; private init; } = [];

    /// <summary>What is done otherwise for the peer on this association.</summary>
    public PeerQuirks Quirks => _engine.UpperLayer.Quirks;

    /// <summary>
    /// The services of this association's own scope, where the server was given <see cref="DicomServerOptions.Services"/> (hosting does); null otherwise. They are disposed of when the
    /// association has ended and its last handler with it.
    /// </summary>
    public IServiceProvider? Services => Scope?.Services;

    internal AssociationScope? Scope { get; set; }

    /// <summary>The peer's address.</summary>
    public EndPoint? RemoteEndPoint => _engine.UpperLayer.RemoteEndPoint;

    /// <summary>A short number for logs, unique in the process.</summary>
    public string Id => _engine.UpperLayer.Log.AssociationId;

    internal AssociationLog Log => _engine.Log;

    /// <summary>False once the association has ended.</summary>
    public bool IsOpen => _engine.UpperLayer.Ended is null;

    /// <summary>How the association ended; null while it is open.</summary>
    public AssociationEnd? End => _engine.UpperLayer.Ended;

    /// <summary>Completes, never with an error, when the association has ended and its connection is closed.</summary>
    public Task Completion => _engine.Completion;

    /// <summary>Completes when no handler works on a request of this association.</summary>
    internal Task WhenHandledAsync() => _engine.WhenHandledAsync();

    /// <summary>Whether nothing is read on, since a consumer of responses is slow.</summary>
    internal bool IsPaused => _engine.IsPaused;

    /// <summary>Sends C-ECHO-RQ and waits for the answer (PS3.7 section 9.1.5).</summary>
    /// <exception cref="NoPresentationContextException">Verification was not accepted.</exception>
    /// <exception cref="AssociationEndedException">The association ended before the answer.</exception>
    public Task<DimseStatus> EchoAsync(CancellationToken cancellationToken = default) => _engine.EchoAsync(FindContext(SopClasses.Verification), cancellationToken);

    /// <summary>Sends one object with C-STORE-RQ (PS3.7 section 9.1.1). What goes wrong with it is in the outcome, not an exception.</summary>
    /// <exception cref="OperationCanceledException">Cancelled. In mid-message the association was aborted, since half a message cannot be taken back.</exception>
    public async Task<StoreOutcome> StoreAsync(StorageObject storageObject, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storageObject);
        await foreach (StoreOutcome outcome in StoreAsync([storageObject], options, cancellationToken).ConfigureAwait(false))
            return outcome;
        throw new InvalidOperationException("an object without an outcome");
    }

    /// <summary>Sends files one after the other; see <see cref="StoreAsync(IAsyncEnumerable{StorageObject}, StoreOptions?, CancellationToken)"/>.</summary>
    public IAsyncEnumerable<StoreOutcome> StoreAsync(IEnumerable<string> files, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        return StoreAsync(files.Select(StorageObject.FromFile), options, cancellationToken);
    }

    /// <summary>Sends objects one after the other; see <see cref="StoreAsync(IAsyncEnumerable{StorageObject}, StoreOptions?, CancellationToken)"/>.</summary>
    public IAsyncEnumerable<StoreOutcome> StoreAsync(IEnumerable<StorageObject> objects, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return StoreAsync(objects.ToAsyncEnumerable(), options, cancellationToken);
    }

    /// <summary>
    /// Sends objects with C-STORE-RQ, one outcome for each: in order, or as answers come where an asynchronous operations window was granted.
    /// While the peer works on one the next is opened and read. An object that cannot be read, has no presentation context or is refused does not stop the rest. If the association ends, the objects that are
    /// left get <see cref="StoreFailure.NotSent"/>. Leaving the loop early sends nothing more than the object that is on its way.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled. In mid-message the association was aborted, since half a message cannot be taken back.</exception>
    public IAsyncEnumerable<StoreOutcome> StoreAsync(IAsyncEnumerable<StorageObject> objects, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return new StoreOperation(_engine, this, options ?? new StoreOptions()).RunAsync(objects, cancellationToken);
    }

    /// <summary>
    /// Asks for release and waits until the peer agrees (PS3.8 section 7.2). Does nothing if it is released already. Where the peer has asked for it first it returns at once while a handler of
    /// this association works: the release is agreed to when the last one has ended.
    /// </summary>
    /// <exception cref="AssociationEndedException">It ended otherwise.</exception>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) => _engine.ReleaseAsync(cancellationToken);

    /// <summary>Sends A-ABORT and closes (PS3.8 section 7.3). Never throws; does nothing if the association has ended.</summary>
    public Task AbortAsync() => _engine.AbortAsync();

    /// <summary>Releases an idle association, aborts one in mid-message.</summary>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    internal static Association StartRequestor(
        UpperLayer upperLayer, AAssociateRQ request, AAssociateAC accept, IReadOnlyList<NegotiatedContext> contexts, ServiceHandlers handlers, AssociationOptions options)
    {
        AsynchronousOperationsWindow window = GrantedWindow(request, accept.UserInformation.AsynchronousOperationsWindow);
        var engine = new AssociationEngine(upperLayer, AssociationRole.Requestor, contexts, accept.UserInformation, window, handlers)
        {
            DimseTimeout = options.DimseTimeout,
            ReleaseTimeout = options.ReleaseTimeout,
            RunContinuationsInline = options.RunContinuationsInline,
        };
        var association = new Association(engine, request, accept.UserInformation, contexts, window) { ExtendedNegotiations = accept.UserInformation.SopClassExtendedNegotiations };
        upperLayer.Log.Accepted(association, accept);
        upperLayer.Watch.Accepted(accept);
        upperLayer.Watch.Established(association);
        engine.Start(association, inOwnContext: true);
        return association;
    }

    // An answer that grants more than was asked for, or answers what was not asked, grants what was asked: 1 and 1 then (PS3.7 annex D.3.3.3.2).
    private static AsynchronousOperationsWindow GrantedWindow(AAssociateRQ request, AsynchronousOperationsWindow? answer) =>
        request.UserInformation.AsynchronousOperationsWindow is { } proposed && answer is { } granted ? granted.Within(proposed) : new(1, 1);

    internal static Association CreateAcceptor(
        UpperLayer upperLayer, AssociationNegotiation negotiation, AAssociateAC accept, IReadOnlyList<NegotiatedContext> contexts, AsynchronousOperationsWindow window,
        ServiceHandlers handlers, DicomServerOptions options)
    {
        AAssociateRQ request = negotiation.Request;
        // While a handler waits for the answer to a request of its own, the idle limit does not run: the same span limits the answer.
        var engine = new AssociationEngine(upperLayer, AssociationRole.Acceptor, contexts, request.UserInformation, window, handlers)
        {
            DimseTimeout = options.DimseTimeout,
            RunContinuationsInline = options.RunContinuationsInline,
        };
        return new Association(engine, request, request.UserInformation, contexts, window)
        {
            Principal = negotiation.Principal,
            ExtendedNegotiations = accept.UserInformation.SopClassExtendedNegotiations,
        };
    }

    /// <summary>Sends the A-ASSOCIATE-AC: from then on messages may come.</summary>
    /// <exception cref="AssociationEndedException">The peer is gone.</exception>
    internal async ValueTask StartAcceptorAsync(AAssociateAC answer)
    {
        // Who reports events knows the association before the peer has the answer: what happens from then on is for it too. It is sent behind the answer, which has the first turn.
        await _engine.Writer.TakeTurnAsync().ConfigureAwait(false);
        try
        {
            _engine.Services.Established?.Invoke(this);
            await _engine.UpperLayer.RequestAsync(UlEvent.Evt7, answer).ConfigureAwait(false);
        }
        catch
        {
            _engine.NotStarted();
            throw;
        }
        finally
        {
            _engine.Writer.GiveTurn();
        }

        _engine.Log.Accepting(this, answer);
        _engine.UpperLayer.Watch.Established(this);
        _engine.Start(this);
    }
}
