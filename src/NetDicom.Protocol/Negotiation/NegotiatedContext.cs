namespace NetDicom.Protocol;

/// <summary>A presentation context after negotiation, seen from this side.</summary>
/// <param name="Id">The presentation context id.</param>
/// <param name="AbstractSyntax">The SOP class or Meta SOP class proposed; none for an answer to something that was not proposed.</param>
/// <param name="TransferSyntax">The transfer syntax to use; none unless accepted.</param>
/// <param name="Result">What the acceptor answered; no reason where it did not.</param>
/// <param name="ScuRole">Whether this side may be the SCU.</param>
/// <param name="ScpRole">Whether this side may be the SCP.</param>
/// <param name="Problem">Why the context cannot be used although, or because, the answer is not what the standard wants; null where all is in order.</param>
public sealed record NegotiatedContext(
    byte Id,
    DicomUid AbstractSyntax,
    DicomUid TransferSyntax,
    PresentationContextResult Result,
    bool ScuRole,
    bool ScpRole,
    string? Problem = null)
{
    /// <summary>Whether messages may be sent and taken on it.</summary>
    public bool IsAccepted => Result == PresentationContextResult.Acceptance && Problem is null;

    /// <summary>One line for people: id, class, and the syntax and roles agreed on, or why it cannot be used.</summary>
    public override string ToString()
    {
        string abstractSyntax = AbstractSyntax.IsNone ? "no abstract syntax" : Uids.NameOf(AbstractSyntax);
        if (IsAccepted)
        {
            string roles = (ScuRole, ScpRole) switch
            {
                (true, true) => "SCU and SCP",
                (true, false) => "SCU",
                (false, true) => "SCP",
                _ => "neither SCU nor SCP",
            };
            return $"context {Id}, {abstractSyntax}: accepted, {Uids.NameOf(TransferSyntax)}, this side is {roles}";
        }

        string result = Result switch
        {
            PresentationContextResult.Acceptance => "accepted",
            PresentationContextResult.UserRejection => "refused by the user",
            PresentationContextResult.NoReason => "refused without reason",
            PresentationContextResult.AbstractSyntaxNotSupported => "abstract syntax not supported",
            PresentationContextResult.TransferSyntaxesNotSupported => "transfer syntaxes not supported",
            _ => $"refused (result {(byte)Result})",
        };
        return Problem is null ? $"context {Id}, {abstractSyntax}: {result}" : $"context {Id}, {abstractSyntax}: not usable, {Problem}";
    }
}
