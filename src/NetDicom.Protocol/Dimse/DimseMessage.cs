using System.Buffers;

namespace NetDicom.Protocol;

/// <summary>One of the 23 DIMSE messages: its command set (PS3.7 sections 9.3 and 10.3). The data set that may follow is not part of it.</summary>
public abstract class DimseMessage
{
    // What is written for "a data set follows": PS3.7 E.1 allows anything but 0101H.
    private const ushort DataSetFollows = 0x0000;

    private readonly bool _hasDataSet;

    private protected DimseMessage()
    {
        Presence = CommandDefinition.Find(Command)!.DataSet; // a constant of the derived class, which is in the table
        _hasDataSet = Presence == DataSetPresence.Always;
    }

    /// <summary>Which message this is; Command Field (0000,0100).</summary>
    public abstract CommandField Command { get; }

    /// <summary>Whether a data set follows; Command Data Set Type (0000,0800). To be set where PS3.7 leaves it open.</summary>
    /// <exception cref="ArgumentException">The message never has a data set, or always.</exception>
    public bool HasDataSet
    {
        get => _hasDataSet;
        init
        {
            if (value != _hasDataSet && Presence != DataSetPresence.Optional)
                throw new ArgumentException($"a {Command} {(value ? "has no" : "needs a")} data set (PS3.7 9.3 and 10.3)", nameof(value));
            _hasDataSet = value;
        }
    }

    private DataSetPresence Presence { get; }

    /// <summary>Reads a message of any kind; <see cref="CommandSet.FindViolation"/> is to be asked first.</summary>
    /// <exception cref="ArgumentException">The Command Field is none of PS3.7's.</exception>
    public static DimseMessage Read(CommandSet command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Command switch
        {
            CommandField.CStoreRequest => CStoreRequest.Read(command),
            CommandField.CStoreResponse => CStoreResponse.Read(command),
            CommandField.CFindRequest => CFindRequest.Read(command),
            CommandField.CFindResponse => CFindResponse.Read(command),
            CommandField.CGetRequest => CGetRequest.Read(command),
            CommandField.CGetResponse => CGetResponse.Read(command),
            CommandField.CMoveRequest => CMoveRequest.Read(command),
            CommandField.CMoveResponse => CMoveResponse.Read(command),
            CommandField.CEchoRequest => CEchoRequest.Read(command),
            CommandField.CEchoResponse => CEchoResponse.Read(command),
            CommandField.CCancelRequest => CCancelRequest.Read(command),
            CommandField.NEventReportRequest => NEventReportRequest.Read(command),
            CommandField.NEventReportResponse => NEventReportResponse.Read(command),
            CommandField.NGetRequest => NGetRequest.Read(command),
            CommandField.NGetResponse => NGetResponse.Read(command),
            CommandField.NSetRequest => NSetRequest.Read(command),
            CommandField.NSetResponse => NSetResponse.Read(command),
            CommandField.NActionRequest => NActionRequest.Read(command),
            CommandField.NActionResponse => NActionResponse.Read(command),
            CommandField.NCreateRequest => NCreateRequest.Read(command),
            CommandField.NCreateResponse => NCreateResponse.Read(command),
            CommandField.NDeleteRequest => NDeleteRequest.Read(command),
            CommandField.NDeleteResponse => NDeleteResponse.Read(command),
            _ => throw new ArgumentException($"Command Field {(ushort)command.Command:X4}H is none of PS3.7's (E.1)", nameof(command)),
        };
    }

    /// <summary>Writes the command set with its group length.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="InvalidOperationException">A mandatory UID or title is none.</exception>
    public int Write(IBufferWriter<byte> output)
    {
        var writer = new CommandSetWriter(output);
        WriteElements(ref writer);
        return writer.Complete();
    }

    /// <summary>Writes all elements behind the group length, in ascending order.</summary>
    internal abstract void WriteElements(ref CommandSetWriter writer);

    private protected void WriteDataSetType(ref CommandSetWriter writer) =>
        writer.WriteUInt16(CommandTags.CommandDataSetType, HasDataSet ? DataSetFollows : CommandSet.NoDataSet);

    private protected DicomUid Required(DicomUid uid, DicomTag tag) => uid.IsNone ? throw Missing(tag) : uid;

    private protected AETitle Required(AETitle title, DicomTag tag) => title.IsNone ? throw Missing(tag) : title;

    private protected static void Check(CommandSet command, CommandField field)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Command != field)
            throw new ArgumentException($"the command set is a {command.Command}, not a {field}", nameof(command));
    }

    private InvalidOperationException Missing(DicomTag tag) =>
        new($"a {Command} needs {tag} {CommandTags.NameOf(tag)} ({CommandDefinition.Find(Command)?.Section})");
}
