namespace NetDicom.Tables;

/// <summary>The UID registry (PS3.6 annex A, PS3.16 for context groups) and what hangs on it.</summary>
internal static class UidFiles
{
    // In the order of the enumeration UidType in src/NetDicom/Uids/UidInfo.cs; a test compares the two.
    private static readonly string[] _types =
    [
        "SOP Class", "Meta SOP Class", "Transfer Syntax", "Well-known SOP Instance", "Application Context Name", "Coding Scheme",
        "DICOM UIDs as a Coding Scheme", "Service Class", "Application Hosting Model", "LDAP OID", "Mapping Resource",
        "Synchronization Frame of Reference", "Well-known Frame of Reference", "Document Template", "Section Template",
        "Entry Template", "Element Set Template", "Context Group",
    ];

    // In the order of the flags of DimseServices.
    private static readonly string[] _services =
        ["C-ECHO", "C-STORE", "C-FIND", "C-GET", "C-MOVE", "N-EVENT-REPORT", "N-GET", "N-SET", "N-ACTION", "N-CREATE", "N-DELETE"];

    private sealed record Uid(string Text, string Keyword, string Name, int Type, bool Retired);

    /// <summary>Every registered UID in ordinal order of its text.</summary>
    public static string Table(string root)
    {
        Uid[] uids = Registry(root);
        Dictionary<string, int> syntaxes = Numbered(Tsv.Read(root, "transfer-syntaxes.tsv"));
        Dictionary<string, int> classes = Numbered(Tsv.Read(root, "sop-classes.tsv"));
        var text = new SourceText("uids.tsv, uids-context-groups.tsv, transfer-syntaxes.tsv and sop-classes.tsv", "NetDicom");
        text.Line("internal static partial class UidTable").Line("{");
        text.Line($"    internal const int Count = {uids.Length};").Line();
        text.Line("    // UidType, and 128 for the retired.");
        text.Numbers("byte", "Types", uids.Select(uid => uid.Type | (uid.Retired ? 0x80 : 0)));
        text.Line("    // Row of TransferSyntax or of SopClassTable; 65535 for all others.");
        text.Numbers("ushort", "Details", uids.Select(uid => syntaxes.TryGetValue(uid.Text, out int row) || classes.TryGetValue(uid.Text, out row) ? row : 0xFFFF));
        int[] offsets = text.Text("UidText", uids.Select(uid => new[] { uid.Text, uid.Keyword, uid.Name }));
        text.Numbers("uint", "Offsets", offsets);
        return text.Line("}").ToString();
    }

    /// <summary>Well-known instances and the application context name by keyword.</summary>
    public static string WellKnown(string root)
    {
        var text = new SourceText("uids.tsv", "NetDicom");
        text.Line("public static partial class Uids").Line("{");
        foreach (TsvRow row in Tsv.Read(root, "uids.tsv").Rows.Where(row => row["type"] is "Well-known SOP Instance" or "Application Context Name"))
            Property(text, row);
        return text.Line("}").ToString();
    }

    /// <summary>SOP and Meta SOP classes by keyword.</summary>
    public static string SopClasses(string root)
    {
        var text = new SourceText("sop-classes.tsv", "NetDicom");
        text.Line("public static partial class SopClasses").Line("{");
        foreach (TsvRow row in Tsv.Read(root, "sop-classes.tsv").Rows.Where(row => row["keyword"].Length > 0))
            Property(text, row);
        return text.Line("}").ToString();
    }

    /// <summary>What PS3.4 says of each SOP class.</summary>
    public static string SopClassTable(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "sop-classes.tsv").Rows;
        Uid[] uids = Registry(root);
        string[][] texts = [.. rows.Select(row => new[] { row["service_class"], row["info_model"], row["levels"] }).DistinctBy(fields => string.Join('|', fields))];
        var text = new SourceText("sop-classes.tsv", "NetDicom");
        text.Line("internal static partial class SopClassTable").Line("{");
        text.Line("    // Row of UidTable.");
        text.Numbers("ushort", "UidRows", rows.Select(row => Array.FindIndex(uids, uid => uid.Text == row["uid"])));
        text.Line("    // DimseServices.");
        text.Numbers("ushort", "Services", rows.Select(Services));
        text.Line("    // RoleSelectionNeed; 0x10 Meta SOP class; 0x20 stored by C-STORE.");
        text.Numbers("byte", "Traits", rows.Select(row => "NYSCG".IndexOf(row["role_selection"], StringComparison.Ordinal)
            | (row["kind"] == "Meta" ? 0x10 : 0)
            | (IsStored(row) ? 0x20 : 0)));
        text.Numbers("byte", "TextIndexes", rows.Select(row => Array.FindIndex(texts, fields => fields.SequenceEqual([row["service_class"], row["info_model"], row["levels"]]))));
        int[] offsets = text.Text("ServiceText", texts);
        text.Numbers("ushort", "ServiceOffsets", offsets);
        return text.Line("}").ToString();
    }

    /// <summary>The transfer syntaxes with their traits.</summary>
    public static string TransferSyntaxes(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "transfer-syntaxes.tsv").Rows;
        var text = new SourceText("transfer-syntaxes.tsv", "NetDicom");
        text.Line("public readonly partial struct TransferSyntax").Line("{");
        foreach (TsvRow row in rows)
        {
            text.Line($"    /// <summary>{row["uid"]}: {SourceText.Xml(row["name"])}{(row.Is("retired") ? " (retired)" : "")}.</summary>");
            text.Line($"    public static TransferSyntax {row["keyword"]} => new(DicomUid.FromChecked(\"{row["uid"]}\"), {Traits(row)});");
        }

        text.Line();
        text.Numbers("byte", "TraitTable", rows.Select(Traits));
        return text.Line("}").ToString();
    }

    // The bits are named in TransferSyntax.cs.
    private static int Traits(TsvRow row) => 1
        | (row["vr_encoding"] != "implicit" ? 0x02 : 0)
        | (row["endian"] == "big" ? 0x04 : 0)
        | (row.Is("deflated") ? 0x08 : 0)
        | (row.Is("encapsulated") ? 0x10 : 0)
        | (row["lossy"] is "Y" or "either" ? 0x20 : 0)
        | (row.Is("retired") ? 0x40 : 0)
        | (row["fragments"].StartsWith("1+", StringComparison.Ordinal) ? 0x80 : 0);

    private static bool IsStored(TsvRow row) =>
        row["dimse_services"] == "C-STORE" && row["service_class"] is "Storage" or "Storage (retired)" or "Non-Patient Object Storage";

    private static int Services(TsvRow row)
    {
        int flags = 0;
        foreach (string part in row["dimse_services"].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // "C-GET (C-STORE sub-operations on the same association)": the remark is the sub-operation, not the class's own service.
            int bit = Array.IndexOf(_services, part.Split(' ')[0]);
            if (bit >= 0)
                flags |= 1 << bit;
            else if (part != "as members")
                throw new InvalidDataException($"unknown DIMSE service {part}");
        }

        return flags;
    }

    private static void Property(SourceText text, TsvRow row)
    {
        text.Line($"    /// <summary>{row["uid"]}: {SourceText.Xml(row["name"])}{(row.Is("retired") ? " (retired)" : "")}.</summary>");
        text.Line($"    public static DicomUid {row["keyword"]} => DicomUid.FromChecked(\"{row["uid"]}\");");
    }

    private static Uid[] Registry(string root) =>
    [
        .. Tsv.Read(root, "uids.tsv").Rows
            .Select(row => new Uid(row["uid"], row["keyword"], row["name"], TypeNumber(row["type"]), row.Is("retired")))
            .Concat(Tsv.Read(root, "uids-context-groups.tsv").Rows
                .Select(row => new Uid(row["uid"], $"CID{row["cid"]}", row["name"], TypeNumber("Context Group"), row.Is("retired"))))
            .OrderBy(uid => uid.Text, StringComparer.Ordinal),
    ];

    private static int TypeNumber(string type) =>
        Array.IndexOf(_types, type) is var number and >= 0 ? number : throw new InvalidDataException($"unknown UID type {type}");

    private static Dictionary<string, int> Numbered(Tsv table) =>
        table.Rows.Select((row, number) => (Uid: row["uid"], number)).ToDictionary(pair => pair.Uid, pair => pair.number, StringComparer.Ordinal);
}
