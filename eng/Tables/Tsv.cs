namespace NetDicom.Tables;

/// <summary>One table of eng/standard: tab separated, one header line, "-" for nothing.</summary>
public sealed class Tsv
{
    private readonly Dictionary<string, int> _columns;

    private Tsv(string[] header, IReadOnlyList<TsvRow> rows)
    {
        _columns = header.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        Rows = rows;
    }

    /// <summary>The rows in the order of the file.</summary>
    public IReadOnlyList<TsvRow> Rows { get; private init; }

    /// <summary>Reads a table; a row with another number of columns than the header is an error.</summary>
    public static Tsv Read(string root, string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(root, "eng", "standard", name));
        string[] header = lines[0].Split('\t');
        var rows = new List<TsvRow>();
        var table = new Tsv(header, rows);
        for (int i = 1; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split('\t');
            if (fields.Length != header.Length)
                throw new InvalidDataException($"{name} line {i + 1}: {fields.Length} columns instead of {header.Length}");
            rows.Add(new TsvRow(table, fields));
        }

        return table;
    }

    internal int Column(string name) => _columns[name];
}

/// <summary>One row of a table.</summary>
public sealed class TsvRow(Tsv table, string[] fields)
{
    /// <summary>The field of a column; empty for "-".</summary>
    public string this[string column] => fields[table.Column(column)] is var text && text == "-" ? "" : text;

    /// <summary>Whether a yes/no column says Y.</summary>
    public bool Is(string column) => this[column] == "Y";
}
