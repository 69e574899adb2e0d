namespace NetDicom.Protocol;

/// <summary>C-MOVE-RSP: answers a C-MOVE-RQ (PS3.7 section 9.3.4.2). A data set may follow: Failed SOP Instance UID List; not with Pending.</summary>
public sealed class CMoveResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.CMoveResponse;

    /// <summary>Offending Element (0000,0901): only with a status that names this field.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>Number of Remaining Sub-operations (0000,1020): required with Pending, may come with Cancel, absent with Success, Warning, Failure.</summary>
    public ushort? NumberOfRemainingSuboperations { get; init; }

    /// <summary>Number of Completed Sub-operations (0000,1021): required with Pending, may come with any other.</summary>
    public ushort? NumberOfCompletedSuboperations { get; init; }

    /// <summary>Number of Failed Sub-operations (0000,1022): required with Pending, may come with any other.</summary>
    public ushort? NumberOfFailedSuboperations { get; init; }

    /// <summary>Number of Warning Sub-operations (0000,1023): required with Pending, may come with any other.</summary>
    public ushort? NumberOfWarningSuboperations { get; init; }

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new CMoveResponse Read(CommandSet command)
    {
        Check(command, CommandField.CMoveResponse);
        return new CMoveResponse
        {
            MessageIdBeingRespondedTo = command.MessageIdBeingRespondedTo,
            AffectedSopClassUid = command.AffectedSopClassUid,
            Status = command.Status,
            OffendingElements = command.OffendingElements,
            ErrorComment = command.ErrorComment,
            NumberOfRemainingSuboperations = command.NumberOfRemainingSuboperations,
            NumberOfCompletedSuboperations = command.NumberOfCompletedSuboperations,
            NumberOfFailedSuboperations = command.NumberOfFailedSuboperations,
            NumberOfWarningSuboperations = command.NumberOfWarningSuboperations,
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
        writer.WriteUInt16(CommandTags.NumberOfRemainingSuboperations, NumberOfRemainingSuboperations);
        writer.WriteUInt16(CommandTags.NumberOfCompletedSuboperations, NumberOfCompletedSuboperations);
        writer.WriteUInt16(CommandTags.NumberOfFailedSuboperations, NumberOfFailedSuboperations);
        writer.WriteUInt16(CommandTags.NumberOfWarningSuboperations, NumberOfWarningSuboperations);
    }
}
