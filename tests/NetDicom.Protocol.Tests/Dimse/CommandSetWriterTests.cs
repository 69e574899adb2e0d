using System.Buffers;

namespace NetDicom.Protocol.Tests;

public class CommandSetWriterTests
{
    [Fact]
    public void A_C_ECHO_RQ_is_written_as_the_bytes_of_the_standard()
    {
        byte[] expected = Wire.Bytes(
            """
            0000 0000 04000000 38000000
            0000 0200 12000000 '1.2.840.10008.1.1' 00
            0000 0001 02000000 3000
            0000 1001 02000000 0100
            0000 0008 02000000 0101
            """);
        var output = new ArrayBufferWriter<byte>();
        int length = new CEchoRequest { MessageId = 1, AffectedSopClassUid = new DicomUid("1.2.840.10008.1.1") }.Write(output);
        Assert.Equal(expected, output.WrittenSpan.ToArray());
        Assert.Equal(expected.Length, length);
    }

    [Fact]
    public void Texts_are_padded_to_even_length()
    {
        byte[] written = Wire.Written(output =>
        {
            var writer = new CommandSetWriter(output);
            writer.WriteUid(CommandTags.AffectedSopClassUid, new DicomUid("1.2"));
            writer.WriteUid(CommandTags.RequestedSopClassUid, new DicomUid("1.23"));
            writer.WriteAETitle(CommandTags.MoveDestination, AETitle.Parse("ABC"));
            writer.WriteText(CommandTags.ErrorComment, "é\\\n!!");
            writer.WriteText(CommandTags.ErrorId, "");
            writer.Complete();
        });
        Assert.Equal(
            Wire.Bytes("0000 0000 04000000 3A000000 0000 0200 04000000 '1.2' 00 0000 0300 04000000 '1.23' 0000 0006 04000000 'ABC ' 0000 0209 06000000 '???!! ' 0000 0309 00000000"),
            written);
    }

    [Fact]
    public void An_error_comment_is_cut_to_64_characters()
    {
        byte[] written = Wire.Written(output => new CEchoResponse { ErrorComment = new string('x', 63) + "yz" }.Write(output));
        Assert.Equal(new string('x', 63) + "y", CommandSet.Decode(new ReadOnlySequence<byte>(written)).ErrorComment);
    }

    [Fact]
    public void What_is_none_is_not_written()
    {
        byte[] written = Wire.Written(output =>
        {
            var writer = new CommandSetWriter(output);
            writer.WriteUid(CommandTags.AffectedSopClassUid, default);
            writer.WriteAETitle(CommandTags.MoveDestination, default);
            writer.WriteTags(CommandTags.OffendingElement, []);
            writer.WriteText(CommandTags.ErrorComment, null);
            writer.WriteUInt16(CommandTags.ErrorId, null);
            writer.Complete();
        });
        Assert.Equal(Wire.Bytes("0000 0000 04000000 00000000"), written);
    }

    [Fact]
    public void Elements_out_of_order_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Wire.Written(output =>
        {
            var writer = new CommandSetWriter(output);
            writer.WriteUInt16(CommandTags.MessageId, 1);
            writer.WriteUInt16(CommandTags.CommandField, 1);
        }));
        Assert.Throws<InvalidOperationException>(() => Wire.Written(output =>
        {
            var writer = new CommandSetWriter(output);
            writer.WriteUInt16(CommandTags.MessageId, 1);
            writer.WriteUInt16(CommandTags.MessageId, 1);
        }));
    }

    [Fact]
    public void A_long_list_of_tags_grows_the_command_set_and_loses_nothing()
    {
        DicomTag[] tags = [.. Enumerable.Range(0, 5000).Select(i => new DicomTag(0x0010, (ushort)i))];
        var request = new NGetRequest { MessageId = 9, RequestedSopClassUid = new DicomUid("1.2"), RequestedSopInstanceUid = new DicomUid("1.2.3"), AttributeIdentifierList = tags };
        CommandSet read = CommandSet.Decode(new ReadOnlySequence<byte>(Wire.Written(output => request.Write(output))));
        Assert.Equal(tags, read.AttributeIdentifierList);
        Assert.Equal(9, read.MessageId);
        Assert.Equal(new DicomUid("1.2.3"), read.RequestedSopInstanceUid);
    }

    [Fact]
    public void Memory_that_an_output_takes_back_when_asked_for_more_is_not_relied_on()
    {
        DicomTag[] tags = [.. Enumerable.Range(0, 1000).Select(i => new DicomTag(0x0010, (ushort)i))];
        var request = new NGetRequest { MessageId = 9, RequestedSopClassUid = new DicomUid("1.2"), RequestedSopInstanceUid = new DicomUid("1.2.3"), AttributeIdentifierList = tags };
        byte[] expected = Wire.Written(output => request.Write(output));
        var forgetful = new ForgetfulOutput();
        request.Write(forgetful);
        Assert.Equal(expected, forgetful.Written);
        var cut = new ForgetfulOutput();
        PdvFragmenter.WriteCommand(cut, request, 1, 100);
        Assert.Equal(Wire.Written(output => PdvFragmenter.Write(output, expected, 1, isCommand: true, 100)), cut.Written);
    }

    /// <summary>An output that scrubs what it gave out before, as a pool may once it was given back.</summary>
    private sealed class ForgetfulOutput : IBufferWriter<byte>
    {
        private byte[] _given = [];

        public byte[] Written { get; private set; } = [];

        public void Advance(int count)
        {
            Written = [.. Written, .. _given.AsSpan(0, count)];
            Array.Fill(_given, (byte)0xEE);
        }

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Array.Fill(_given, (byte)0xEE);
            return _given = new byte[Math.Max(sizeHint, 1)];
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    [Fact]
    public void Writing_and_reading_a_command_set_allocates_nothing()
    {
        var request = new CStoreRequest { MessageId = 1, AffectedSopClassUid = new DicomUid("1.2.840.10008.5.1.4.1.1.2"), AffectedSopInstanceUid = new DicomUid("1.2.3") };
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var reader = new PduReader();
        var assembler = new PdvAssembler();
        byte[] wire = Wire.Written(o => PdvFragmenter.WriteCommand(o, request, 1, 16378));
        byte[] data = Wire.Pdu(4, Wire.Pdv(1, 2, new byte[1000]));
        var input = new ReadOnlySequence<byte>([.. wire, .. data]);
        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        int messages = 0;
        for (int i = 0; i < 50; i++)
            messages += Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, messages);

        int Once()
        {
            output.ResetWrittenCount();
            PdvFragmenter.WriteCommand(output, request, 1, 16378);
            ReadOnlySequence<byte> rest = input;
            int complete = 0;
            PduToken token;
            while ((token = reader.Read(ref rest)) != PduToken.NeedMoreData)
            {
                if (token == PduToken.PdvFragment && assembler.Accept(reader) == MessageToken.DataSetFragment && assembler.IsMessageComplete)
                    complete++;
                if (assembler.Command is { Count: > 0 } command && (command.MessageId != 1 || command.FindViolation() is not null || command.AffectedSopClassUid.IsNone))
                    complete += 1000;
            }

            return complete;
        }
    }
}
