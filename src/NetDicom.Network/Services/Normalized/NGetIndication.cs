namespace NetDicom.Network;

/// <summary>An N-GET request as a handler sees it (PS3.7 section 10.1.2).</summary>
public sealed class NGetIndication : ServiceRequest
{
    internal NGetIndication(ServiceInvocation invocation) : base(invocation)
    {
        RequestedSopClassUid = invocation.Command.RequestedSopClassUid;
        RequestedSopInstanceUid = invocation.Command.RequestedSopInstanceUid;
        AttributeIdentifierList = invocation.Command.AttributeIdentifierList;
    }

    /// <summary>Requested SOP Class UID. Never none.</summary>
    public DicomUid RequestedSopClassUid { get; }

    /// <summary>Requested SOP Instance UID. Never none.</summary>
    public DicomUid RequestedSopInstanceUid { get; }

    /// <summary>Attribute Identifier List (0000,1005): the attributes wanted; empty for all.</summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList { get; }
}
