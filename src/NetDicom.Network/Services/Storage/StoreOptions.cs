using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Options of a C-STORE operation (PS3.7 section 9.1.1).</summary>
public sealed record StoreOptions
{
    /// <summary>Priority of the request. Default medium.</summary>
    public Priority Priority { get; init; }

    /// <summary>AE title of the C-MOVE requestor, when this C-STORE is a sub-operation of its C-MOVE; none otherwise.</summary>
    public AETitle MoveOriginatorAETitle { get; init; }

    /// <summary>Message ID of that C-MOVE; only sent together with <see cref="MoveOriginatorAETitle"/>.</summary>
    public ushort MoveOriginatorMessageId { get; init; }

    /// <summary>Stop after the first object that was not stored; the rest get <see cref="StoreFailure.NotSent"/>. Default false: go on.</summary>
    public bool StopAtFirstFailure { get; init; }

    /// <summary>Fires when no more objects are to be sent: what is on its way is finished, the rest gets <see cref="StoreFailure.NotSent"/> (a C-GET or C-MOVE that is cancelled).</summary>
    internal CancellationToken Stop { get; init; }
}
