namespace NetDicom.Network;

/// <summary>An N-DELETE request as a handler sees it (PS3.7 section 10.1.6).</summary>
public sealed class NDeleteIndication : ServiceRequest
{
    internal NDeleteIndication(ServiceInvocation invocation) : base(invocation)
    {
        RequestedSopClassUid = invocation.Command.RequestedSopClassUid;
        RequestedSopInstanceUid = invocation.Command.RequestedSopInstanceUid;
    }

    /// <summary>Requested SOP Class UID. Never none.</summary>
    public DicomUid RequestedSopClassUid { get; }

    /// <summary>Requested SOP Instance UID. Never none.</summary>
    public DicomUid RequestedSopInstanceUid { get; }
}
