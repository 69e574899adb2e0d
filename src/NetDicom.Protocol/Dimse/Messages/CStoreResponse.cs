namespace NetDicom.Protocol;

/// <summary>C-STORE-RSP: answers a C-STORE-RQ (PS3.7 section 9.3.1.2). No data set follows.</summary>
public sealed class CStoreResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CStoreResponse;

    /// <summary>Offending Element (0000,0901): only with a status that names this field.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>Affected SOP Instance UID (0000,1000): if present, equal to the request.</summary>
    public DicomUid AffectedSopInstanceUid { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CStoreResponse Read(CommandSet command)
    {
        Check(command, CommandField.CStoreResponse);
        return new CStoreResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            OffendingElements = command.OffendingElements,
            ErrorComment = command.ErrorComment,
            AffectedSopInstanceUid = command.AffectedSopInstanceUid,
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
        writer.WriteUid(CommandTags.AffectedSopInstanceUid, AffectedSopInstanceUid);
    }
}
