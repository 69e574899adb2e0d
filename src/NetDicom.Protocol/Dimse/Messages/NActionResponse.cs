namespace NetDicom.Protocol;

/// <summary>N-ACTION-RSP: answers an N-ACTION-RQ (PS3.7 section 10.3.4.2). A data set may follow: Action Reply, success only.</summary>
public sealed class NActionResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NActionResponse;

    /// <summary>Error ID (0000,0903): only with a status that names this field.</summary>
    public ushort? ErrorId { get; init; }

    /// <summary>Affected SOP Instance UID (0000,1000): if present, equal to the requested instance.</summary>
    public DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Action Type ID (0000,1008): required when an Action Reply is present; equal to the request.</summary>
    public ushort? ActionTypeId { get; init; }

    /// <summary>
    /// Attribute Identifier List (0000,1005): PS3.7 has no such element in this message, PS3.4 asks for it with B010H of Inventory Creation (section KK.2.2.3). Written only if it is not empty.
    /// </summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList { get; init; } = [];

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NActionResponse Read(CommandSet command)
    {
        Check(command, CommandField.NActionResponse);
        return new NActionResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            ErrorComment = command.ErrorComment,
            ErrorId = command.ErrorId,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
            ActionTypeId = command.ActionTypeId,
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
        writer.WriteUInt16(CommandTags.ActionTypeId, ActionTypeId);
    }
}
