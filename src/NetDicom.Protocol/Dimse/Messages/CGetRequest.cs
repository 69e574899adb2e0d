namespace NetDicom.Protocol;

/// <summary>C-GET-RQ: asks for instances to be sent on this association (PS3.7 section 9.3.3.1). Its data set follows: Identifier.</summary>
public sealed class CGetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CGetRequest;

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Priority (0000,0700).</summary>
    public Priority Priority { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CGetRequest Read(CommandSet command)
    {
        Check(command, CommandField.CGetRequest);
        return new CGetRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Priority = command.Priority,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        writer.WriteUInt16(CommandTags.Priority, (ushort)Priority);
        WriteDataSetType(ref writer);
    }
}
