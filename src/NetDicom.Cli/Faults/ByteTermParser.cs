using System.Globalization;

namespace NetDicom.Cli.Faults;

/// <summary>Reads terms: <c>0A0B "text" u16:5 zeros:100 [52 "1.2.3"] (0010,0010 "Doe") &lt;01 03 …&gt; {04 …}</c>; docs/fault.md has them all.</summary>
internal static class ByteTermParser
{
    private static readonly string[] s_valueRepresentations =
    [
        "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
    ];

    public static List<ByteTerm> ReadAll(TokenReader reader, string? close = null)
    {
        var terms = new List<ByteTerm>();
        while (!reader.IsAtEnd && (close is null || !reader.Peek!.Value.Is(close)))
            terms.Add(Read(reader));
        if (close is not null && !reader.TryTake(close))
            throw new FormatException($"'{close}' is missing");
        return terms;
    }

    public static ByteTerm Read(TokenReader reader)
    {
        ScenarioToken token = reader.Take("what is to be sent");
        if (token.IsQuoted && token.Key is null)
            return LiteralTerm.Text(token.Text);
        if (token.Key is not null)
            throw new FormatException($"'{token}' cannot stand here");
        return token.Text switch
        {
            "[" => Item(reader),
            "{" => Pdu(reader),
            "<" => Pdv(reader),
            "(" => Element(reader),
            "deflate" => new DeflateTerm(Read(reader)),
            _ => Word(token.Text, reader),
        };
    }

    /// <summary>A UID as itself or by its keyword.</summary>
    public static string Uid(ScenarioToken token) => token.IsQuoted || token.Text.Length == 0 || char.IsAsciiDigit(token.Text[0]) ? token.Text
        : Uids.TryGet(token.Text, out UidInfo info) ? info.Uid.ToString()
        : throw new FormatException($"'{token.Text}' is no UID and no keyword of one: a text that is none is written in quotation marks");

    private static ByteTerm Word(string word, TokenReader reader)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            string number = word[(colon + 1)..];
            return word[..colon] switch
            {
                "u8" => new LiteralTerm([(byte)TokenReader.Number(number, "a byte", 255)]),
                "u16" => BigEndian(TokenReader.Number(number, "a number", 0xFFFF), 2),
                "u32" => BigEndian(TokenReader.Number(number, "a number", uint.MaxValue), 4),
                "le16" => LittleEndian(TokenReader.Number(number, "a number", 0xFFFF), 2),
                "le32" => LittleEndian(TokenReader.Number(number, "a number", uint.MaxValue), 4),
                "zeros" => new FillTerm((int)TokenReader.Number(number, "a count", ByteTerm.MaxLength), false),
                "noise" => new FillTerm((int)TokenReader.Number(number, "a count", ByteTerm.MaxLength), true),
                "times" => new TimesTerm((int)TokenReader.Number(number, "a count", ByteTerm.MaxLength), Read(reader)),
                _ => throw new FormatException($"'{word}' is nothing that can be sent"),
            };
        }

        if (word.Length % 2 == 0 && word.All(char.IsAsciiHexDigit))
            return new LiteralTerm(Convert.FromHexString(word));
        return Uids.TryGet(word, out UidInfo info)
            ? LiteralTerm.Text(info.Uid.ToString())
            : throw new FormatException($"'{word}' is nothing that can be sent: pairs of hexadecimal digits, a \"text\", a keyword of a UID, u16:N …");
    }

    private static ByteTerm Item(TokenReader reader)
    {
        if (reader.TryTake("application-context"))
            return Closed(new ItemTerm(0x10, null, 0, [LiteralTerm.Text("1.2.840.10008.3.1.1.1")]), reader);
        if (reader.TryTake("accept"))
            return Closed(new AcceptTerm(), reader);
        if (reader.TryTake("roles"))
            return Closed(new RolesTerm(), reader);
        if (reader.TryTake("context"))
        {
            byte id = (byte)reader.TakeNumber("the context's ID");
            var content = new List<ByteTerm> { new LiteralTerm([id, 0, 0, 0]), Syntax(0x30, reader.Take("the abstract syntax")) };
            content.AddRange(Syntaxes(reader));
            return new ItemTerm(0x20, null, 0, content.Count > 2 ? content : [.. content, Default]);
        }

        if (reader.TryTake("result"))
        {
            byte id = (byte)reader.TakeNumber("the context's ID");
            byte result = (byte)reader.TakeNumber("the result");
            return new ItemTerm(0x21, null, 0, [new LiteralTerm([id, 0, result, 0]), .. Syntaxes(reader)]);
        }

        if (reader.TryTake("user"))
        {
            uint maximum = reader.TryTakeKey("maximum", out ScenarioToken given) ? TokenReader.Number(given.Text, "a length", uint.MaxValue) : FaultSession.Maximum;
            return new ItemTerm(0x50, null, 0, [.. UserInformation(maximum), .. ReadAll(reader, "]")]);
        }

        byte type = reader.TakeByte("the type of an item");
        (uint? length, byte reserved) = Overrides(reader);
        return new ItemTerm(type, length, reserved, ReadAll(reader, "]"));
    }

    /// <summary>What a user information item has in any case: maximum length and implementation class UID (PS3.7 D.3.3).</summary>
    public static IEnumerable<ByteTerm> UserInformation(uint maximum) =>
        [new ItemTerm(0x51, null, 0, [BigEndian(maximum, 4)]), new ItemTerm(0x52, null, 0, [LiteralTerm.Text(FaultSession.ImplementationClassUid)])];

    private static ItemTerm Default => new(0x40, null, 0, [LiteralTerm.Text("1.2.840.10008.1.2")]);

    private static ItemTerm Syntax(byte type, ScenarioToken uid) => new(type, null, 0, [LiteralTerm.Text(Uid(uid))]);

    private static List<ByteTerm> Syntaxes(TokenReader reader)
    {
        var syntaxes = new List<ByteTerm>();
        while (!reader.TryTake("]"))
            syntaxes.Add(Syntax(0x40, reader.Take("']'")));
        return syntaxes;
    }

    private static PduTerm Pdu(TokenReader reader)
    {
        byte type = reader.TakeByte("the type of a PDU");
        (uint? length, byte reserved) = Overrides(reader);
        return new PduTerm(type, length, reserved, ReadAll(reader, "}"));
    }

    private static PdvTerm Pdv(TokenReader reader)
    {
        byte id = reader.TakeByte("the ID of the context");
        byte control = reader.TakeByte("the message control header");
        (uint? length, _) = Overrides(reader);
        return new PdvTerm(id, control, length, ReadAll(reader, ">"));
    }

    private static ElementTerm Element(TokenReader reader)
    {
        string[] tag = reader.Take("a tag").Text.Split(',');
        if (tag is not [{ Length: 4 } group, { Length: 4 } element]
            || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort groupNumber)
            || !ushort.TryParse(element, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort elementNumber))
            throw new FormatException($"'{string.Join(',', tag)}' is not a tag: gggg,eeee");
        string? vr = reader.Peek is { IsQuoted: false, Key: null } word && s_valueRepresentations.Contains(word.Text) ? reader.Take("a VR").Text : null;
        (uint? length, _) = Overrides(reader);
        return new ElementTerm(groupNumber, elementNumber, vr, length, ReadAll(reader, ")"));
    }

    private static (uint? Length, byte Reserved) Overrides(TokenReader reader)
    {
        uint? length = null;
        byte reserved = 0;
        while (true)
        {
            if (reader.TryTakeKey("length", out ScenarioToken given))
                length = TokenReader.Number(given.Text, "a length", uint.MaxValue);
            else if (reader.TryTakeKey("reserved", out given))
                reserved = (byte)TokenReader.Number(given.Text, "a byte", 255);
            else
                return (length, reserved);
        }
    }

    private static ByteTerm Closed(ByteTerm term, TokenReader reader) => reader.TryTake("]") ? term : throw new FormatException("']' is missing");

    private static LiteralTerm BigEndian(uint value, int width) => new([.. Enumerable.Range(0, width).Select(i => (byte)(value >> (8 * (width - 1 - i))))]);

    private static LiteralTerm LittleEndian(uint value, int width) => new([.. Enumerable.Range(0, width).Select(i => (byte)(value >> (8 * i)))]);
}
