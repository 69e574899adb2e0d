namespace NetDicom.Network;

/// <summary>An N-EVENT-REPORT request as a handler sees it (PS3.7 section 10.1.1).</summary>
public sealed class NEventReportIndication : ServiceRequest
{
    internal NEventReportIndication(ServiceInvocation invocation) : base(invocation)
    {
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid;
        AffectedSopInstanceUid = invocation.Command.AffectedSopInstanceUid;
        EventTypeId = invocation.Command.EventTypeId ?? 0;
    }

    /// <summary>Affected SOP Class UID. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Affected SOP Instance UID. Never none.</summary>
    public DicomUid AffectedSopInstanceUid { get; }

    /// <summary>Event Type ID (0000,1002).</summary>
    public ushort EventTypeId { get; }

    /// <summary>The data set: Event Information; null without one.</summary>
    public DicomDataSet? EventInformation => DataSet;
}
