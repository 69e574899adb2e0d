using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>
/// The archive converts nothing (enhanced multi-frame image conversion, PS3.4 section C.3.5), says so in its A-ASSOCIATE-AC (tables C.5-2 and C.5-4), and refuses a Query/Retrieve View (0008,0053), which may only be
/// used where that was accepted (sections C.4.1.1.3.1, C.4.2.1.4.1, Y.4.1.1.3.1, Z.4.2.1.3.1). Every byte is put together here.
/// </summary>
public class QueryRetrieveViewTests
{
    private const ushort Find = 0x0020, Get = 0x0010, Move = 0x0021;

    private static readonly (string SopClass, ushort Command, string Level, byte[] Offer)[] s_services =
    [
        ("1.2.840.10008.5.1.4.1.2.1.1", Find, "STUDY", [1, 1, 1, 1, 1, 1, 1]),
        ("1.2.840.10008.5.1.4.1.2.2.1", Find, "STUDY", [1, 1, 1, 1, 1]),
        ("1.2.840.10008.5.1.4.1.2.1.2", Move, "STUDY", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.2.2", Move, "STUDY", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.1.3", Get, "STUDY", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.2.3", Get, "STUDY", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.4.2", Move, "IMAGE", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.4.3", Get, "IMAGE", [1, 1]),
        ("1.2.840.10008.5.1.4.1.2.5.3", Get, "IMAGE", [1, 1]),
    ];

    [Fact]
    public async Task Conversion_is_not_accepted_and_a_view_is_refused_with_the_element_named()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        // A destination that is known, so that the identifier is looked at; nothing is stored, so that it is never called.
        await using NetDicomProgram.Server server = await archive.StartAsync("--open", "-c", archive.Configure("VIEWER", "104"));
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", int.Parse(server.Port, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        byte[][] contexts = [.. s_services.Select((service, i) => RawItems.Proposal((byte)(2 * i + 1), service.SopClass))];
        byte[] offers = [.. s_services.SelectMany(service => RawItems.Item(0x56, [0, (byte)service.SopClass.Length, .. Encoding.ASCII.GetBytes(service.SopClass), .. service.Offer]))];
        byte[] user = RawItems.Item(0x50, [.. RawItems.MaximumLength(16_384), .. RawItems.Item(0x52, "1.2.3"), .. offers]);
        await stream.WriteAsync(RawItems.Associate(1, [RawItems.ApplicationContext, .. contexts, user]), TestContext.Current.CancellationToken);
        (byte type, byte[] accepted) = await ReadAsync(stream);
        Assert.Equal(2, type);
        Dictionary<string, byte[]> answers = Answers(accepted);
        for (int i = 0; i < s_services.Length; i++)
        {
            (string sopClass, ushort command, string level, byte[] offer) = s_services[i];
            byte[] answer = answers[sopClass];
            // Relational queries and retrievals there are; a sub-field that is left off reads as 0.
            Assert.Equal((1, 0), (answer[0], answer.ElementAtOrDefault(command == Find ? 4 : 1)));
            Assert.True(answer.Length <= offer.Length, sopClass);
            foreach (string view in (string[])["CLASSIC", "ENHANCED"])
            {
                byte[] refusal = await AskAsync(stream, (byte)(2 * i + 1), command, sopClass, level, view);
                Assert.Equal((sopClass, 0xA900), (sopClass, BinaryPrimitives.ReadUInt16LittleEndian(Element(refusal, 0x0900))));
                Assert.Equal([0x08, 0x00, 0x53, 0x00], Element(refusal, 0x0901));
            }

            Assert.Equal(0x0000, BinaryPrimitives.ReadUInt16LittleEndian(Element(await AskAsync(stream, (byte)(2 * i + 1), command, sopClass, level, null), 0x0900)));
        }
    }

    // The command set of the final response.
    private static async Task<byte[]> AskAsync(NetworkStream stream, byte contextId, ushort field, string sopClass, string level, string? view)
    {
        byte[] body =
        [
            .. Element(0x0000, 0x0002, Text(sopClass, '\0')), .. Element(0x0000, 0x0100, Number(field)), .. Element(0x0000, 0x0110, Number(1)),
            .. field == Move ? Element(0x0000, 0x0600, Text("VIEWER", ' ')) : [], .. Element(0x0000, 0x0700, Number(0)), .. Element(0x0000, 0x0800, Number(1)),
        ];
        byte[] key = level == "STUDY" ? Element(0x0020, 0x000D, Text("1.2.3", '\0')) : Element(0x0008, 0x0018, Text("1.2.3", '\0')), viewed = view is null ? [] : Element(0x0008, 0x0053, Text(view, ' '));
        byte[] identifier = level == "STUDY" ? [.. Element(0x0008, 0x0052, Text(level, ' ')), .. viewed, .. key] : [.. key, .. Element(0x0008, 0x0052, Text(level, ' ')), .. viewed];
        byte[] command = [.. Element(0x0000, 0x0000, [(byte)body.Length, (byte)(body.Length >> 8), 0, 0]), .. body];
        await stream.WriteAsync((byte[])[.. Data(contextId, 3, command), .. Data(contextId, 2, identifier)], TestContext.Current.CancellationToken);
        (byte type, byte[] response) = await ReadAsync(stream);
        Assert.Equal((4, contextId, 3), (type, response[4], response[5]));
        return response[6..];
    }

    // A P-DATA-TF with one PDV (PS3.8 section 9.3.5).
    private static byte[] Data(byte contextId, byte header, byte[] fragment)
    {
        byte[] pdu = [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, contextId, header, .. fragment];
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(2), pdu.Length - 6);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(6), pdu.Length - 10);
        return pdu;
    }

    private static byte[] Element(ushort group, ushort element, byte[] value) => [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)value.Length, 0, 0, 0, .. value];

    private static byte[] Text(string text, char pad) => Encoding.ASCII.GetBytes(text.Length % 2 == 0 ? text : text + pad);

    private static byte[] Number(ushort number) => [(byte)number, (byte)(number >> 8)];

    // The value of an element of a command set.
    private static byte[] Element(byte[] command, ushort wanted)
    {
        for (int at = 0; at < command.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(command.AsSpan(at + 4));
            if (BinaryPrimitives.ReadUInt16LittleEndian(command.AsSpan(at + 2)) == wanted)
                return command[(at + 8)..(at + 8 + length)];
            at += 8 + length;
        }

        throw new InvalidOperationException($"no element {wanted:X4}");
    }

    private static async Task<(byte Type, byte[] Body)> ReadAsync(NetworkStream stream)
    {
        byte[] head = new byte[6];
        await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(2))];
        await stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return (head[0], body);
    }

    // SOP Class Extended Negotiation sub-items (PS3.7 section D.3.3.5) of an A-ASSOCIATE-AC, by SOP class.
    private static Dictionary<string, byte[]> Answers(byte[] accepted)
    {
        byte[] user = Items(accepted[68..]).Single(item => item.Type == 0x50).Value;
        return Items(user).Where(item => item.Type == 0x56).ToDictionary(item => Encoding.ASCII.GetString(item.Value, 2, item.Value[1]), item => item.Value[(2 + item.Value[1])..]);
    }

    private static IEnumerable<(byte Type, byte[] Value)> Items(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int length = bytes[at + 2] << 8 | bytes[at + 3];
            yield return (bytes[at], bytes[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }
    }
}
