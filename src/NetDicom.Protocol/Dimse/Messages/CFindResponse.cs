namespace NetDicom.Protocol;

/// <summary>C-FIND-RSP: answers a C-FIND-RQ: one match while pending, then the outcome (PS3.7 section 9.3.2.2). A data set may follow: Identifier with a pending status only.</summary>
public sealed class CFindResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CFindResponse;

    /// <summary>Offending Element (0000,0901): only with a status that names this field.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CFindResponse Read(CommandSet command)
    {
        Check(command, CommandField.CFindResponse);
        return new CFindResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            OffendingElements = command.OffendingElements,
            ErrorComment = command.ErrorComment,
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
        writer.WriteTags(CommandTags.OffendingElement, OffendingElements);
        writer.WriteText(CommandTags.ErrorComment, ErrorComment);
    }
}
