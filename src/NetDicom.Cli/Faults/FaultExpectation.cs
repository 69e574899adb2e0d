using System.Globalization;

namespace NetDicom.Cli.Faults;

/// <summary>Something that came: a PDU, a whole message, or the end of the connection.</summary>
/// <param name="Name">Its name: A-ABORT, C-ECHO-RSP, closed …</param>
/// <param name="Fields">What can be said of it, for comparison and display.</param>
internal sealed record Arrival(string Name, IReadOnlyList<(string Key, string Value)> Fields)
{
    public const string Closed = "closed";

    public static Arrival End { get; } = new(Closed, []);

    public ReceivedMessage? Message { get; init; }

    public override string ToString() => string.Join(' ', [Name, .. Fields.Select(field => $"{field.Key}={field.Value}")]);
}

/// <summary>What has to come: a name, and values of its fields. A value of two with a bar between them takes either.</summary>
internal sealed record FaultExpectation(string Name, IReadOnlyList<(string Key, string Value)> Fields)
{
    private static readonly string[] s_pdus =
        ["A-ASSOCIATE-RQ", "A-ASSOCIATE-AC", "A-ASSOCIATE-RJ", "P-DATA-TF", "A-RELEASE-RQ", "A-RELEASE-RP", "A-ABORT", Arrival.Closed, "anything"];

    public bool Takes(Arrival arrival) => Name == "anything" ? arrival.Name != Arrival.Closed
        : arrival.Name == Name && Fields.All(wanted => arrival.Fields.Any(field => field.Key == wanted.Key && Fits(wanted.Key, wanted.Value, field.Value)));

    /// <summary>Reads <c>A key=value … or B …</c>.</summary>
    public static List<FaultExpectation> ReadAll(TokenReader reader)
    {
        var all = new List<FaultExpectation>();
        do
        {
            string name = reader.Take("what is expected").Text;
            bool isMessage = CommandElements.IsMessage(name);
            if (!isMessage && !s_pdus.Contains(name))
                throw new FormatException($"'{name}' cannot be expected: the name of a PDU or of a message, 'closed' or 'anything'");
            var fields = new List<(string, string)>();
            while (reader.Peek is { } token && !token.Is("or"))
            {
                if (token.Key is null)
                    throw new FormatException($"'{token}' is not FIELD=VALUE");
                reader.Take("a field");
                ushort number = 0;
                if (isMessage && token.Key is not ("context" or "bytes"))
                    number = CommandElements.Find(name, token.Key) ?? throw new FormatException($"'{token.Key}' is no element of a command set");
                fields.Add(number == 0 ? (token.Key, token.Text) : (CommandElements.KeywordOf(number), CommandElements.VROf(number) == "UI" && token.Text.Length > 0 ? ByteTermParser.Uid(token) : token.Text));
            }

            all.Add(new FaultExpectation(name, fields));
        }
        while (reader.TryTake("or"));
        reader.ExpectEnd();
        return all;
    }

    // A status may be given as a pattern of digits and x: Cxxx.
    private static bool Fits(string key, string wanted, string got) => wanted.Split('|').Any(one =>
        string.Equals(one, got, StringComparison.OrdinalIgnoreCase)
        || (key == "Status" && one.Length == 4 && got.Length == 4 && one.Zip(got).All(pair => pair.First == 'x' || char.ToUpperInvariant(pair.First) == pair.Second))
        || (ScenarioToken.TryNumber(one, out uint number) && got == number.ToString(CultureInfo.InvariantCulture)));
}
