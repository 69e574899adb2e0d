using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using NetDicom.TestSupport;

namespace NetDicom.Protocol.Tests;

/// <summary>Bytes spelled by hand, and readers driven over them.</summary>
internal static class Wire
{
    /// <summary>Hexadecimal digits, white space between them; <c>'text'</c> stands for its ASCII bytes; <c>;</c> begins a comment to the end of the line.</summary>
    public static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
                continue;
            if (text[i] == ';')
            {
                i = text.IndexOf('\n', i) is >= 0 and int end ? end : text.Length;
            }
            else if (text[i] == '\'')
            {
                int close = text.IndexOf('\'', i + 1);
                bytes.AddRange(Encoding.ASCII.GetBytes(text[(i + 1)..close]));
                i = close;
            }
            else
            {
                bytes.Add(Convert.ToByte(text.Substring(i++, 2), 16));
            }
        }

        return [.. bytes];
    }

    /// <summary>A PDU: its type, and the length of the body as it is.</summary>
    public static byte[] Pdu(byte type, params byte[][] body)
    {
        byte[] joined = [.. body.SelectMany(b => b)];
        byte[] pdu = [type, 0, 0, 0, 0, 0, .. joined];
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(2), (uint)joined.Length);
        return pdu;
    }

    /// <summary>An item: its type, and the length of the value as it is.</summary>
    public static byte[] Item(byte type, params byte[][] value)
    {
        byte[] joined = [.. value.SelectMany(b => b)];
        return [type, 0, (byte)(joined.Length >> 8), (byte)joined.Length, .. joined];
    }

    /// <summary>A PDV: its length as it is.</summary>
    public static byte[] Pdv(byte contextId, byte control, params byte[] fragment)
    {
        byte[] pdv = [0, 0, 0, 0, contextId, control, .. fragment];
        BinaryPrimitives.WriteUInt32BigEndian(pdv, (uint)(pdv.Length - 4));
        return pdv;
    }

    /// <summary>The fixed part of an A-ASSOCIATE-RQ or A-ASSOCIATE-AC: version 1, ANY-SCP called by ECHOSCU.</summary>
    public static byte[] AssociateFixed { get; } = Bytes("0001 0000 'ANY-SCP         ' 'ECHOSCU         ' " + string.Concat(Enumerable.Repeat("00", 32)));

    /// <summary>What <see cref="IBufferWriter{T}"/> code writes.</summary>
    public static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A command set: elements as (element number, value), with a group length that fits.</summary>
    public static byte[] CommandSet(params (ushort Element, byte[] Value)[] elements)
    {
        byte[] body = [.. elements.SelectMany(e => Element(e.Element, e.Value))];
        return [.. Element(0, BitConverter.GetBytes(body.Length)), .. body];
    }

    /// <summary>One element of group 0000 in implicit VR little endian.</summary>
    public static byte[] Element(ushort element, byte[] value) =>
        [0, 0, (byte)element, (byte)(element >> 8), .. BitConverter.GetBytes(value.Length), .. value];

    /// <summary>A number as the value of an element.</summary>
    public static byte[] US(ushort value) => [(byte)value, (byte)(value >> 8)];

    /// <summary>A C-ECHO-RQ with Message ID 1.</summary>
    public static byte[] EchoRequest { get; } = CommandSet(
        (0x0002, Bytes("'1.2.840.10008.1.1' 00")), (0x0100, US(0x0030)), (0x0110, US(1)), (0x0800, US(0x0101)));

    /// <summary>Reads one PDU that is no P-DATA-TF, and requires that nothing is left over.</summary>
    public static T ReadPdu<T>(ReadOnlySequence<byte> bytes) where T : Pdu
    {
        var reader = new PduReader();
        Assert.Equal(PduToken.Pdu, reader.Read(ref bytes));
        Assert.True(bytes.IsEmpty);
        Assert.True(reader.AtPduBoundary);
        return Assert.IsType<T>(reader.Pdu);
    }

    /// <summary>Requires a violation with that reason, however the bytes are cut.</summary>
    public static PduViolationException Refused(AbortReason reason, byte[] bytes, uint maxPDataLength = 0)
    {
        PduViolationException? last = null;
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
        {
            last = Assert.Throws<PduViolationException>(() => Transcript(cut, maxPDataLength));
            Assert.Equal(reason, last.Reason);
        }

        return last!;
    }

    /// <summary>All tokens of the bytes in words, the pieces of a PDV joined: what may not depend on where the bytes are cut.</summary>
    public static string Transcript(ReadOnlySequence<byte> bytes, uint maxPDataLength = 0)
    {
        var reader = new PduReader { MaxPDataLength = maxPDataLength };
        var text = new StringBuilder();
        var pdv = new List<byte>();
        while (true)
        {
            switch (reader.Read(ref bytes))
            {
                case PduToken.NeedMoreData:
                    return text.Append(bytes.Length).Append(" left").ToString();
                case PduToken.Pdu:
                    text.Append(reader.Pdu.Type).Append('\n');
                    break;
                case PduToken.PDataTF:
                    text.Append("PDataTF ").Append(reader.PduLength).Append('\n');
                    break;
                case PduToken.PdvFragment:
                    pdv.AddRange(reader.Fragment.ToArray());
                    if (!reader.IsEndOfPdv)
                        break;
                    text.Append($"PDV {reader.ContextId} {(reader.IsCommand ? "command" : "data")}{(reader.IsLast ? " last" : "")} {Convert.ToHexString([.. pdv])}\n");
                    pdv.Clear();
                    break;
            }
        }
    }
}
