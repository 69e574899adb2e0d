using System.Globalization;

namespace NetDicom.Cli.Faults;

/// <summary>Reads what follows <c>send</c>.</summary>
internal static class SendableParser
{
    /// <summary>Content of one PDV where nothing else is asked for: a P-DATA-TF of 16 KiB, which everybody takes.</summary>
    private const int DefaultFragment = (int)FaultSession.Maximum - 6;

    public static Sendable Read(TokenReader reader)
    {
        var options = new Options();
        Sendable what = reader.Peek is { IsQuoted: false, Key: null } word ? Named(word.Text, reader, options) : new RawBytes(Terms(reader, options));
        reader.ExpectEnd();
        return options.Spoil(what);
    }

    private static Sendable Named(string name, TokenReader reader, Options options)
    {
        switch (name)
        {
            case "A-ASSOCIATE-RQ" or "A-ASSOCIATE-AC":
                reader.Take(name);
                return Associate(name == "A-ASSOCIATE-RQ", reader, options);
            case "A-ASSOCIATE-RJ":
                reader.Take(name);
                return Fixed(3, reader, options, (1, "result", 1), (2, "source", 1), (3, "reason", 1));
            case "A-ABORT":
                reader.Take(name);
                return Fixed(7, reader, options, (2, "source", 0), (3, "reason", 0));
            case "A-RELEASE-RQ" or "A-RELEASE-RP":
                reader.Take(name);
                return Fixed(name == "A-RELEASE-RQ" ? (byte)5 : (byte)6, reader, options);
            case "DATA":
                reader.Take(name);
                return Data(reader, options);
            default:
                if (CommandElements.IsMessage(name))
                {
                    reader.Take(name);
                    return Message(name, reader, options);
                }

                return new RawBytes(Terms(reader, options));
        }
    }

    private static AssociatePdu Associate(bool isRequest, TokenReader reader, Options options)
    {
        ushort version = 1;
        string? called = null, calling = null;
        uint maximum = FaultSession.Maximum;
        var items = new List<ByteTerm>();
        while (!reader.IsAtEnd)
        {
            if (reader.TryTakeKey("version", out ScenarioToken token))
                version = (ushort)TokenReader.Number(token.Text, "a version", 0xFFFF);
            else if (reader.TryTakeKey("called", out token))
                called = token.Text;
            else if (reader.TryTakeKey("calling", out token))
                calling = token.Text;
            else if (reader.TryTakeKey("maximum", out token))
                maximum = TokenReader.Number(token.Text, "a length", uint.MaxValue);
            else if (!options.TryTake(reader))
                items.Add(ByteTermParser.Read(reader));
        }

        return new AssociatePdu(isRequest, version, called, calling, maximum, items);
    }

    private static RawBytes Fixed(byte type, TokenReader reader, Options options, params (int At, string Name, byte Value)[] fields)
    {
        byte[] body = new byte[4];
        foreach ((int at, _, byte value) in fields)
            body[at] = value;
        while (!reader.IsAtEnd)
        {
            (int At, string Name, byte)? field = fields.Where(f => f.Name == reader.Peek!.Value.Key).Select(f => ((int, string, byte)?)f).FirstOrDefault();
            if (field is { } known)
                body[known.At] = (byte)TokenReader.Number(reader.Take(known.Name).Text, "a byte", 255);
            else if (!options.TryTake(reader))
                throw new FormatException($"'{reader.Peek}' is no field of this PDU");
        }

        return new RawBytes([new PduTerm(type, null, 0, [new LiteralTerm(body)])]);
    }

    private static DataPdus Data(TokenReader reader, Options options)
    {
        byte context = 3;
        bool isCommand = false, last = true;
        int fragment = DefaultFragment;
        var terms = new List<ByteTerm>();
        while (!reader.IsAtEnd)
        {
            if (reader.TryTakeKey("context", out ScenarioToken token))
                context = (byte)TokenReader.Number(token.Text, "a context's ID", 255);
            else if (reader.TryTakeKey("last", out token))
                last = YesNo(token);
            else if (reader.TryTakeKey("command", out token))
                isCommand = YesNo(token);
            else if (reader.TryTakeKey("fragment", out token))
                fragment = Fragment(token);
            else if (!options.TryTake(reader))
                terms.Add(ByteTermParser.Read(reader));
        }

        return new DataPdus(context, isCommand, last, fragment, terms);
    }

    private static MessagePdus Message(string name, TokenReader reader, Options options)
    {
        byte? context = null;
        int fragment = DefaultFragment;
        var values = new Dictionary<ushort, byte[]>();
        var missing = new HashSet<ushort>();
        var more = new List<ByteTerm>();
        List<ByteTerm>? dataSet = null;
        while (!reader.IsAtEnd)
        {
            ScenarioToken next = reader.Peek!.Value;
            if (reader.TryTakeKey("context", out ScenarioToken token))
            {
                context = (byte)TokenReader.Number(token.Text, "a context's ID", 255);
            }
            else if (reader.TryTakeKey("fragment", out token))
            {
                fragment = Fragment(token);
            }
            else if (reader.TryTake("data"))
            {
                dataSet = [];
            }
            else if (options.TryTake(reader))
            {
            }
            else if (next.Key is { } key)
            {
                ushort number = CommandElements.Find(name, key) ?? throw new FormatException($"'{key}' is no element of a command set");
                values[number] = CommandElements.Encode(number, reader.Take(key));
            }
            else if (!next.IsQuoted && next.Text.Length > 1 && next.Text[0] == '-')
            {
                missing.Add(CommandElements.Find(name, next.Text[1..]) ?? throw new FormatException($"'{next.Text[1..]}' is no element of a command set"));
                reader.Take("an element");
            }
            else
            {
                (dataSet ?? more).Add(ByteTermParser.Read(reader));
            }
        }

        return new MessagePdus(name, context, values, missing, fragment, more, dataSet);
    }

    private static List<ByteTerm> Terms(TokenReader reader, Options options)
    {
        var terms = new List<ByteTerm>();
        while (!reader.IsAtEnd)
        {
            if (!options.TryTake(reader))
                terms.Add(ByteTermParser.Read(reader));
        }

        return terms.Count > 0 ? terms : throw new FormatException("what is to be sent is missing");
    }

    private static int Fragment(ScenarioToken token) => (int)Math.Max(1, TokenReader.Number(token.Text, "a length", 0x00FF_FFFF));

    private static bool YesNo(ScenarioToken token) => token.Text switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new FormatException($"'{token}': yes or no is wanted"),
    };

    /// <summary>What may be said of everything that is sent: length, reserved, patch, only, times.</summary>
    private sealed class Options
    {
        private readonly List<(int, byte[])> _patches = [];
        private uint? _length;
        private byte? _reserved;
        private int? _only;
        private int _times = 1;

        public bool TryTake(TokenReader reader)
        {
            if (reader.TryTakeKey("length", out ScenarioToken token))
                _length = TokenReader.Number(token.Text, "a length", uint.MaxValue);
            else if (reader.TryTakeKey("reserved", out token))
                _reserved = (byte)TokenReader.Number(token.Text, "a byte", 255);
            else if (reader.TryTakeKey("only", out token))
                _only = (int)TokenReader.Number(token.Text, "a count", ByteTerm.MaxLength);
            else if (reader.TryTakeKey("times", out token))
                _times = (int)TokenReader.Number(token.Text, "a count", ByteTerm.MaxLength);
            else if (reader.TryTakeKey("patch", out token))
                _patches.Add(Patch(token.Text));
            else
                return false;
            return true;
        }

        public Sendable Spoil(Sendable what) => _length is null && _reserved is null && _only is null && _times == 1 && _patches.Count == 0
            ? what
            : new Spoiled(what, _length, _reserved, _patches, _only, _times);

        private static (int, byte[]) Patch(string text)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
                ? (offset, Convert.FromHexString(text[(colon + 1)..]))
                : throw new FormatException($"'{text}' is not OFFSET:HEX");
        }
    }
}
