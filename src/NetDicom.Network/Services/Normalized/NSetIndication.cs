namespace NetDicom.Network;

/// <summary>An N-SET request as a handler sees it (PS3.7 section 10.1.3).</summary>
public sealed class NSetIndication : ServiceRequest
{
    internal NSetIndication(ServiceInvocation invocation) : base(invocation)
    {
        RequestedSopClassUid = invocation.Command.RequestedSopClassUid;
        RequestedSopInstanceUid = invocation.Command.RequestedSopInstanceUid;
    }

    /// <summary>Requested SOP Class UID. Never none.</summary>
    public DicomUid RequestedSopClassUid { get; }

    /// <summary>Requested SOP Instance UID. Never none.</summary>
    public DicomUid RequestedSopInstanceUid { get; }

    /// <summary>The data set: Modification List.</summary>
    public DicomDataSet ModificationList => DataSet!;
}
