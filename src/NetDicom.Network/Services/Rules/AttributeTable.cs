namespace NetDicom.Network;

/// <summary>A table of PS3.4: attributes as a tree, with a requirement in each column.</summary>
internal sealed class AttributeTable
{
    public AttributeTable(ReadOnlySpan<uint> tags, ReadOnlySpan<byte> depths, ReadOnlySpan<byte> codes, int columns)
    {
        int at = 0;
        Attributes = Level(tags, depths, codes, columns, 0, ref at);
    }

    /// <summary>The attributes of the outermost level in the order of their tags.</summary>
    public Attribute[] Attributes { get; }

    /// <summary>The row of a tag at the outermost level.</summary>
    public Attribute? Find(DicomTag tag) => Array.Find(Attributes, attribute => attribute.Tag == tag);

    private static Attribute[] Level(ReadOnlySpan<uint> tags, ReadOnlySpan<byte> depths, ReadOnlySpan<byte> codes, int columns, int depth, ref int at)
    {
        var attributes = new List<Attribute>();
        while (at < tags.Length && depths[at] == depth)
        {
            int row = at++;
            byte[] own = codes.Slice(row * columns, columns).ToArray();
            Attribute[] children = at < tags.Length && depths[at] > depth ? Level(tags, depths, codes, columns, depth + 1, ref at) : [];
            attributes.Add(new Attribute(new DicomTag(tags[row]), own, children));
        }

        return [.. attributes];
    }

    /// <summary>One row with those of its items.</summary>
    internal sealed class Attribute(DicomTag tag, byte[] codes, Attribute[] children)
    {
        public DicomTag Tag { get; } = tag;

        public Attribute[] Children { get; } = children;

        public AttributeRequirement this[int column] => (AttributeRequirement)codes[column];
    }
}
