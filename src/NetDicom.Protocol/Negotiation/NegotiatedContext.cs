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
}
