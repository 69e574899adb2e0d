using System.Buffers;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

public class AAssociateRQTests
{
    // Laid out by hand from PS3.8 section 9.3.2 and PS3.7 annex D.3.3.
    private static readonly byte[] s_full = Wire.Bytes(
        """
        01 00 00000178                           ; A-ASSOCIATE-RQ, 376 bytes
        0001 0000                                ; protocol version
        'ARCHIVE         ' 'MY_SCU          '    ; called, calling
        0000000000000000 0000000000000000 0000000000000000 0000000000000000
        10 00 0015 '1.2.840.10008.3.1.1.1'       ; application context
        20 00 002E  01 00 00 00                  ; context 1
           30 00 0011 '1.2.840.10008.1.1'        ; Verification
           40 00 0011 '1.2.840.10008.1.2'        ; Implicit VR Little Endian
        20 00 004F  03 00 00 00                  ; context 3
           30 00 0019 '1.2.840.10008.5.1.4.1.1.2' ; CT Image Storage
           40 00 0013 '1.2.840.10008.1.2.1'
           40 00 0013 '1.2.840.10008.1.2.4'
        50 00 0092                               ; user information
           51 00 0004 00040000                   ; 262,144
           52 00 0005 '1.2.3'
           53 00 0004 0005 0002                  ; invoked 5, performed 2
           54 00 001D 0019 '1.2.840.10008.5.1.4.1.1.2' 01 01
           55 00 0008 'NETDICOM'
           56 00 001C 0019 '1.2.840.10008.5.1.4.1.1.2' 02
           57 00 0015 0003 '1.2' 0003 '1.4' 0009 0003 '1.5' 0002 '16'
           58 00 000F 02 01 0004 'john' 0005 'doe12'
        """);

    [Fact]
    public void Every_field_and_item_is_read_wherever_the_bytes_are_cut()
    {
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(s_full))
        {
            AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(cut);
            Assert.Equal(1, rq.ProtocolVersion);
            Assert.Equal("ARCHIVE", rq.CalledAETitle.ToString());
            Assert.Equal("MY_SCU", rq.CallingAETitle.ToString());
            Assert.Equal("1.2.840.10008.3.1.1.1", rq.ApplicationContextName);
            Assert.Equal([1, 3], rq.PresentationContexts.Select(c => c.Id));
            Assert.Equal(new DicomUid("1.2.840.10008.1.1"), rq.PresentationContexts[0].AbstractSyntax);
            Assert.Equal([new DicomUid("1.2.840.10008.1.2.1"), new DicomUid("1.2.840.10008.1.2.4")], rq.PresentationContexts[1].TransferSyntaxes);
            UserInformation user = rq.UserInformation;
            Assert.Equal(262_144u, user.MaximumLength);
            Assert.Equal(new DicomUid("1.2.3"), user.ImplementationClassUid);
            Assert.Equal("NETDICOM", user.ImplementationVersionName);
            Assert.Equal(new AsynchronousOperationsWindow(5, 2), user.AsynchronousOperationsWindow);
            Assert.Equal([new RoleSelection(new DicomUid("1.2.840.10008.5.1.4.1.1.2"), true, true)], user.RoleSelections);
            Assert.Equal([2], Assert.Single(user.SopClassExtendedNegotiations).ServiceClassApplicationInformation.ToArray());
            SopClassCommonExtendedNegotiation common = Assert.Single(user.SopClassCommonExtendedNegotiations);
            Assert.Equal(("1.2", "1.4"), (common.SopClassUid.ToString(), common.ServiceClassUid.ToString()));
            Assert.Equal(["1.5", "16"], common.RelatedGeneralSopClassUids.Select(u => u.ToString()));
            Assert.Equal(UserIdentityType.UserNameAndPasscode, user.UserIdentity!.Type);
            Assert.True(user.UserIdentity.PositiveResponseRequested);
            Assert.Equal("john"u8.ToArray(), user.UserIdentity.PrimaryField.ToArray());
            Assert.Equal("doe12"u8.ToArray(), user.UserIdentity.SecondaryField.ToArray());
            Assert.Null(user.UserIdentityResponse);
        }
    }

    [Fact]
    public void What_was_read_is_written_as_the_same_bytes() =>
        Assert.Equal(s_full, Wire.Written(Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(s_full)).Write));

    [Fact]
    public void A_request_made_here_is_written_from_its_properties()
    {
        var rq = new AAssociateRQ
        {
            CalledAETitle = AETitle.Parse("ANY-SCP"),
            CallingAETitle = AETitle.Parse("ECHOSCU"),
            PresentationContexts = [new PresentationContextProposal(1, new DicomUid("1.2.840.10008.1.1"), [new DicomUid("1.2.840.10008.1.2")])],
            UserInformation = new UserInformation { MaximumLength = 16384, ImplementationClassUid = new DicomUid("1.2") },
        };
        byte[] expected = Wire.Pdu(
            1,
            Wire.AssociateFixed,
            Wire.Bytes("10 00 0015 '1.2.840.10008.3.1.1.1'"),
            Wire.Bytes("20 00 002E 01000000 30 00 0011 '1.2.840.10008.1.1' 40 00 0011 '1.2.840.10008.1.2'"),
            Wire.Bytes("50 00 000F 51 00 0004 00004000 52 00 0003 '1.2'"));
        Assert.Equal(expected, Wire.Written(rq.Write));
    }

    [Fact]
    public void A_request_without_a_called_title_cannot_be_written() =>
        Assert.Throws<InvalidOperationException>(() => Wire.Written(new AAssociateRQ { CallingAETitle = AETitle.Parse("A") }.Write));

    [Fact]
    public void A_request_with_an_item_past_its_length_field_cannot_be_written()
    {
        var rq = new AAssociateRQ
        {
            CalledAETitle = AETitle.Parse("A"),
            CallingAETitle = AETitle.Parse("B"),
            UserInformation = new UserInformation { UserIdentity = new UserIdentity(UserIdentityType.SamlAssertion, false, new byte[65_535]) },
        };
        Assert.Throws<InvalidOperationException>(() => Wire.Written(rq.Write));
    }

    [Theory]
    [InlineData("0000", false, "no bit")]
    [InlineData("0002", false, "another bit")]
    [InlineData("0003", true, "bit 0 and another")]
    [InlineData("FFFF", true, "all bits")]
    public void Only_bit_0_of_the_protocol_version_counts(string version, bool supported, string why)
    {
        byte[] body = [.. Wire.Bytes(version), .. Wire.AssociateFixed[2..]];
        Assert.True(supported == Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, body))).SupportsVersion1, why);
    }

    [Theory]
    [InlineData("'                '", "", "blank")]
    [InlineData("'AB'000000000000 0000000000000000", "AB", "padded by NULs")]
    [InlineData("'  AB            '", "AB", "leading spaces")]
    [InlineData("'../../etc/passwd'", "../../etc/passwd", "path characters are allowed in a title, and never become a path")]
    [InlineData("'AB'0A'CD         EF'", "", "control character")]
    [InlineData("5C'ABCDEFGHIJKLMNO'", "", "backslash")]
    public void Titles_are_read_as_they_may_come_and_kept_as_they_came(string field, string title, string why)
    {
        byte[] bytes = Wire.Bytes(field);
        byte[] body = [.. Wire.AssociateFixed[..4], .. bytes, .. Wire.AssociateFixed[20..]];
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, body)));
        Assert.True(title == rq.CalledAETitle.ToString(), why);
        Assert.Equal(bytes, rq.CalledAETitleField.ToArray());
    }

    [Fact]
    public void Reserved_bytes_and_unknown_items_are_passed_over()
    {
        byte[] body =
        [
            .. Wire.Bytes("0001 FFFF 'ANY-SCP         ' 'ECHOSCU         '"), .. Enumerable.Repeat((byte)0xEE, 32),
            .. Wire.Bytes("99 FF 0003 010203"),
            .. Wire.Bytes("10 FF 0015 '1.2.840.10008.3.1.1.1'"),
            .. Wire.Bytes("21 00 0004 05000000"), // belongs into an A-ASSOCIATE-AC
            .. Wire.Bytes("20 FF 0014 01 FFFFFF 77 00 0001 AA 30 FF 0003 '1.2' 41 00 0000"),
            .. Wire.Bytes("50 FF 0010 51 FF 0004 00000001 6F 00 0004 01020304"),
        ];
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, body)));
        Assert.Equal(1u, rq.UserInformation.MaximumLength);
        Assert.Equal(new DicomUid("1.2"), Assert.Single(rq.PresentationContexts).AbstractSyntax);
        Assert.All(rq.ReservedField.ToArray(), b => Assert.Equal(0xEE, b));
    }

    [Fact]
    public void Missing_items_are_left_for_the_acceptor_to_judge()
    {
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, Wire.AssociateFixed)));
        Assert.Equal("", rq.ApplicationContextName);
        Assert.Empty(rq.PresentationContexts);
        Assert.Null(rq.UserInformation.MaximumLength);
    }

    [Theory]
    [InlineData("10 00 0001 '1' 10 00 0001 '1'", AbortReason.UnexpectedPduParameter, "two application contexts")]
    [InlineData("50 00 0000 50 00 0000", AbortReason.UnexpectedPduParameter, "two user information items")]
    [InlineData("10 00 0002 '1'", AbortReason.InvalidPduParameterValue, "item past the PDU")]
    [InlineData("10 00 FFFF '1'", AbortReason.InvalidPduParameterValue, "item far past the PDU")]
    [InlineData("10 00 00", AbortReason.InvalidPduParameterValue, "three bytes that are no item")]
    [InlineData("99", AbortReason.InvalidPduParameterValue, "one byte that is no item")]
    [InlineData("20 00 0003 010000", AbortReason.InvalidPduParameterValue, "context too short for its fixed part")]
    [InlineData("20 00 0000", AbortReason.InvalidPduParameterValue, "empty context")]
    [InlineData("20 00 0009 01000000 30 00 0002 '1'", AbortReason.InvalidPduParameterValue, "abstract syntax past its context")]
    [InlineData("20 00 0006 01000000 3000", AbortReason.InvalidPduParameterValue, "half a sub-item")]
    public void Items_that_do_not_fit_are_refused(string items, AbortReason reason, string why)
    {
        PduViolationException violation = Wire.Refused(reason, Wire.Pdu(1, Wire.AssociateFixed, Wire.Bytes(items)));
        Assert.True(violation.Offset >= 74, why);
    }

    [Theory]
    [InlineData("''", "empty")]
    [InlineData("'1..2'", "two dots")]
    [InlineData("'../x'", "a path")]
    [InlineData("'1.2' 00 '3'", "an inner NUL")]
    [InlineData("'1234567890123456789012345678901234567890123456789012345678901.345'", "65 characters")]
    public void A_syntax_that_is_no_UID_is_none_and_does_no_other_harm(string uid, string why)
    {
        byte[] value = Wire.Bytes(uid);
        byte[] context = Wire.Item(0x20, Wire.Bytes("05000000"), Wire.Item(0x30, value), Wire.Item(0x40, value));
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, Wire.AssociateFixed, context)));
        PresentationContextProposal read = Assert.Single(rq.PresentationContexts);
        Assert.True(read.AbstractSyntax.IsNone, why);
        Assert.True(Assert.Single(read.TransferSyntaxes).IsNone, why);
    }

    [Theory]
    [InlineData("'1.2' 00", "NUL")]
    [InlineData("'1.2  '", "spaces")]
    public void Padding_of_a_UID_is_passed_over(string uid, string why)
    {
        byte[] context = Wire.Item(0x20, Wire.Bytes("05000000"), Wire.Item(0x30, Wire.Bytes(uid)));
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, Wire.AssociateFixed, context)));
        Assert.True(rq.PresentationContexts[0].AbstractSyntax == new DicomUid("1.2"), why);
    }

    [Fact]
    public void Of_two_abstract_syntaxes_the_first_counts()
    {
        byte[] context = Wire.Item(0x20, Wire.Bytes("05000000"), Wire.Bytes("30 00 0003 '1.2' 30 00 0003 '1.3'"));
        AAssociateRQ rq = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Pdu(1, Wire.AssociateFixed, context)));
        Assert.Equal(new DicomUid("1.2"), rq.PresentationContexts[0].AbstractSyntax);
    }

    [Fact]
    public void A_hundred_and_twenty_eight_contexts_are_read_and_one_more_is_refused()
    {
        byte[][] contexts = [.. Enumerable.Range(0, 128).Select(i => Wire.Bytes($"20 00 000B {(2 * i) + 1:X2} 000000 30 00 0003 '1.2'"))];
        byte[] most = Wire.Pdu(1, [Wire.AssociateFixed, .. contexts]);
        Assert.Equal(128, Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(most)).PresentationContexts.Count);
        byte[] over = Wire.Pdu(1, [Wire.AssociateFixed, .. contexts, contexts[0]]);
        var reader = new PduReader();
        Assert.Equal(
            AbortReason.InvalidPduParameterValue,
            Assert.Throws<PduViolationException>(() =>
            {
                var input = new ReadOnlySequence<byte>(over);
                reader.Read(ref input);
            }).Reason);
    }
}
