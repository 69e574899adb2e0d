namespace NetDicom.Protocol;

/// <summary>C-MOVE-RQ: asks for instances to be sent to another application entity (PS3.7 section 9.3.4.1). Its data set follows: Identifier.</summary>
public sealed class CMoveRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CMoveRequest;

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Move Destination (0000,0600): AE title of the receiver.</summary>
    public required AETitle MoveDestination { get; init; }

    /// <summary>Priority (0000,0700).</summary>
    public Priority Priority { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CMoveRequest Read(CommandSet command)
    {
        Check(command, CommandField.CMoveRequest);
        return new CMoveRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
            MoveDestination = command.MoveDestination,
            Priority = command.Priority,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        writer.WriteAETitle(CommandTags.MoveDestination, Required(MoveDestination, CommandTags.MoveDestination));
        writer.WriteUInt16(CommandTags.Priority, (ushort)Priority);
        WriteDataSetType(ref writer);
    }
}
