using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A C-MOVE request as a handler sees it (PS3.7 section 9.1.4).</summary>
public sealed class MoveRequest : ServiceRequest
{
    internal MoveRequest(ServiceInvocation invocation) : base(invocation)
    {
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid;
        Priority = invocation.Command.Priority;
        MoveDestination = invocation.Command.MoveDestination;
    }

    /// <summary>Affected SOP Class UID: the retrieve model. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Priority the peer asked for; the C-STORE sub-operations have it too.</summary>
    public Priority Priority { get; }

    /// <summary>Move Destination: AE title of the receiver. Never none.</summary>
    public AETitle MoveDestination { get; }

    /// <summary>The identifier: level and unique keys.</summary>
    public DicomDataSet Identifier => DataSet!;
}
