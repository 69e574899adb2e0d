namespace NetDicom.Protocol;

/// <summary>N-GET-RSP: answers an N-GET-RQ (PS3.7 section 10.3.2.2). A data set may follow: Attribute List; present with success.</summary>
public sealed class NGetResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NGetResponse;

    /// <summary>Error ID (0000,0903): only with a status that names this field.</summary>
    public ushort? ErrorId { get; init; }

    /// <summary>Affected SOP Instance UID (0000,1000): if present, equal to the requested instance.</summary>
    public DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Attribute Identifier List (0000,1005): only with statuses 0105, 0107, 0120.</summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList { get; init; } = [];

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NGetResponse Read(CommandSet command)
    {
        Check(command, CommandField.NGetResponse);
        return new NGetResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            ErrorComment = command.ErrorComment,
            ErrorId = command.ErrorId,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
            AttributeIdentifierList = command.AttributeIdentifierList,
            HasDataSet = command.HasDataSet,
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
        writer.WriteUInt16(CommandTags.ErrorId, ErrorId);
        writer.WriteUid(CommandTags.AffectedSopInstanceUid, AffectedSopInstanceUid);
        writer.WriteTags(CommandTags.AttributeIdentifierList, AttributeIdentifierList);
    }
}
