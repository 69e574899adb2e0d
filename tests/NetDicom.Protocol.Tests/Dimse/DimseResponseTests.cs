using System.Buffers;

namespace NetDicom.Protocol.Tests;

public class DimseResponseTests
{
    public static TheoryData<CommandField> Requests() =>
        [.. Enum.GetValues<CommandField>().Where(f => f is not (CommandField.None or CommandField.CCancelRequest) && ((ushort)f & 0x8000) == 0)];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_status_is_answered_to_any_request(CommandField request)
    {
        bool isRequested = request is CommandField.NGetRequest or CommandField.NSetRequest or CommandField.NActionRequest or CommandField.NDeleteRequest;
        ReadOnlySequence<byte> bytes = new(Wire.CommandSet(
            (isRequested ? (ushort)0x0003 : (ushort)0x0002, "1.23"u8.ToArray()), (0x0100, Wire.US((ushort)request)), (0x0110, Wire.US(77)), (0x0800, Wire.US(0)),
            (isRequested ? (ushort)0x1001 : (ushort)0x1000, "1.2.34"u8.ToArray()), (0x1002, Wire.US(8)), (0x1008, Wire.US(9))));
        DimseResponse response = DimseResponse.To(CommandSet.Decode(bytes), DimseStatus.ProcessingFailure, "it failed");
        CommandSet read = CommandSet.Decode(new ReadOnlySequence<byte>(Wire.Written(output => response.Write(output))));
        Assert.Null(read.FindViolation());
        Assert.Equal((CommandField)((ushort)request | 0x8000), read.Command);
        Assert.Equal((77, DimseStatus.ProcessingFailure, "it failed", false), (read.MessageIdBeingRespondedTo, read.Status, read.ErrorComment, read.HasDataSet));
        Assert.Equal("1.23", read.AffectedSopClassUid.ToString());
        bool namesInstance = request is CommandField.CStoreRequest || ((ushort)request & 0x0100) != 0;
        Assert.Equal(namesInstance ? "1.2.34" : "", read.AffectedSopInstanceUid.ToString());
        Assert.Equal(request == CommandField.NEventReportRequest ? (ushort?)8 : null, read.EventTypeId);
        Assert.Equal(request == CommandField.NActionRequest ? (ushort?)9 : null, read.ActionTypeId);
    }

    [Theory]
    [InlineData(CommandField.CCancelRequest), InlineData(CommandField.CEchoResponse), InlineData((CommandField)0x1234)]
    public void Nothing_is_answered_to_what_is_no_request(CommandField command) =>
        Assert.Throws<ArgumentException>(() => DimseResponse.To(CommandSet.Decode(new ReadOnlySequence<byte>(Wire.CommandSet((0x0100, Wire.US((ushort)command))))), DimseStatus.Success));
}
