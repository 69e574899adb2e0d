using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Ready-made lists of presentation contexts, and ways to make others.</summary>
/// <remarks>
/// The lists by service class hold what PS3.4 has not retired, in the default transfer syntaxes, and name no roles. Lists that are made here, and those of
/// an application's own classes and transfer syntaxes, are joined by a spread: <c>[.. PresentationContexts.Verification, .. PresentationContexts.Storage]</c>.
/// </remarks>
public static partial class PresentationContexts
{
    /// <summary>Explicit VR Little Endian, Implicit VR Little Endian, Deflated Explicit VR Little Endian, Explicit VR Big Endian.</summary>
    public static IReadOnlyList<TransferSyntax> DefaultTransferSyntaxes { get; } =
    [
        TransferSyntax.ExplicitVRLittleEndian,
        TransferSyntax.ImplicitVRLittleEndian,
        TransferSyntax.DeflatedExplicitVRLittleEndian,
        TransferSyntax.ExplicitVRBigEndian,
    ];

    /// <summary>Every transfer syntax of the registry that a data set on the network can have, the default ones first.</summary>
    public static IReadOnlyList<TransferSyntax> AllTransferSyntaxes { get; } =
        [.. DefaultTransferSyntaxes, .. TransferSyntax.All.Where(syntax => !DefaultTransferSyntaxes.Contains(syntax))];

    /// <summary>The Verification SOP Class.</summary>
    public static IReadOnlyList<PresentationContext> Verification { get; } = [Create(SopClasses.Verification, [])];

    /// <summary>
    /// Every SOP class of the Storage service class, in every transfer syntax: for an acceptor that keeps what it gets. Too many for a requestor,
    /// which may ask for 128 contexts: there, take them from the files (<see cref="ForFiles"/>).
    /// </summary>
    public static IReadOnlyList<PresentationContext> Storage { get; } =
        [.. SopClasses.Storage.Select(uid => new PresentationContext(uid, [.. AllTransferSyntaxes.Select(syntax => syntax.Uid)]))];

    /// <summary>
    /// One context for each pair of SOP class and transfer syntax: an acceptor picks one syntax of a context, so a context with several
    /// would leave the others out.
    /// </summary>
    public static IReadOnlyList<PresentationContext> ForFiles(IEnumerable<(DicomUid SopClassUid, TransferSyntax TransferSyntax)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return [.. pairs.Distinct().Select(pair => new PresentationContext(pair.SopClassUid, [pair.TransferSyntax.Uid]))];
    }

    /// <summary>
    /// One context for each pair out of <paramref name="abstractSyntaxes"/> and <paramref name="transferSyntaxes"/>, class by class. An association has
    /// room for 128: <see cref="Negotiation.MaxContexts"/>.
    /// </summary>
    public static IReadOnlyList<PresentationContext> OnePerTransferSyntax(IEnumerable<DicomUid> abstractSyntaxes, IEnumerable<TransferSyntax> transferSyntaxes)
    {
        ArgumentNullException.ThrowIfNull(abstractSyntaxes);
        ArgumentNullException.ThrowIfNull(transferSyntaxes);
        TransferSyntax[] syntaxes = [.. transferSyntaxes.Distinct()];
        return [.. abstractSyntaxes.Distinct().SelectMany(_ => syntaxes, static (uid, syntax) => new PresentationContext(uid, [syntax.Uid]))];
    }

    /// <summary>
    /// What the requestor of a C-GET proposes (PS3.4 annex C.5.3): the retrieve class, and for each storage class and transfer syntax a context in which it is the SCP, so that
    /// objects come in the syntax in which the peer has them. Contexts that do not fit into an association are left out from the end: the classes and syntaxes to be
    /// expected belong in front. Every class gets its first syntax before any gets its second.
    /// </summary>
    /// <param name="retrieveClass">A class with C-GET, such as <see cref="SopClasses.StudyRootQueryRetrieveInformationModelGet"/>.</param>
    /// <param name="storageClasses">What may be delivered.</param>
    /// <param name="transferSyntaxes">In what; none given: <see cref="DefaultTransferSyntaxes"/>.</param>
    public static IReadOnlyList<PresentationContext> ForGet(DicomUid retrieveClass, IEnumerable<DicomUid> storageClasses, params IEnumerable<TransferSyntax> transferSyntaxes)
    {
        ArgumentNullException.ThrowIfNull(storageClasses);
        ArgumentNullException.ThrowIfNull(transferSyntaxes);
        DicomUid[] classes = [.. storageClasses.Distinct()];
        TransferSyntax[] syntaxes = [.. transferSyntaxes.Distinct()];
        if (syntaxes.Length == 0)
            syntaxes = [.. DefaultTransferSyntaxes];
        IEnumerable<PresentationContext> delivered = syntaxes.SelectMany(_ => classes, static (syntax, uid) => new PresentationContext(uid, [syntax.Uid]));
        return [Create(retrieveClass, []), .. WithRoles(delivered, scu: false, scp: true).Take(Negotiation.MaxContexts - 1)];
    }

    /// <summary>The same contexts with roles (54H, PS3.7 annex D.3.3.4): a requestor offers them, an acceptor lets the requestor have them.</summary>
    /// <param name="contexts">The contexts.</param>
    /// <param name="scu">Whether the requestor may be the SCU.</param>
    /// <param name="scp">Whether the requestor may be the SCP.</param>
    public static IReadOnlyList<PresentationContext> WithRoles(IEnumerable<PresentationContext> contexts, bool scu, bool scp)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        return [.. contexts.Select(context => new PresentationContext(context.AbstractSyntax, context.TransferSyntaxes) { ScuRole = scu, ScpRole = scp })];
    }

    internal static PresentationContext Create(DicomUid abstractSyntax, IEnumerable<TransferSyntax> transferSyntaxes)
    {
        if (abstractSyntax.IsNone)
            throw new ArgumentException("An abstract syntax is needed", nameof(abstractSyntax));
        DicomUid[] syntaxes = [.. transferSyntaxes.Select(syntax => syntax.Uid)];
        return new PresentationContext(abstractSyntax, syntaxes.Length > 0 ? syntaxes : [.. DefaultTransferSyntaxes.Select(syntax => syntax.Uid)]);
    }
}
