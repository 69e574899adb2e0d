namespace NetDicom.Protocol;

/// <summary>N-SET-RQ: asks to change attributes of an instance (PS3.7 section 10.3.3.1). Its data set follows: Modification List.</summary>
public sealed class NSetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NSetRequest;

    /// <summary>Requested SOP Class UID (0000,0003).</summary>
    public required DicomUid RequestedSopClassUid { get; init; }

    /// <summary>Requested SOP Instance UID (0000,1001).</summary>
    public required DicomUid RequestedSopInstanceUid { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NSetRequest Read(CommandSet command)
    {
        Check(command, CommandField.NSetRequest);
        return new NSetRequest
        {
            MessageId = command.MessageId,
            RequestedSopClassUid = command.RequestedSopClassUid,
            RequestedSopInstanceUid = command.RequestedSopInstanceUid,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.RequestedSopClassUid, Required(RequestedSopClassUid, CommandTags.RequestedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.RequestedSopInstanceUid, Required(RequestedSopInstanceUid, CommandTags.RequestedSopInstanceUid));
    }
}
