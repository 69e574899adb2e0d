using System.Globalization;
using System.Text.Json;

namespace NetDicom.Network;

/// <summary>One property of <see cref="PeerQuirks"/> as a file spells it: the one list behind the file's names, the text for people, and docs/quirks.md.</summary>
/// <param name="Name">The name in a file.</param>
/// <param name="Values">What may stand there.</param>
/// <param name="Side">Who makes use of it.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Describe">The name and the value if it is on, or null.</param>
/// <param name="TrySet">The quirks with the value of a file; null if the value is none.</param>
internal sealed record QuirkProperty(
    string Name, string Values, string Side, string Meaning, Func<PeerQuirks, string?> Describe, Func<PeerQuirks, JsonElement, PeerQuirks?> TrySet)
{
    private const string Both = "both";
    private const string Requestor = "requestor";
    private const string Acceptor = "acceptor";

    private static readonly (string Name, PduGrouping Grouping)[] s_groupings =
        [("gathered", PduGrouping.Gathered), ("onePduPerWrite", PduGrouping.OnePduPerWrite), ("commandWithData", PduGrouping.CommandWithData)];

    public static IReadOnlyList<QuirkProperty> All { get; } =
    [
        Flag("noAsynchronousWindow", Both, "propose and answer no asynchronous operations window", q => q.NoAsynchronousWindow, (q, on) => q with { NoAsynchronousWindow = on }),
        Flag("evenItems", Both, "pad UIDs and the version name in A-ASSOCIATE to even length", q => q.EvenItems, (q, on) => q with { EvenItems = on }),
        new("grouping", "\"gathered\", \"onePduPerWrite\", \"commandWithData\"", Both, "how PDVs are put into PDUs, and PDUs into writes",
            q => q.Grouping == PduGrouping.Gathered ? null : $"grouping {Array.Find(s_groupings, g => g.Grouping == q.Grouping).Name}",
            (q, value) => value.ValueKind == JsonValueKind.String && Array.FindIndex(s_groupings, g => value.ValueEquals(g.Name)) is >= 0 and var at
                ? q with { Grouping = s_groupings[at].Grouping }
                : null),
        new("maxPduLength", "bytes, 8 to 4294967295", Both, "longest PDU that is sent, whatever the peer announces",
            q => q.MaxPduLength == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"maxPduLength {q.MaxPduLength}"),
            (q, value) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out uint bytes) && bytes >= 8 ? q with { MaxPduLength = bytes } : null),
        Flag("assumeRoles", Both, "take roles for agreed on though the peer says nothing of roles", q => q.AssumeRoles, (q, on) => q with { AssumeRoles = on }),
        Flag("refusalMeansDefault", Requestor, "read an answer of (0,0) to roles of (1,1) as the default roles", q => q.RefusalMeansDefault, (q, on) => q with { RefusalMeansDefault = on }),
        Flag("evenContextIds", Acceptor, "take presentation contexts with an even id", q => q.EvenContextIds, (q, on) => q with { EvenContextIds = on }),
        Flag("ignoreTitleCase", Acceptor, "take our title in other capitals and small letters where it must be called", q => q.IgnoreTitleCase, (q, on) => q with { IgnoreTitleCase = on }),
    ];

    private static QuirkProperty Flag(string name, string side, string meaning, Func<PeerQuirks, bool> get, Func<PeerQuirks, bool, PeerQuirks> set) => new(
        name,
        "true, false",
        side,
        meaning,
        q => get(q) ? name : null,
        (q, value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? set(q, value.GetBoolean()) : null);
}
