using System.Buffers.Binary;

namespace NetDicom.Fuzz.Mutation;

/// <summary>PDUs as nodes (PS3.8 section 9.3), items and sub-items of A-ASSOCIATE and the elements in PDVs below them. What does not parse is one node without a length.</summary>
internal static class PduTree
{
    private const int AssociateFixedLength = 68;

    public static Node Parse(ReadOnlySpan<byte> stream)
    {
        var pdus = new List<Node>();
        while (stream.Length >= 6)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(stream[2..]);
            if (length > stream.Length - 6)
                break;
            pdus.Add(Pdu(stream[0], stream[..2].ToArray(), stream.Slice(6, (int)length)));
            stream = stream[(6 + (int)length)..];
        }

        if (!stream.IsEmpty)
            pdus.Add(new Node { Value = stream.ToArray() });
        return new Node { Children = pdus };
    }

    private static Node Pdu(byte type, byte[] head, ReadOnlySpan<byte> body) => type switch
    {
        1 or 2 when body.Length >= AssociateFixedLength =>
            new Node { Head = head, LengthSize = 4, BigEndian = true, Fixed = body[..AssociateFixedLength].ToArray(), Children = Items(body[AssociateFixedLength..]) },
        4 => new Node { Head = head, LengthSize = 4, BigEndian = true, Children = Pdvs(body) },
        _ => new Node { Head = head, LengthSize = 4, BigEndian = true, Value = body.ToArray() },
    };

    private static List<Node> Items(ReadOnlySpan<byte> body)
    {
        var items = new List<Node>();
        while (body.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
            if (length > body.Length - 4)
                break;
            ReadOnlySpan<byte> value = body.Slice(4, length);
            byte[] head = body[..2].ToArray();
            items.Add(body[0] switch
            {
                // Presentation contexts have an id, a result and reserved bytes before their sub-items; the user information has none.
                0x20 or 0x21 when length >= 4 => new Node { Head = head, LengthSize = 2, BigEndian = true, Fixed = value[..4].ToArray(), Children = Items(value[4..]) },
                0x50 => new Node { Head = head, LengthSize = 2, BigEndian = true, Children = Items(value) },
                _ => new Node { Head = head, LengthSize = 2, BigEndian = true, Value = value.ToArray() },
            });
            body = body[(4 + length)..];
        }

        if (!body.IsEmpty)
            items.Add(new Node { Value = body.ToArray() });
        return items;
    }

    private static List<Node> Pdvs(ReadOnlySpan<byte> body)
    {
        var pdvs = new List<Node>();
        while (body.Length >= 6)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(body);
            if (length < 2 || length > body.Length - 4)
                break;
            byte[] ids = body.Slice(4, 2).ToArray();
            ReadOnlySpan<byte> fragment = body.Slice(6, (int)length - 2);
            // Command sets are implicit VR little endian; the seeds' data sets are explicit.
            Node elements = ElementTree.Parse(fragment, isExplicit: (ids[1] & 1) == 0, isBigEndian: false);
            pdvs.Add(new Node { LengthSize = 4, BigEndian = true, Fixed = ids, Children = elements.Children });
            body = body[(4 + (int)length)..];
        }

        if (!body.IsEmpty)
            pdvs.Add(new Node { Value = body.ToArray() });
        return pdvs;
    }
}
