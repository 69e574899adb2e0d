using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>What <c>send</c> and <c>trickle</c> take: a PDU by its name, a message by its name, DATA, or any bytes.</summary>
internal abstract record Sendable
{
    /// <summary>The bytes, whole PDUs as a rule.</summary>
    public abstract byte[] Build(FaultSession session);
}

/// <summary>Any bytes.</summary>
internal sealed record RawBytes(IReadOnlyList<ByteTerm> Terms) : Sendable
{
    public override byte[] Build(FaultSession session) => ByteTerm.Bytes(Terms, session);
}

/// <summary>A-ASSOCIATE-RQ or -AC (PS3.8 9.3.2, 9.3.3). Without items of its own it has those that are right.</summary>
internal sealed record AssociatePdu(bool IsRequest, ushort Version, string? Called, string? Calling, uint Maximum, IReadOnlyList<ByteTerm> Items) : Sendable
{
    private static readonly ByteTerm s_applicationContext = new ItemTerm(0x10, null, 0, [LiteralTerm.Text("1.2.840.10008.3.1.1.1")]);

    public override byte[] Build(FaultSession session)
    {
        byte[] head = new byte[68];
        BinaryPrimitives.WriteUInt16BigEndian(head, Version);
        Title(Called ?? session.Called).CopyTo(head, 4);
        Title(Calling ?? session.Calling).CopyTo(head, 20);
        IReadOnlyList<ByteTerm> items = Items.Count > 0 ? Items : [s_applicationContext, .. Contexts(), new ItemTerm(0x50, null, 0, [.. ByteTermParser.UserInformation(Maximum), new RolesTerm()])];
        return ByteTerm.Bytes([new PduTerm(IsRequest ? (byte)1 : (byte)2, null, 0, [new LiteralTerm(head), .. items])], session);
    }

    private IEnumerable<ByteTerm> Contexts() => IsRequest ? [Context(1, "1.2.840.10008.1.1"), Context(3, "1.2.840.10008.5.1.4.1.1.2")] : [new AcceptTerm()];

    private static ItemTerm Context(byte id, string sopClass) =>
        new(0x20, null, 0, [new LiteralTerm([id, 0, 0, 0]), new ItemTerm(0x30, null, 0, [LiteralTerm.Text(sopClass)]), new ItemTerm(0x40, null, 0, [LiteralTerm.Text("1.2.840.10008.1.2")])]);

    private static byte[] Title(string title) => Encoding.Latin1.GetBytes(title.Length > 16 ? title[..16] : title.PadRight(16));
}

/// <summary>DATA: one or more P-DATA-TF with PDVs of a data set (or of a command, to be cut as one likes).</summary>
internal sealed record DataPdus(byte ContextId, bool IsCommand, bool EndsMessage, int Fragment, IReadOnlyList<ByteTerm> Terms) : Sendable
{
    public override byte[] Build(FaultSession session) => Split(ContextId, ByteTerm.Bytes(Terms, session), IsCommand, EndsMessage, Fragment);

    /// <summary>PDUs of at most <paramref name="fragment"/> bytes of content each.</summary>
    public static byte[] Split(byte contextId, byte[] content, bool isCommand, bool endsMessage, int fragment)
    {
        int pieces = Math.Max(1, (content.Length + fragment - 1) / fragment);
        using var pdus = new MemoryStream(content.Length + (12 * pieces));
        Span<byte> header = stackalloc byte[12];
        for (int at = 0, piece = 1; piece <= pieces; at += fragment, piece++)
        {
            int length = Math.Min(fragment, content.Length - at);
            header.Clear();
            header[0] = 4;
            BinaryPrimitives.WriteInt32BigEndian(header[2..], length + 6);
            BinaryPrimitives.WriteInt32BigEndian(header[6..], length + 2);
            header[10] = contextId;
            header[11] = (byte)((isCommand ? 1 : 0) | (endsMessage && piece == pieces ? 2 : 0));
            pdus.Write(header);
            pdus.Write(content, at, length);
        }

        return pdus.ToArray();
    }
}

/// <summary>A DIMSE message: its command set with what is overridden, left out and added, and a data set if one is given.</summary>
internal sealed record MessagePdus(string Name, byte? ContextId, IReadOnlyDictionary<ushort, byte[]> Values, IReadOnlySet<ushort> Missing, int Fragment, IReadOnlyList<ByteTerm> More, IReadOnlyList<ByteTerm>? DataSet) : Sendable
{
    public override byte[] Build(FaultSession session)
    {
        byte contextId = ContextId ?? (Name.EndsWith("-RSP", StringComparison.Ordinal) ? session.Request?.ContextId : null) ?? (Name.StartsWith("C-STORE", StringComparison.Ordinal) ? (byte)3 : (byte)1);
        var elements = new SortedDictionary<ushort, byte[]> { [0x0100] = Number(CommandElements.FieldOf(Name)), [0x0800] = Number(DataSet is null ? 0x0101 : 1) };
        foreach (ushort number in CommandElements.ElementsOf(Name))
            elements[number] = Default(number, contextId, session);
        foreach ((ushort number, byte[] value) in Values)
            elements[number] = value;
        foreach (ushort number in Missing)
            elements.Remove(number);

        var body = new List<byte>();
        foreach ((ushort number, byte[] value) in elements.Where(e => e.Key != 0))
            Append(body, number, value);
        body.AddRange(ByteTerm.Bytes(More, session));
        var command = new List<byte>();
        if (!Missing.Contains((ushort)0))
            Append(command, 0, Values.GetValueOrDefault((ushort)0) ?? [.. Number(body.Count), .. Number(body.Count >> 16)]);
        command.AddRange(body);
        byte[] pdus = DataPdus.Split(contextId, [.. command], isCommand: true, endsMessage: true, Fragment);
        return DataSet is null ? pdus : [.. pdus, .. DataPdus.Split(contextId, ByteTerm.Bytes(DataSet, session), isCommand: false, endsMessage: true, Fragment)];
    }

    private byte[] Default(ushort number, byte contextId, FaultSession session)
    {
        ReceivedMessage? request = Name.EndsWith("-RSP", StringComparison.Ordinal) ? session.Request : null;
        switch (number)
        {
            case 0x0110:
                return Number(session.NextMessageId++);
            case 0x0120:
                return Number(request?.Number(0x0110) ?? 1);
            case 0x0002 or 0x0003:
                string sopClass = request is null ? ClassOf(contextId, session) : request.Text(0x0002) is { Length: > 0 } affected ? affected : request.Text(0x0003);
                return Padded(sopClass, "\0");
            case 0x1000 or 0x1001:
                return Padded(request is null ? "1.2.3.4.5" : request.Text(0x1000) is { Length: > 0 } instance ? instance : request.Text(0x1001), "\0");
            case 0x0600:
                return Padded("ELSEWHERE", " ");
            default:
                return Number(0);
        }
    }

    private static string ClassOf(byte contextId, FaultSession session) =>
        session.Proposed.FirstOrDefault(context => context.Id == contextId).AbstractSyntax ?? (contextId == 3 ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.840.10008.1.1");

    private static byte[] Padded(string text, string with) => Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + with);

    private static byte[] Number(int value) => [(byte)value, (byte)(value >> 8)];

    private static void Append(List<byte> to, ushort number, byte[] value)
    {
        to.AddRange([0, 0, (byte)number, (byte)(number >> 8), (byte)value.Length, (byte)(value.Length >> 8), (byte)(value.Length >> 16), (byte)(value.Length >> 24)]);
        to.AddRange(value);
    }
}

/// <summary>Something else with its header's fields changed, cut short or with bytes patched.</summary>
internal sealed record Spoiled(Sendable What, uint? Length, byte? Reserved, IReadOnlyList<(int Offset, byte[] Bytes)> Patches, int? Only, int Times) : Sendable
{
    public override byte[] Build(FaultSession session)
    {
        byte[] bytes = What.Build(session);
        if (Length is { } length && bytes.Length >= 6)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), length);
        if (Reserved is { } reserved && bytes.Length >= 2)
            bytes[1] = reserved;
        foreach ((int offset, byte[] patch) in Patches)
        {
            if (offset + patch.Length > bytes.Length)
                throw new FormatException($"patch={offset.ToString(CultureInfo.InvariantCulture)} is past the end: {bytes.Length} bytes are sent");
            patch.CopyTo(bytes, offset);
        }

        if (Only is { } only && only < bytes.Length)
            bytes = bytes[..only];
        if (Times == 1)
            return bytes;
        if ((long)bytes.Length * Times > ByteTerm.MaxLength)
            throw new FormatException($"more than {ByteTerm.MaxLength} bytes in one statement");
        byte[] all = new byte[bytes.Length * Times];
        for (int i = 0; i < Times; i++)
            bytes.CopyTo(all, i * bytes.Length);
        return all;
    }
}
