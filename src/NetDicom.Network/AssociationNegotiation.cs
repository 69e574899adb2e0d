using System.Net;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// A request for an association before it is answered, and the answer that is going to be given: what the hook of a server sees and may change
/// (<see cref="DicomServerOptions.OnNegotiate"/>). The answer is filled in from the server's options.
/// </summary>
public sealed class AssociationNegotiation
{
    internal AssociationNegotiation(AAssociateRQ request, EndPoint? remoteEndPoint, X509Certificate2? peerCertificate)
    {
        Request = request;
        RemoteEndPoint = remoteEndPoint;
        PeerCertificate = peerCertificate;
    }

    /// <summary>The A-ASSOCIATE-RQ as received: titles, proposed contexts and every item of the user information. Its user identity is a secret.</summary>
    public AAssociateRQ Request { get; }

    /// <summary>Title of the requestor. A claim, not a proof.</summary>
    public AETitle CallingAETitle => Request.CallingAETitle;

    /// <summary>Title the requestor asks for.</summary>
    public AETitle CalledAETitle => Request.CalledAETitle;

    /// <summary>The requestor's address.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The certificate the requestor showed in the TLS handshake; null without TLS or without one.</summary>
    public X509Certificate2? PeerCertificate { get; }

    /// <summary>Who the requestor is, by the server's authentication; null if there was none.</summary>
    public ClaimsPrincipal? Principal { get; internal set; }

    /// <summary>Presentation contexts that are accepted, with the roles that are agreed to. The server's, unless set.</summary>
    public required IReadOnlyList<PresentationContext> SupportedContexts { get; set; }

    /// <summary>Transfer syntaxes in order of preference; null for the requestor's order, empty for that of the supported context. The server's, unless set.</summary>
    public IReadOnlyList<TransferSyntax>? PreferredTransferSyntaxes { get; set; }

    /// <summary>Whether any abstract syntax is accepted as storage that is not a known class of another service. The server's, unless set.</summary>
    public bool AcceptUnknownStorage { get; set; }

    /// <summary>What is done otherwise for this requestor. What the server's table says of it, unless set.</summary>
    public PeerQuirks Quirks { get; set; } = PeerQuirks.None;

    /// <summary>Longest P-DATA-TF body we receive on this association, in bytes (51H).</summary>
    public required uint MaxPduLength { get; set; }

    /// <summary>
    /// Operations worked on side by side (53H), from the requestor's point of view; null answers no item, which means one at a time. Ignored if the
    /// requestor proposed none; never more than it proposed.
    /// </summary>
    public AsynchronousOperationsWindow? AsynchronousOperationsWindow { get; set; }

    /// <summary>The user identity that was sent (58H); null if there is none. A secret.</summary>
    public UserIdentity? UserIdentity => Request.UserInformation.UserIdentity;

    /// <summary>
    /// Answer to the user identity (59H); what the server's authentication says, unless set. Sent only if the requestor sent an identity and asked for a response.
    /// </summary>
    public UserIdentityResponse? UserIdentityResponse { get; set; }

    /// <summary>Roles that were proposed (54H), at most one item for a SOP class. They are answered by the roles of <see cref="SupportedContexts"/>.</summary>
    public IReadOnlyList<RoleSelection> RoleSelections => Request.UserInformation.RoleSelections;

    /// <summary>What the requestor says of the service classes of its SOP classes (57H). There is no answer to it.</summary>
    public IReadOnlyList<SopClassCommonExtendedNegotiation> CommonExtendedNegotiations => Request.UserInformation.SopClassCommonExtendedNegotiations;

    /// <summary>SOP class extended negotiation that was offered (56H).</summary>
    public IReadOnlyList<SopClassExtendedNegotiation> ExtendedNegotiations => Request.UserInformation.SopClassExtendedNegotiations;

    /// <summary>Answers to the requestor's SOP class extended negotiation (56H). Empty unless filled; an answer to a class that was not offered is left out.</summary>
    public IList<SopClassExtendedNegotiation> ExtendedNegotiationAnswers { get; } = [];

    /// <summary>The extended negotiation that was offered for <paramref name="sopClassUid"/>; null if there is none.</summary>
    public SopClassExtendedNegotiation? FindExtendedNegotiation(DicomUid sopClassUid) => ExtendedNegotiations.FirstOrDefault(item => item.SopClassUid == sopClassUid);

    /// <summary>Answers the offer for <paramref name="sopClassUid"/>, if there is one, with what of it <paramref name="supported"/> has.</summary>
    public void Answer(DicomUid sopClassUid, QueryExtendedNegotiation supported)
    {
        if (FindExtendedNegotiation(sopClassUid) is { } offer)
            Answer(QueryExtendedNegotiation.From(offer).Within(supported).ToItem(sopClassUid));
    }

    /// <summary>Answers the offer for <paramref name="sopClassUid"/>, if there is one, with what of it <paramref name="supported"/> has.</summary>
    public void Answer(DicomUid sopClassUid, RetrieveExtendedNegotiation supported)
    {
        if (FindExtendedNegotiation(sopClassUid) is { } offer)
            Answer(RetrieveExtendedNegotiation.From(offer).Within(supported).ToItem(sopClassUid));
    }

    /// <summary>Answers the offer for <paramref name="sopClassUid"/>, if there is one, with what of it <paramref name="supported"/> has.</summary>
    public void Answer(DicomUid sopClassUid, WorklistExtendedNegotiation supported)
    {
        if (FindExtendedNegotiation(sopClassUid) is { } offer)
            Answer(WorklistExtendedNegotiation.From(offer).Within(supported).ToItem(sopClassUid));
    }

    /// <summary>Answers the offer for <paramref name="sopClassUid"/>, if there is one, with what this storage SCP does. It is a statement, not a choice among what was offered.</summary>
    public void Answer(DicomUid sopClassUid, StorageExtendedNegotiation supported)
    {
        if (FindExtendedNegotiation(sopClassUid) is not null)
            Answer(supported.ToItem(sopClassUid));
    }

    /// <summary>Sets the answer for a SOP class, in place of an earlier one. An answer to a class that was not offered is left out.</summary>
    public void Answer(SopClassExtendedNegotiation answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        for (int i = ExtendedNegotiationAnswers.Count - 1; i >= 0; i--)
        {
            if (ExtendedNegotiationAnswers[i].SopClassUid == answer.SopClassUid)
                ExtendedNegotiationAnswers.RemoveAt(i);
        }

        ExtendedNegotiationAnswers.Add(answer);
    }

    /// <summary>The rejection to answer with; null to accept.</summary>
    public AAssociateRJ? Rejection { get; private set; }

    /// <summary>Answers A-ASSOCIATE-RJ (PS3.8 section 9.3.4).</summary>
    /// <param name="rejection">For instance <see cref="AAssociateRJ.CallingAETitleNotRecognized"/>.</param>
    public void Reject(AAssociateRJ rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        Rejection = rejection;
    }
}

/// <summary>What a server's authentication says of a user identity (PS3.7 annex D.3.3.7).</summary>
public sealed class UserIdentityDecision
{
    private UserIdentityDecision(ClaimsPrincipal? principal, ReadOnlyMemory<byte> serverResponse)
    {
        Principal = principal;
        ServerResponse = serverResponse;
    }

    /// <summary>The identity is not taken: the association is rejected (permanent, ACSE, no reason given).</summary>
    public static UserIdentityDecision Rejected { get; } = new(null, default);

    internal ClaimsPrincipal? Principal { get; }

    internal ReadOnlyMemory<byte> ServerResponse { get; }

    /// <summary>The identity is taken.</summary>
    /// <param name="principal">Who it is: what handlers find on the association.</param>
    /// <param name="serverResponse">Kerberos server ticket or SAML response; empty otherwise. Sent only if the requestor asked for a response.</param>
    public static UserIdentityDecision Accepted(ClaimsPrincipal principal, ReadOnlyMemory<byte> serverResponse = default)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return new UserIdentityDecision(principal, serverResponse);
    }
}
