namespace NetDicom.Network;

/// <summary>Why the token of a handler has fired.</summary>
public enum CancellationCause
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The peer sent C-CANCEL-RQ for the request (PS3.7 section 9.3.2.3). The association is open, and the request is still to be answered.</summary>
    CancelRequested,

    /// <summary>The peer sent A-ABORT, or asked for release and did not wait.</summary>
    AbortedByPeer,

    /// <summary>This side aborted: its user asked for it, or the server was stopped.</summary>
    AbortedLocally,

    /// <summary>The connection was closed or broke.</summary>
    ConnectionLost,

    /// <summary>This side aborted because a time limit passed.</summary>
    TimedOut,

    /// <summary>This side aborted because the peer broke a rule of the protocol.</summary>
    ProtocolViolation,
}

internal static class CancellationCauses
{
    public static CancellationCause Of(Association association) => association.End?.Kind switch
    {
        null => CancellationCause.None,
        AssociationEndKind.AbortedByPeer or AssociationEndKind.Released => CancellationCause.AbortedByPeer,
        AssociationEndKind.AbortedLocally => CancellationCause.AbortedLocally,
        AssociationEndKind.ConnectionLost => CancellationCause.ConnectionLost,
        AssociationEndKind.TimedOut => CancellationCause.TimedOut,
        _ => CancellationCause.ProtocolViolation,
    };
}
