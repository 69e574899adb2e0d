using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>
/// Is told what happens on associations: derive, override what is of interest, and set it as <see cref="AssociationOptions.Observer"/> or
/// <see cref="DicomServerOptions.Observer"/>. Without one none of this costs anything.
/// </summary>
/// <remarks>
/// Events come on the thread on which they happen, those of one association mostly in order, those of several side by side: an observer is thread safe, does not block
/// and does not keep spans. An exception is logged and changes nothing. What is observed may be patient data and secrets (a user identity is in the
/// A-ASSOCIATE-RQ): what is done with it is the observer's business. Handlers of pynetdicom's notification events find each under its name.
/// </remarks>
public abstract class AssociationObserver
{
    /// <summary>The connection is open, TLS included (EVT_CONN_OPEN).</summary>
    public virtual void ConnectionOpened(ObservedAssociation at)
    {
    }

    /// <summary>The connection is closed (EVT_CONN_CLOSE).</summary>
    public virtual void ConnectionClosed(ObservedAssociation at)
    {
    }

    /// <summary>Bytes came (EVT_DATA_RECV), after decryption.</summary>
    public virtual void DataReceived(ObservedAssociation at, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Bytes are handed to the system (EVT_DATA_SENT), before encryption.</summary>
    public virtual void DataSent(ObservedAssociation at, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>A PDU came (EVT_PDU_RECV).</summary>
    /// <param name="at">Where.</param>
    /// <param name="type">Its type.</param>
    /// <param name="pdu">The PDU; null for P-DATA-TF, which is never held whole: it is announced by its header.</param>
    public virtual void PduReceived(ObservedAssociation at, PduType type, Pdu? pdu)
    {
    }

    /// <summary>A PDU is sent (EVT_PDU_SENT).</summary>
    /// <param name="at">Where.</param>
    /// <param name="type">Its type.</param>
    /// <param name="pdu">The PDU; null for P-DATA-TF.</param>
    public virtual void PduSent(ObservedAssociation at, PduType type, Pdu? pdu)
    {
    }

    /// <summary>The machine of PS3.8 section 9.2 took an event (EVT_FSM_TRANSITION).</summary>
    public virtual void StateChanged(ObservedAssociation at, UlState before, UlEvent upperLayerEvent, UlAction action, UlState after)
    {
    }

    /// <summary>A primitive of association control came: A-ASSOCIATE, A-RELEASE, A-ABORT (EVT_ACSE_RECV).</summary>
    public virtual void AcseReceived(ObservedAssociation at, Pdu pdu)
    {
    }

    /// <summary>A primitive of association control is sent (EVT_ACSE_SENT).</summary>
    public virtual void AcseSent(ObservedAssociation at, Pdu pdu)
    {
    }

    /// <summary>The command set of a message came (EVT_DIMSE_RECV). Its data set is not read yet.</summary>
    /// <param name="at">Where.</param>
    /// <param name="command">Good until the method returns; <see cref="CommandSet.Copy"/> makes one to keep.</param>
    /// <param name="context">The presentation context.</param>
    public virtual void DimseReceived(ObservedAssociation at, CommandSet command, NegotiatedContext context)
    {
    }

    /// <summary>A message is about to be sent (EVT_DIMSE_SENT).</summary>
    /// <param name="at">Where.</param>
    /// <param name="message">The message.</param>
    /// <param name="contextId">Presentation context id.</param>
    public virtual void DimseSent(ObservedAssociation at, DimseMessage message, byte contextId)
    {
    }

    /// <summary>An association is asked for, by us or of us (EVT_REQUESTED).</summary>
    public virtual void Requested(ObservedAssociation at, AAssociateRQ request)
    {
    }

    /// <summary>It was accepted, by the peer or by us (EVT_ACCEPTED).</summary>
    public virtual void Accepted(ObservedAssociation at, AAssociateAC answer)
    {
    }

    /// <summary>It was rejected, by the peer or by us (EVT_REJECTED).</summary>
    public virtual void Rejected(ObservedAssociation at, AAssociateRJ rejection)
    {
    }

    /// <summary>The association can be used: <see cref="ObservedAssociation.Association"/> is set (EVT_ESTABLISHED).</summary>
    public virtual void Established(ObservedAssociation at)
    {
    }

    /// <summary>The association was released, by either side (EVT_RELEASED).</summary>
    public virtual void Released(ObservedAssociation at)
    {
    }

    /// <summary>The association ended otherwise: A-ABORT by either side, a lost connection, a time limit, a violation (EVT_ABORTED).</summary>
    public virtual void Aborted(ObservedAssociation at, AssociationEnd associationEnd)
    {
    }
}
