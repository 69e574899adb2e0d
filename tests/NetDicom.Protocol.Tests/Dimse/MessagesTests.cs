using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

/// <summary>All 23 messages against dimse-commands.tsv, row by row.</summary>
public class MessagesTests
{
    private static readonly DicomTag[] s_tags = [new(0x0008, 0x0018), new(0x0020, 0x000D)];

    private static readonly IReadOnlyList<string[]> s_rows = Facts.Read("dimse-commands.tsv");

    public static TheoryData<string> Names() => [.. s_rows.Select(row => row[0]).Distinct()];

    [Fact]
    public void There_are_23_messages_and_all_are_known()
    {
        Assert.Equal(23, Names().Count);
        Assert.Equal(23, CommandDefinition.All.Length);
        Assert.Equal(24, Enum.GetValues<CommandField>().Length); // and None
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_has_the_elements_its_table_lists(string name)
    {
        CommandDefinition definition = CommandDefinition.All.Single(d => d.Name == name);
        string[][] rows = Rows(name);
        Assert.Equal(Convert.ToUInt16(rows[0][1], 16), (ushort)definition.Field);
        Assert.Equal(rows.Where(r => r[6] == "M").Select(Element), definition.Mandatory);
        Assert.Equal(rows.Where(r => r[6] != "M").Select(Element), definition.Optional);
        Assert.Equal(rows[0][8].Split(' ')[0], definition.DataSet.ToString(), ignoreCase: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_with_all_its_elements_is_written_and_read_back(string name)
    {
        byte[] written = Wire.Written(output => Full(name).Write(output));
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(written))
        {
            var command = CommandSet.Decode(cut);
            Assert.Null(command.FindViolation());
            Assert.Equal(Rows(name).Select(row => new DicomTag(Convert.ToUInt32(row[2], 16))), command.Tags);
            foreach (string[] row in Rows(name))
                Assert.Equal(Expected(row), Value(command, row));
        }

        // Read into its class and written again, nothing is lost.
        DimseMessage message = DimseMessage.Read(CommandSet.Decode(new ReadOnlySequence<byte>(written)));
        Assert.Equal(Full(name).GetType(), message.GetType());
        Assert.Equal(written, Wire.Written(output => message.Write(output)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_group_length_counts_what_is_behind_it(string name)
    {
        byte[] written = Wire.Written(output => Full(name).Write(output));
        Assert.Equal(written.Length - 12, BitConverter.ToInt32(written, 8));
        Assert.Equal(0, written.Length % 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_or_empty_mandatory_element_is_named(string name)
    {
        byte[] written = Wire.Written(output => Full(name).Write(output));
        foreach (string[] row in Rows(name).Where(r => r[6] == "M" && r[3] != "CommandGroupLength"))
        {
            var tag = new DicomTag(Convert.ToUInt32(row[2], 16));
            string? missing = Without(written, tag, keepHeader: false).FindViolation();
            Assert.NotNull(missing);
            Assert.Contains(tag.ToString(), missing, StringComparison.Ordinal);
            Assert.Contains("PS3.7", missing, StringComparison.Ordinal);
            if (row[3] is not ("CommandField" or "CommandDataSetType"))
                Assert.Contains(name, missing, StringComparison.Ordinal);
            string? empty = Without(written, tag, keepHeader: true).FindViolation();
            Assert.Contains(tag.ToString(), empty, StringComparison.Ordinal);
        }

        foreach (string[] row in Rows(name).Where(r => r[6] != "M" || r[3] == "CommandGroupLength"))
            Assert.Null(Without(written, new DicomTag(Convert.ToUInt32(row[2], 16)), keepHeader: false).FindViolation());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_data_set_is_announced_only_where_the_message_may_have_one(string name)
    {
        string presence = Rows(name)[0][8].Split(' ')[0];
        byte[] written = Wire.Written(output => Full(name).Write(output));
        foreach (ushort type in new ushort[] { 0x0101, 0x0000, 0x0102 })
        {
            byte[] bytes = Replace(written, CommandTags.CommandDataSetType, Wire.US(type));
            string? violation = CommandSet.Decode(new ReadOnlySequence<byte>(bytes)).FindViolation();
            bool allowed = presence == "optional" || (presence == "always") == (type != 0x0101);
            Assert.Equal(allowed, violation is null);
        }
    }

    [Fact]
    public void Whether_a_data_set_follows_can_be_said_only_where_the_standard_leaves_it_open()
    {
        Assert.True(new NSetResponse { HasDataSet = true }.HasDataSet);
        Assert.False(new NSetResponse().HasDataSet);
        Assert.True(new CFindRequest { AffectedSopClassUid = new DicomUid("1.2") }.HasDataSet);
        Assert.Throws<ArgumentException>(() => new CEchoResponse { HasDataSet = true });
        Assert.Throws<ArgumentException>(() => new CFindRequest { AffectedSopClassUid = new DicomUid("1.2"), HasDataSet = false });
    }

    [Fact]
    public void A_message_without_a_mandatory_UID_or_title_cannot_be_written()
    {
        var store = new CStoreRequest { AffectedSopClassUid = new DicomUid("1.2"), AffectedSopInstanceUid = default };
        var thrown = Assert.Throws<InvalidOperationException>(() => Wire.Written(output => store.Write(output)));
        Assert.Contains("(0000,1000) Affected SOP Instance UID", thrown.Message, StringComparison.Ordinal);
        var move = new CMoveRequest { AffectedSopClassUid = new DicomUid("1.2"), MoveDestination = default };
        Assert.Contains("Move Destination", Assert.Throws<InvalidOperationException>(() => Wire.Written(output => move.Write(output))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_field_of_no_message_is_named_and_not_read()
    {
        var command = CommandSet.Decode(new ReadOnlySequence<byte>(Wire.CommandSet((0x0100, Wire.US(0x0031)))));
        Assert.Contains("0031H", command.FindViolation(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DimseMessage.Read(command));
        Assert.Throws<ArgumentException>(() => CEchoRequest.Read(command));
    }

    private static string[][] Rows(string name) => [.. s_rows.Where(row => row[0] == name)];

    private static ushort Element(string[] row) => Convert.ToUInt16(row[2][4..], 16);

    /// <summary>The value that <see cref="Full"/> gives an element, by its keyword.</summary>
    private static string Expected(string[] row) => row[3] switch
    {
        "CommandGroupLength" => "any",
        "CommandField" => Convert.ToUInt16(row[1], 16).ToString(null, null),
        "CommandDataSetType" => row[8].StartsWith("never", StringComparison.Ordinal) ? "257" : "0",
        "AffectedSOPClassUID" => "1.2.1",
        "RequestedSOPClassUID" => "1.2.2",
        "AffectedSOPInstanceUID" => "1.2.3",
        "RequestedSOPInstanceUID" => "1.2.4",
        "MessageID" => "5",
        "MessageIDBeingRespondedTo" => "6",
        "Priority" => "1",
        "Status" => "263",
        "ErrorComment" => "seven",
        "ErrorID" => "8",
        "OffendingElement" or "AttributeIdentifierList" => "(0008,0018)(0020,000D)",
        "EventTypeID" => "9",
        "ActionTypeID" => "10",
        "MoveDestination" => "DEST",
        "MoveOriginatorApplicationEntityTitle" => "ORIGIN",
        "MoveOriginatorMessageID" => "11",
        "NumberOfRemainingSuboperations" => "12",
        "NumberOfCompletedSuboperations" => "13",
        "NumberOfFailedSuboperations" => "14",
        "NumberOfWarningSuboperations" => "15",
        _ => throw new InvalidOperationException($"no value is known for {row[3]}"),
    };

    /// <summary>An element read through the property of its name.</summary>
    private static string Value(CommandSet command, string[] row) => row[3] switch
    {
        "CommandGroupLength" => "any",
        "CommandField" => ((ushort)command.Command).ToString(null, null),
        "CommandDataSetType" => command.HasDataSet ? "0" : "257",
        "AffectedSOPClassUID" => command.AffectedSopClassUid.ToString(),
        "RequestedSOPClassUID" => command.RequestedSopClassUid.ToString(),
        "AffectedSOPInstanceUID" => command.AffectedSopInstanceUid.ToString(),
        "RequestedSOPInstanceUID" => command.RequestedSopInstanceUid.ToString(),
        "MessageID" => $"{command.MessageId}",
        "MessageIDBeingRespondedTo" => $"{command.MessageIdBeingRespondedTo}",
        "Priority" => $"{(ushort)command.Priority}",
        "Status" => $"{command.Status.Code}",
        "ErrorComment" => $"{command.ErrorComment}",
        "ErrorID" => $"{command.ErrorId}",
        "OffendingElement" => string.Concat(command.OffendingElements),
        "AttributeIdentifierList" => string.Concat(command.AttributeIdentifierList),
        "EventTypeID" => $"{command.EventTypeId}",
        "ActionTypeID" => $"{command.ActionTypeId}",
        "MoveDestination" => command.MoveDestination.ToString(),
        "MoveOriginatorApplicationEntityTitle" => command.MoveOriginatorAETitle.ToString(),
        "MoveOriginatorMessageID" => $"{command.MoveOriginatorMessageId}",
        "NumberOfRemainingSuboperations" => $"{command.NumberOfRemainingSuboperations}",
        "NumberOfCompletedSuboperations" => $"{command.NumberOfCompletedSuboperations}",
        "NumberOfFailedSuboperations" => $"{command.NumberOfFailedSuboperations}",
        "NumberOfWarningSuboperations" => $"{command.NumberOfWarningSuboperations}",
        _ => throw new InvalidOperationException($"no property is known for {row[3]}"),
    };

    /// <summary>A message with every element it can have, and its data set where it may have one.</summary>
    private static DimseMessage Full(string name)
    {
        DicomUid affectedClass = new("1.2.1"), requestedClass = new("1.2.2"), affected = new("1.2.3"), requested = new("1.2.4");
        var status = new DimseStatus(0x0107);
        var destination = AETitle.Parse("DEST");
        return name switch
        {
            "C-CANCEL-RQ" => new CCancelRequest { MessageIdBeingRespondedTo = 6 },
            "C-ECHO-RQ" => new CEchoRequest { MessageId = 5, AffectedSopClassUid = affectedClass },
            "C-ECHO-RSP" => new CEchoResponse { MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, Status = status, ErrorComment = "seven" },
            "C-FIND-RQ" => new CFindRequest { MessageId = 5, AffectedSopClassUid = affectedClass, Priority = Priority.High },
            "C-FIND-RSP" => new CFindResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, Status = status, ErrorComment = "seven", OffendingElements = s_tags, HasDataSet = true,
            },
            "C-GET-RQ" => new CGetRequest { MessageId = 5, AffectedSopClassUid = affectedClass, Priority = Priority.High },
            "C-GET-RSP" => new CGetResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, Status = status, ErrorComment = "seven", OffendingElements = s_tags, HasDataSet = true,
                NumberOfRemainingSuboperations = 12, NumberOfCompletedSuboperations = 13, NumberOfFailedSuboperations = 14, NumberOfWarningSuboperations = 15,
            },
            "C-MOVE-RQ" => new CMoveRequest { MessageId = 5, AffectedSopClassUid = affectedClass, Priority = Priority.High, MoveDestination = destination },
            "C-MOVE-RSP" => new CMoveResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, Status = status, ErrorComment = "seven", OffendingElements = s_tags, HasDataSet = true,
                NumberOfRemainingSuboperations = 12, NumberOfCompletedSuboperations = 13, NumberOfFailedSuboperations = 14, NumberOfWarningSuboperations = 15,
            },
            "C-STORE-RQ" => new CStoreRequest
            {
                MessageId = 5, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Priority = Priority.High,
                MoveOriginatorAETitle = AETitle.Parse("ORIGIN"), MoveOriginatorMessageId = 11,
            },
            "C-STORE-RSP" => new CStoreResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", OffendingElements = s_tags,
            },
            "N-ACTION-RQ" => new NActionRequest { MessageId = 5, RequestedSopClassUid = requestedClass, RequestedSopInstanceUid = requested, ActionTypeId = 10, HasDataSet = true },
            "N-ACTION-RSP" => new NActionResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
                ActionTypeId = 10, HasDataSet = true,
            },
            "N-CREATE-RQ" => new NCreateRequest { MessageId = 5, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, HasDataSet = true },
            "N-CREATE-RSP" => new NCreateResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
                AttributeIdentifierList = s_tags, HasDataSet = true,
            },
            "N-DELETE-RQ" => new NDeleteRequest { MessageId = 5, RequestedSopClassUid = requestedClass, RequestedSopInstanceUid = requested },
            "N-DELETE-RSP" => new NDeleteResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
            },
            "N-EVENT-REPORT-RQ" => new NEventReportRequest { MessageId = 5, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, EventTypeId = 9, HasDataSet = true },
            "N-EVENT-REPORT-RSP" => new NEventReportResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
                EventTypeId = 9, HasDataSet = true,
            },
            "N-GET-RQ" => new NGetRequest { MessageId = 5, RequestedSopClassUid = requestedClass, RequestedSopInstanceUid = requested, AttributeIdentifierList = s_tags },
            "N-GET-RSP" => new NGetResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
                AttributeIdentifierList = s_tags, HasDataSet = true,
            },
            "N-SET-RQ" => new NSetRequest { MessageId = 5, RequestedSopClassUid = requestedClass, RequestedSopInstanceUid = requested },
            "N-SET-RSP" => new NSetResponse
            {
                MessageIdBeingRespondedTo = 6, AffectedSopClassUid = affectedClass, AffectedSopInstanceUid = affected, Status = status, ErrorComment = "seven", ErrorId = 8,
                AttributeIdentifierList = s_tags, HasDataSet = true,
            },
            _ => throw new InvalidOperationException($"no message is known by the name {name}"),
        };
    }

    private static CommandSet Without(byte[] bytes, DicomTag tag, bool keepHeader) =>
        CommandSet.Decode(new ReadOnlySequence<byte>(keepHeader ? Replace(bytes, tag, []) : Replace(bytes, tag, null)));

    private static byte[] Replace(byte[] bytes, DicomTag tag, byte[]? value)
    {
        var result = new List<byte>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = BitConverter.ToInt32(bytes, at + 4);
            ushort element = BitConverter.ToUInt16(bytes, at + 2);
            if (element != tag.Element)
                result.AddRange(bytes.AsSpan(at, 8 + length));
            else if (value is not null)
                result.AddRange(Wire.Element(element, value));
            at += 8 + length;
        }

        return [.. result];
    }
}
