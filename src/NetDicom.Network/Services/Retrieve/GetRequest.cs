using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A C-GET request as a handler sees it (PS3.7 section 9.1.3).</summary>
public sealed class GetRequest : ServiceRequest
{
    internal GetRequest(ServiceInvocation invocation) : base(invocation)
    {
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid;
        Priority = invocation.Command.Priority;
    }

    /// <summary>Affected SOP Class UID: the retrieve model. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Priority the peer asked for; the C-STORE sub-operations have it too.</summary>
    public Priority Priority { get; }

    /// <summary>The identifier: level and unique keys.</summary>
    public DicomDataSet Identifier => DataSet!;
}
