namespace NetDicom.Protocol;

/// <summary>Which side of the association this is (PS3.8 section 9.2).</summary>
public enum AssociationRole
{
    /// <summary>The side that sends the A-ASSOCIATE-RQ.</summary>
    Requestor,

    /// <summary>The side that receives the A-ASSOCIATE-RQ.</summary>
    Acceptor,
}

/// <summary>What the owner of an <see cref="UpperLayerMachine"/> has to do.</summary>
public enum UlEffectKind
{
    /// <summary>Open the transport connection; event 2 or 17 tells the outcome.</summary>
    OpenTransport,

    /// <summary>Send <see cref="UlEffect.Pdu"/>.</summary>
    SendPdu,

    /// <summary>Tell the user of the association: <see cref="UlEffect.Indication"/>.</summary>
    Indicate,

    /// <summary>Close the transport connection once what was sent is out; the machine is in Sta1 already and wants no event 17.</summary>
    CloseTransport,
}

/// <summary>What the user of the association is told (PS3.8 section 7: the service primitives).</summary>
public enum UlIndication
{
    /// <summary>Nothing: the effect is another than <see cref="UlEffectKind.Indicate"/>.</summary>
    None,

    /// <summary>A-ASSOCIATE indication; the PDU is the <see cref="AAssociateRQ"/>. Answered by event 7 or 8.</summary>
    AssociateIndication,

    /// <summary>A-ASSOCIATE confirmation, accepted; the PDU is the <see cref="AAssociateAC"/>.</summary>
    AssociateConfirmAccepted,

    /// <summary>A-ASSOCIATE confirmation, rejected; the PDU is the <see cref="AAssociateRJ"/>.</summary>
    AssociateConfirmRejected,

    /// <summary>P-DATA indication: the PDVs of the P-DATA-TF may be handed on.</summary>
    PData,

    /// <summary>A-RELEASE indication. Answered by event 14.</summary>
    ReleaseIndication,

    /// <summary>A-RELEASE confirmation: the peer agreed.</summary>
    ReleaseConfirm,

    /// <summary>A-RELEASE indication while our own request is out: the requestor answers at once (event 14), the acceptor once it was confirmed.</summary>
    ReleaseCollision,

    /// <summary>A-ABORT indication: the peer's user aborted; the PDU is its <see cref="AAbort"/>.</summary>
    Abort,

    /// <summary>A-P-ABORT indication: a provider aborted; the PDU is the <see cref="AAbort"/> received or sent.</summary>
    ProviderAbort,

    /// <summary>A-P-ABORT indication because the transport connection was lost or not established; no PDU.</summary>
    TransportClosed,
}

/// <summary>One thing to do after an event, in the order they come.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Pdu">The PDU to send, or the one the indication speaks of.</param>
/// <param name="Indication">What to tell the user, with <see cref="UlEffectKind.Indicate"/>.</param>
public readonly record struct UlEffect(UlEffectKind Kind, Pdu? Pdu, UlIndication Indication);
