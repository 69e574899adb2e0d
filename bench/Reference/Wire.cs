using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace NetDicom.Bench.Reference;

/// <summary>The few bytes of PS3.7 and PS3.8 that a C-STORE and a C-ECHO need, written and read with nothing between.</summary>
internal static class Wire
{
    public const string Verification = "1.2.840.10008.1.1";
    public const string CTImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    private const string ApplicationContext = "1.2.840.10008.3.1.1.1";
    private const string Implementation = "1.2.826.0.1.3680043.10.999.9";

    /// <summary>An A-ASSOCIATE-RQ (type 1) or -AC (type 2): PS3.8 tables 9-11 and 9-17.</summary>
    /// <param name="type">1 or 2.</param>
    /// <param name="names">The 68 bytes from protocol version on.</param>
    /// <param name="contexts">Items 20H or 21H.</param>
    /// <param name="pdu">Maximum length received.</param>
    /// <param name="window">Asynchronous operations; 1: no item.</param>
    public static byte[] Associate(byte type, ReadOnlySpan<byte> names, ReadOnlySpan<byte> contexts, uint pdu, int window)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, pdu);
        List<byte> user = [.. Item(0x51, length), .. Item(0x52, Encoding.ASCII.GetBytes(Implementation))];
        if (window != 1)
            user.AddRange(Item(0x53, [(byte)(window >> 8), (byte)window, 0, 1]));
        byte[] body = [.. names, .. Item(0x10, Encoding.ASCII.GetBytes(ApplicationContext)), .. contexts, .. Item(0x50, [.. user])];
        return Pdu(type, body);
    }

    public static byte[] Pdu(byte type, ReadOnlySpan<byte> body)
    {
        byte[] pdu = new byte[6 + body.Length];
        pdu[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(2), body.Length);
        body.CopyTo(pdu.AsSpan(6));
        return pdu;
    }

    public static byte[] Item(byte type, ReadOnlySpan<byte> body)
    {
        byte[] item = new byte[4 + body.Length];
        item[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(item.AsSpan(2), (ushort)body.Length);
        body.CopyTo(item.AsSpan(4));
        return item;
    }

    /// <summary>A presentation context with one transfer syntax as proposed (PS3.8 table 9-13).</summary>
    public static byte[] Context(byte id, string sopClass) =>
        Item(0x20, [id, 0, 0, 0, .. Item(0x30, Encoding.ASCII.GetBytes(sopClass)), .. Item(0x40, Encoding.ASCII.GetBytes(ExplicitLittleEndian))]);

    /// <summary>A P-DATA-TF of one whole command set into <paramref name="to"/>: group 0000H in implicit VR little endian (PS3.7 section 6.3.1). Answers its length.</summary>
    public static int Command(Span<byte> to, byte context, ReadOnlySpan<byte> sopClass, ushort field, ushort id, bool isResponse, bool hasDataSet, ReadOnlySpan<byte> instance)
    {
        int at = 12 + 12;
        Text(to, ref at, 0x0002, sopClass);
        Number(to, ref at, 0x0100, field);
        Number(to, ref at, (ushort)(isResponse ? 0x0120 : 0x0110), id);
        if (!isResponse && !instance.IsEmpty)
            Number(to, ref at, 0x0700, 0);
        Number(to, ref at, 0x0800, (ushort)(hasDataSet ? 0x0001 : 0x0101));
        if (isResponse)
            Number(to, ref at, 0x0900, 0);
        if (!instance.IsEmpty)
            Text(to, ref at, 0x1000, instance);
        Header(to[..12], context, 0x03, at - 12);
        Element(to[12..], 0x0000, 4);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], at - 24);
        return at;
    }

    /// <summary>The head of a P-DATA-TF that holds one fragment: 12 bytes.</summary>
    public static void Header(Span<byte> to, byte context, byte control, int length)
    {
        to[0] = 4;
        to[1] = 0;
        BinaryPrimitives.WriteInt32BigEndian(to[2..], length + 6);
        BinaryPrimitives.WriteInt32BigEndian(to[6..], length + 2);
        to[10] = context;
        to[11] = control;
    }

    /// <summary>One element of a command set; empty if it is not there.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> command, ushort element)
    {
        while (command.Length >= 8)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(command[4..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(command[2..]) == element)
                return command.Slice(8, length);
            command = command[(8 + length)..];
        }

        return [];
    }

    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    public static void ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = socket.Receive(bytes);
            if (count == 0)
                throw new IOException("the peer closed");
            bytes = bytes[count..];
        }
    }

    /// <summary>Reads a PDU that is not large; answers its type and body.</summary>
    public static (byte Type, byte[] Body) ReceivePdu(Socket socket)
    {
        Span<byte> head = stackalloc byte[6];
        ReceiveAll(socket, head);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(head[2..]);
        if (length > 1 << 20)
            throw new IOException($"a PDU of {length} bytes");
        byte[] body = new byte[length];
        ReceiveAll(socket, body);
        return (head[0], body);
    }

    private static void Element(Span<byte> to, ushort element, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], element);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], length);
    }

    private static void Number(Span<byte> to, ref int at, ushort element, ushort value)
    {
        Element(to[at..], element, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(to[(at + 8)..], value);
        at += 10;
    }

    private static void Text(Span<byte> to, ref int at, ushort element, ReadOnlySpan<byte> value)
    {
        int length = value.Length + value.Length % 2;
        Element(to[at..], element, length);
        to[at + 8 + length - 1] = 0;
        value.CopyTo(to[(at + 8)..]);
        at += 8 + length;
    }
}
