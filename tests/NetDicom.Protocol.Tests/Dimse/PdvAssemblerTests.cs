using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class PdvAssemblerTests
{
    private static readonly byte[] s_storeRequest = Wire.CommandSet(
        (0x0002, "1.2."u8.ToArray()), (0x0100, Wire.US(1)), (0x0110, Wire.US(1)), (0x0700, Wire.US(0)), (0x0800, Wire.US(0)), (0x1000, "1.23"u8.ToArray()));

    [Fact]
    public void A_command_is_complete_with_its_last_fragment_wherever_it_was_cut()
    {
        for (int cut = 0; cut <= Wire.EchoRequest.Length; cut++)
        {
            var assembler = new PdvAssembler();
            Assert.Equal(MessageToken.NeedMoreData, Give(assembler, 1, 1, Wire.EchoRequest[..cut]));
            Assert.True(assembler.MidMessage);
            Assert.Equal(MessageToken.Command, Give(assembler, 1, 3, Wire.EchoRequest[cut..]));
            Assert.Equal(CommandField.CEchoRequest, assembler.Command.Command);
            Assert.True(assembler.IsMessageComplete);
            Assert.False(assembler.MidMessage);
        }
    }

    [Fact]
    public void A_command_in_fragments_of_one_byte_each_in_its_own_PDU_arrives()
    {
        byte[] bytes = [.. Wire.EchoRequest.SelectMany((b, i) => Wire.Pdu(4, Wire.Pdv(1, (byte)(i == Wire.EchoRequest.Length - 1 ? 3 : 1), b)))];
        var input = new ReadOnlySequence<byte>(bytes);
        var reader = new PduReader();
        var assembler = new PdvAssembler();
        MessageToken last = default;
        PduToken token;
        while ((token = reader.Read(ref input)) != PduToken.NeedMoreData)
            last = token == PduToken.PdvFragment ? assembler.Accept(reader) : last;
        Assert.Equal(MessageToken.Command, last);
        Assert.Null(assembler.Command.FindViolation());
    }

    [Fact]
    public void A_piece_of_the_last_PDV_does_not_end_the_message_before_its_last_byte()
    {
        var assembler = new PdvAssembler();
        Assert.Equal(MessageToken.NeedMoreData, assembler.Accept(1, true, true, new ReadOnlySequence<byte>(s_storeRequest[..5]), isEndOfPdv: false));
        Assert.Equal(MessageToken.Command, assembler.Accept(1, true, true, new ReadOnlySequence<byte>(s_storeRequest[5..]), isEndOfPdv: true));
        Assert.False(assembler.IsMessageComplete);
        Assert.Equal(MessageToken.DataSetFragment, assembler.Accept(1, false, true, new ReadOnlySequence<byte>([1]), isEndOfPdv: false));
        Assert.False(assembler.IsMessageComplete);
        Assert.True(assembler.MidMessage);
        Assert.Equal(MessageToken.DataSetFragment, assembler.Accept(1, false, true, new ReadOnlySequence<byte>([2]), isEndOfPdv: true));
        Assert.True(assembler.IsMessageComplete);
    }

    [Fact]
    public void One_message_follows_another()
    {
        var assembler = new PdvAssembler();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(MessageToken.Command, Give(assembler, 3, 3, s_storeRequest));
            Assert.Equal(3, assembler.ContextId);
            Assert.Equal(MessageToken.DataSetFragment, Give(assembler, 3, 0, [1, 2]));
            Assert.Equal(MessageToken.DataSetFragment, Give(assembler, 3, 2));
            Assert.True(assembler.IsMessageComplete);
            Assert.Equal(MessageToken.Command, Give(assembler, 5, 3, Wire.EchoRequest));
            Assert.Equal(5, assembler.ContextId);
        }
    }

    [Fact]
    public void A_data_set_before_its_command_is_refused() => Refused(AbortReason.UnexpectedPduParameter, new PdvAssembler(), 1, 0, [1]);

    [Fact]
    public void A_data_set_that_was_not_announced_is_refused()
    {
        var assembler = new PdvAssembler();
        Give(assembler, 1, 3, Wire.EchoRequest);
        Refused(AbortReason.UnexpectedPduParameter, assembler, 1, 2, [1]);
    }

    [Fact]
    public void A_data_set_within_a_command_is_refused()
    {
        var assembler = new PdvAssembler();
        Give(assembler, 1, 1, Wire.EchoRequest[..10]);
        Refused(AbortReason.UnexpectedPduParameter, assembler, 1, 0, [1]);
    }

    [Fact]
    public void A_command_within_a_data_set_is_refused()
    {
        var assembler = new PdvAssembler();
        Give(assembler, 1, 3, s_storeRequest);
        Refused(AbortReason.UnexpectedPduParameter, assembler, 1, 3, Wire.EchoRequest);
        var begun = new PdvAssembler();
        Give(begun, 1, 3, s_storeRequest);
        Give(begun, 1, 0, [1]);
        Refused(AbortReason.UnexpectedPduParameter, begun, 1, 1, Wire.EchoRequest);
    }

    [Fact]
    public void Another_context_within_a_message_is_refused()
    {
        var command = new PdvAssembler();
        Give(command, 1, 1, Wire.EchoRequest[..10]);
        Refused(AbortReason.UnexpectedPduParameter, command, 3, 3, Wire.EchoRequest[10..]);
        var data = new PdvAssembler();
        Give(data, 1, 3, s_storeRequest);
        Refused(AbortReason.UnexpectedPduParameter, data, 3, 2, [1]);
    }

    [Fact]
    public void A_context_that_was_not_accepted_is_refused()
    {
        var assembler = new PdvAssembler();
        assembler.RestrictTo(
        [
            new NegotiatedContext(1, new DicomUid("1.2"), new DicomUid("1.3"), PresentationContextResult.Acceptance, true, false),
            new NegotiatedContext(3, new DicomUid("1.2"), default, PresentationContextResult.NoReason, false, false),
            new NegotiatedContext(5, new DicomUid("1.2"), default, PresentationContextResult.Acceptance, false, false, "answered twice"),
        ]);
        Assert.Equal(MessageToken.Command, Give(assembler, 1, 3, Wire.EchoRequest));
        foreach (byte id in new byte[] { 0, 3, 5, 7, 255 })
            Refused(AbortReason.InvalidPduParameterValue, assembler, id, 3, Wire.EchoRequest);
    }

    [Fact]
    public void A_command_set_of_the_longest_length_is_taken_and_one_more_byte_is_refused()
    {
        var exact = new PdvAssembler((uint)Wire.EchoRequest.Length);
        Assert.Equal(MessageToken.Command, Give(exact, 1, 3, Wire.EchoRequest));
        Assert.Equal(MessageToken.Command, Give(exact, 1, 3, Wire.EchoRequest));
        var less = new PdvAssembler((uint)Wire.EchoRequest.Length - 1);
        Give(less, 1, 1, Wire.EchoRequest[..^1]);
        Refused(AbortReason.InvalidPduParameterValue, less, 1, 3, Wire.EchoRequest[^1..]);
    }

    [Fact]
    public void A_command_set_that_never_ends_is_held_in_bounded_memory()
    {
        var assembler = new PdvAssembler();
        byte[] piece = new byte[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        PduViolationException? violation = null;
        try
        {
            for (int i = 0; i < 1000; i++)
                assembler.Accept(1, true, false, new ReadOnlySequence<byte>(piece), true);
        }
        catch (PduViolationException caught)
        {
            violation = caught;
        }

        Assert.Equal(AbortReason.InvalidPduParameterValue, violation?.Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400 * 1024); // 64 KiB, reached by doubling, and the exception
    }

    [Fact]
    public void A_command_set_that_is_none_is_refused() => Refused(AbortReason.InvalidPduParameterValue, new PdvAssembler(), 1, 3, "GET / HTTP/1.1\r\n"u8.ToArray());

    [Fact]
    public void Random_PDVs_end_in_tokens_or_a_violation()
    {
        int seed = Seed.Value;
        var random = new Random(seed);
        byte[][] pieces = [Wire.EchoRequest, s_storeRequest, s_storeRequest[..20], s_storeRequest[20..], [], [1, 2]];
        for (int run = 0; run < 20_000; run++)
        {
            var assembler = new PdvAssembler();
            bool complete = false;
            try
            {
                for (int i = 0; i < 10; i++)
                {
                    ReadOnlySequence<byte> piece = Splits.Of(pieces[random.Next(pieces.Length)], 3);
                    MessageToken token = assembler.Accept((byte)(random.Next(8) == 0 ? 3 : 1), random.Next(2) == 0, random.Next(2) == 0, piece, random.Next(4) > 0);
                    complete = assembler.IsMessageComplete;
                    Assert.True(complete != assembler.MidMessage, $"seed {seed}, run {run}: {token}");
                }
            }
            catch (PduViolationException)
            {
                // The other allowed end.
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, run {run}: {e}");
            }
        }
    }

    private static MessageToken Give(PdvAssembler assembler, byte contextId, byte control, params byte[] fragment) =>
        assembler.Accept(contextId, (control & 1) != 0, (control & 2) != 0, new ReadOnlySequence<byte>(fragment), isEndOfPdv: true);

    private static void Refused(AbortReason reason, PdvAssembler assembler, byte contextId, byte control, byte[] fragment) =>
        Assert.Equal(reason, Assert.Throws<PduViolationException>(() => Give(assembler, contextId, control, fragment)).Reason);
}
