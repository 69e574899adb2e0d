using System.Globalization;
using System.Text;

namespace NetDicom.Tables;

/// <summary>The data dictionary (PS3.6 chapters 6 to 9, PS3.7 annex E): the look-up table and the tag constants.</summary>
internal static class DictionaryFiles
{
    /// <summary>The look-up table: exact tags first in ascending order, then the repeating groups with their masks.</summary>
    public static string Table(string root)
    {
        IReadOnlyList<TsvRow> all = Tsv.Read(root, "tags.tsv").Rows;
        TsvRow[] exact = [.. all.Where(row => !Repeats(row)).OrderBy(Value)];
        // The most particular mask first: the first that fits is taken.
        TsvRow[] repeating = [.. all.Where(Repeats).OrderBy(row => row["tag"].Count(c => c == 'x')).ThenBy(Value)];
        TsvRow[] rows = [.. exact, .. repeating];
        string[] vrs = [.. rows.Select(row => row["vr"]).Distinct().Order(StringComparer.Ordinal)];
        string[] vms = [.. rows.Select(row => row["vm"]).Distinct().Order(StringComparer.Ordinal)];
        int[] byKeyword = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i]["keyword"].Length > 0).OrderBy(i => rows[i]["keyword"], StringComparer.Ordinal)];

        var text = new SourceText("tags.tsv", "NetDicom");
        text.Line("internal static partial class DictionaryTable").Line("{");
        text.Line($"    private const int ExactCount = {exact.Length};").Line();
        text.Numbers("uint", "Values", rows, row => $"0x{Value(row):X8}");
        text.Numbers("uint", "Masks", repeating, row => $"0x{Mask(row):X8}");
        text.Line("    // Three VRs of two letters at most, the first in the lowest bits.");
        text.Numbers("ulong", "VRChoices", vrs, Choices);
        text.Numbers("byte", "VRIndexes", rows.Select(row => Array.IndexOf(vrs, row["vr"])));
        text.Numbers("byte", "VMIndexes", rows.Select(row => Array.IndexOf(vms, row["vm"]) | (row.Is("retired") ? 0x80 : 0)));
        text.Numbers("ushort", "ByKeyword", byKeyword);
        int[] vmOffsets = text.Text("VMText", vms.Select(vm => new[] { vm }));
        text.Numbers("ushort", "VMOffsets", vmOffsets);
        int[] offsets = text.Text("NameText", rows.Select(row => new[] { row["keyword"], row["name"] }));
        text.Numbers("uint", "NameOffsets", offsets);
        return text.Line("}").ToString();
    }

    /// <summary>The tag of each keyword as a property.</summary>
    public static string Tags(string root)
    {
        var text = new SourceText("tags.tsv", "NetDicom");
        text.Line("/// <summary>The tags of the data dictionary by keyword (PS3.6 chapters 6 to 9, PS3.7 annex E).</summary>");
        text.Line("public static class DicomTags").Line("{");
        foreach (TsvRow row in Tsv.Read(root, "tags.tsv").Rows)
        {
            string keyword = row["keyword"];
            string tag = row["tag"];
            string what = $"{row["vr"].Replace("|", " or ", StringComparison.Ordinal)} {row["vm"]}: {SourceText.Xml(row["name"])}{(row.Is("retired") ? " (retired)" : "")}";
            if (keyword.Length == 0)
                continue;
            if (!Repeats(row))
            {
                text.Line($"    /// <summary>({tag[..4]},{tag[4..]}) {what}.</summary>");
                text.Line($"    public static DicomTag {keyword} => new(0x{tag});");
            }
            else if (tag[2..4] == "xx" && !tag[4..].Contains('x', StringComparison.Ordinal))
            {
                text.Line($"    /// <summary>({tag[..4]},{tag[4..]}) {what}; <paramref name=\"repeat\"/> counts the repeating groups from 0 (PS3.5 section 7.6).</summary>");
                text.Line($"    public static DicomTag {keyword}(int repeat) => Repeating(0x{tag[..2]}00, 0x{tag[4..]}, repeat);");
            }
        }

        text.Line();
        text.Line("    private static DicomTag Repeating(ushort group, ushort element, int repeat)");
        text.Line("    {");
        text.Line("        // PS3.5 section 7.6: even groups xx00 to xx1E.");
        text.Line("        ArgumentOutOfRangeException.ThrowIfNegative(repeat);");
        text.Line("        ArgumentOutOfRangeException.ThrowIfGreaterThan(repeat, 15);");
        text.Line("        return new DicomTag((ushort)(group + 2 * repeat), element);");
        text.Line("    }");
        return text.Line("}").ToString();
    }

    private static bool Repeats(TsvRow row) => row["tag"].Contains('x', StringComparison.Ordinal);

    private static uint Value(TsvRow row) =>
        uint.Parse(row["tag"].Replace('x', '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static uint Mask(TsvRow row) =>
        row["tag"].Aggregate(0u, (mask, digit) => mask << 4 | (digit == 'x' ? 0u : 0xFu));

    private static string Choices(string vrs)
    {
        ulong value = 0;
        int shift = 0;
        foreach (string vr in vrs.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            value |= (ulong)(vr[0] << 8 | vr[1]) << shift;
            shift += 16;
        }

        return $"0x{value:X}";
    }
}
