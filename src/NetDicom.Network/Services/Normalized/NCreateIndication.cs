namespace NetDicom.Network;

/// <summary>An N-CREATE request as a handler sees it (PS3.7 section 10.1.5).</summary>
public sealed class NCreateIndication : ServiceRequest
{
    internal NCreateIndication(ServiceInvocation invocation) : base(invocation)
    {
        AffectedSopClassUid = invocation.Command.AffectedSopClassUid;
        AffectedSopInstanceUid = invocation.Command.AffectedSopInstanceUid;
    }

    /// <summary>Affected SOP Class UID. Never none.</summary>
    public DicomUid AffectedSopClassUid { get; }

    /// <summary>Affected SOP Instance UID. None where the peer leaves the choice of it to the handler.</summary>
    public DicomUid AffectedSopInstanceUid { get; }

    /// <summary>The data set: Attribute List; null without one.</summary>
    public DicomDataSet? AttributeList => DataSet;
}
