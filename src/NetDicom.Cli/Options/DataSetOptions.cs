using System.CommandLine;
using NetDicom.Cli.Commands.Data;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Options;

/// <summary><c>-k</c> and <c>-f</c>: the data set that a tool sends, a query or the attributes of an object.</summary>
internal sealed class DataSetOptions
{
    // A data set that somebody wrote to be sent with a request: more is another file.
    private const long LongestFile = 16 * 1024 * 1024;

    private readonly Option<string[]> _keys;
    private readonly Option<string?> _file;

    /// <param name="command">The tool.</param>
    /// <param name="what">What the keys are, in a few words.</param>
    public DataSetOptions(Command command, string what)
    {
        _keys = new Option<string[]>("--key", "-k")
        {
            Description = $"{what}: Keyword=value, gggg,eeee=value, Sequence[0].Keyword=value; without = empty; \\ between values; bytes as hexadecimal digits; may be given often ('netdicom help keys')",
            HelpName = "KEY=VALUE",
        };
        _file = new Option<string?>("--file", "-f") { Description = "take the data set of this DICOM file or DICOM JSON file; keys of -k override what it holds", HelpName = "FILE" };
        command.Options.Add(_keys);
        command.Options.Add(_file);
    }

    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_keys) is { Length: > 0 } || arguments.GetValue(_file) is not null;

    /// <summary>The data set: that of the file, with the keys put in.</summary>
    /// <exception cref="UsageException">The file cannot be used, or a key is none.</exception>
    public DicomDataSet Read(ParseResult arguments)
    {
        ElementEdit[] keys = [.. (arguments.GetValue(_keys) ?? []).Select(ElementEdit.ParseKey)];
        DicomDataSet set = arguments.GetValue(_file) is { } file ? Load(file) : [];
        foreach (ElementEdit key in keys)
            key.Insert(set);
        // What was typed is Unicode; without a character set only ASCII may be sent (PS3.5 section 6.1.2.1).
        if (set.CharacterSet.IsDefault && !set.Contains(DicomTags.SpecificCharacterSet) && (arguments.GetValue(_keys) ?? []).Any(k => !System.Text.Ascii.IsValid(k)))
            set.CharacterSet = SpecificCharacterSet.Utf8;
        return set;
    }

    /// <summary>Reads a data set from a DICOM file, or from DICOM JSON (PS3.18 annex F).</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static DicomDataSet Load(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LongestFile })
                throw new UsageException($"{file} has more than {LongestFile} bytes: a data set to be sent with a request is wanted");
            byte[] bytes = File.ReadAllBytes(file);
            ReadOnlySpan<byte> text = bytes.AsSpan().TrimStart(" \t\r\n"u8);
            if (!text.IsEmpty && text[0] is (byte)'{' or (byte)'[')
            {
                return DicomJson.Read(text) is [var only] ? only : throw new UsageException($"{file} holds several data sets, and one is wanted");
            }

            return DicomFile.Read(bytes).DataSet;
        }
        catch (Exception e) when (e is DicomException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException or FormatException)
        {
            throw new UsageException($"Cannot read {file}: {e.Message}");
        }
    }
}
