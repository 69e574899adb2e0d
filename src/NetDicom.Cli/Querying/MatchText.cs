using System.Globalization;
using System.Text;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Querying;

/// <summary>A match as people read it: a line for each attribute, items of sequences indented.</summary>
internal static class MatchText
{
    private const int NameColumn = 34;

    // A terminal is not the place for a report text of a megabyte.
    private const int LongestValue = 1000;

    /// <summary>The lines, with a heading.</summary>
    public static string Of(int number, DicomDataSet match)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Match {number}\n");
        Append(text, match, 1);
        return text.ToString();
    }

    /// <summary>The lines of a data set.</summary>
    public static string Of(DicomDataSet set)
    {
        var text = new StringBuilder();
        Append(text, set, 1);
        return text.ToString();
    }

    /// <summary>The keyword of a tag, or its number where it has none.</summary>
    public static string Name(DicomTag tag) => new DicomTagPath(tag).ToString();

    /// <summary>The value in one line: values joined by backslashes, bytes counted.</summary>
    public static string Value(DicomElement element)
    {
        if (element.IsEmpty)
            return "";
        if (element.Items is { } items)
            return string.Create(CultureInfo.InvariantCulture, $"({items.Count} items)");
        IReadOnlyList<string> values = element.GetStrings();
        return values.Count > 0 ? string.Join('\\', values) : string.Create(CultureInfo.InvariantCulture, $"({element.Length} bytes)");
    }

    private static void Append(StringBuilder text, DicomDataSet set, int depth)
    {
        foreach (DicomElement element in set)
        {
            string name = new string(' ', 2 * depth) + Name(element.Tag);
            string value = SafeText.OneLine(Value(element));
            if (value.Length > LongestValue)
                value = value[..LongestValue] + "…";
            text.Append(value.Length > 0 ? name.PadRight(NameColumn) + ' ' + value : name).Append('\n');
            foreach (DicomDataSet item in element.Items ?? [])
            {
                text.Append(' ', 2 * depth + 2).Append("-\n");
                Append(text, item, depth + 2);
            }
        }
    }
}
