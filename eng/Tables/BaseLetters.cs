using System.Globalization;

namespace NetDicom.Tables;

/// <summary>Letters with marks and the letters without (base-letters.tsv, from the canonical decompositions of Unicode).</summary>
internal static class BaseLetters
{
    public static string Make(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "base-letters.tsv").Rows;
        var text = new SourceText("base-letters.tsv", "NetDicom.Archive");
        text.Line("internal static partial class TextFolding").Line("{");
        text.Line("    // In ascending order.");
        text.Numbers("ushort", "Letters", rows, row => "0x" + row["code"]);
        text.Numbers("ushort", "First", rows, row => string.Create(CultureInfo.InvariantCulture, $"0x{(int)row["base"][0]:X4}"));
        text.Line("    // The second letter of those that become two, such as ss; else 0.");
        text.Numbers("ushort", "Second", rows.Select(row => row["base"].Length > 1 ? row["base"][1] : 0));
        return text.Line("}").ToString();
    }
}
