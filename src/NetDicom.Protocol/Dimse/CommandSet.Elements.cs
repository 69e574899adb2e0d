namespace NetDicom.Protocol;

// The elements of PS3.7 annex E.1 by name. A missing number is 0 or null, a missing text is null or none: FindViolation says what had to be there.
public sealed partial class CommandSet
{
    /// <summary>Command Field (0000,0100).</summary>
    public CommandField Command => (CommandField)GetUInt16(CommandTags.CommandField);

    /// <summary>Message ID (0000,0110) of a request.</summary>
    public ushort MessageId => GetUInt16(CommandTags.MessageId);

    /// <summary>Message ID Being Responded To (0000,0120) of a response or a C-CANCEL-RQ.</summary>
    public ushort MessageIdBeingRespondedTo => GetUInt16(CommandTags.MessageIdBeingRespondedTo);

    /// <summary>Whether a data set follows: Command Data Set Type (0000,0800) is there and is not 0101H.</summary>
    public bool HasDataSet => TryGetUInt16(CommandTags.CommandDataSetType, out ushort type) && type != NoDataSet;

    /// <summary>Status (0000,0900); a missing one reads as a processing failure, never as success.</summary>
    public DimseStatus Status => TryGetUInt16(CommandTags.Status, out ushort code) ? new DimseStatus(code) : DimseStatus.ProcessingFailure;

    /// <summary>Priority (0000,0700); medium where it is missing.</summary>
    public Priority Priority => (Priority)GetUInt16(CommandTags.Priority);

    /// <summary>Affected SOP Class UID (0000,0002); none where it is missing or not a UID.</summary>
    public DicomUid AffectedSopClassUid => GetSopClass(CommandTags.AffectedSopClassUid);

    /// <summary>Requested SOP Class UID (0000,0003); none where it is missing or not a UID.</summary>
    public DicomUid RequestedSopClassUid => GetSopClass(CommandTags.RequestedSopClassUid);

    /// <summary>Affected SOP Instance UID (0000,1000); none where it is missing or not a UID.</summary>
    public DicomUid AffectedSopInstanceUid => GetUid(CommandTags.AffectedSopInstanceUid);

    /// <summary>Requested SOP Instance UID (0000,1001); none where it is missing or not a UID.</summary>
    public DicomUid RequestedSopInstanceUid => GetUid(CommandTags.RequestedSopInstanceUid);

    /// <summary>Move Destination (0000,0600); none where it is missing or not a title.</summary>
    public AETitle MoveDestination => GetAETitle(CommandTags.MoveDestination);

    /// <summary>Move Originator Application Entity Title (0000,1030); none where it is missing or not a title.</summary>
    public AETitle MoveOriginatorAETitle => GetAETitle(CommandTags.MoveOriginatorAETitle);

    /// <summary>Move Originator Message ID (0000,1031).</summary>
    public ushort? MoveOriginatorMessageId => GetOptionalUInt16(CommandTags.MoveOriginatorMessageId);

    /// <summary>Error Comment (0000,0902).</summary>
    public string? ErrorComment => GetText(CommandTags.ErrorComment);

    /// <summary>Error ID (0000,0903).</summary>
    public ushort? ErrorId => GetOptionalUInt16(CommandTags.ErrorId);

    /// <summary>Offending Element (0000,0901).</summary>
    public IReadOnlyList<DicomTag> OffendingElements => GetTags(CommandTags.OffendingElement);

    /// <summary>Attribute Identifier List (0000,1005).</summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList => GetTags(CommandTags.AttributeIdentifierList);

    /// <summary>Event Type ID (0000,1002).</summary>
    public ushort? EventTypeId => GetOptionalUInt16(CommandTags.EventTypeId);

    /// <summary>Action Type ID (0000,1008).</summary>
    public ushort? ActionTypeId => GetOptionalUInt16(CommandTags.ActionTypeId);

    /// <summary>Number of Remaining Sub-operations (0000,1020).</summary>
    public ushort? NumberOfRemainingSuboperations => GetOptionalUInt16(CommandTags.NumberOfRemainingSuboperations);

    /// <summary>Number of Completed Sub-operations (0000,1021).</summary>
    public ushort? NumberOfCompletedSuboperations => GetOptionalUInt16(CommandTags.NumberOfCompletedSuboperations);

    /// <summary>Number of Failed Sub-operations (0000,1022).</summary>
    public ushort? NumberOfFailedSuboperations => GetOptionalUInt16(CommandTags.NumberOfFailedSuboperations);

    /// <summary>Number of Warning Sub-operations (0000,1023).</summary>
    public ushort? NumberOfWarningSuboperations => GetOptionalUInt16(CommandTags.NumberOfWarningSuboperations);

    /// <summary>What the message lacks that PS3.7 wants, in words that name the tag and the rule; null if nothing.</summary>
    /// <remarks>
    /// Asked for are: a command field of PS3.7's 23, each mandatory element of that message with a value of sufficient length, and a Command Data Set Type that
    /// fits the message. Whether a UID is one is not: that is answered by a status (0117H, 0122H), not by an abort.
    /// </remarks>
    public string? FindViolation()
    {
        if (!TryGetUInt16(CommandTags.CommandField, out ushort field))
            return $"{CommandTags.CommandField} Command Field is missing (PS3.7 E.1)";
        if (CommandDefinition.Find((CommandField)field) is not { } definition)
            return $"{CommandTags.CommandField} Command Field {field:X4}H is none of PS3.7's (E.1)";
        foreach (ushort number in definition.Mandatory)
        {
            var tag = new DicomTag(0, number);
            if (tag == CommandTags.CommandGroupLength)
                continue; // a wrong or missing one does no harm
            if (!TryGetValue(tag, out ReadOnlySpan<byte> value))
                return $"{tag} {CommandTags.NameOf(tag)} is missing in a {definition.Name} ({definition.Section})";
            if (value.TrimEnd("\0 "u8).IsEmpty && !IsNumber(tag) || IsNumber(tag) && value.Length < 2)
                return $"{tag} {CommandTags.NameOf(tag)} has no value in a {definition.Name} ({definition.Section})";
        }

        return (definition.DataSet, HasDataSet) switch
        {
            (DataSetPresence.Never, true) => $"{CommandTags.CommandDataSetType} announces a data set, and a {definition.Name} has none ({definition.Section})",
            (DataSetPresence.Always, false) => $"{CommandTags.CommandDataSetType} announces no data set, and a {definition.Name} has one ({definition.Section})",
            _ => null,
        };
    }

    private ushort GetUInt16(DicomTag tag) => TryGetUInt16(tag, out ushort value) ? value : (ushort)0;

    private ushort? GetOptionalUInt16(DicomTag tag) => TryGetUInt16(tag, out ushort value) ? value : null;

    private DicomUid GetSopClass(DicomTag tag)
    {
        if (!TryGetValue(tag, out ReadOnlySpan<byte> value))
            return default;
        if (!_lastSopClass.IsNone && _lastSopClass.TextEquals(value.TrimEnd("\0 "u8)))
            return _lastSopClass;
        if (DicomUid.TryParse(value, out DicomUid uid))
            _lastSopClass = uid;
        return uid;
    }

    /// <summary>Whether a mandatory element is a number (VR US) and not a UID or AE title.</summary>
    private static bool IsNumber(DicomTag tag) =>
        tag != CommandTags.AffectedSopClassUid && tag != CommandTags.RequestedSopClassUid && tag != CommandTags.AffectedSopInstanceUid
        && tag != CommandTags.RequestedSopInstanceUid && tag != CommandTags.MoveDestination;
}
