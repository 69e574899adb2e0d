namespace NetDicom.Protocol;

/// <summary>The first byte of a PDU (PS3.8 section 9.3.1).</summary>
public enum PduType : byte
{
    /// <summary>A-ASSOCIATE-RQ (PS3.8 section 9.3.2).</summary>
    AAssociateRQ = 1,

    /// <summary>A-ASSOCIATE-AC (PS3.8 section 9.3.3).</summary>
    AAssociateAC = 2,

    /// <summary>A-ASSOCIATE-RJ (PS3.8 section 9.3.4).</summary>
    AAssociateRJ = 3,

    /// <summary>P-DATA-TF (PS3.8 section 9.3.5).</summary>
    PDataTF = 4,

    /// <summary>A-RELEASE-RQ (PS3.8 section 9.3.6).</summary>
    AReleaseRQ = 5,

    /// <summary>A-RELEASE-RP (PS3.8 section 9.3.7).</summary>
    AReleaseRP = 6,

    /// <summary>A-ABORT (PS3.8 section 9.3.8).</summary>
    AAbort = 7,
}
