using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class AAssociateACTests
{
    // Laid out by hand from PS3.8 section 9.3.3: 68 + 25 + 29 + 8 + 4 + 30 = 164.
    private static readonly byte[] s_full = Wire.Bytes(
        """
        02 00 000000A4
        0001 0000
        'ARCHIVE         ' 'MY_SCU          '
        0102030405060708 0000000000000000 0000000000000000 00000000000000FF
        10 00 0015 '1.2.840.10008.3.1.1.1'
        21 00 0019  01 00 00 00                  ; context 1 accepted
           40 00 0011 '1.2.840.10008.1.2'
        21 00 0004  03 00 03 00                  ; context 3: abstract syntax not supported, no transfer syntax sent
        50 00 001E
           51 00 0004 00000000
           53 00 0004 0001 0001
           59 00 000A 0008 'ticket42'
        """);

    [Fact]
    public void Every_field_and_item_is_read_wherever_the_bytes_are_cut()
    {
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(s_full))
        {
            AAssociateAC ac = Wire.ReadPdu<AAssociateAC>(cut);
            Assert.Equal("ARCHIVE", ac.CalledAETitle.ToString());
            Assert.Equal(0xFF, ac.ReservedField.Span[31]);
            Assert.Equal(2, ac.PresentationContexts.Count);
            Assert.Equal((1, PresentationContextResult.Acceptance), (ac.PresentationContexts[0].Id, ac.PresentationContexts[0].Result));
            Assert.Equal(new DicomUid("1.2.840.10008.1.2"), ac.PresentationContexts[0].TransferSyntax);
            Assert.Equal((3, PresentationContextResult.AbstractSyntaxNotSupported), (ac.PresentationContexts[1].Id, ac.PresentationContexts[1].Result));
            Assert.True(ac.PresentationContexts[1].TransferSyntax.IsNone);
            Assert.Equal(0u, ac.UserInformation.MaximumLength);
            Assert.Equal(AsynchronousOperationsWindow.Synchronous, ac.UserInformation.AsynchronousOperationsWindow);
            Assert.Equal("ticket42"u8.ToArray(), ac.UserInformation.UserIdentityResponse!.ServerResponse.ToArray());
        }
    }

    [Fact]
    public void An_answer_repeats_the_titles_and_reserved_bytes_of_its_request()
    {
        byte[] fixedPart = Wire.Bytes("0001 0000 'ANY-SCP' 00 00 00000000000000 '   odd         x' " + string.Concat(Enumerable.Repeat("AB", 32)));
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, fixedPart, Wire.Bytes("10 00 0003 '1.9'"))));
        var ac = AAssociateAC.To(rq, [new PresentationContextResultItem(1, PresentationContextResult.NoReason, new DicomUid("1.2"))], UserInformation.Empty);
        byte[] expected = Wire.Pdu(2, fixedPart, Wire.Bytes("10 00 0003 '1.9' 21 00 000B 01 00 02 00 40 00 0003 '1.2' 50 00 0000"));
        Assert.Equal(expected, Wire.Written(ac.Write));
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("40 00 0000", "an empty one")]
    [InlineData("40 00 0003 '1.2' 40 00 0003 '1.3'", "two")]
    [InlineData("40 00 0002 'xx'", "no UID")]
    public void Anything_but_one_transfer_syntax_is_read_as_none(string items, string why)
    {
        byte[] context = Wire.Item(0x21, Wire.Bytes("01000000"), Wire.Bytes(items));
        AAssociateAC ac = Wire.ReadPdu<AAssociateAC>(new ReadOnlySequence<byte>(Wire.Pdu(2, Wire.AssociateFixed, context)));
        Assert.True(Assert.Single(ac.PresentationContexts).TransferSyntax.IsNone, why);
    }

    [Theory]
    [InlineData("21 00 0000")]
    [InlineData("21 00 0003 010000")]
    [InlineData("21 00 0008 01000000 40 00 0001")]
    public void A_result_that_does_not_fit_is_refused(string item) =>
        Wire.Refused(AbortReason.InvalidPduParameterValue, Wire.Pdu(2, Wire.AssociateFixed, Wire.Bytes(item)));

    [Fact]
    public void A_hundred_and_twenty_nine_results_are_refused()
    {
        byte[][] results = [.. Enumerable.Range(0, 129).Select(_ => Wire.Bytes("21 00 0004 01000000"))];
        var input = new ReadOnlySequence<byte>(Wire.Pdu(2, [Wire.AssociateFixed, .. results]));
        Assert.Throws<PduViolationException>(() => new PduReader().Read(ref input));
    }
}
