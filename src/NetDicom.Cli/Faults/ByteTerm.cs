using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NetDicom.Cli.Faults;

/// <summary>A piece of what is sent, right or wrong, put together at the time it is sent.</summary>
internal abstract record ByteTerm
{
    /// <summary>Longest that one statement may make, in bytes: a typing error must not take the machine's memory.</summary>
    public const int MaxLength = 256 * 1024 * 1024;

    public abstract void Append(List<byte> to, FaultSession session);

    public static byte[] Bytes(IEnumerable<ByteTerm> terms, FaultSession session)
    {
        var bytes = new List<byte>();
        foreach (ByteTerm term in terms)
            term.Append(bytes, session);
        return bytes.Count <= MaxLength ? [.. bytes] : throw new FormatException($"more than {MaxLength} bytes in one statement");
    }

    protected static void BigEndian16(List<byte> to, uint value) => to.AddRange([(byte)(value >> 8), (byte)value]);

    protected static void BigEndian32(List<byte> to, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        to.AddRange(bytes);
    }

    protected static void LittleEndian(List<byte> to, uint value, int width)
    {
        for (int i = 0; i < width; i++)
            to.Add((byte)(value >> (8 * i)));
    }
}

/// <summary>Bytes as they stand: hexadecimal digits, a text (Latin 1), a number.</summary>
internal sealed record LiteralTerm(byte[] Value) : ByteTerm
{
    public static LiteralTerm Text(string text) => new(Encoding.Latin1.GetBytes(text));

    public override void Append(List<byte> to, FaultSession session) => to.AddRange(Value);
}

/// <summary><c>zeros:N</c> and <c>noise:N</c>; noise is the same in every run.</summary>
internal sealed record FillTerm(int Count, bool IsNoise) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] bytes = new byte[Count];
        uint state = 2_463_534_242;
        for (int i = 0; IsNoise && i < Count; i++)
        {
            // Marsaglia's xorshift: the run-time's generator may change with its version, and a finding has to come back.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            bytes[i] = (byte)(state >> 16);
        }

        to.AddRange(bytes);
    }
}

/// <summary><c>times:N term</c>.</summary>
internal sealed record TimesTerm(int Count, ByteTerm Term) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] once = Bytes([Term], session);
        if ((long)once.Length * Count > MaxLength)
            throw new FormatException($"more than {MaxLength} bytes in one statement");
        for (int i = 0; i < Count; i++)
            to.AddRange(once);
    }
}

/// <summary><c>deflate term</c>: as the Deflated Explicit VR Little Endian transfer syntax has it (RFC 1951, no zlib header; PS3.5 A.5).</summary>
internal sealed record DeflateTerm(ByteTerm Term) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(Bytes([Term], session));
        to.AddRange(compressed.ToArray());
        if (compressed.Length % 2 != 0)
            to.Add(0);
    }
}

/// <summary><c>[TT …]</c>: an item of PS3.8 9.3: type, a reserved byte, length of 16 bits.</summary>
internal sealed record ItemTerm(byte Type, uint? Length, byte Reserved, IReadOnlyList<ByteTerm> Content) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] content = Bytes(Content, session);
        to.AddRange([Type, Reserved]);
        BigEndian16(to, Length ?? (uint)content.Length);
        to.AddRange(content);
    }
}

/// <summary><c>{TT …}</c>: a PDU: type, a reserved byte, length of 32 bits.</summary>
internal sealed record PduTerm(byte Type, uint? Length, byte Reserved, IReadOnlyList<ByteTerm> Content) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] content = Bytes(Content, session);
        to.AddRange([Type, Reserved]);
        BigEndian32(to, Length ?? (uint)content.Length);
        to.AddRange(content);
    }
}

/// <summary><c>&lt;ID CONTROL …&gt;</c>: a PDV item (PS3.8 9.3.5.1): length of 32 bits, context, control header (bit 0 command, bit 1 last).</summary>
internal sealed record PdvTerm(byte ContextId, byte Control, uint? Length, IReadOnlyList<ByteTerm> Content) : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] content = Bytes(Content, session);
        BigEndian32(to, Length ?? (uint)content.Length + 2);
        to.AddRange([ContextId, Control]);
        to.AddRange(content);
    }
}

/// <summary><c>(gggg,eeee [VR] …)</c>: an element, little endian, implicit VR unless a VR is given (PS3.5 7.1). A value of odd length is padded unless the length is given.</summary>
internal sealed record ElementTerm(ushort Group, ushort Element, string? VR, uint? Length, IReadOnlyList<ByteTerm> Content) : ByteTerm
{
    private static readonly SearchValues<byte> s_uidCharacters = SearchValues.Create("0123456789."u8);
    private static readonly string[] s_longVRs = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

    public override void Append(List<byte> to, FaultSession session)
    {
        byte[] content = Bytes(Content, session);
        if (Length is null && content.Length % 2 != 0)
            content = [.. content, content.AsSpan().ContainsAnyExcept(s_uidCharacters) && VR is not "OB" and not "UN" ? (byte)' ' : (byte)0];
        uint length = Length ?? (uint)content.Length;
        LittleEndian(to, Group, 2);
        LittleEndian(to, Element, 2);
        if (VR is null)
        {
            LittleEndian(to, length, 4);
        }
        else
        {
            to.AddRange(Encoding.ASCII.GetBytes(VR));
            bool isLong = s_longVRs.Contains(VR);
            if (isLong)
                to.AddRange([0, 0]);
            LittleEndian(to, length, isLong ? 4 : 2);
        }

        to.AddRange(content);
    }
}

/// <summary><c>[accept]</c>: every context that was proposed, accepted with its first transfer syntax.</summary>
internal sealed record AcceptTerm : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session)
    {
        foreach (ProposedContext context in session.Proposed)
            new ItemTerm(0x21, null, 0, [new LiteralTerm([context.Id, 0, 0, 0]), new ItemTerm(0x40, null, 0, [LiteralTerm.Text(context.TransferSyntax)])]).Append(to, session);
    }
}

/// <summary><c>[roles]</c>: the role selections that were proposed, as they came.</summary>
internal sealed record RolesTerm : ByteTerm
{
    public override void Append(List<byte> to, FaultSession session) => to.AddRange(session.ProposedRoles);
}
