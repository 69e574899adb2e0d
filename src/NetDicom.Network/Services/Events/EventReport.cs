namespace NetDicom.Network;

/// <summary>An N-EVENT-REPORT that is to be sent (PS3.7 section 10.1.1).</summary>
internal sealed record EventReport(DicomUid SopClassUid, DicomUid InstanceUid, ushort EventTypeId, DicomDataSet? Information);
