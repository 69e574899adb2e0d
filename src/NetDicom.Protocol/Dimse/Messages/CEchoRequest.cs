namespace NetDicom.Protocol;

/// <summary>C-ECHO-RQ: asks whether the peer is there (PS3.7 section 9.3.5.1). No data set follows.</summary>
public sealed class CEchoRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CEchoRequest;

    /// <summary>Affected SOP Class UID (0000,0002): Verification SOP Class.</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CEchoRequest Read(CommandSet command)
    {
        Check(command, CommandField.CEchoRequest);
        return new CEchoRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
    }
}
