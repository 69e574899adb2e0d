namespace NetDicom.Protocol;

/// <summary>Events of the upper layer, by the standard's numbers (PS3.8 section 9.2.3, Table 9-10).</summary>
public enum UlEvent
{
    /// <summary>A-ASSOCIATE request (local user). May carry the <see cref="AAssociateRQ"/>.</summary>
    Evt1 = 1,

    /// <summary>Transport connection confirmed. Carries the <see cref="AAssociateRQ"/> unless event 1 did.</summary>
    Evt2,

    /// <summary>A-ASSOCIATE-AC received; carries it.</summary>
    Evt3,

    /// <summary>A-ASSOCIATE-RJ received; carries it.</summary>
    Evt4,

    /// <summary>Transport connection indication (incoming).</summary>
    Evt5,

    /// <summary>A-ASSOCIATE-RQ received; carries it.</summary>
    Evt6,

    /// <summary>A-ASSOCIATE response: accept (local user); carries the <see cref="AAssociateAC"/>.</summary>
    Evt7,

    /// <summary>A-ASSOCIATE response: reject (local user); carries the <see cref="AAssociateRJ"/>.</summary>
    Evt8,

    /// <summary>P-DATA request (local user). The user writes the P-DATA-TF itself.</summary>
    Evt9,

    /// <summary>P-DATA-TF received.</summary>
    Evt10,

    /// <summary>A-RELEASE request (local user).</summary>
    Evt11,

    /// <summary>A-RELEASE-RQ received.</summary>
    Evt12,

    /// <summary>A-RELEASE-RP received.</summary>
    Evt13,

    /// <summary>A-RELEASE response (local user).</summary>
    Evt14,

    /// <summary>A-ABORT request (local user).</summary>
    Evt15,

    /// <summary>A-ABORT received; carries it.</summary>
    Evt16,

    /// <summary>Transport connection closed, or not established.</summary>
    Evt17,

    /// <summary>ARTIM timer expired.</summary>
    Evt18,

    /// <summary>Unrecognised or invalid PDU received; carries the <see cref="AbortReason"/>.</summary>
    Evt19,
}
