namespace NetDicom.Network;

/// <summary>How the PDUs of a message leave.</summary>
public enum PduGrouping
{
    /// <summary>One PDV a PDU, and as many PDUs in one write as fit, command and data set together. The default, and the fastest.</summary>
    Gathered,

    /// <summary>One PDV a PDU, and one PDU a write, for a peer that takes no more than one PDU from what it reads at a time.</summary>
    OnePduPerWrite,

    /// <summary>
    /// The command set and the first piece of its data set are two PDVs of one PDU, where the peer's maximum length has room for both. PS3.8 annex E.2 allows it for
    /// PDVs of one message; there are peers that refuse it.
    /// </summary>
    CommandWithData,
}
