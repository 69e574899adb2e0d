namespace NetDicom.Protocol;

/// <summary>N-EVENT-REPORT-RQ: reports an event of an instance (PS3.7 section 10.3.1.1). A data set may follow: Event Information.</summary>
public sealed class NEventReportRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NEventReportRequest;

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Affected SOP Instance UID (0000,1000).</summary>
    public required DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Event Type ID (0000,1002).</summary>
    public ushort EventTypeId { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NEventReportRequest Read(CommandSet command)
    {
        Check(command, CommandField.NEventReportRequest);
        return new NEventReportRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
            EventTypeId = command.EventTypeId ?? 0,
            HasDataSet = command.HasDataSet,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.AffectedSopInstanceUid, Required(AffectedSopInstanceUid, CommandTags.AffectedSopInstanceUid));
        writer.WriteUInt16(CommandTags.EventTypeId, EventTypeId);
    }
}
