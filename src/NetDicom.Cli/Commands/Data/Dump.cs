using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;
using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Shows what is in files.</summary>
internal sealed class Dump : Tool
{
    public const string Description = "show what is in DICOM files, as text, JSON or XML";

    private readonly Argument<string[]> _paths = Words.Argument("path…", "files and folders; - is standard input");
    private readonly Option<bool> _recurse = new("--recurse", "-r", "+r") { Description = "folders within folders too (default: a folder gives its direct files)" };
    private readonly Option<bool> _xml = new("--xml") { Description = "the Native DICOM Model of PS3.19, a document for each file" };

    private readonly Option<string[]> _tags = new("--tag", "+P", "--search")
    {
        Description = "only this element, at any level: keyword or (gggg,eeee); may be repeated",
        HelpName = "TAG",
    };

    private readonly Option<bool> _stop = new("--stop-before-pixels", "-sp") { Description = "end before Pixel Data" };
    private readonly Option<bool> _all = new("--long-values", "+L") { Description = "show values whole (default: 70 characters of each)" };
    private readonly Option<bool> _validate = new("--validate") { Description = "say on standard error what PS3.5 and PS3.6 forbid; exit code 4 if there is anything" };

    public Dump() : base("dump", Description)
    {
        Command.Arguments.Add(_paths);
        foreach (Option option in (Option[])[_recurse, _xml, _tags, _stop, _all, _validate])
            Command.Options.Add(option);
        Common.DescribeJson("DICOM JSON (PS3.18 annex F) instead of text, one line for each file");
    }

    public override string Usage => "dump [options] path…";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("dump image.dcm", "one line an element, laid out as dcmdump's"),
        ("dump --tag PatientID --tag (0008,0060) -r study", "two elements of each file below a folder"),
        ("dump --json - < image.dcm", "DICOM JSON of standard input"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        string[] paths = arguments.GetValue(_paths) ?? [];
        if (paths.Length == 0)
            throw new UsageException("nothing to show: give files or folders, or - for standard input");
        bool json = Common.WantsJson(arguments);
        bool xml = arguments.GetValue(_xml);
        if (json && xml)
            throw new UsageException("--json and --xml exclude each other");
        HashSet<DicomTag> tags = DataFiles.ParseTags(arguments.GetValue(_tags));
        bool several = paths.Length > 1 || paths.Any(Directory.Exists);
        var render = new DumpRendering
        {
            Form = json ? DumpForm.Json : xml ? DumpForm.Xml : DumpForm.Text,
            Tags = tags.Count == 0 ? null : tags,
            StopBeforePixels = arguments.GetValue(_stop),
            MaxValueLength = arguments.GetValue(_all) ? int.MaxValue / 2 : 70,
            Validate = arguments.GetValue(_validate),
            NamesFile = several,
        };
        int code = ExitCode.Success;
        await using Stream? output = Common.IsQuiet(arguments) ? null : Console.OpenStandardOutput();
        await using var queue = new OrderedWork<DumpedFile>(Math.Clamp(Environment.ProcessorCount, 1, 4));
        foreach (ScannedPath path in Scan(paths, arguments.GetValue(_recurse)))
        {
            console.Stop.ThrowIfCancellationRequested();
            if (queue.IsFull)
                await TakeAsync();
            queue.Start(() => path.Problem is null ? render.RunAsync(path.Path, console.Stop) : Task.FromResult(DumpedFile.Unreadable(path.Problem)));
        }

        while (queue.Count > 0)
            await TakeAsync();
        return code;

        async ValueTask TakeAsync()
        {
            using DumpedFile file = await queue.TakeAsync();
            if (output is not null)
                await output.WriteAsync(file.Bytes, console.Stop);
            foreach (string warning in file.Warnings)
                console.Log.Warn(warning);
            foreach (string error in file.Errors)
                console.Log.Error(error);
            if (file.IsUnreadable)
                code = ExitCode.InputNotRead;
            else if (file.Errors.Count > 0 && code == ExitCode.Success)
                code = ExitCode.OperationFailed;
        }
    }

    private static IEnumerable<ScannedPath> Scan(string[] paths, bool recurse)
    {
        foreach (string path in paths)
        {
            if (path == "-")
            {
                yield return new ScannedPath(path, null);
                continue;
            }

            foreach (ScannedPath found in InputScanner.Scan([path], recurse, null))
                yield return found;
        }
    }
}
