using System.Globalization;

namespace NetDicom.Tables;

/// <summary>The DIMSE statuses (PS3.7 annex C, PS3.4 per service).</summary>
internal static class StatusFile
{
    // In this order in the generated table.
    private static readonly string[] _categories = ["Success", "Pending", "Warning", "Failure", "Cancel"];

    private sealed record Status(string Scope, string Dimse, string Code, TsvRow Row);

    public static string Make(string root)
    {
        Status[] rows = [.. Rows(root)];
        string[] scopes = [.. rows.Select(row => row.Scope).Distinct()];
        string[] dimses = [.. rows.Select(row => row.Dimse).Distinct()];
        var text = new SourceText("statuses.tsv", "NetDicom.Protocol");
        text.Line("/// <summary>The DIMSE statuses of PS3.7 annex C (scope \"General\" and \"Code classes\") and of the services of PS3.4, by row.</summary>");
        text.Line("internal static class StatusTable").Line("{");
        text.Line("    /// <summary>Number of rows.</summary>");
        text.Line($"    internal const int Count = {rows.Length};").Line();
        text.Line("    /// <summary>One status: a code fits when its bits under <see cref=\"Mask\"/> are those of <see cref=\"Code\"/> (x in the standard's tables is a zero digit of the mask). Categories: 0 Success, 1 Pending, 2 Warning, 3 Failure, 4 Cancel.</summary>");
        text.Line("    internal readonly record struct Row(ushort Code, ushort Mask, byte Category, byte ScopeIndex, byte DimseIndex, int TextOffset)");
        text.Line("    {");
        text.Line("        /// <summary>The service class, or General.</summary>");
        text.Line("        internal ReadOnlySpan<byte> Scope => Field(ScopeText[ScopeOffsets[ScopeIndex]..], 0);");
        text.Line("        /// <summary>The command, for instance C-STORE; any for the code classes.</summary>");
        text.Line("        internal ReadOnlySpan<byte> Dimse => Field(DimseText[DimseOffsets[DimseIndex]..], 0);");
        text.Line("        /// <summary>What the status says.</summary>");
        text.Line("        internal ReadOnlySpan<byte> Meaning => Field(RowText[TextOffset..], 0);");
        text.Line("        /// <summary>Status-related fields that the response may carry.</summary>");
        text.Line("        internal ReadOnlySpan<byte> RelatedFields => Field(RowText[TextOffset..], 1);");
        text.Line("        /// <summary>Part and table of the standard.</summary>");
        text.Line("        internal ReadOnlySpan<byte> Source => Field(RowText[TextOffset..], 2);");
        text.Line("    }").Line();
        text.Line("    /// <summary>The row numbered <paramref name=\"index\"/>, from 0.</summary>");
        text.Line("    internal static Row At(int index) => new(Codes[index], Masks[index], Categories[index], Scopes[index], Dimses[index], RowOffsets[index]);").Line();
        text.Line("    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)");
        text.Line("    {");
        text.Line("        while (number-- > 0)");
        text.Line("            line = line[(line.IndexOf((byte)'|') + 1)..];");
        text.Line("        return line[..line.IndexOf((byte)'|')];");
        text.Line("    }").Line();
        text.Numbers("ushort", "Codes", rows, row => $"0x{Number(row.Code, false):X4}");
        text.Numbers("ushort", "Masks", rows, row => $"0x{Number(row.Code, true):X4}");
        text.Numbers("byte", "Categories", rows.Select(row => Array.IndexOf(_categories, row.Row["category"])));
        text.Numbers("byte", "Scopes", rows.Select(row => Array.IndexOf(scopes, row.Scope)));
        text.Numbers("byte", "Dimses", rows.Select(row => Array.IndexOf(dimses, row.Dimse)));
        text.Numbers("ushort", "ScopeOffsets", text.Text("ScopeText", scopes.Select(scope => new[] { scope })));
        text.Numbers("ushort", "DimseOffsets", text.Text("DimseText", dimses.Select(dimse => new[] { dimse })));
        text.Numbers("ushort", "RowOffsets", text.Text("RowText", rows.Select(row => new[] { row.Row["meaning"], row.Row["related_fields"], row.Row["source"] })));
        return text.Line("}").ToString();
    }

    // "as C.4-2" takes over the rows of another table; "general" and "other" have no code of their own.
    private static IEnumerable<Status> Rows(string root)
    {
        IReadOnlyList<TsvRow> all = Tsv.Read(root, "statuses.tsv").Rows;
        foreach (TsvRow row in all)
        {
            string code = row["code"];
            if (code is "general" or "other" || row["dimse"] == "HTTP")
                continue;
            if (!code.StartsWith("as ", StringComparison.Ordinal))
            {
                yield return new(row["scope"], row["dimse"], code, row);
                continue;
            }

            TsvRow[] meant = [.. all.Where(other => other["source"] == $"PS3.4 Table {code[3..]}" && other["dimse"] == row["dimse"])];
            if (meant.Length == 0)
                throw new InvalidDataException($"{row["scope"]}: no rows for '{code}'");
            foreach (TsvRow other in meant)
                yield return new(row["scope"], row["dimse"], other["code"], other);
        }
    }

    private static int Number(string code, bool mask) => code.Aggregate(0, (value, digit) => value << 4 | (mask
        ? digit == 'x' ? 0 : 0xF
        : digit == 'x' ? 0 : int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
}
