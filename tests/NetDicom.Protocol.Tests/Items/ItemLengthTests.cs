using System.Buffers;

namespace NetDicom.Protocol.Tests;

/// <summary>Every item cut at every place, and every length field with every wrong value: what comes is a PDU or a violation, and never anything else.</summary>
public class ItemLengthTests
{
    // Item 10H to 59H as the standard lays them out; the places of 16-bit lengths in each, counted from its start.
    private static readonly Dictionary<string, (string Bytes, int[] Lengths, bool CutIsRefused)> s_userItems = new()
    {
        ["51 maximum length"] = ("51 00 0004 00004000", [2], true),
        ["52 implementation class"] = ("52 00 0005 '1.2.3'", [2], false),
        ["53 asynchronous operations window"] = ("53 00 0004 0005 0007", [2], true),
        ["54 role selection"] = ("54 00 0009 0005 '1.2.3' 01 00", [2, 4], true),
        ["55 version name"] = ("55 00 0004 'V1.0'", [2], false),
        ["56 extended negotiation"] = ("56 00 000A 0005 '1.2.3' 01 00 01", [2, 4], false),
        ["57 common extended negotiation"] = ("57 00 001A 0005 '1.2.3' 0005 '1.2.4' 000A 0003 '1.5' 0003 '1.6'", [2, 4, 11, 18, 20, 25], true),
        ["58 user identity"] = ("58 00 000C 02 01 0004 'anna' 0002 'xy'", [2, 6, 12], true),
        ["58 JSON Web Token"] = ("58 00 0010 05 00 000A 'eyJhbGci.x' 0000", [2, 6, 18], true),
        ["59 user identity reply"] = ("59 00 0005 0003 010203", [2, 4], true),
    };

    public static TheoryData<string> UserItems => [.. s_userItems.Keys];

    [Theory]
    [MemberData(nameof(UserItems))]
    public void A_user_item_cut_at_any_place_is_refused_where_its_layout_wants_more(string name)
    {
        (string text, _, bool refused) = s_userItems[name];
        byte[] item = Wire.Bytes(text);
        Assert.True(TryRead(Wire.Item(0x50, item)));
        for (int length = 0; length < item.Length - 4; length++)
        {
            // The item says how long it is now, and so do its parents.
            byte[] cut = [item[0], item[1], (byte)(length >> 8), (byte)length, .. item.AsSpan(4, length)];
            bool read = TryRead(Wire.Item(0x50, cut));
            // What may have any length has no place where it is too short, but for its UID.
            bool mayBeRead = !refused && (item[0] != 0x56 || length >= 7);
            Assert.True(read == mayBeRead, $"{name}, {length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(UserItems))]
    public void A_wrong_length_in_a_user_item_is_a_violation_or_does_no_harm(string name)
    {
        (string text, int[] lengths, _) = s_userItems[name];
        byte[] item = Wire.Bytes(text);
        int refused = 0;
        foreach (int at in lengths)
        {
            for (int wrong = 0; wrong <= 0x180; wrong++)
                Try(wrong);
            foreach (int wrong in (int[])[0x0400, 0x7FFF, 0x8000, 0xFF00, 0xFFFE, 0xFFFF])
                Try(wrong);

            void Try(int wrong)
            {
                byte[] lying = [.. item];
                (lying[at], lying[at + 1]) = ((byte)(wrong >> 8), (byte)wrong);
                bool read = TryRead(Wire.Item(0x50, lying));
                refused += read ? 0 : 1;
                // More than there is is never taken.
                Assert.False(read && wrong > item.Length, $"{name}: {wrong} at {at}");
            }
        }

        Assert.True(refused > lengths.Length * 300, name);
    }

    [Theory]
    [InlineData("20 00 001C 01 00 00 00 30 00 0005 '1.2.3' 40 00 0007 '1.2.8.1' 00 ; a proposal", 1)]
    [InlineData("21 00 000F 01 00 00 00 40 00 0007 '1.2.8.1' ; a result", 2)]
    public void A_wrong_length_in_a_context_item_is_a_violation_or_does_no_harm(string text, byte pduType)
    {
        byte[] item = Wire.Bytes(text);
        item[3] = (byte)(item.Length - 4);
        if (pduType == 1)
            item = item[..^1];
        item[3] = (byte)(item.Length - 4);
        byte[] application = Wire.Item(0x10, Wire.Bytes("'1.2.840.10008.3.1.1.1'"));
        Assert.True(TryReadPdu(Wire.Pdu(pduType, Wire.AssociateFixed, application, item, Wire.Item(0x50))));
        foreach (int at in pduType == 1 ? (int[])[2, 10, 19] : [2, 10])
        {
            for (int wrong = 0; wrong <= 0x180; wrong++)
            {
                byte[] lying = [.. item];
                (lying[at], lying[at + 1]) = ((byte)(wrong >> 8), (byte)wrong);
                bool read = TryReadPdu(Wire.Pdu(pduType, Wire.AssociateFixed, application, lying, Wire.Item(0x50)));
                Assert.False(read && wrong > item.Length, $"{wrong} at {at}");
            }
        }

        for (int length = 0; length < item.Length - 4; length++)
        {
            byte[] cut = [item[0], item[1], 0, (byte)length, .. item.AsSpan(4, length)];
            bool read = TryReadPdu(Wire.Pdu(pduType, Wire.AssociateFixed, application, cut, Wire.Item(0x50)));
            // A whole number of sub-items behind the fixed part is in order; whether it is enough is for the negotiation to say.
            bool whole = length is 4 || (pduType == 1 && length == 13);
            Assert.True(read == whole, $"{length} bytes");
        }
    }

    [Fact]
    public void The_fields_of_an_identity_are_bytes_of_any_value_up_to_64_KiB_together()
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[] ticket = [.. Enumerable.Range(0, 65_000).Select(i => (byte)(i * 7))];
        foreach (UserIdentityType type in Enum.GetValues<UserIdentityType>())
        {
            foreach ((byte[] primary, byte[] secondary) in (ReadOnlySpan<(byte[], byte[])>)[(every, every), (ticket, []), ([], [])])
            {
                var request = new AAssociateRQ
                {
                    CalledAETitle = AETitle.Parse("A"),
                    CallingAETitle = AETitle.Parse("B"),
                    UserInformation = new UserInformation { UserIdentity = new UserIdentity(type, true, primary, secondary) },
                };
                UserIdentity read = Wire.ReadPdu<AAssociateRQ>(new ReadOnlySequence<byte>(Wire.Written(request.Write))).UserInformation.UserIdentity!;
                Assert.Equal((type, true), (read.Type, read.PositiveResponseRequested));
                Assert.Equal(primary, read.PrimaryField.ToArray());
                Assert.Equal(secondary, read.SecondaryField.ToArray());
            }
        }
    }

    private static bool TryRead(byte[] userInformation) => TryReadPdu(Wire.Pdu(1, Wire.AssociateFixed, userInformation));

    private static bool TryReadPdu(byte[] pdu)
    {
        try
        {
            var input = new ReadOnlySequence<byte>(pdu);
            Assert.Equal(PduToken.Pdu, new PduReader().Read(ref input));
            return true;
        }
        catch (PduViolationException violation)
        {
            Assert.Equal(AbortReason.InvalidPduParameterValue, violation.Reason);
            Assert.InRange(violation.Offset ?? -1, 74, pdu.Length);
            return false;
        }
    }
}
