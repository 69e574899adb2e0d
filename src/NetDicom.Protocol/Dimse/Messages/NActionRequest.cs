namespace NetDicom.Protocol;

/// <summary>N-ACTION-RQ: asks an instance to act (PS3.7 section 10.3.4.1). A data set may follow: Action Information.</summary>
public sealed class NActionRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NActionRequest;

    /// <summary>Requested SOP Class UID (0000,0003).</summary>
    public required DicomUid RequestedSopClassUid { get; init; }

    /// <summary>Requested SOP Instance UID (0000,1001).</summary>
    public required DicomUid RequestedSopInstanceUid { get; init; }

    /// <summary>Action Type ID (0000,1008).</summary>
    public ushort ActionTypeId { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NActionRequest Read(CommandSet command)
    {
        Check(command, CommandField.NActionRequest);
        return new NActionRequest
        {
            MessageId = command.MessageId,
            RequestedSopClassUid = command.RequestedSopClassUid,
            RequestedSopInstanceUid = command.RequestedSopInstanceUid,
            ActionTypeId = command.ActionTypeId ?? 0,
            HasDataSet = command.HasDataSet,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.RequestedSopClassUid, Required(RequestedSopClassUid, CommandTags.RequestedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.RequestedSopInstanceUid, Required(RequestedSopInstanceUid, CommandTags.RequestedSopInstanceUid));
        writer.WriteUInt16(CommandTags.ActionTypeId, ActionTypeId);
    }
}
