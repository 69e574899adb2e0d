using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The peer answered the association request with A-ASSOCIATE-RJ (PS3.8 section 9.3.4).</summary>
public sealed class AssociationRejectedException : DicomNetworkException
{
    internal AssociationRejectedException(AAssociateRJ rejection) : base($"Association rejected: {rejection}")
    {
        Result = rejection.Result;
        RejectSource = rejection.Source;
        Reason = rejection.Reason;
    }

    /// <summary>Permanent or transient.</summary>
    public RejectResult Result { get; }

    /// <summary>Who refused: the service user, or the provider (ACSE or presentation).</summary>
    public RejectSource RejectSource { get; }

    /// <summary>The reason; its meaning depends on <see cref="RejectSource"/>.</summary>
    public byte Reason { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Result == RejectResult.Transient;
}
