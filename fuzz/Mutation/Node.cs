using System.Buffers.Binary;

namespace NetDicom.Fuzz.Mutation;

/// <summary>
/// What PDUs, items, PDVs and data elements have in common: something in front, a length, and bytes or further nodes that it counts. Changed as a tree, it keeps its lengths right
/// unless one is made to lie, so that damage reaches the places behind the first check.
/// </summary>
internal sealed class Node
{
    /// <summary>What stands before the length: type and reserved byte, tag and VR; nothing for a PDV.</summary>
    public byte[] Head { get; set; } = [];

    /// <summary>Bytes of the length field: 0 (none), 2 or 4.</summary>
    public int LengthSize { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>What stands behind the length, is counted by it and is no node: the fixed fields of an A-ASSOCIATE-RQ, the context id of a PDV.</summary>
    public byte[] Fixed { get; set; } = [];

    /// <summary>What it holds; <see langword="null"/> if that is a value.</summary>
    public List<Node>? Children { get; set; }

    public byte[] Value { get; set; } = [];

    /// <summary>A delimiter, which the length does not count.</summary>
    public byte[] Tail { get; set; } = [];

    /// <summary>The length to write instead of the right one.</summary>
    public uint? Lie { get; set; }

    public Node Clone() => new()
    {
        Head = [.. Head],
        LengthSize = LengthSize,
        BigEndian = BigEndian,
        Fixed = [.. Fixed],
        Children = Children?.ConvertAll(child => child.Clone()),
        Value = [.. Value],
        Tail = [.. Tail],
        Lie = Lie,
    };

    /// <summary>This node and everything below it.</summary>
    public IEnumerable<Node> All() => Children is null ? [this] : Children.SelectMany(child => child.All()).Prepend(this);

    public byte[] ToArray()
    {
        var output = new MemoryStream();
        Write(output);
        return output.ToArray();
    }

    private void Write(MemoryStream output)
    {
        output.Write(Head);
        long lengthAt = output.Position;
        Span<byte> field = stackalloc byte[LengthSize];
        output.Write(field);
        long start = output.Position;
        output.Write(Fixed);
        if (Children is null)
            output.Write(Value);
        else
            Children.ForEach(child => child.Write(output));
        long end = output.Position;
        uint length = Lie ?? (uint)(end - start);
        if (LengthSize == 4 && BigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(field, length);
        else if (LengthSize == 4)
            BinaryPrimitives.WriteUInt32LittleEndian(field, length);
        else if (LengthSize == 2 && BigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)length);
        else if (LengthSize == 2)
            BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)length);
        output.Position = lengthAt;
        output.Write(field);
        output.Position = end;
        output.Write(Tail);
    }
}
