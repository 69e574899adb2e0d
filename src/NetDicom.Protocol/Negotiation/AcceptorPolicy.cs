namespace NetDicom.Protocol;

/// <summary>Whose order of transfer syntaxes decides; the standard gives it no meaning (PS3.8 section 9.3.2.2).</summary>
public enum TransferSyntaxPreference
{
    /// <summary>The first that the acceptor prefers among those proposed.</summary>
    Acceptor,

    /// <summary>The first proposed among those that the acceptor supports.</summary>
    Requestor,
}

/// <summary>What an acceptor takes.</summary>
public sealed class AcceptorPolicy
{
    private readonly Dictionary<DicomUid, PresentationContext> _supported = [];

    /// <summary>A policy that supports <paramref name="supportedContexts"/>; of two with the same abstract syntax the last counts.</summary>
    public AcceptorPolicy(IEnumerable<PresentationContext> supportedContexts)
    {
        ArgumentNullException.ThrowIfNull(supportedContexts);
        foreach (PresentationContext context in supportedContexts)
        {
            if (context.AbstractSyntax.IsNone)
                throw new ArgumentException("a supported context needs an abstract syntax", nameof(supportedContexts));
            _supported[context.AbstractSyntax] = context;
        }
    }

    /// <summary>Whose order of transfer syntaxes decides. Default: the acceptor's.</summary>
    public TransferSyntaxPreference Preference { get; init; } = TransferSyntaxPreference.Acceptor;

    /// <summary>
    /// Whether an abstract syntax outside the supported ones is taken all the same, for instance a private storage class. The second argument is the service class
    /// that the requestor declares for it by common extended negotiation (57H), or none. Default: none is taken.
    /// </summary>
    public Func<DicomUid, DicomUid, bool>? AcceptUnknownStorage { get; init; }

    /// <summary>The transfer syntaxes for what <see cref="AcceptUnknownStorage"/> takes, in order of preference; empty for the first proposed, whatever it is.</summary>
    public IReadOnlyList<DicomUid> UnknownStorageTransferSyntaxes { get; init; } = [];

    /// <summary>Take contexts with an even id, which the standard forbids (PS3.8 section 9.3.2.2), like others. 0 is never taken. Default false: they are refused with result 2.</summary>
    public bool AcceptEvenIds { get; init; }

    /// <summary>
    /// Where a requestor proposes no roles for an abstract syntax, give it those that the supported context names, as if it had proposed both; no role is answered. For
    /// requestors of C-GET and storage commitment that take the other role without saying so. Default false: the default roles hold (PS3.7 annex D.3.3.4).
    /// </summary>
    public bool AssumeRoles { get; init; }

    /// <summary>The supported context with that abstract syntax, or null.</summary>
    public PresentationContext? Find(DicomUid abstractSyntax) => _supported.GetValueOrDefault(abstractSyntax);
}
