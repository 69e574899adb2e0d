using System.Buffers;

namespace NetDicom.Protocol.Tests;

public class UserInformationTests
{
    [Theory]
    [InlineData("51 00 0000", "maximum length empty")]
    [InlineData("51 00 0003 000001", "maximum length of 3 bytes")]
    [InlineData("51 00 0005 0000000001", "maximum length of 5 bytes")]
    [InlineData("53 00 0000", "window empty")]
    [InlineData("53 00 0003 000000", "window of 3 bytes")]
    [InlineData("53 00 0005 0000000000", "window of 5 bytes")]
    [InlineData("54 00 0000", "role empty")]
    [InlineData("54 00 0001 00", "role: half a UID length")]
    [InlineData("54 00 0004 0003 '1.'", "role: UID past the item")]
    [InlineData("54 00 0005 0003 '1.2'", "role: no roles")]
    [InlineData("54 00 0006 0003 '1.2' 01", "role: one role")]
    [InlineData("54 00 0008 0003 '1.2' 01 00 00", "role: a byte over")]
    [InlineData("54 00 0007 FFFF '1.2' 01 00", "role: UID far past the item")]
    [InlineData("56 00 0000", "extended negotiation empty")]
    [InlineData("56 00 0004 0003 '1.'", "extended negotiation: UID past the item")]
    [InlineData("57 00 0000", "common extended negotiation empty")]
    [InlineData("57 00 0005 0003 '1.2'", "common: no service class")]
    [InlineData("57 00 000A 0003 '1.2' 0003 '1.4'", "common: no list")]
    [InlineData("57 00 000C 0003 '1.2' 0003 '1.4' 0001", "common: list past the item")]
    [InlineData("57 00 000F 0003 '1.2' 0003 '1.4' 0003 0003 '1'", "common: UID past the list and the item")]
    [InlineData("57 00 0012 0003 '1.2' 0003 '1.4' 0003 0003 '1.5' 0A", "common: UID past the list, within the item")]
    [InlineData("57 00 000D 0003 '1.2' 0003 '1.4' 0001 00", "common: a list of one byte")]
    [InlineData("58 00 0000", "identity empty")]
    [InlineData("58 00 0003 01 00 00", "identity: half a length")]
    [InlineData("58 00 0005 01 00 0002 'a'", "identity: primary field past the item")]
    [InlineData("58 00 0005 01 00 0001 'a'", "identity: no secondary length")]
    [InlineData("58 00 0007 01 00 0001 'a' 0001", "identity: secondary field past the item")]
    [InlineData("58 00 0008 01 00 0001 'a' 0000 00", "identity: a byte over")]
    [InlineData("58 00 0007 01 00 FFFF 'a' 0000", "identity: primary field far past the item")]
    [InlineData("59 00 0000", "reply empty")]
    [InlineData("59 00 0002 0001", "reply past the item")]
    [InlineData("59 00 0003 0000 00", "reply: a byte over")]
    [InlineData("51 00 0005 00000000", "sub-item past the user information")]
    [InlineData("52 00", "half a sub-item")]
    public void A_sub_item_whose_length_does_not_fit_is_refused(string items, string why)
    {
        PduViolationException violation = Wire.Refused(AbortReason.InvalidPduParameterValue, Pdu(items));
        Assert.True(violation.Offset >= 78, why);
    }

    [Fact]
    public void Sub_items_may_come_in_any_order_and_the_first_of_two_counts()
    {
        UserInformation user = Read("55 00 0001 'B' 51 00 0004 00000007 55 00 0001 'A' 51 00 0004 00000008 53 00 0004 0000FFFF 52 00 0001 '1' 52 00 0001 '2'");
        Assert.Equal(("B", 7u, "1"), (user.ImplementationVersionName, user.MaximumLength, user.ImplementationClassUid.ToString()));
        Assert.Equal(new AsynchronousOperationsWindow(0, 0xFFFF), user.AsynchronousOperationsWindow);
    }

    [Theory]
    [InlineData("52 00 0000", "empty")]
    [InlineData("52 00 0003 'abc'", "no UID")]
    public void An_implementation_class_that_is_no_UID_is_none(string item, string why) => Assert.True(Read(item).ImplementationClassUid.IsNone, why);

    [Theory]
    [InlineData("''", null, "empty")]
    [InlineData("'    '", null, "blank")]
    [InlineData("'ABC 1 ' 00", "ABC 1", "padded")]
    [InlineData("'A' 0A 'B' 1B FF", "A?B??", "control characters must not reach a log")]
    public void A_version_name_is_read_as_it_may_come(string value, string? name, string why) =>
        Assert.True(name == Read(Convert.ToHexString(Wire.Item(0x55, Wire.Bytes(value)))).ImplementationVersionName, why);

    [Fact]
    public void A_version_name_of_64_KiB_is_cut()
    {
        UserInformation user = Read(Convert.ToHexString(Wire.Item(0x55, Enumerable.Repeat((byte)'x', 60_000).ToArray())));
        Assert.Equal(new string('x', 64), user.ImplementationVersionName);
    }

    [Theory]
    [InlineData(0), InlineData(6), InlineData(255)]
    public void An_unknown_identity_type_is_kept_as_it_came(byte type) =>
        Assert.Equal((UserIdentityType)type, Read($"58 00 0007 {type:X2} 00 0001 'a' 0000").UserIdentity!.Type);

    [Theory]
    [InlineData("00", "00", false, false), InlineData("01", "00", true, false), InlineData("00", "01", false, true), InlineData("01", "01", true, true), InlineData("02", "FF", false, false)]
    public void A_role_byte_says_yes_by_1_only(string scu, string scp, bool isScu, bool isScp) =>
        Assert.Equal(new RoleSelection(new DicomUid("1.2"), isScu, isScp), Assert.Single(Read($"54 00 0007 0003 '1.2' {scu} {scp}").RoleSelections));

    [Fact]
    public void Bytes_behind_the_list_of_a_common_extended_negotiation_are_for_later_versions()
    {
        SopClassCommonExtendedNegotiation common = Assert.Single(Read("57 05 000F 0003 '1.2' 0003 '1.4' 0000 AABBCC").SopClassCommonExtendedNegotiations);
        Assert.Empty(common.RelatedGeneralSopClassUids);
        Assert.Equal(new DicomUid("1.4"), common.ServiceClassUid);
    }

    [Fact]
    public void Extended_negotiation_without_information_is_taken() =>
        Assert.Equal(0, Assert.Single(Read("56 00 0005 0003 '1.2'").SopClassExtendedNegotiations).ServiceClassApplicationInformation.Length);

    [Fact]
    public void The_fields_of_an_identity_are_never_shown()
    {
        var identity = new UserIdentity(UserIdentityType.UserNameAndPasscode, true, "john"u8.ToArray(), "s3cret"u8.ToArray());
        Assert.Equal("user identity, type UserNameAndPasscode", identity.ToString());
        Assert.Equal("user identity reply, 6 bytes", new UserIdentityResponse("s3cret"u8.ToArray()).ToString());
    }

    [Fact]
    public void A_thousand_and_twenty_four_sub_items_are_taken_and_one_more_is_refused()
    {
        string item = "6F 00 0000 ";
        Read(string.Concat(Enumerable.Repeat(item, 1024)));
        var input = new ReadOnlySequence<byte>(Pdu(string.Concat(Enumerable.Repeat(item, 1025))));
        Assert.Equal(AbortReason.InvalidPduParameterValue, Assert.Throws<PduViolationException>(() => new PduReader().Read(ref input)).Reason);
    }

    [Theory]
    [InlineData(5, 3, 0, 0, 5, 3), InlineData(0, 0, 4, 2, 4, 2), InlineData(5, 1, 4, 2, 4, 1), InlineData(0, 0, 0, 0, 0, 0), InlineData(65535, 1, 0, 1, 65535, 1)]
    public void A_window_is_answered_by_the_smaller_numbers_and_0_is_infinite(int invoked, int performed, int maxInvoked, int maxPerformed, int answeredInvoked, int answeredPerformed) =>
        Assert.Equal(
            new AsynchronousOperationsWindow((ushort)answeredInvoked, (ushort)answeredPerformed),
            new AsynchronousOperationsWindow((ushort)invoked, (ushort)performed).Within(new AsynchronousOperationsWindow((ushort)maxInvoked, (ushort)maxPerformed)));

    private static byte[] Pdu(string items) => Wire.Pdu(1, Wire.AssociateFixed, Wire.Item(0x50, Wire.Bytes(items)));

    private static UserInformation Read(string items) => Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Pdu(items))).UserInformation;
}
