using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Network.Tests.Support;

/// <summary>A-ASSOCIATE PDUs put together byte by byte (PS3.8 section 9.3.2), with whatever a test wants wrong in them.</summary>
internal static class RawItems
{
    public const string Verification = "1.2.840.10008.1.1";
    public const string ImplicitVR = "1.2.840.10008.1.2";

    public static byte[] ApplicationContext => Item(0x10, "1.2.840.10008.3.1.1.1");

    public static byte[] UserInformation => Item(0x50, [.. MaximumLength(16_384), .. Item(0x52, "1.2.3")]);

    /// <summary>An item: type, reserved byte, length, value.</summary>
    public static byte[] Item(byte type, params byte[] value) => [type, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    public static byte[] Item(byte type, string text) => Item(type, Encoding.ASCII.GetBytes(text));

    /// <summary>An item that claims another length than it has.</summary>
    public static byte[] Lying(byte[] item, int length) => [item[0], item[1], (byte)(length >> 8), (byte)length, .. item[4..]];

    public static byte[] MaximumLength(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Item(0x51, bytes);
    }

    /// <summary>A proposed presentation context (20H) with any sub-items.</summary>
    public static byte[] Context(byte id, params byte[][] subItems) => Item(0x20, [id, 0, 0, 0, .. subItems.SelectMany(item => item)]);

    /// <summary>A proposed presentation context with one abstract syntax and the default transfer syntax.</summary>
    public static byte[] Proposal(byte id, string abstractSyntax = Verification) => Context(id, Item(0x30, abstractSyntax), Item(0x40, ImplicitVR));

    /// <summary>The answer to a presentation context (21H).</summary>
    public static byte[] Result(byte id, byte result, params string[] transferSyntaxes) =>
        Item(0x21, [id, 0, result, 0, .. transferSyntaxes.SelectMany(syntax => Item(0x40, syntax))]);

    public static byte[] Associate(byte type, params byte[][] items) => Associate(type, 1, "TEST", "RAW", items);

    public static byte[] Associate(byte type, ushort version, string called, string calling, params byte[][] items)
    {
        byte[] content = [.. items.SelectMany(item => item)];
        byte[] pdu = new byte[74 + content.Length];
        pdu[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)(pdu.Length - 6));
        BinaryPrimitives.WriteUInt16BigEndian(pdu.AsSpan(6), version);
        Encoding.ASCII.GetBytes(called.PadRight(16)).CopyTo(pdu, 10);
        Encoding.ASCII.GetBytes(calling.PadRight(16)).CopyTo(pdu, 26);
        content.CopyTo(pdu, 74);
        return pdu;
    }

    /// <summary>An A-ASSOCIATE-RQ that is in order but for one of its items.</summary>
    public static byte[] Request(params byte[][] contexts) => Associate(1, [ApplicationContext, .. contexts, UserInformation]);

    /// <summary>An A-ASSOCIATE-RQ with one more user information sub-item.</summary>
    public static byte[] RequestWith(byte[] userItem) =>
        Associate(1, ApplicationContext, Proposal(1), Item(0x50, [.. MaximumLength(16_384), .. Item(0x52, "1.2.3"), .. userItem]));
}
