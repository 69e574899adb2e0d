namespace NetDicom.Tables;

/// <summary>What Unicode's canonical composition (normalisation form C) needs: canonical-decompositions.tsv and combining-classes.tsv.</summary>
internal static class Decompositions
{
    public static string Make(string root)
    {
        IReadOnlyList<TsvRow> rows = Tsv.Read(root, "canonical-decompositions.tsv").Rows;
        IReadOnlyList<TsvRow> classes = Tsv.Read(root, "combining-classes.tsv").Rows;
        var text = new SourceText("canonical-decompositions.tsv and combining-classes.tsv", "NetDicom.Archive");
        text.Line("internal static partial class TextComposition").Line("{");
        text.Line("    // In ascending order.");
        text.Numbers("int", "Composites", rows, row => "0x" + row["code"]);
        text.Numbers("int", "Firsts", rows, row => "0x" + row["first"]);
        text.Line("    // 0 for those that stand for one other character.");
        text.Numbers("int", "Seconds", rows, row => row["second"].Length == 0 ? "0" : "0x" + row["second"]);
        text.Line("    // 1 for those that the two are composed to again.");
        text.Numbers("byte", "Composes", rows, row => row["composes"] == "Y" ? "1" : "0");
        text.Line("    // Stretches of marks of one canonical combining class, in ascending order; what is in none has class 0.");
        text.Numbers("int", "ClassFirsts", classes, row => "0x" + row["first"]);
        text.Numbers("int", "ClassLasts", classes, row => "0x" + row["last"]);
        text.Numbers("byte", "Classes", classes, row => row["class"]);
        return text.Line("}").ToString();
    }
}
