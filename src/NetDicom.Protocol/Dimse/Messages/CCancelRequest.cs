namespace NetDicom.Protocol;

/// <summary>C-CANCEL-RQ: asks to stop a C-FIND, C-GET or C-MOVE (PS3.7 section 9.3.2.3). No data set follows, and no response: the operation's own final one says Cancel.</summary>
public sealed class CCancelRequest : DimseMessage
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CCancelRequest;

    /// <summary>Message ID Being Responded To (0000,0120): the Message ID of the request to stop.</summary>
    public ushort MessageIdBeingRespondedTo { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CCancelRequest Read(CommandSet command)
    {
        Check(command, CommandField.CCancelRequest);
        return new CCancelRequest { MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageIdBeingRespondedTo, MessageIdBeingRespondedTo);
        WriteDataSetType(ref writer);
    }
}
