namespace NetDicom.Protocol;

/// <summary>C-STORE-RQ: asks to store the instance that follows (PS3.7 section 9.3.1.1). Its data set follows: the instance.</summary>
public sealed class CStoreRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CStoreRequest;

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Priority (0000,0700).</summary>
    public Priority Priority { get; init; }

    /// <summary>Affected SOP Instance UID (0000,1000).</summary>
    public required DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Move Originator Application Entity Title (0000,1030): AE title of the C-MOVE requestor, for C-MOVE sub-operations.</summary>
    public AETitle MoveOriginatorAETitle { get; init; }

    /// <summary>Move Originator Message ID (0000,1031): Message ID of the C-MOVE-RQ.</summary>
    public ushort? MoveOriginatorMessageId { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CStoreRequest Read(CommandSet command)
    {
        Check(command, CommandField.CStoreRequest);
        return new CStoreRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Priority = command.Priority,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
            MoveOriginatorAETitle = command.MoveOriginatorAETitle,
            MoveOriginatorMessageId = command.MoveOriginatorMessageId,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        writer.WriteUInt16(CommandTags.Priority, (ushort)Priority);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.AffectedSopInstanceUid, Required(AffectedSopInstanceUid, CommandTags.AffectedSopInstanceUid));
        writer.WriteAETitle(CommandTags.MoveOriginatorAETitle, MoveOriginatorAETitle);
        writer.WriteUInt16(CommandTags.MoveOriginatorMessageId, MoveOriginatorMessageId);
    }
}
