using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>A presentation context that the peer proposed: what is needed to accept it.</summary>
internal readonly record struct ProposedContext(byte Id, string AbstractSyntax, string TransferSyntax);

/// <summary>A message that came: its context, and the elements of its command set by number.</summary>
internal sealed record ReceivedMessage(byte ContextId, IReadOnlyDictionary<ushort, byte[]> Elements, int DataSetLength)
{
    public ushort Number(ushort element) => Elements.TryGetValue(element, out byte[]? value) && value.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(value) : (ushort)0;

    public string Text(ushort element) => Elements.TryGetValue(element, out byte[]? value) ? Encoding.Latin1.GetString(value).TrimEnd('\0', ' ') : "";
}

/// <summary>What a scenario knows of its conversation: the titles, what the peer proposed, its last request.</summary>
internal sealed class FaultSession(string called, string calling)
{
    public const uint Maximum = 16_384;

    /// <summary>Below our root, as the UIDs the library makes (PS3.5 B.2: made of a UUID).</summary>
    public const string ImplementationClassUid = "2.25.302043790172249692526321623266752743501";

    public string Called { get; set; } = called;

    public string Calling { get; set; } = calling;

    public IReadOnlyList<ProposedContext> Proposed { get; private set; } = [];

    public byte[] ProposedRoles { get; private set; } = [];

    public ReceivedMessage? Request { get; private set; }

    /// <summary>The longest P-DATA-TF that we said we take; 0: any.</summary>
    public uint Announced { get; private set; }

    public ushort NextMessageId { get; set; } = 1;

    public void NewConnection()
    {
        (Proposed, ProposedRoles, Request, Announced) = ([], [], null, 0);
        NextMessageId = 1;
    }

    public void Took(ReceivedMessage message) => Request = message;

    /// <summary>Learns from an A-ASSOCIATE-RQ of the peer.</summary>
    public void Learn(ReadOnlySpan<byte> body)
    {
        if (body.Length < 68)
            return;
        Called = Encoding.Latin1.GetString(body.Slice(4, 16)).Trim();
        Calling = Encoding.Latin1.GetString(body.Slice(20, 16)).Trim();
        LearnItems(body);
    }

    private void LearnItems(ReadOnlySpan<byte> body)
    {
        var proposed = new List<ProposedContext>();
        var roles = new List<byte>();
        foreach ((byte type, byte[] value) in Items(body[68..].ToArray()))
        {
            if (type == 0x20 && value.Length >= 4)
            {
                List<(byte Type, byte[] Value)> sub = [.. Items(value[4..])];
                string syntax = sub.Where(s => s.Type == 0x40).Select(s => Encoding.Latin1.GetString(s.Value)).FirstOrDefault("1.2.840.10008.1.2");
                proposed.Add(new ProposedContext(value[0], sub.Where(s => s.Type == 0x30).Select(s => Encoding.Latin1.GetString(s.Value)).FirstOrDefault(""), syntax));
            }
            else if (type == 0x50)
            {
                foreach ((_, byte[] role) in Items(value).Where(sub => sub.Type == 0x54))
                    roles.AddRange([0x54, 0, (byte)(role.Length >> 8), (byte)role.Length, .. role]);
            }
        }

        (Proposed, ProposedRoles) = (proposed, [.. roles]);
    }

    /// <summary>Remembers what leaves in an A-ASSOCIATE-RQ or -AC of ours: the contexts, and the maximum length, which what comes back is held against.</summary>
    public void Announce(byte[] pdu)
    {
        if (pdu.Length < 74 || pdu[0] is not (1 or 2))
            return;
        if (pdu[0] == 1)
            LearnItems(pdu.AsSpan(6));
        foreach ((byte type, byte[] value) in Items(pdu[74..]).Where(item => item.Type == 0x50).SelectMany(item => Items(item.Value)))
        {
            if (type == 0x51 && value.Length == 4)
                Announced = BinaryPrimitives.ReadUInt32BigEndian(value);
        }
    }

    /// <summary>The results in the presentation context items (21H) of an A-ASSOCIATE-AC.</summary>
    public static string Results(ReadOnlySpan<byte> body) =>
        body.Length < 68 ? "" : string.Join(',', Items(body[68..].ToArray()).Where(item => item.Type == 0x21 && item.Value.Length > 2).Select(item => item.Value[2]));

    // As far as the items go: what is behind a broken one is not looked at.
    private static IEnumerable<(byte Type, byte[] Value)> Items(byte[] bytes)
    {
        for (int at = 0; at + 4 <= bytes.Length;)
        {
            int length = bytes[at + 2] << 8 | bytes[at + 3];
            if (at + 4 + length > bytes.Length)
                yield break;
            yield return (bytes[at], bytes[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }
    }
}
