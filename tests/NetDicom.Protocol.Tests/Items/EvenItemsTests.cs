using System.Buffers;

namespace NetDicom.Protocol.Tests;

public class EvenItemsTests
{
    private readonly AAssociateRQ _request = new()
    {
        EvenItems = true,
        CalledAETitle = AETitle.Parse("A"),
        CallingAETitle = AETitle.Parse("B"),
        PresentationContexts = [new PresentationContextProposal(1, new DicomUid("1.2.3"), [new DicomUid("1.2"), new DicomUid("1.22")])],
        UserInformation = new UserInformation
        {
            MaximumLength = 16384,
            ImplementationClassUid = new DicomUid("1.2.3"),
            ImplementationVersionName = "V10",
            RoleSelections = [new RoleSelection(new DicomUid("1.2.3"), true, false)],
            SopClassCommonExtendedNegotiations = [new SopClassCommonExtendedNegotiation(new DicomUid("1.2.3"), new DicomUid("1.4"), [new DicomUid("1.5")])],
        },
    };

    [Fact]
    public void Padded_items_are_spelled_with_a_NUL_behind_odd_UIDs_and_a_space_behind_an_odd_name()
    {
        byte[] written = Wire.Written(_request.Write);
        Assert.Equal(Wire.Bytes("10 00 0016 '1.2.840.10008.3.1.1.1' 00"), written[74..100]);
        AssertEven(written.AsSpan(74));
        Assert.Contains(Convert.ToHexString(Wire.Bytes("30 00 0006 '1.2.3' 00 40 00 0004 '1.2' 00 40 00 0004 '1.22'")), Convert.ToHexString(written), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(Wire.Bytes("55 00 0004 'V10 '")), Convert.ToHexString(written), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexString(Wire.Bytes("54 00 000A 0006 '1.2.3' 00 01 00")), Convert.ToHexString(written), StringComparison.Ordinal);

        // Who does not know of padding takes them all the same.
        AAssociateRQ read = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(written));
        Assert.Equal(AAssociatePdu.DicomApplicationContextName, read.ApplicationContextName);
        Assert.Equal(new DicomUid("1.2.3"), read.PresentationContexts[0].AbstractSyntax);
        Assert.Equal([new DicomUid("1.2"), new DicomUid("1.22")], read.PresentationContexts[0].TransferSyntaxes);
        Assert.Equal((new DicomUid("1.2.3"), "V10"), (read.UserInformation.ImplementationClassUid, read.UserInformation.ImplementationVersionName));
        Assert.Equal(new DicomUid("1.2.3"), read.UserInformation.RoleSelections[0].SopClassUid);
        Assert.Equal(new DicomUid("1.5"), read.UserInformation.SopClassCommonExtendedNegotiations[0].RelatedGeneralSopClassUids[0]);
    }

    private static void AssertEven(ReadOnlySpan<byte> items)
    {
        while (!items.IsEmpty)
        {
            int length = (items[2] << 8) | items[3];
            Assert.Equal(0, length % 2);
            ReadOnlySpan<byte> value = items.Slice(4, length);
            if (items[0] is 0x20 or 0x21)
                AssertEven(value[4..]);
            else if (items[0] == 0x50)
                AssertEven(value);
            items = items[(4 + length)..];
        }
    }
}
