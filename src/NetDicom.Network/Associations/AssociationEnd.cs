using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>The ways an association ends.</summary>
public enum AssociationEndKind
{
    /// <summary>A-RELEASE, by either side: all that was asked for was answered.</summary>
    Released,

    /// <summary>The peer sent A-ABORT.</summary>
    AbortedByPeer,

    /// <summary>This side sent A-ABORT because its user asked for it or the server was stopped.</summary>
    AbortedLocally,

    /// <summary>The TCP connection was closed or broke without A-ABORT or A-RELEASE.</summary>
    ConnectionLost,

    /// <summary>This side sent A-ABORT because a time limit passed.</summary>
    TimedOut,

    /// <summary>This side sent A-ABORT because the peer broke a rule of the protocol.</summary>
    ProtocolViolation,
}

/// <summary>The time limits of an association.</summary>
public enum TimeoutKind
{
    /// <summary>None passed.</summary>
    None,

    /// <summary>Waiting for the A-ASSOCIATE-RQ of a peer that has connected, or for the close after the last PDU (PS3.8 section 9.1.5, ARTIM).</summary>
    Artim,

    /// <summary>Waiting for the answer to A-ASSOCIATE-RQ.</summary>
    Acse,

    /// <summary>Waiting for a DIMSE response.</summary>
    DimseResponse,

    /// <summary>Waiting for the peer's next bytes in mid message, or for its next message as acceptor.</summary>
    NetworkIdle,

    /// <summary>Waiting for the peer to take what was sent.</summary>
    NetworkSend,

    /// <summary>Waiting for A-RELEASE-RP.</summary>
    Release,

    /// <summary>Waiting for the rest of a PDU or message that comes in drops, below the least rate.</summary>
    ReceiveRate,
}

/// <summary>How an association ended: the first cause, kept.</summary>
public sealed record AssociationEnd
{
    /// <summary>The way it ended.</summary>
    public required AssociationEndKind Kind { get; init; }

    /// <summary>The source in the A-ABORT sent or received, if there was one (PS3.8 section 9.3.8).</summary>
    public AbortSource? AbortSource { get; init; }

    /// <summary>The reason in the A-ABORT sent or received, if its source was the service provider.</summary>
    public AbortReason? AbortReason { get; init; }

    /// <summary>The limit that passed, for <see cref="AssociationEndKind.TimedOut"/>.</summary>
    public TimeoutKind Timeout { get; init; }

    /// <summary>The exception behind it, if any.</summary>
    public Exception? Exception { get; init; }

    internal string Describe() => Kind switch
    {
        AssociationEndKind.Released => "The association is released",
        AssociationEndKind.AbortedByPeer => $"Association aborted by the peer (source {AbortSource}, reason {AbortReason})",
        AssociationEndKind.AbortedLocally => "Association aborted by this side",
        AssociationEndKind.ConnectionLost => $"Connection lost{(Exception is null ? "" : $": {Exception.Message}")}",
        AssociationEndKind.TimedOut => Timeout switch
        {
            TimeoutKind.Acse => "ACSE timeout reached while waiting for response",
            TimeoutKind.DimseResponse => "DIMSE timeout reached while waiting for message",
            TimeoutKind.Release => "Release timeout reached while waiting for A-RELEASE-RP",
            TimeoutKind.NetworkSend => "Network timeout reached while the peer did not take what was sent",
            TimeoutKind.ReceiveRate => "Network timeout reached while the peer sent less than the least rate",
            TimeoutKind.Artim => "ARTIM expired",
            _ => "Network timeout reached while waiting for the peer",
        },
        _ => $"Protocol violation by the peer{(Exception is null ? "" : $": {Exception.Message}")}",
    };

    internal AssociationEndedException ToException() => new(this);
}
