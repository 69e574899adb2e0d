using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Ready-made lists of presentation contexts.</summary>
public static class PresentationContexts
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

    internal static PresentationContext Create(DicomUid abstractSyntax, IEnumerable<TransferSyntax> transferSyntaxes)
    {
        if (abstractSyntax.IsNone)
            throw new ArgumentException("An abstract syntax is needed", nameof(abstractSyntax));
        DicomUid[] syntaxes = [.. transferSyntaxes.Select(syntax => syntax.Uid)];
        return new PresentationContext(abstractSyntax, syntaxes.Length > 0 ? syntaxes : [.. DefaultTransferSyntaxes.Select(syntax => syntax.Uid)]);
    }
}
