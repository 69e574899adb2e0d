using NetDicom.Protocol;

namespace NetDicom.Network;

// Which presentation context a message goes on.
public sealed partial class Association
{
    /// <summary>The accepted context for <paramref name="abstractSyntax"/>, in <paramref name="transferSyntax"/> if one is given, on which this side has the role that is asked for.</summary>
    /// <param name="abstractSyntax">A SOP class or Meta SOP class.</param>
    /// <param name="transferSyntax">The transfer syntax it must have; none for any.</param>
    /// <param name="asScp">Whether this side must be the SCP (to report events) and not the SCU (PS3.7 annex D.3.3.4). Without role selection the requestor is the SCU.</param>
    /// <returns>Null if there is none.</returns>
    public NegotiatedContext? TryFindContext(DicomUid abstractSyntax, TransferSyntax transferSyntax = default, bool asScp = false)
    {
        foreach (NegotiatedContext context in Contexts)
        {
            if (context.IsAccepted && context.AbstractSyntax == abstractSyntax && HasRole(context, asScp) && (transferSyntax.Uid.IsNone || context.TransferSyntax == transferSyntax.Uid))
                return context;
        }

        return null;
    }

    internal NegotiatedContext FindContext(DicomUid abstractSyntax, TransferSyntax transferSyntax = default, bool asScp = false) =>
        TryFindContext(abstractSyntax, transferSyntax, asScp) ?? throw NoContext(abstractSyntax, transferSyntax, asScp);

    /// <summary>The context for a message that names <paramref name="sopClass"/>: one of the abstract syntax that is given; or else of the class, or of a class that the message may come on.</summary>
    internal NegotiatedContext FindContextFor(DicomUid sopClass, DicomUid abstractSyntax, bool asScp)
    {
        if (!abstractSyntax.IsNone)
            return FindContext(abstractSyntax, default, asScp);
        if (TryFindContext(sopClass, default, asScp) is { } own)
            return own;
        foreach (NegotiatedContext context in Contexts)
        {
            if (context.IsAccepted && HasRole(context, asScp) && SopClassFit.Fits(context.AbstractSyntax, sopClass))
                return context;
        }

        throw NoContext(sopClass, default, asScp);
    }

    private static bool HasRole(NegotiatedContext context, bool asScp) => asScp ? context.ScpRole : context.ScuRole;

    private NoPresentationContextException NoContext(DicomUid abstractSyntax, TransferSyntax transferSyntax, bool asScp)
    {
        string why = "it was not proposed";
        foreach (NegotiatedContext context in Contexts)
        {
            if (context.AbstractSyntax != abstractSyntax)
                continue;
            if (context.IsAccepted && HasRole(context, asScp))
                return new NoPresentationContextException(abstractSyntax, transferSyntax, "the peer accepted the SOP class in other transfer syntaxes only");
            why = context.IsAccepted ? $"the {(asScp ? "SCP" : "SCU")} role was not negotiated for this side (PS3.7 annex D.3.3.4)" : "the peer did not accept it";
        }

        return new NoPresentationContextException(abstractSyntax, transferSyntax, why);
    }
}
