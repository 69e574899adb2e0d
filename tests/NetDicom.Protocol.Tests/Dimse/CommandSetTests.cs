using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class CommandSetTests
{
    // A C-STORE-RQ laid out by hand from PS3.7 table 9.3-1; 116 bytes behind the group length.
    private static readonly byte[] s_store = Wire.Bytes(
        """
        0000 0000 04000000 74000000
        0000 0200 1A000000 '1.2.840.10008.5.1.4.1.1.2' 00
        0000 0001 02000000 0100
        0000 1001 02000000 0700
        0000 0007 02000000 0200
        0000 0008 02000000 0000
        0000 0010 0A000000 '1.2.3.4.5' 00
        0000 3010 06000000 'ABC   '
        0000 3110 02000000 3930
        """);

    [Fact]
    public void A_command_set_is_read_wherever_its_bytes_are_cut()
    {
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(s_store))
        {
            var command = CommandSet.Decode(cut);
            Assert.Equal(CommandField.CStoreRequest, command.Command);
            Assert.Equal(7, command.MessageId);
            Assert.Equal(Priority.Low, command.Priority);
            Assert.True(command.HasDataSet);
            Assert.Equal("1.2.840.10008.5.1.4.1.1.2", command.AffectedSopClassUid.ToString());
            Assert.Equal("1.2.3.4.5", command.AffectedSopInstanceUid.ToString());
            Assert.Equal("ABC", command.MoveOriginatorAETitle.ToString());
            Assert.Equal((ushort)12345, command.MoveOriginatorMessageId);
            Assert.Equal(9, command.Count);
            Assert.Equal(s_store, command.Bytes.ToArray());
            Assert.Null(command.FindViolation());
        }
    }

    [Fact]
    public void The_elements_are_listed_in_the_order_received()
    {
        CommandSet command = Decode(Wire.Element(0x0110, Wire.US(1)), Wire.Element(0x0100, Wire.US(0x30)));
        Assert.Equal([CommandTags.MessageId, CommandTags.CommandField], command.Tags);
        Assert.Equal(CommandTags.CommandField, command.TagAt(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.TagAt(2));
        Assert.Equal("(0000,0110) 0100\n(0000,0100) 3000\n", command.ToString());
    }

    [Theory]
    [InlineData(0u, "zero")]
    [InlineData(1u, "too small")]
    [InlineData(uint.MaxValue, "huge")]
    public void A_wrong_group_length_does_no_harm(uint length, string why)
    {
        byte[] bytes = [.. Wire.EchoRequest];
        BitConverter.GetBytes(length).CopyTo(bytes, 8);
        Assert.True(CommandSet.Decode(new ReadOnlySequence<byte>(bytes)).FindViolation() is null, why);
    }

    [Fact]
    public void A_missing_group_length_does_no_harm() =>
        Assert.Null(CommandSet.Decode(new ReadOnlySequence<byte>(Wire.EchoRequest[12..])).FindViolation());

    [Theory]
    [InlineData("0000 0001 02000000 01", "value past the end")]
    [InlineData("0000 0001 FFFFFFFF 0100", "undefined length")]
    [InlineData("0000 0001 FFFFFF7F 0100", "length 2^31-1")]
    [InlineData("0000 0001 02000000 0100 0000", "two bytes that are no element")]
    [InlineData("0000 0001 02000000 0100 0000 1001 020000", "half a header")]
    [InlineData("0800 1800 02000000 '1' 00", "an element of a data set")]
    [InlineData("'GET / HTTP/1.1'", "noise")]
    public void What_is_no_command_set_is_refused(string hex, string why)
    {
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(Wire.Bytes(hex)))
        {
            ReadOnlySequence<byte> bytes = cut;
            var violation = Assert.Throws<PduViolationException>(() => CommandSet.Decode(bytes));
            Assert.True(violation.Reason == AbortReason.InvalidPduParameterValue, why);
        }
    }

    [Fact]
    public void Elements_of_another_group_behind_the_command_are_passed_over()
    {
        // As Orthanc 1.10 ends a C-GET with failures: group length of group 0008, Failed SOP Instance UID List, all within the command set.
        byte[] behind = Wire.Bytes("0800 0000 04000000 0E000000 0800 5800 06000000 '1.2.3' 00");
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay([.. s_store, .. behind]))
        {
            var command = CommandSet.Decode(cut);
            Assert.Equal(9, command.Count);
            Assert.Equal(7, command.MessageId);
            Assert.Null(command.FindViolation());
        }

        Assert.Throws<PduViolationException>(() => CommandSet.Decode(new ReadOnlySequence<byte>([.. s_store, .. behind[..^1]])));
    }

    [Fact]
    public void A_command_set_of_256_elements_is_taken_and_one_more_is_refused()
    {
        byte[] element = Wire.Element(0x5555, []);
        Assert.Equal(256, CommandSet.Decode(Splits.Join([.. Enumerable.Repeat((ReadOnlyMemory<byte>)element, 256)])).Count);
        Assert.Throws<PduViolationException>(() => CommandSet.Decode(Splits.Join([.. Enumerable.Repeat((ReadOnlyMemory<byte>)element, 257)])));
    }

    [Fact]
    public void An_empty_command_set_has_nothing_and_says_so()
    {
        CommandSet command = Decode();
        Assert.Equal((0, CommandField.None), (command.Count, command.Command));
        Assert.False(command.HasDataSet);
        Assert.Equal("(0000,0100) Command Field is missing (PS3.7 E.1)", command.FindViolation());
    }

    [Fact]
    public void Values_are_read_as_they_may_come()
    {
        CommandSet command = Decode(
            Wire.Element(0x0002, Wire.Bytes("'1.2.3' 00 00 20")),
            Wire.Element(0x0110, Wire.Bytes("05 00 00 00")),
            Wire.Element(0x0120, Wire.Bytes("05")),
            Wire.Element(0x0600, Wire.Bytes("' DEST' 00")),
            Wire.Element(0x0901, Wire.Bytes("0800 1800 2000 0D00 FF")),
            Wire.Element(0x0902, Wire.Bytes("'bad' 0A E9 20 00")),
            Wire.Element(0x1000, Wire.Bytes("'../../x'")),
            Wire.Element(0x1005, []));
        Assert.Equal("1.2.3", command.AffectedSopClassUid.ToString());
        Assert.Equal(5, command.MessageId);
        Assert.False(command.TryGetUInt16(CommandTags.MessageIdBeingRespondedTo, out _));
        Assert.Equal("DEST", command.MoveDestination.ToString());
        Assert.Equal([new DicomTag(0x0008, 0x0018), new DicomTag(0x0020, 0x000D)], command.OffendingElements);
        Assert.Equal("bad??", command.ErrorComment);
        Assert.True(command.AffectedSopInstanceUid.IsNone);
        Assert.Empty(command.AttributeIdentifierList);
        Assert.True(command.Contains(CommandTags.AttributeIdentifierList));
        Assert.False(command.Contains(CommandTags.Status));
    }

    [Fact]
    public void Of_two_elements_with_the_same_tag_the_first_counts() =>
        Assert.Equal(1, Decode(Wire.Element(0x0110, Wire.US(1)), Wire.Element(0x0110, Wire.US(2))).MessageId);

    [Fact]
    public void A_missing_status_is_never_success() => Assert.True(Decode(Wire.Element(0x0100, Wire.US(0x8001))).Status.IsFailure);

    [Fact]
    public void A_missing_data_set_type_announces_no_data_set_and_any_value_but_0101H_announces_one()
    {
        Assert.False(Decode().HasDataSet);
        Assert.False(Decode(Wire.Element(0x0800, Wire.US(0x0101))).HasDataSet);
        foreach (ushort type in new ushort[] { 0, 1, 0x0102, 0xFEFE })
            Assert.True(Decode(Wire.Element(0x0800, Wire.US(type))).HasDataSet);
    }

    [Fact]
    public void The_SOP_class_of_the_last_message_does_not_stay_for_the_next()
    {
        var assembler = new PdvAssembler();
        string[] classes = ["1.2.3", "1.2.3", "1.2.34", "1.2", "none"];
        var read = new List<string>();
        foreach (string sopClass in classes)
        {
            byte[] bytes = sopClass == "none"
                ? Wire.CommandSet((0x0100, Wire.US(0x30)), (0x0800, Wire.US(0x0101)))
                : Wire.CommandSet((0x0002, System.Text.Encoding.ASCII.GetBytes(sopClass)), (0x0100, Wire.US(0x30)), (0x0800, Wire.US(0x0101)));
            Assert.Equal(MessageToken.Command, assembler.Accept(1, true, true, new ReadOnlySequence<byte>(bytes), true));
            read.Add(assembler.Command.AffectedSopClassUid.IsNone ? "none" : assembler.Command.AffectedSopClassUid.ToString());
        }

        Assert.Equal(classes, read);
    }

    [Fact]
    public void A_copy_stays_as_it_is()
    {
        var assembler = new PdvAssembler();
        assembler.Accept(1, true, true, new ReadOnlySequence<byte>(Wire.EchoRequest), true);
        CommandSet copy = assembler.Command.Copy();
        assembler.Accept(1, true, true, new ReadOnlySequence<byte>(Wire.CommandSet((0x0100, Wire.US(0x8030)), (0x0800, Wire.US(0x0101)))), true);
        Assert.Equal(CommandField.CEchoResponse, assembler.Command.Command);
        Assert.Equal((CommandField.CEchoRequest, (ushort)1), (copy.Command, copy.MessageId));
    }

    [Fact]
    public void Noise_is_a_command_set_or_a_violation_and_never_anything_else()
    {
        int seed = Seed.Value;
        var random = new Random(seed);
        int decoded = 0;
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = [.. s_store];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var command = CommandSet.Decode(Splits.Of(bytes, 5));
                if (command.FindViolation() is null)
                    Assert.Equal(command.Command, DimseMessage.Read(command).Command);
                decoded++;
            }
            catch (PduViolationException)
            {
                // The other allowed end.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {Convert.ToHexString(bytes)}: {e}");
            }
        }

        Assert.InRange(decoded, 1, 19_999);
    }

    private static CommandSet Decode(params byte[][] elements) => CommandSet.Decode(new ReadOnlySequence<byte>([.. elements.SelectMany(e => e)]));
}
