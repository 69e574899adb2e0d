using System.Globalization;

namespace NetDicom.Tables;

/// <summary>The tables of PS3.4 that say which attributes and keys a service needs: trees of tags, with a code in each column.</summary>
internal static class AttributeTables
{
    // In the order of the enumeration AttributeRequirement in src/NetDicom.Network/Services/Rules/AttributeRequirement.cs; a test compares the two.
    private static readonly string[] _requirements = ["", "1", "1C", "2", "2C", "3", "forbidden", "R", "RC", "P", "X", "O", "M", "MC", "U", "UC", "list", "unique", "required", "optional"];

    public static string Mpps(string root) => One("mpps-attributes.tsv", "MppsTable", root, null,
        row => User(row["n_create"]), row => User(row["n_set"]),
        // PS3.4 table F.7.2-1: where the final state says nothing, the provider's type of N-CREATE stays in force.
        row => row["final_state"].Length > 0 ? row["final_state"] : Provider(row["n_create"]));

    public static string Ups(string root) => One("ups-attributes.tsv", "UpsTable", root, null,
        row => User(row["n_create"]), row => User(row["n_set"]), row => row["final_state"], row => row["n_get"] == "forbidden" ? "forbidden" : Provider(row["n_get"]),
        row => Match(row["match_type"]), row => row["return_type"]);

    public static string Worklist(string root) => One("mwl-keys.tsv", "WorklistTable", root, null, row => Match(row["match_type"]), row => row["return_type"]);

    public static string QueryRetrieve(string root) => One("qr-keys.tsv", "QueryRetrieveTable", root, row => $"{row["level"]} {row["model"]}", row => row["key_type"]);

    public static string SingleLevelQuery(string root) => One("query-keys.tsv", "SingleLevelQueryTable", root, row => row["model"], row => Match(row["match_type"]), row => row["return_type"]);

    public static string Print(string root) => One("print-attributes.tsv", "PrintTable", root, row => $"{row["sop_class"]} {row["dimse"]}", row => User(row["usage"]), row => Provider(row["usage"]));

    public static string Services(string root) => One("service-attributes.tsv", "ServiceAttributeTable", root, row => $"{row["sop_class"]} {row["dimse"]}", row => User(row["usage"]), row => Provider(row["usage"]));

    /// <summary>The actions and events of each class.</summary>
    public static string ActionsAndEvents(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "actions-events.tsv").Rows;
        var text = new SourceText("actions-events.tsv", "NetDicom.Network");
        text.Line("internal static class ActionEventTable").Line("{");
        text.Line("    internal static readonly ActionOrEvent[] All =").Line("    [");
        foreach (TsvRow row in rows)
            text.Line($"        new(DicomUid.Parse(\"{row["sop_class_uid"]}\"), {(row["dimse"] == "N-ACTION" ? "true" : "false")}, {row["type_id"]}, \"{row["name"]}\"),");
        return text.Line("    ];").Line("}").ToString();
    }

    private static string One(string file, string name, string root, Func<TsvRow, string>? group, params Func<TsvRow, string>[] columns)
    {
        var text = new SourceText(file, "NetDicom.Network");
        text.Line($"internal static partial class {name}").Line("{");
        IReadOnlyList<TsvRow> all = Tsv.Read(root, file).Rows;
        var groups = (group is null ? [("", all.ToArray())] : all.GroupBy(group).Select(rows => (rows.Key, rows.ToArray()))).ToArray();
        for (int i = 0; i < groups.Length; i++)
        {
            // Children after their sequence: the path is the order, whatever order the facts have.
            TsvRow[] rows = [.. groups[i].Item2.OrderBy(row => row["path"], StringComparer.Ordinal)];
            string suffix = group is null ? "" : i.ToString(CultureInfo.InvariantCulture);
            text.Numbers("uint", "Tags" + suffix, rows, row => "0x" + row["tag"]);
            text.Numbers("byte", "Depths" + suffix, rows.Select(row => row["path"].Count(c => c == '/')));
            text.Line("    // One row a line of the table, its columns side by side: AttributeRequirement.");
            text.Numbers("byte", "Codes" + suffix, rows.SelectMany(row => columns.Select(column => Number(column(row), file))));
        }

        if (group is null)
        {
            text.Line($"    internal static AttributeTable Table {{ get; }} = new(Tags, Depths, Codes, {columns.Length});");
        }
        else
        {
            text.Line("    internal static AttributeTable? Find(string key) => key switch").Line("    {");
            for (int i = 0; i < groups.Length; i++)
                text.Line($"        \"{groups[i].Item1}\" => Lazily(ref _table{i}, Tags{i}, Depths{i}, Codes{i}),");
            text.Line("        _ => null,").Line("    };").Line();
            for (int i = 0; i < groups.Length; i++)
                text.Line($"    private static AttributeTable? _table{i};");
            text.Line();
            text.Line("    private static AttributeTable Lazily(ref AttributeTable? table, ReadOnlySpan<uint> tags, ReadOnlySpan<byte> depths, ReadOnlySpan<byte> codes) =>");
            text.Line($"        table ??= new AttributeTable(tags, depths, codes, {columns.Length});");
        }

        return text.Line("}").ToString();
    }

    private static int Number(string code, string file) => Array.IndexOf(_requirements, code) is var number and >= 0 ? number : throw new InvalidDataException($"{file}: no requirement '{code}'");

    private static string User(string usage) => Half(usage, 0);

    private static string Provider(string usage) => Half(usage, 1);

    private static string Half(string usage, int index)
    {
        string[] halves = usage.Split('/');
        string half = halves[Math.Min(index, halves.Length - 1)];
        return half == "-" ? "" : half;
    }

    private static string Match(string type) => type switch { "U" => "unique", "R" => "required", "O" => "optional", _ => "" };
}
