using System.CommandLine;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Writes a file in another transfer syntax or with other lengths.</summary>
internal sealed class ConvertFile : Tool
{
    public const string Description = "write a DICOM file in another uncompressed transfer syntax, or with other lengths";

    private readonly Argument<string> _input = new("input") { Description = "a file; - is standard input" };
    private readonly Argument<string> _output = new("output") { Description = "a file" };
    private readonly Option<string?> _syntax = new("--transfer-syntax", "-t") { Description = "implicit, explicit, big, deflated, a keyword or a UID" };
    private readonly Option<string?> _groups = new("--group-lengths") { Description = "keep, remove or add group length elements (default: keep)" };
    private readonly Option<string?> _sequences = new("--sequence-lengths") { Description = "keep, defined or undefined (default: keep)" };
    private readonly Option<bool> _preamble = new("--clear-preamble") { Description = "write a preamble of zeros" };

    public ConvertFile() : base("convert", Description)
    {
        Command.Arguments.Add(_input);
        Command.Arguments.Add(_output);
        foreach (Option option in new Option[] { _syntax, _groups, _sequences, _preamble })
            Command.Options.Add(option);
    }

    public override string Usage => "convert [options] input output";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("convert -t implicit in.dcm out.dcm", "pixel values stay as they are"),
        ("convert --group-lengths remove --sequence-lengths undefined in.dcm out.dcm", "as the standard prefers it"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        TransferSyntax syntax = default;
        if (arguments.GetValue(_syntax) is { } name && !DataFiles.TryParseSyntax(name, out syntax))
            throw new UsageException($"'{name}' is no transfer syntax: implicit, explicit, big, deflated, a keyword or a UID is wanted");
        var options = new DicomWriteOptions
        {
            TransferSyntax = syntax,
            GroupLengths = arguments.GetValue(_groups) switch { null or "keep" => GroupLengths.Keep, "remove" => GroupLengths.Remove, "add" => GroupLengths.Add, var other => throw new UsageException($"--group-lengths {other}: keep, remove or add") },
            SequenceLengths = arguments.GetValue(_sequences) switch { null or "keep" => SequenceLengths.Keep, "defined" => SequenceLengths.Defined, "undefined" => SequenceLengths.Undefined, var other => throw new UsageException($"--sequence-lengths {other}: keep, defined or undefined") },
            ClearPreamble = arguments.GetValue(_preamble),
        };
        string input = arguments.GetValue(_input)!;
        try
        {
            await using DicomFile file = await DataFiles.OpenAsync(input, null, console.Stop);
            await file.SaveAsync(arguments.GetValue(_output)!, options, console.Stop);
            return ExitCode.Success;
        }
        catch (Exception e) when (DataFiles.IsExpected(e))
        {
            console.Log.Error($"Cannot convert {input}: {e.Message}");
            return ExitCode.InputNotRead;
        }
    }
}
