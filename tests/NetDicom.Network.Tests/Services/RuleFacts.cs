namespace NetDicom.Network.Tests;

/// <summary>The tables of eng/standard, embedded: the second, independent copy of what the rules say.</summary>
internal static class RuleFacts
{
    /// <summary>The rows as dictionaries by column.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Read(string name)
    {
        using Stream stream = typeof(RuleFacts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        string[] header = reader.ReadLine()!.Split('\t');
        var rows = new List<Dictionary<string, string>>();
        while (reader.ReadLine() is { } line)
            rows.Add(header.Zip(line.Split('\t')).ToDictionary(pair => pair.First, pair => pair.Second));
        return rows;
    }

    /// <summary>The tags of a path, outermost first.</summary>
    public static DicomTag[] Tags(string path) => [.. path.Split('/').Select(part => DicomTag.Parse(part))];

    /// <summary>The path as items of number 0.</summary>
    public static DicomTagPath Path(string path)
    {
        DicomTag[] tags = Tags(path);
        DicomTagPath result = tags[0];
        foreach (DicomTag tag in tags[1..])
            result = result.Then(0, tag);
        return result;
    }

    /// <summary>
    /// A data set of every row for which <paramref name="take"/> answers true, each sequence with one item and each attribute with a value of its VR. A row whose parent is not taken is left out.
    /// </summary>
    public static DicomDataSet Build(IEnumerable<Dictionary<string, string>> rows, Func<Dictionary<string, string>, bool> take)
    {
        var set = new DicomDataSet();
        foreach (Dictionary<string, string> row in rows.OrderBy(row => row["path"], StringComparer.Ordinal))
        {
            DicomTag[] tags = Tags(row["path"]);
            DicomDataSet? at = set;
            foreach (DicomTag tag in tags[..^1])
                at = at?.GetSequence(tag) is [var item] ? item : null;
            if (at is not null && take(row))
                Put(at, tags[^1]);
        }

        return set;
    }

    public static void Put(DicomDataSet set, DicomTag tag)
    {
        DicomDictionary.TryGet(tag, out DictionaryEntry entry);
        if (entry.VR == DicomVR.SQ)
            set.Set(tag, new DicomDataSet());
        else if (!entry.VR.IsText && entry.VR.ValueSize == 0)
            set.Set(tag, new byte[2]);
        else
            set.Set(tag, entry.VR.ToString() switch { "UI" => "1.2.3", "DA" => "20200101", "TM" => "1000", "DT" => "20200101100000", "PN" => "A^B", "IS" or "US" or "UL" or "DS" or "FD" => "1", _ => "X" });
    }

    /// <summary>Takes an attribute out, or leaves it without a value.</summary>
    public static void Spoil(DicomDataSet set, string path, bool remove)
    {
        DicomTag[] tags = Tags(path);
        foreach (DicomTag tag in tags[..^1])
            set = set.GetSequence(tag)![0];
        if (remove)
            set.Remove(tags[^1]);
        else if (DicomDictionary.TryGet(tags[^1], out DictionaryEntry entry))
            set.Set(DicomElement.CreateEmpty(tags[^1], entry.VR));
    }
}
