namespace NetDicom.Network;

/// <summary>An N-ACTION request as a handler sees it (PS3.7 section 10.1.4).</summary>
public sealed class NActionIndication : ServiceRequest
{
    internal NActionIndication(ServiceInvocation invocation) : base(invocation)
    {
        RequestedSopClassUid = invocation.Command.RequestedSopClassUid;
        RequestedSopInstanceUid = invocation.Command.RequestedSopInstanceUid;
        ActionTypeId = invocation.Command.ActionTypeId ?? 0;
    }

    /// <summary>Requested SOP Class UID. Never none.</summary>
    public DicomUid RequestedSopClassUid { get; }

    /// <summary>Requested SOP Instance UID. Never none.</summary>
    public DicomUid RequestedSopInstanceUid { get; }

    /// <summary>Action Type ID (0000,1008).</summary>
    public ushort ActionTypeId { get; }

    /// <summary>The data set: Action Information; null without one.</summary>
    public DicomDataSet? ActionInformation => DataSet;
}
