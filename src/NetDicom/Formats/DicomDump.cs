using System.Globalization;
using System.Text;

namespace NetDicom;

/// <summary>What a dump shows.</summary>
public sealed record DicomDumpOptions
{
    /// <summary>Longest value text, in characters; what is longer ends in an ellipsis. Default 64.</summary>
    public int MaxValueLength { get; init; } = 64;

    /// <summary>Only these elements, by the tag at any level. Default all.</summary>
    public IReadOnlyCollection<DicomTag>? Tags { get; init; }

    /// <summary>Names of private elements.</summary>
    public PrivateDictionary? PrivateDictionary { get; init; }
}

/// <summary>Writes a data set for people to read: one line an element, close to the layout of DCMTK's dcmdump.</summary>
public static class DicomDump
{
    /// <summary>Writes every element: tag, VR, value, and behind a number sign length, multiplicity and keyword; items are indented.</summary>
    public static void Write(TextWriter output, DicomDataSet set, DicomDumpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(set);
        Write(output, set, options ?? new DicomDumpOptions(), 0);
    }

    /// <summary>The dump as text.</summary>
    public static string ToText(DicomDataSet set, DicomDumpOptions? options = null)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Write(writer, set, options);
        return writer.ToString();
    }

    private static void Write(TextWriter output, DicomDataSet set, DicomDumpOptions options, int depth)
    {
        foreach (DicomElement element in set)
        {
            bool shown = options.Tags is not { } tags || tags.Contains(element.Tag);
            if (shown)
                output.WriteLine(Line(element, set, options, depth));
            if (element.Items is { } items)
                WriteItems(output, items, shown ? options with { Tags = null } : options, depth, shown);
            else if (shown && element.Fragments is { } fragments)
                WriteFragments(output, fragments, depth);
        }
    }

    private static void WriteItems(TextWriter output, DicomSequence items, DicomDumpOptions options, int depth, bool shown)
    {
        string indent = Indent(depth + 1);
        for (int i = 0; i < items.Count; i++)
        {
            if (shown)
                output.WriteLine($"{indent}(FFFE,E000) na (Item {i + 1})");
            Write(output, items[i], options, shown ? depth + 2 : depth);
        }
    }

    private static void WriteFragments(TextWriter output, DicomFragments fragments, int depth)
    {
        string indent = Indent(depth + 1);
        if (fragments.HasOffsetTable)
            output.WriteLine($"{indent}(FFFE,E000) pi (Basic Offset Table of {fragments.GetOffsetTable().Length} entries)");
        for (int i = 0; i < fragments.Count; i++)
            output.WriteLine($"{indent}(FFFE,E000) pi (Fragment of {fragments.LengthOf(i)} bytes)");
    }

    private static string Line(DicomElement element, DicomDataSet set, DicomDumpOptions options, int depth)
    {
        var line = new StringBuilder(Indent(depth)).Append(element.Tag).Append(' ').Append(element.VR).Append(' ');
        string value = Value(element, options);
        line.Append(value);
        if (line.Length < 48)
            line.Append(' ', 48 - line.Length);
        string length = element.Items is not null || element.Fragments is not null ? "u/l" : element.Length.ToString(CultureInfo.InvariantCulture);
        return line.Append(CultureInfo.InvariantCulture, $" # {length}, {element.ValueCount} {Name(element.Tag, set, options)}").ToString();
    }

    private static string Value(DicomElement element, DicomDumpOptions options)
    {
        if (element.Items is { } items)
            return string.Create(CultureInfo.InvariantCulture, $"(Sequence of {items.Count} items)");
        if (element.Fragments is { } fragments)
            return string.Create(CultureInfo.InvariantCulture, $"(PixelSequence of {fragments.Count} fragments)");
        if (element.IsEmpty)
            return "(no value available)";
        if (element.VR.IsText)
        {
            string text = element.GetText();
            if (element.VR == DicomVR.UI && !text.Contains('\\', StringComparison.Ordinal) && DicomUid.TryParse(text.Trim(' ', '\0'), out DicomUid uid)
                && Uids.TryGet(uid, out UidInfo info) && info.Keyword.Length > 0)
                return "=" + info.Keyword;
            return $"[{Cut(Visible(text), options.MaxValueLength)}]";
        }

        // Enough bytes for the text that is shown: a large value is not read for its dump.
        int wanted = (int)Math.Min(element.Length, options.MaxValueLength + 8);
        if (element.VR.ValueSize > 0 && element.VR != DicomVR.OW && element.Length <= 4096)
            return Cut(string.Join('\\', element.GetStrings()), options.MaxValueLength);
        byte[] bytes = new byte[wanted & ~1 | (element.Length == 1 ? 1 : 0)];
        using (Stream stream = element.OpenRead())
            stream.ReadExactly(bytes);
        string shown = element.VR == DicomVR.OW
            ? string.Join('\\', Enumerable.Range(0, bytes.Length / 2).Select(i => $"{bytes[2 * i] | bytes[2 * i + 1] << 8:x4}"))
            : string.Join('\\', bytes.Select(value => $"{value:x2}"));
        return Cut(shown, options.MaxValueLength, element.Length > bytes.Length);
    }

    private static string Visible(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0)
            return text;
        var shown = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n"),
                < ' ' => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }

    private static string Cut(string text, int most, bool goesOn = false) => text.Length > most ? text[..most] + "..." : goesOn ? text + "..." : text;

    private static string Name(DicomTag tag, DicomDataSet set, DicomDumpOptions options)
    {
        if (tag.IsGroupLength)
            return "GenericGroupLength";
        if (tag.IsPrivateCreator)
            return "PrivateCreator";
        if (tag.IsPrivate)
        {
            return set.GetPrivateCreator(tag) is { } creator && options.PrivateDictionary is { } privates && privates.TryGet(creator, tag, out _, out string name)
                ? name
                : "Unknown Tag & Data";
        }

        return DicomDictionary.KeywordOf(tag) is { Length: > 0 } keyword ? keyword : "Unknown Tag & Data";
    }

    private static string Indent(int depth) => new(' ', 2 * depth);
}
