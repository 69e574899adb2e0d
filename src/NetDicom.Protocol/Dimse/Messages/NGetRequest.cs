namespace NetDicom.Protocol;

/// <summary>N-GET-RQ: asks for attributes of an instance (PS3.7 section 10.3.2.1). No data set follows.</summary>
public sealed class NGetRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Command => CommandField.NGetRequest;

    /// <summary>Requested SOP Class UID (0000,0003).</summary>
    public required DicomUid RequestedSopClassUid { get; init; }

    /// <summary>Requested SOP Instance UID (0000,1001).</summary>
    public required DicomUid RequestedSopInstanceUid { get; init; }

    /// <summary>Attribute Identifier List (0000,1005): absent or empty: all attributes wanted.</summary>
    public IReadOnlyList<DicomTag> AttributeIdentifierList { get; init; } = [];

    /// <summary>Takes the elements out of <paramref name="command"/>; what it lacks is left at its default.</summary>
    /// <exception cref="ArgumentException">It is the command set of another message.</exception>
    public static new NGetRequest Read(CommandSet command)
    {
        Check(command, CommandField.NGetRequest);
        return new NGetRequest
        {
            MessageId = command.MessageId,
            RequestedSopClassUid = command.RequestedSopClassUid,
            RequestedSopInstanceUid = command.RequestedSopInstanceUid,
            AttributeIdentifierList = command.AttributeIdentifierList,
        };
    }

    internal override void WriteElements(ref CommandSetWriter writer)
    {
        writer.WriteUid(CommandTags.RequestedSopClassUid, Required(RequestedSopClassUid, CommandTags.RequestedSopClassUid));
        writer.WriteUInt16(CommandTags.CommandField, (ushort)Command);
        writer.WriteUInt16(CommandTags.MessageId, MessageId);
        WriteDataSetType(ref writer);
        writer.WriteUid(CommandTags.RequestedSopInstanceUid, Required(RequestedSopInstanceUid, CommandTags.RequestedSopInstanceUid));
        writer.WriteTags(CommandTags.AttributeIdentifierList, AttributeIdentifierList);
    }
}
