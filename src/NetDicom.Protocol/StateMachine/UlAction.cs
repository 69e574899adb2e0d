namespace NetDicom.Protocol;

/// <summary>Actions of the upper layer (PS3.8 section 9.2.3, tables 9-6 to 9-9).</summary>
public enum UlAction : byte
{
    /// <summary>An empty cell: the event cannot happen in that state.</summary>
    None,

    /// <summary>AE-1: open the transport connection.</summary>
    AE1,

    /// <summary>AE-2: send A-ASSOCIATE-RQ.</summary>
    AE2,

    /// <summary>AE-3: confirm the association to the user: accepted.</summary>
    AE3,

    /// <summary>AE-4: confirm the association to the user: rejected; close the transport.</summary>
    AE4,

    /// <summary>AE-5: accept the transport connection; start ARTIM.</summary>
    AE5,

    /// <summary>AE-6: stop ARTIM; indicate the request to the user, or reject it and start ARTIM.</summary>
    AE6,

    /// <summary>AE-7: send A-ASSOCIATE-AC.</summary>
    AE7,

    /// <summary>AE-8: send A-ASSOCIATE-RJ; start ARTIM.</summary>
    AE8,

    /// <summary>DT-1: send P-DATA-TF.</summary>
    DT1,

    /// <summary>DT-2: indicate P-DATA.</summary>
    DT2,

    /// <summary>AR-1: send A-RELEASE-RQ.</summary>
    AR1,

    /// <summary>AR-2: indicate A-RELEASE.</summary>
    AR2,

    /// <summary>AR-3: confirm A-RELEASE; close the transport.</summary>
    AR3,

    /// <summary>AR-4: send A-RELEASE-RP; start ARTIM.</summary>
    AR4,

    /// <summary>AR-5: stop ARTIM.</summary>
    AR5,

    /// <summary>AR-6: indicate P-DATA.</summary>
    AR6,

    /// <summary>AR-7: send P-DATA-TF.</summary>
    AR7,

    /// <summary>AR-8: indicate A-RELEASE: a collision.</summary>
    AR8,

    /// <summary>AR-9: send A-RELEASE-RP.</summary>
    AR9,

    /// <summary>AR-10: confirm A-RELEASE.</summary>
    AR10,

    /// <summary>AA-1: send A-ABORT of the service user; start or restart ARTIM.</summary>
    AA1,

    /// <summary>AA-2: stop ARTIM; close the transport.</summary>
    AA2,

    /// <summary>AA-3: indicate A-ABORT or A-P-ABORT; close the transport.</summary>
    AA3,

    /// <summary>AA-4: indicate A-P-ABORT.</summary>
    AA4,

    /// <summary>AA-5: stop ARTIM.</summary>
    AA5,

    /// <summary>AA-6: ignore the PDU.</summary>
    AA6,

    /// <summary>AA-7: send A-ABORT.</summary>
    AA7,

    /// <summary>AA-8: send A-ABORT of the service provider; indicate A-P-ABORT; start ARTIM.</summary>
    AA8,
}
