using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>A C-FIND request as a handler sees it (PS3.7 section 9.1.2).</summary>
public sealed class FindRequest : ServiceRequest
{
    internal FindRequest(ServiceInvocation invocation) : base(invocation)
    {
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid;
        Priority = invocation.Command.Priority;
    }

    /// <summary>Affected SOP Class UID: the query model. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Priority the peer asked for.</summary>
    public Priority Priority { get; }

    /// <summary>The identifier: keys to match and to return.</summary>
    public DicomDataSet Identifier => DataSet!;
}
