using System.Buffers.Binary;

namespace NetDicom.Fuzz.Mutation;

/// <summary>Data elements, sequences and items as nodes (PS3.5 chapter 7). What does not parse is one node without a length.</summary>
internal static class ElementTree
{
    private const uint Undefined = 0xFFFF_FFFF;
    private const int MaxDepth = 100;

    public static Node Parse(ReadOnlySpan<byte> bytes, bool isExplicit, bool isBigEndian)
    {
        var parser = new Parser(isExplicit, isBigEndian);
        return new Node { Children = parser.Elements(ref bytes, 0, untilDelimiter: false) };
    }

    /// <summary>Whether a VR has a 32-bit length behind two reserved bytes in explicit VR (PS3.5 section 7.1.2).</summary>
    private static bool IsLong(ReadOnlySpan<byte> vr) => "OB OD OF OL OV OW SQ SV UC UN UR UT UV"u8.IndexOf(vr) >= 0;

    private readonly struct Parser(bool isExplicit, bool isBigEndian)
    {
        public List<Node> Elements(ref ReadOnlySpan<byte> bytes, int depth, bool untilDelimiter)
        {
            var nodes = new List<Node>();
            while (bytes.Length >= 8)
            {
                ushort group = UInt16(bytes), element = UInt16(bytes[2..]);
                bool isDelimiter = group == 0xFFFE && element is 0xE00D or 0xE0DD;
                if (isDelimiter && untilDelimiter)
                    return nodes;
                bool hasVR = isExplicit && group != 0xFFFE;
                bool isShort = hasVR && !IsLong(bytes.Slice(4, 2));
                int headLength = !hasVR ? 4 : isShort ? 6 : 8;
                if (bytes.Length < headLength + 4 && !isShort)
                    break;
                uint length = isShort ? UInt16(bytes[6..]) : UInt32(bytes[headLength..]);
                bool holdsElements = group == 0xFFFE && element == 0xE000;
                bool isSequence = length == Undefined || hasVR && bytes[4] == 'S' && bytes[5] == 'Q';
                byte[] head = bytes[..headLength].ToArray();
                ReadOnlySpan<byte> rest = bytes[(headLength + (isShort ? 2 : 4))..];
                if (length != Undefined && length > rest.Length || isDelimiter)
                    break;
                var node = new Node { Head = head, LengthSize = isShort ? 2 : 4, BigEndian = isBigEndian };
                if (length == Undefined)
                {
                    if (depth >= MaxDepth)
                        break;
                    node.Lie = Undefined;
                    node.Children = Elements(ref rest, depth + 1, untilDelimiter: true);
                    int tail = Math.Min(8, rest.Length);
                    node.Tail = rest[..tail].ToArray();
                    rest = rest[tail..];
                }
                else
                {
                    ReadOnlySpan<byte> value = rest[..(int)length];
                    if (depth < MaxDepth && (isSequence || holdsElements && value.Length >= 8))
                        node.Children = Elements(ref value, depth + 1, untilDelimiter: false);
                    else
                        node.Value = value.ToArray();
                    rest = rest[(int)length..];
                }

                nodes.Add(node);
                bytes = rest;
            }

            if (!bytes.IsEmpty && !untilDelimiter)
                nodes.Add(new Node { Value = bytes.ToArray() });
            if (!untilDelimiter)
                bytes = [];
            return nodes;
        }

        private ushort UInt16(ReadOnlySpan<byte> at) => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

        private uint UInt32(ReadOnlySpan<byte> at) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
    }
}
