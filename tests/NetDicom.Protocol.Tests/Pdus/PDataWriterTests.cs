namespace NetDicom.Protocol.Tests;

public class PDataWriterTests
{
    [Fact]
    public void The_headers_are_laid_out_as_the_standard_prints_them()
    {
        byte[] header = Enumerable.Repeat((byte)0xEE, 12).ToArray();
        PDataWriter.WritePDataHeader(header, 0x01020304, 5, isCommand: true, isLast: false);
        Assert.Equal(Wire.Bytes("04 00 0102030A 01020306 05 01"), header);
    }

    [Theory]
    [InlineData(false, false, 0), InlineData(true, false, 1), InlineData(false, true, 2), InlineData(true, true, 3)]
    public void The_message_control_header_has_two_bits(bool isCommand, bool isLast, byte control)
    {
        byte[] header = new byte[12];
        PDataWriter.WritePDataHeader(header, 0, 1, isCommand, isLast);
        Assert.Equal(control, header[11]);
    }

    [Theory]
    [InlineData(0u, 1000, 1000, "no limit: our cap")]
    [InlineData(0u, 1001, 1000, "even")]
    [InlineData(8u, 1000, 2, "the least that is of use")]
    [InlineData(9u, 1000, 2, "odd limit")]
    [InlineData(16384u, 100_000, 16378, "six bytes of PDV header")]
    [InlineData(16384u, 100, 100, "cap below the limit")]
    [InlineData(uint.MaxValue, int.MaxValue, int.MaxValue - 1, "all 32 bits")]
    public void A_fragment_is_even_and_fits_with_its_PDV_header(uint peerMaximum, int cap, int expected, string why) =>
        Assert.True(expected == PDataWriter.MaxFragmentLength(peerMaximum, cap), why);

    [Fact]
    public void A_limit_of_1_to_7_leaves_nothing_to_send()
    {
        for (uint peerMaximum = 1; peerMaximum < 8; peerMaximum++)
        {
            Assert.False(PDataWriter.IsUsableMaximumLength(peerMaximum));
            uint maximum = peerMaximum;
            Assert.Equal(AbortReason.InvalidPduParameterValue, Assert.Throws<PduViolationException>(() => PDataWriter.MaxFragmentLength(maximum, 100)).Reason);
        }

        Assert.True(PDataWriter.IsUsableMaximumLength(0));
        Assert.True(PDataWriter.IsUsableMaximumLength(8));
    }
}
