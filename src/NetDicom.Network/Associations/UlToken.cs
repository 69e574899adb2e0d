using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>What <see cref="UpperLayer.ReadAsync"/> found.</summary>
internal enum UlToken
{
    Fragment,
    AssociateIndication,
    Accepted,
    Rejected,
    ReleaseIndication,
    ReleaseResponseDue,
    Released,
    Aborted,
}

/// <summary>What the machine's indications mean to the user of the upper layer.</summary>
internal static class UlTokens
{
    /// <summary>What the user has to see of an indication that led to <paramref name="state"/>; null for nothing.</summary>
    public static UlToken? For(UlIndication indication, UlState state) => indication switch
    {
        UlIndication.AssociateIndication => UlToken.AssociateIndication,
        UlIndication.AssociateConfirmAccepted => UlToken.Accepted,
        UlIndication.AssociateConfirmRejected => UlToken.Rejected,
        UlIndication.ReleaseIndication => UlToken.ReleaseIndication,
        UlIndication.ReleaseConfirm when state == UlState.Sta1 => UlToken.Released,

        // A release collision: the requestor answers at once (Sta9), the acceptor once it has the requestor's answer (Sta12).
        UlIndication.ReleaseConfirm or UlIndication.ReleaseCollision when state is UlState.Sta9 or UlState.Sta12 => UlToken.ReleaseResponseDue,

        // After an A-ABORT of ours (AA-8) there is nothing for the user but the end: the reader stays in Sta13 until the peer has taken it and closes.
        UlIndication.Abort or UlIndication.ProviderAbort when state == UlState.Sta1 => UlToken.Aborted,
        _ => null,
    };

    /// <summary>How the association ended by an event, with the PDUs it brought or sent; null if it did not.</summary>
    public static AssociationEnd? EndFor(UlEvent evt, UlToken? token, Pdu? received, Pdu? sent) => (token, received, sent) switch
    {
        (UlToken.Aborted, AAbort abort, _) => new AssociationEnd { Kind = AssociationEndKind.AbortedByPeer, AbortSource = abort.Source, AbortReason = abort.Reason },
        (UlToken.Released, _, _) => new AssociationEnd { Kind = AssociationEndKind.Released },
        (_, _, AAbort abort) when evt != UlEvent.Evt15 =>
            new AssociationEnd { Kind = AssociationEndKind.ProtocolViolation, AbortSource = abort.Source, AbortReason = abort.Reason },
        _ => null,
    };
}
