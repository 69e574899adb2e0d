using System.Text;

namespace NetDicom.Fuzz.Mutation;

/// <summary>Changes a tree: lengths that lie, nodes left out, doubled, moved, taken from another input, nested, retyped.</summary>
internal static class TreeMutator
{
    private const int MaxNesting = 300;
    private const int MaxBytes = 256 * 1024;

    private static readonly byte[] s_itemTypes = [0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x00, 0xFF];
    private static readonly string[] s_vrs = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV", "??", "\0\0"];

    private static readonly string[] s_texts =
    [
        "", "\\", "\\\\\\\\", "../../../etc/passwd", "1.2.840.10008.1.2.1.99", "1..2", "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6", "99999999", "-", "1E400", "NaN", "20260231", "\u001B$B\u001B(B", "ISO_IR 192", "ISO 2022 IR 87",
        "A^B^C^D^E^F=G=H=I", "*", "?*?*?*?*?*?*?*?*?*", "{}", "\"", "GB18030",
    ];

    public static byte[] Mutate(Node root, Node donor, Random random)
    {
        for (int i = random.Next(1, 5); i > 0; i--)
            Change(root, donor, random);
        byte[] bytes = root.ToArray();
        return bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];
    }

    private static void Change(Node root, Node donor, Random random)
    {
        Node[] all = [.. root.All()];
        Node node = all[random.Next(all.Length)];
        switch (random.Next(12))
        {
            case 0 or 1:
                node.Lie = random.Next(4) == 0 ? null : Length(node, random);
                break;
            case 2 when node.Children is { Count: > 0 } children:
                children.RemoveAt(random.Next(children.Count));
                break;
            case 3 when node.Children is { Count: > 0 } children:
                Node twice = children[random.Next(children.Count)];
                for (int times = random.Next(1, random.Next(20) == 0 ? 200 : 4); times > 0; times--)
                    children.Insert(random.Next(children.Count + 1), twice.Clone());
                break;
            case 4 when node.Children is { Count: > 1 } children:
                int one = random.Next(children.Count), two = random.Next(children.Count);
                (children[one], children[two]) = (children[two], children[one]);
                break;
            case 5 when node.Children is { } children:
                Node[] others = [.. donor.All().Skip(1)];
                if (others.Length > 0)
                    children.Insert(random.Next(children.Count + 1), others[random.Next(others.Length)].Clone());
                break;
            case 6 when node.Children is { } children && node != root:
                Nest(node, children, random);
                break;
            case 7 when node.Head.Length > 0:
                Retype(node, random);
                break;
            case 8:
                node.Lie = uint.MaxValue;
                node.Tail = random.Next(2) == 0 ? [] : random.Next(2) == 0 ? [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0] : [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
                break;
            case 9 when node.Fixed.Length > 0:
                node.Fixed = ByteMutator.Mutate(node.Fixed, random);
                break;
            case 10 when node.Children is null:
                node.Value = Encoding.Latin1.GetBytes(s_texts[random.Next(s_texts.Length)]);
                break;
            case 11 when node.Children is null:
                node.Value = ByteMutator.Mutate(node.Value, random);
                break;
            default:
                // The node has not what this change needs: another one has.
                node.Tail = random.Next(8) == 0 ? [] : node.Tail;
                node.Value = node.Children is null && random.Next(2) == 0 ? ByteMutator.Mutate(node.Value, random) : node.Value;
                break;
        }
    }

    private static uint Length(Node node, Random random)
    {
        uint right = (uint)node.ToArray().Length;
        return random.Next(9) switch
        {
            0 => 0,
            1 => 1,
            2 => right + 1,
            3 => right - 1,
            4 => uint.MaxValue,
            5 => int.MaxValue,
            6 => (uint)random.Next(),
            7 => right * 2,
            _ => (uint)random.Next(64),
        };
    }

    // The same around itself: sequences in sequences, items in items.
    private static void Nest(Node node, List<Node> children, Random random)
    {
        Node? inner = children.Find(child => child.Children is not null);
        Node current = node.Clone();
        for (int depth = random.Next(1, MaxNesting); depth > 0; depth--)
            current = Around(node, [inner is null ? current : Around(inner, [current])]);
        node.Children = current.Children;
    }

    private static Node Around(Node like, List<Node> children) => new()
    {
        Head = [.. like.Head], LengthSize = like.LengthSize, BigEndian = like.BigEndian, Fixed = [.. like.Fixed], Lie = like.Lie, Tail = [.. like.Tail], Children = children,
    };

    private static void Retype(Node node, Random random)
    {
        byte[] head = [.. node.Head];
        if (head.Length == 2)
            head[0] = random.Next(3) == 0 ? (byte)random.Next(256) : s_itemTypes[random.Next(s_itemTypes.Length)];
        else if (head.Length >= 6 && random.Next(2) == 0)
            Encoding.Latin1.GetBytes(s_vrs[random.Next(s_vrs.Length)]).CopyTo(head, 4);
        else if (head.Length >= 4 && random.Next(3) == 0)
            new byte[] { 0xFE, 0xFF, (byte)(random.Next(2) == 0 ? 0x00 : 0xDD), 0xE0 }.CopyTo(head, 0);
        else
            head[random.Next(head.Length)] ^= (byte)(1 << random.Next(8));
        node.Head = head;
    }
}
