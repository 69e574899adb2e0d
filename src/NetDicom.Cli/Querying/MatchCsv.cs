namespace NetDicom.Cli.Querying;

/// <summary>Matches as comma-separated values (RFC 4180): the asked keys are the columns.</summary>
internal sealed class MatchCsv
{
    private readonly List<DicomTagPath> _columns = [];

    /// <param name="query">The query: its keys, in the order of their tags, those of items after their sequence.</param>
    public MatchCsv(DicomDataSet query) => Collect(query, null);

    /// <summary>The names of the columns: keywords, or paths.</summary>
    public string Header => Line(_columns.Select(c => c.ToString()));

    /// <summary>A line for a match; several values, and those of several items, are joined by backslashes.</summary>
    public string Row(DicomDataSet match) => Line(_columns.Select(column => Value(match, column.Items, column.Tag)));

    private void Collect(DicomDataSet set, DicomTagPath? parent)
    {
        foreach (DicomElement element in set)
        {
            if (element.Tag == DicomTags.SpecificCharacterSet)
                continue;
            DicomTagPath path = parent is { } p ? p.Then(0, element.Tag) : element.Tag;
            if (element.Items is { Count: > 0 } items && items[0].Count > 0)
                Collect(items[0], path);
            else
                _columns.Add(path);
        }
    }

    private static string Value(DicomDataSet set, ReadOnlySpan<(DicomTag Sequence, int Item)> way, DicomTag tag)
    {
        if (way.IsEmpty)
            return set.TryGet(tag, out DicomElement? element) ? MatchText.Value(element) : "";
        var values = new List<string>();
        foreach (DicomDataSet item in set.GetSequence(way[0].Sequence) ?? [])
            values.Add(Value(item, way[1..], tag));
        return string.Join('\\', values);
    }

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(field =>
        field.AsSpan().ContainsAny("\",\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field));
}
