namespace NetDicom.Protocol;

/// <summary>The elements of a command set (PS3.7 annex E.1).</summary>
public static class CommandTags
{
    /// <summary>Command Group Length (0000,0000): bytes behind this element to the end of the command set.</summary>
    public static DicomTag CommandGroupLength => new(0x0000_0000);

    /// <summary>Affected SOP Class UID (0000,0002).</summary>
    public static DicomTag AffectedSopClassUid => new(0x0000_0002);

    /// <summary>Requested SOP Class UID (0000,0003).</summary>
    public static DicomTag RequestedSopClassUid => new(0x0000_0003);

    /// <summary>Command Field (0000,0100).</summary>
    public static DicomTag CommandField => new(0x0000_0100);

    /// <summary>Message ID (0000,0110).</summary>
    public static DicomTag MessageId => new(0x0000_0110);

    /// <summary>Message ID Being Responded To (0000,0120).</summary>
    public static DicomTag MessageIdBeingRespondedTo => new(0x0000_0120);

    /// <summary>Move Destination (0000,0600).</summary>
    public static DicomTag MoveDestination => new(0x0000_0600);

    /// <summary>Priority (0000,0700).</summary>
    public static DicomTag Priority => new(0x0000_0700);

    /// <summary>Command Data Set Type (0000,0800): 0101H where no data set follows.</summary>
    public static DicomTag CommandDataSetType => new(0x0000_0800);

    /// <summary>Status (0000,0900).</summary>
    public static DicomTag Status => new(0x0000_0900);

    /// <summary>Offending Element (0000,0901).</summary>
    public static DicomTag OffendingElement => new(0x0000_0901);

    /// <summary>Error Comment (0000,0902).</summary>
    public static DicomTag ErrorComment => new(0x0000_0902);

    /// <summary>Error ID (0000,0903).</summary>
    public static DicomTag ErrorId => new(0x0000_0903);

    /// <summary>Affected SOP Instance UID (0000,1000).</summary>
    public static DicomTag AffectedSopInstanceUid => new(0x0000_1000);

    /// <summary>Requested SOP Instance UID (0000,1001).</summary>
    public static DicomTag RequestedSopInstanceUid => new(0x0000_1001);

    /// <summary>Event Type ID (0000,1002).</summary>
    public static DicomTag EventTypeId => new(0x0000_1002);

    /// <summary>Attribute Identifier List (0000,1005).</summary>
    public static DicomTag AttributeIdentifierList => new(0x0000_1005);

    /// <summary>Action Type ID (0000,1008).</summary>
    public static DicomTag ActionTypeId => new(0x0000_1008);

    /// <summary>Number of Remaining Sub-operations (0000,1020).</summary>
    public static DicomTag NumberOfRemainingSuboperations => new(0x0000_1020);

    /// <summary>Number of Completed Sub-operations (0000,1021).</summary>
    public static DicomTag NumberOfCompletedSuboperations => new(0x0000_1021);

    /// <summary>Number of Failed Sub-operations (0000,1022).</summary>
    public static DicomTag NumberOfFailedSuboperations => new(0x0000_1022);

    /// <summary>Number of Warning Sub-operations (0000,1023).</summary>
    public static DicomTag NumberOfWarningSuboperations => new(0x0000_1023);

    /// <summary>Move Originator Application Entity Title (0000,1030).</summary>
    public static DicomTag MoveOriginatorAETitle => new(0x0000_1030);

    /// <summary>Move Originator Message ID (0000,1031).</summary>
    public static DicomTag MoveOriginatorMessageId => new(0x0000_1031);

    /// <summary>The name of an element as the standard prints it, for messages to people.</summary>
    internal static string NameOf(DicomTag tag) => tag.Value switch
    {
        0x0000 => "Command Group Length",
        0x0002 => "Affected SOP Class UID",
        0x0003 => "Requested SOP Class UID",
        0x0100 => "Command Field",
        0x0110 => "Message ID",
        0x0120 => "Message ID Being Responded To",
        0x0600 => "Move Destination",
        0x0700 => "Priority",
        0x0800 => "Command Data Set Type",
        0x0900 => "Status",
        0x0901 => "Offending Element",
        0x0902 => "Error Comment",
        0x0903 => "Error ID",
        0x1000 => "Affected SOP Instance UID",
        0x1001 => "Requested SOP Instance UID",
        0x1002 => "Event Type ID",
        0x1005 => "Attribute Identifier List",
        0x1008 => "Action Type ID",
        0x1020 => "Number of Remaining Sub-operations",
        0x1021 => "Number of Completed Sub-operations",
        0x1022 => "Number of Failed Sub-operations",
        0x1023 => "Number of Warning Sub-operations",
        0x1030 => "Move Originator Application Entity Title",
        0x1031 => "Move Originator Message ID",
        _ => "unknown element",
    };
}
