namespace NetDicom.Network;

/// <summary>The service was not negotiated on this association: no accepted presentation context fits what is to be sent.</summary>
public sealed class NoPresentationContextException : DicomNetworkException
{
    internal NoPresentationContextException(DicomUid abstractSyntax, TransferSyntax transferSyntax, string why)
        : base($"No presentation context for {Uids.NameOf(abstractSyntax)}{(transferSyntax.Uid.IsNone ? "" : $" in {transferSyntax.Name}")}: {why}")
    {
        AbstractSyntax = abstractSyntax;
        TransferSyntax = transferSyntax;
    }

    /// <summary>The SOP class that was needed.</summary>
    public DicomUid AbstractSyntax { get; }

    /// <summary>The transfer syntax that was needed; none if any would have done.</summary>
    public TransferSyntax TransferSyntax { get; }
}
