namespace NetDicom.Protocol;

/// <summary>States of the upper layer (PS3.8 section 9.2.2, tables 9-1 to 9-5).</summary>
public enum UlState
{
    /// <summary>Idle: no transport connection.</summary>
    Sta1 = 1,

    /// <summary>Transport connection open; awaiting A-ASSOCIATE-RQ.</summary>
    Sta2,

    /// <summary>Awaiting the local A-ASSOCIATE response.</summary>
    Sta3,

    /// <summary>Awaiting the transport connection to be opened.</summary>
    Sta4,

    /// <summary>Awaiting A-ASSOCIATE-AC or A-ASSOCIATE-RJ.</summary>
    Sta5,

    /// <summary>Association established: data may flow.</summary>
    Sta6,

    /// <summary>Awaiting A-RELEASE-RP.</summary>
    Sta7,

    /// <summary>Awaiting the local A-RELEASE response.</summary>
    Sta8,

    /// <summary>Release collision, requestor side; awaiting the local A-RELEASE response.</summary>
    Sta9,

    /// <summary>Release collision, acceptor side; awaiting A-RELEASE-RP.</summary>
    Sta10,

    /// <summary>Release collision, requestor side; awaiting A-RELEASE-RP.</summary>
    Sta11,

    /// <summary>Release collision, acceptor side; awaiting the local A-RELEASE response.</summary>
    Sta12,

    /// <summary>Awaiting the close of the transport connection.</summary>
    Sta13,
}
