namespace NetDicom.Protocol;

/// <summary>C-ECHO-RSP: answers a C-ECHO-RQ (PS3.7 section 9.3.5.2). No data set follows.</summary>
public sealed class CEchoResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CEchoResponse;

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CEchoResponse Read(CommandSet command)
    {
        Check(command, CommandField.CEchoResponse);
        return new CEchoResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            ErrorComment = command.ErrorComment,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, AffectedSopClassUid);
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageIdBeingRespondedTo, MessageIdBeingRespondedTo);
        WriteDataSetType(ref writer);
        writer.WriteUInt16(CommandTags.Status, Status.Code);
        writer.WriteText(CommandTags.ErrorComment, ErrorComment);
    }
}
