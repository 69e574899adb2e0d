namespace NetDicom.Protocol;

/// <summary>An abstract syntax with transfer syntaxes: what a requestor wants, or an acceptor supports (PS3.8 section 7.1.1.13).</summary>
/// <param name="abstractSyntax">A SOP class or Meta SOP class.</param>
/// <param name="transferSyntaxes">The transfer syntaxes; for an acceptor in its order of preference.</param>
public sealed class PresentationContext(DicomUid abstractSyntax, IReadOnlyList<DicomUid> transferSyntaxes)
{
    /// <summary>A SOP class or Meta SOP class.</summary>
    public DicomUid AbstractSyntax { get; } = abstractSyntax;

    /// <summary>The transfer syntaxes; for an acceptor in its order of preference.</summary>
    public IReadOnlyList<DicomUid> TransferSyntaxes { get; } = transferSyntaxes ?? throw new ArgumentNullException(nameof(transferSyntaxes));

    /// <summary>
    /// Requestor: whether it offers to be the SCU. Acceptor: whether it lets the requestor be the SCU. With both roles null no role selection (54H) is sent, and
    /// the default holds: requestor SCU, acceptor SCP.
    /// </summary>
    public bool? ScuRole { get; init; }

    /// <summary>Requestor: whether it offers to be the SCP. Acceptor: whether it lets the requestor be the SCP.</summary>
    public bool? ScpRole { get; init; }

    /// <summary>Whether role selection is wanted.</summary>
    internal bool HasRoles => ScuRole is not null || ScpRole is not null;
}
