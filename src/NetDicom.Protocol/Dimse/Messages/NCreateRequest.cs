namespace NetDicom.Protocol;

/// <summary>N-CREATE-RQ: asks to create an instance (PS3.7 section 10.3.5.1). A data set may follow: Attribute List.</summary>
public sealed class NCreateRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NCreateRequest;

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public required DicomUid AffectedSopClassUid { get; init; }

    /// <summary>Affected SOP Instance UID (0000,1000): absent: the SCP assigns the instance UID.</summary>
    public DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NCreateRequest Read(CommandSet command)
    {
        Check(command, CommandField.NCreateRequest);
        return new NCreateRequest
        {
            MessageId = command.MessageId,
            AffectedSopClassUid = command.AffectedSopClassUid,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
            HasDataSet = command.HasDataSet,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.AffectedSopClassUid, Required(AffectedSopClassUid, CommandTags.AffectedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.AffectedSopInstanceUid, AffectedSopInstanceUid);
    }
}
