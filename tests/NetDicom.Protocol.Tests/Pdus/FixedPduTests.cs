using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

/// <summary>A-ASSOCIATE-RJ, A-RELEASE-RQ, A-RELEASE-RP and A-ABORT: the PDUs of ten bytes.</summary>
public class FixedPduTests
{
    [Fact]
    public void A_rejection_is_read_wherever_its_bytes_are_cut_and_written_as_the_same()
    {
        byte[] bytes = Wire.Bytes("03 00 00000004 00 02 03 02");
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
        {
            AAssociateRJ rj = Wire.ReadPdu<AAssociateRJ>(cut);
            Assert.Equal((RejectResult.Transient, RejectSource.ServiceProviderPresentation, (byte)2), (rj.Result, rj.Source, rj.Reason));
            Assert.Equal(bytes, Wire.Written(rj.Write));
        }
    }

    [Theory]
    [InlineData("05 00 00000004 00000000", typeof(AReleaseRQ))]
    [InlineData("06 00 00000004 00000000", typeof(AReleaseRP))]
    public void A_release_PDU_is_read_wherever_its_bytes_are_cut_and_written_as_the_same(string hex, Type type)
    {
        byte[] bytes = Wire.Bytes(hex);
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
        {
            ReadOnlySequence<byte> input = cut;
            var reader = new PduReader();
            Assert.Equal(PduToken.Pdu, reader.Read(ref input));
            Assert.IsType(type, reader.Pdu);
            Assert.Equal(bytes, Wire.Written(reader.Pdu.Write));
        }
    }

    [Fact]
    public void An_abort_is_read_wherever_its_bytes_are_cut_and_written_as_the_same()
    {
        byte[] bytes = Wire.Bytes("07 00 00000004 00 00 02 06");
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
        {
            AAbort abort = Wire.ReadPdu<AAbort>(cut);
            Assert.Equal((AbortSource.ServiceProvider, AbortReason.InvalidPduParameterValue), (abort.Source, abort.Reason));
            Assert.Equal(bytes, Wire.Written(abort.Write));
        }
    }

    [Theory]
    [InlineData(3), InlineData(5), InlineData(6), InlineData(7)]
    public void Reserved_bytes_are_not_looked_at(byte type)
    {
        byte[] bytes = [type, 0xFF, 0, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF];
        Assert.Equal($"{(PduType)type}\n0 left", Wire.Transcript(new ReadOnlySequence<byte>(bytes)));
    }

    [Theory]
    [InlineData(3), InlineData(5), InlineData(6), InlineData(7)]
    public void A_body_of_up_to_64_bytes_is_taken_and_what_is_over_ignored(byte type)
    {
        byte[] next = Wire.Bytes("05 00 00000004 00000000");
        foreach (int length in new[] { 4, 5, 64 })
        {
            byte[] bytes = [.. Wire.Pdu(type, new byte[length]), .. next];
            Assert.Equal($"{(PduType)type}\nAReleaseRQ\n0 left", Wire.Transcript(new ReadOnlySequence<byte>(bytes)));
        }
    }

    [Theory]
    [InlineData(3, 0), InlineData(3, 3), InlineData(3, 65), InlineData(5, 0), InlineData(5, 3), InlineData(5, 65)]
    [InlineData(6, 0), InlineData(6, 3), InlineData(6, 65), InlineData(7, 0), InlineData(7, 3), InlineData(7, 65)]
    public void Any_other_length_is_refused_by_the_header_alone(byte type, byte length) =>
        Wire.Refused(AbortReason.InvalidPduParameterValue, [type, 0, 0, 0, 0, length]);

    [Theory]
    [InlineData(1, 1, 7, "rejected permanently by the service user: called AE title not recognised")]
    [InlineData(1, 1, 3, "rejected permanently by the service user: calling AE title not recognised")]
    [InlineData(1, 1, 2, "rejected permanently by the service user: application context name not supported")]
    [InlineData(1, 1, 1, "rejected permanently by the service user: no reason given")]
    [InlineData(1, 2, 1, "rejected permanently by the service provider (ACSE): no reason given")]
    [InlineData(1, 2, 2, "rejected permanently by the service provider (ACSE): protocol version not supported")]
    [InlineData(2, 3, 1, "rejected for now by the service provider (presentation): temporary congestion")]
    [InlineData(2, 3, 2, "rejected for now by the service provider (presentation): local limit exceeded")]
    [InlineData(9, 8, 7, "rejected (result 9) by source 8: reason 7")]
    public void A_rejection_says_why(byte result, byte source, byte reason, string text) =>
        Assert.Equal(text, new AAssociateRJ((RejectResult)result, (RejectSource)source, reason).ToString());

    [Theory]
    [InlineData(0, 6, "aborted by the service user")]
    [InlineData(2, 0, "aborted by the service provider: reason not specified")]
    [InlineData(2, 1, "aborted by the service provider: unrecognised PDU")]
    [InlineData(2, 2, "aborted by the service provider: unexpected PDU")]
    [InlineData(2, 4, "aborted by the service provider: unrecognised PDU parameter")]
    [InlineData(2, 5, "aborted by the service provider: unexpected PDU parameter")]
    [InlineData(2, 6, "aborted by the service provider: invalid PDU parameter value")]
    [InlineData(1, 99, "aborted by the service provider: reason 99")]
    public void An_abort_says_why(byte source, byte reason, string text) =>
        Assert.Equal(text, new AAbort((AbortSource)source, (AbortReason)reason).ToString());

    [Fact]
    public void The_rejections_by_name_have_the_numbers_of_the_standard()
    {
        (AAssociateRJ Rejection, int Result, int Source, int Reason)[] rows =
        [
            (AAssociateRJ.NoReasonGiven, 1, 1, 1), (AAssociateRJ.ApplicationContextNameNotSupported, 1, 1, 2), (AAssociateRJ.CallingAETitleNotRecognized, 1, 1, 3),
            (AAssociateRJ.CalledAETitleNotRecognized, 1, 1, 7), (AAssociateRJ.UserIdentityRefused, 1, 2, 1), (AAssociateRJ.ProtocolVersionNotSupported, 1, 2, 2),
            (AAssociateRJ.TemporaryCongestion, 2, 3, 1), (AAssociateRJ.LocalLimitExceeded, 2, 3, 2),
        ];
        Assert.All(rows, row => Assert.Equal((row.Result, row.Source, row.Reason), ((int)row.Rejection.Result, (int)row.Rejection.Source, row.Rejection.Reason)));
    }
}
