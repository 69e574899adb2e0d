using System.Buffers;
using System.Buffers.Binary;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class PduReaderTests
{
    [Fact]
    public void A_stream_of_PDUs_reads_the_same_wherever_it_is_cut()
    {
        byte[] bytes =
        [
            .. Wire.Pdu(1, Wire.AssociateFixed),
            .. Wire.Pdu(4, Wire.Pdv(1, 3, 1, 2, 3, 4), Wire.Pdv(1, 0, 5, 6)),
            .. Wire.Pdu(4, Wire.Pdv(3, 2)),
            .. Wire.Pdu(4, Wire.Pdv(5, 0xFD), Wire.Pdv(5, 2, 9)),
            .. Wire.Pdu(5, new byte[4]),
        ];
        const string Expected = """
            AAssociateRQ
            PDataTF 18
            PDV 1 command last 01020304
            PDV 1 data 0506
            PDataTF 6
            PDV 3 data last 
            PDataTF 13
            PDV 5 command 
            PDV 5 data last 09
            AReleaseRQ
            0 left
            """;
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
            Assert.Equal(Expected, Wire.Transcript(cut));
    }

    [Fact]
    public void Bytes_that_come_one_by_one_are_taken_as_they_come()
    {
        byte[] bytes = [.. Wire.Pdu(4, Wire.Pdv(1, 3, 1, 2, 3), Wire.Pdv(1, 2)), .. Wire.Pdu(7, [0, 0, 2, 6])];
        var reader = new PduReader();
        var tokens = new List<string>();
        byte[] rest = [];
        foreach (byte next in bytes)
        {
            var input = new ReadOnlySequence<byte>([.. rest, next]);
            PduToken token;
            while ((token = reader.Read(ref input)) != PduToken.NeedMoreData)
                tokens.Add(token == PduToken.PdvFragment ? $"{reader.Fragment.Length}{(reader.IsEndOfPdv ? " end" : "")}" : token.ToString());
            rest = input.ToArray();
        }

        Assert.Equal(["PDataTF", "1", "1", "1 end", "0 end", "Pdu"], tokens);
        Assert.Empty(rest);
    }

    [Fact]
    public void Where_a_PDU_begins_is_known()
    {
        var reader = new PduReader();
        var input = new ReadOnlySequence<byte>(Wire.Pdu(4, Wire.Pdv(1, 3, 1), Wire.Pdv(1, 2, 2)));
        Assert.True(reader.AtPduBoundary);
        var mid = new List<bool>();
        while (reader.Read(ref input) != PduToken.NeedMoreData)
            mid.Add(reader.MidPdu);
        Assert.Equal([true, true, false], mid);
        Assert.True(reader.AtPduBoundary);
    }

    [Theory]
    [InlineData("'GET / HTTP/1.1'", "HTTP")]
    [InlineData("16 03 01 02 00 01 00 01 FC 03 03", "TLS ClientHello")]
    [InlineData("00", "type 0")]
    [InlineData("08", "type 8")]
    [InlineData("FF FF FF FF FF FF", "noise")]
    public void What_is_no_PDU_is_refused_by_its_first_byte(string bytes, string why)
    {
        byte[] all = Wire.Bytes(bytes);
        Assert.True(Wire.Refused(AbortReason.UnrecognizedPdu, all).Offset == 0, why);
        Wire.Refused(AbortReason.UnrecognizedPdu, all[..1]);
    }

    [Theory]
    [MemberData(nameof(HostileLengths))]
    public void A_length_outside_its_limits_is_refused_before_its_body_arrives_and_reserves_nothing(byte type, uint length)
    {
        byte[] header = [type, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(2), length);
        var reader = new PduReader { MaxPDataLength = 16384 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        PduViolationException? violation = null;
        try
        {
            var input = new ReadOnlySequence<byte>(header);
            reader.Read(ref input);
        }
        catch (PduViolationException caught)
        {
            violation = caught;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(AbortReason.InvalidPduParameterValue, violation?.Reason);
        Assert.InRange(allocated, 0, 64 * 1024); // the exception with its text and stack trace
    }

    public static TheoryData<byte, uint> HostileLengths()
    {
        var rows = new TheoryData<byte, uint>();
        for (byte type = 1; type <= 7; type++)
        {
            foreach (uint length in new uint[] { 0, 1, 3, int.MaxValue, uint.MaxValue })
                rows.Add(type, length);
        }

        rows.Add(1, 67);
        rows.Add(2, 67);
        rows.Add(4, 5);
        rows.Add(4, 16385);
        rows.Add(1, (1024 * 1024) + 1);
        rows.Add(2, (1024 * 1024) + 1);
        return rows;
    }

    [Theory]
    [InlineData(1, 68), InlineData(1, 1024 * 1024), InlineData(2, 68), InlineData(2, 1024 * 1024)]
    public void A_length_within_its_limits_is_waited_for_and_reserves_nothing(byte type, uint length)
    {
        byte[] header = [type, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(2), length);
        var reader = new PduReader();
        var input = new ReadOnlySequence<byte>(header);
        reader.Read(ref input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PduToken token = reader.Read(ref input);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(PduToken.NeedMoreData, token);
        Assert.Equal(6, input.Length);
    }

    [Fact]
    public void A_P_DATA_TF_of_the_length_agreed_is_taken_and_one_more_byte_is_refused()
    {
        byte[] longest = Wire.Pdu(4, Wire.Pdv(1, 2, new byte[94]));
        Assert.EndsWith("0 left", Wire.Transcript(new ReadOnlySequence<byte>(longest), maxPDataLength: 100), StringComparison.Ordinal);
        Wire.Refused(AbortReason.InvalidPduParameterValue, Wire.Pdu(4, Wire.Pdv(1, 2, new byte[95])), maxPDataLength: 100);
    }

    [Fact]
    public void Without_a_limit_a_P_DATA_TF_may_claim_all_32_bits()
    {
        byte[] bytes = Wire.Bytes("04 00 FFFFFFFF FFFFFFFB 01 00 0102");
        var reader = new PduReader();
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(PduToken.PDataTF, reader.Read(ref input));
        Assert.Equal(uint.MaxValue, reader.PduLength);
        Assert.Equal(PduToken.PdvFragment, reader.Read(ref input));
        Assert.Equal((2, false), (reader.Fragment.Length, reader.IsEndOfPdv));
        Assert.Equal(PduToken.NeedMoreData, reader.Read(ref input));
    }

    [Theory]
    [InlineData("00000000 01 03", "PDV length 0")]
    [InlineData("00000001 01 03", "PDV length 1")]
    [InlineData("00000003 01 03", "PDV past the PDU by one")]
    [InlineData("7FFFFFFF 01 03", "PDV length 2^31-1")]
    [InlineData("FFFFFFFF 01 03", "PDV length 2^32-1")]
    [InlineData("00000002 01 03 00000002 01", "the second PDV past the PDU by one")]
    [InlineData("00000002 01 03 0000", "two bytes behind the last PDV")]
    [InlineData("00000002 01 03 00000002", "four bytes behind the last PDV")]
    public void A_PDV_that_does_not_fit_its_PDU_is_refused(string body, string why) =>
        Assert.True(Wire.Refused(AbortReason.InvalidPduParameterValue, Wire.Pdu(4, Wire.Bytes(body))).Offset >= 6, why);

    [Fact]
    public void A_PDV_of_odd_length_and_reserved_control_bits_are_taken() =>
        Assert.Equal("PDataTF 9\nPDV 255 command last 010203\n0 left", Wire.Transcript(new ReadOnlySequence<byte>(Wire.Pdu(4, Wire.Pdv(255, 0xFF, 1, 2, 3)))));

    [Fact]
    public void Reading_P_DATA_allocates_nothing()
    {
        byte[] pdu = Wire.Pdu(4, Wire.Pdv(1, 3, new byte[100]), Wire.Pdv(1, 0, new byte[1000]));
        byte[] bytes = [.. Enumerable.Repeat(pdu, 50).SelectMany(b => b)];
        ReadOnlySequence<byte>[] cuts = [new(bytes), Splits.Of(bytes, 7), Splits.Of(bytes, 1)];
        var reader = new PduReader { MaxPDataLength = 16384 };
        foreach (ReadOnlySequence<byte> cut in cuts)
        {
            Drain(reader, cut);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long taken = Drain(reader, cut);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(50 * 1100, taken);
        }
    }

    [Fact]
    public void Noise_ends_in_tokens_or_a_violation_and_never_in_anything_else()
    {
        int seed = Seed.Value;
        var random = new Random(seed);
        byte[] valid = [.. Wire.Pdu(1, Wire.AssociateFixed, Wire.Bytes("20 00 0009 01000000 30 00 0001 '1' 50 00 0008 51 00 0004 00000000")), .. Wire.Pdu(4, Wire.Pdv(1, 3, 1, 2))];
        for (int run = 0; run < 20_000; run++)
        {
            byte[] bytes = [.. valid];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                Wire.Transcript(new ReadOnlySequence<byte>(bytes));
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
    }

    private static long Drain(PduReader reader, ReadOnlySequence<byte> input)
    {
        long taken = 0;
        PduToken token;
        while ((token = reader.Read(ref input)) != PduToken.NeedMoreData)
            taken += token == PduToken.PdvFragment ? reader.Fragment.Length : 0;
        return taken;
    }
}
