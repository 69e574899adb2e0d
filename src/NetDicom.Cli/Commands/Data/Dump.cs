using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Shows what is in files.</summary>
internal sealed class Dump : Tool
{
    public const string Description = "show what is in DICOM files, as text, JSON or XML";

    private readonly Argument<string[]> _paths = new("path") { Description = "files; - is standard input", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _xml = new("--xml") { Description = "the Native DICOM Model of PS3.19" };
    private readonly Option<string[]> _tags = new("--tag", "+P", "--search") { Description = "only this element, at any level: keyword or (gggg,eeee); may be repeated", AllowMultipleArgumentsPerToken = false };
    private readonly Option<bool> _stop = new("--stop-before-pixels", "-sp") { Description = "end before Pixel Data" };
    private readonly Option<bool> _all = new("--long-values", "+L") { Description = "show values whole" };
    private readonly Option<bool> _validate = new("--validate") { Description = "say on standard error what the standard forbids" };

    public Dump() : base("dump", Description)
    {
        Command.Arguments.Add(_paths);
        Command.Options.Add(_xml);
        Command.Options.Add(_tags);
        Command.Options.Add(_stop);
        Command.Options.Add(_all);
        Command.Options.Add(_validate);
    }

    public override string Usage => "dump [options] path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("dump image.dcm", "one line an element, close to dcmdump's"),
        ("dump --tag PatientID --tag Modality *.dcm", "two elements of each file"),
        ("dump --json - < image.dcm", "DICOM JSON of standard input"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        var tags = new List<DicomTag>();
        foreach (string text in arguments.GetValue(_tags) ?? [])
            tags.Add(DicomTagPath.TryParse(text, out DicomTagPath path) ? path.Tag : throw new UsageException($"'{text}' is no keyword and no tag"));
        bool json = Common.WantsJson(arguments);
        if (json && arguments.GetValue(_xml))
            throw new UsageException("--json and --xml exclude each other");
        var options = new DicomReadOptions
        {
            Reader = new DataSetReaderOptions { StopBefore = arguments.GetValue(_stop) ? DicomTags.PixelData : null },
            // Standard output gets values that may lie anywhere; those that are shown short are not read whole.
            MaxHeldValueLength = 64 * 1024,
        };
        var shown = new DicomDumpOptions { MaxValueLength = arguments.GetValue(_all) ? int.MaxValue - 64 : 64, Tags = tags.Count == 0 ? null : tags };
        int code = ExitCode.Success;
        await using Stream output = Console.OpenStandardOutput();
        foreach (string path in arguments.GetValue(_paths) ?? [])
        {
            console.Stop.ThrowIfCancellationRequested();
            try
            {
                await using DicomFile file = await DataFiles.OpenAsync(path, options, console.Stop);
                if (json || arguments.GetValue(_xml))
                    await WriteAsync(file.DataSet, json, tags, output, console.Stop);
                else
                    Print(path, file, shown, tags.Count > 0, console);
                if (file.DataSet.Deviations != DataSetDeviations.None)
                    console.Log.Warn($"{path}: {file.DataSet.Deviations}");
                if (arguments.GetValue(_validate))
                {
                    foreach (DicomFinding finding in file.DataSet.Validate())
                        console.Log.Error($"{path}: {finding}");
                }
            }
            catch (Exception e) when (DataFiles.IsExpected(e))
            {
                console.Log.Error($"Cannot read input file {path}: {e.Message}");
                code = ExitCode.InputNotRead;
            }
        }

        return code;
    }

    private static async Task WriteAsync(DicomDataSet set, bool json, List<DicomTag> tags, Stream output, CancellationToken stop)
    {
        if (tags.Count > 0)
            set.RemoveAll(element => !tags.Contains(element.Tag));
        if (json)
        {
            await output.WriteAsync(DicomJson.ToUtf8(set), stop);
            await output.WriteAsync("\n"u8.ToArray(), stop);
        }
        else
        {
            DicomXml.Write(output, set);
            await output.WriteAsync("\n"u8.ToArray(), stop);
        }
    }

    private static void Print(string path, DicomFile file, DicomDumpOptions shown, bool chosen, ToolConsole console)
    {
        if (!chosen)
        {
            console.Print("");
            console.Print("# Dicom-File-Format");
            console.Print("");
            console.Print("# Dicom-Meta-Information-Header");
            PrintSet(file.MetaDataSet, shown, console);
            console.Print("");
            console.Print($"# Dicom-Data-Set of {path}");
            console.Print($"# Used TransferSyntax: {file.TransferSyntax.Name}");
        }

        PrintSet(file.DataSet, shown, console);
    }

    private static void PrintSet(DicomDataSet set, DicomDumpOptions shown, ToolConsole console)
    {
        string text = DicomDump.ToText(set, shown).TrimEnd('\n');
        if (text.Length > 0)
            console.Print(text);
    }
}
