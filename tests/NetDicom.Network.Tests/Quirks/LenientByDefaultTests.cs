using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>What docs/quirks.md says is taken from every peer: each departure from the standard by itself, in bytes spelled by hand, and the message is served.</summary>
public class LenientByDefaultTests
{
    private const string Storage = "1.2.840.10008.5.1.4.1.1.2";
    private const string Instance = "1.2.3";

    private static readonly byte[] s_data = [0x08, 0, 0x60, 0, 2, 0, 0, 0, (byte)'C', (byte)'T'];

    private static readonly Dictionary<string, byte[]> s_requests = new()
    {
        ["UIDs padded with NUL"] = Request(RawItems.Item(0x10, "1.2.840.10008.3.1.1.1\0"), RawItems.Context(1, RawItems.Item(0x30, Storage + "\0"), RawItems.Item(0x40, RawItems.ImplicitVR + "\0"))),
        ["UIDs padded with spaces"] = Request(RawItems.Item(0x10, "1.2.840.10008.3.1.1.1 "), RawItems.Context(1, RawItems.Item(0x30, $" {Storage} "), RawItems.Item(0x40, RawItems.ImplicitVR + "  "))),
        ["titles padded with NUL"] = RawItems.Associate(1, 1, "TEST".PadRight(16, '\0'), "RAW".PadRight(16, '\0'), RawItems.ApplicationContext, RawItems.Proposal(1, Storage), RawItems.UserInformation),
        ["no maximum length, no implementation class"] = Request(RawItems.ApplicationContext, RawItems.Proposal(1, Storage), RawItems.Item(0x50)),
        ["no user information"] = RawItems.Associate(1, RawItems.ApplicationContext, RawItems.Proposal(1, Storage)),
        ["a version name of 40 bytes, not ASCII"] = Request(RawItems.ApplicationContext, RawItems.Proposal(1, Storage), RawItems.Item(0x50, RawItems.Item(0x55, [.. Enumerable.Repeat((byte)0xFC, 40)]))),
        ["unknown items everywhere"] = Request(RawItems.Item(0x77, 1, 2, 3), RawItems.ApplicationContext,
            RawItems.Context(1, RawItems.Item(0x41, 9), RawItems.Item(0x30, Storage), RawItems.Item(0x40, RawItems.ImplicitVR)), RawItems.Item(0x50, [.. RawItems.Item(0x5F, 1), .. RawItems.MaximumLength(0)])),
        ["items in another order"] = Request(RawItems.UserInformation, RawItems.Proposal(1, Storage), RawItems.ApplicationContext),
        ["a sub-item twice"] = Request(RawItems.ApplicationContext, RawItems.Proposal(1, Storage), RawItems.Item(0x50, [.. RawItems.MaximumLength(16_384), .. RawItems.MaximumLength(8)])),
    };

    private static readonly Dictionary<string, byte[]> s_messages = new()
    {
        ["a wrong group length"] = Apart([.. Element(0, 0xFF, 0xFF, 0xFF, 0x7F), .. Body()]),
        ["no group length"] = Apart(Body()),
        ["elements out of order"] = Apart([.. Element(0x0800, 1, 0), .. Element(0x1000, Instance), .. Element(0x0100, 1, 0), .. Element(0x0110, 7, 0), .. Element(0x0700, 0, 0), .. Element(0x0002, Storage)]),
        ["numbers of four bytes"] = Apart([.. Element(0x0002, Storage), .. Element(0x0100, 1, 0, 0, 0), .. Element(0x0110, 7, 0, 0, 0), .. Element(0x0700, 0, 0, 0, 0), .. Element(0x0800, 1, 0, 0, 0), .. Element(0x1000, Instance)]),
        ["UIDs padded with spaces"] = Apart([.. Element(0x0002, Storage + " "), .. Element(0x0100, 1, 0), .. Element(0x0110, 7, 0), .. Element(0x0700, 0, 0), .. Element(0x0800, 1, 0), .. Element(0x1000, $"{Instance} ")]),
        ["UIDs of odd length"] = Apart([.. Element(0x0002, Storage), .. Element(0x0100, 1, 0), .. Element(0x0110, 7, 0), .. Element(0x0700, 0, 0), .. Element(0x0800, 1, 0), .. Element(0x1000, Instance)]),
        ["elements that the message does not have"] = Apart([.. Body(), .. Element(0x5110, "x")]),
        ["command and data in one PDU"] = Pdu([.. Pdv(3, Body()), .. Pdv(2, s_data)]),
        ["five PDVs in one PDU"] = Pdu([.. Pdv(1, Body()[..9]), .. Pdv(1, Body()[9..11]), .. Pdv(3, Body()[11..]), .. Pdv(0, s_data[..3]), .. Pdv(2, s_data[3..])]),
        ["PDVs without bytes"] = Pdu([.. Pdv(1, []), .. Pdv(3, Body()), .. Pdv(0, []), .. Pdv(0, s_data), .. Pdv(2, [])]),
        ["reserved bits of the message control header"] = Pdu([.. Pdv(0xF3, Body()), .. Pdv(0xA2, s_data)]),
    };

    public static TheoryData<string> Requests => [.. s_requests.Keys];

    public static TheoryData<string> Messages => [.. s_messages.Keys];

    [Theory]
    [MemberData(nameof(Requests))]
    public Task A_request_with_such_items_is_accepted(string departure) => StoreAsync(s_requests[departure], Apart(Body()));

    [Theory]
    [MemberData(nameof(Messages))]
    public Task A_message_so_encoded_is_served(string departure) => StoreAsync(Request(RawItems.ApplicationContext, RawItems.Proposal(1, Storage), RawItems.UserInformation), s_messages[departure]);

    private static async Task StoreAsync(byte[] request, byte[] message)
    {
        byte[]? stored = null;
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(async (store, cancellationToken) =>
        {
            using var copy = new MemoryStream();
            await store.AsStream().CopyToAsync(copy, cancellationToken);
            stored = copy.ToArray();
            Assert.True(store.Association.Quirks.IsNone);
            return store.AffectedSopInstanceUid.ToString() == Instance ? DimseStatus.Success : DimseStatus.ProcessingFailure;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(request);
        var answer = (AAssociateAC)await peer.ReadAssociateAsync(PduType.AAssociateAC);
        Assert.Equal(PresentationContextResult.Acceptance, Assert.Single(answer.PresentationContexts).Result);
        await peer.SendAsync(message);
        CommandSet response = await peer.ReadCommandAsync();
        Assert.Equal((DimseStatus.Success, 7), (response.Status, response.MessageIdBeingRespondedTo));
        Assert.Equal(s_data, stored);
    }

    private static byte[] Request(params byte[][] items) => RawItems.Associate(1, items);

    private static byte[] Body() =>
        [.. Element(0x0002, Storage + "\0"), .. Element(0x0100, 1, 0), .. Element(0x0110, 7, 0), .. Element(0x0700, 0, 0), .. Element(0x0800, 1, 0), .. Element(0x1000, Instance + "\0")];

    private static byte[] Element(ushort element, string text) => Element(element, Encoding.ASCII.GetBytes(text));

    private static byte[] Element(ushort element, params byte[] value) => [0, 0, (byte)element, (byte)(element >> 8), (byte)value.Length, 0, 0, 0, .. value];

    private static byte[] Pdv(byte control, byte[] fragment) => [0, 0, 0, (byte)(fragment.Length + 2), 1, control, .. fragment];

    private static byte[] Pdu(byte[] pdvs) => [4, 0, 0, 0, (byte)(pdvs.Length >> 8), (byte)pdvs.Length, .. pdvs];

    private static byte[] Apart(byte[] command) => [.. Pdu(Pdv(3, command)), .. Pdu(Pdv(2, s_data))];
}
