using System.CommandLine;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Writes a file in another transfer syntax or with other lengths.</summary>
internal sealed class ConvertFile : Tool
{
    public const string Description = "write a DICOM file in another uncompressed transfer syntax, or with other lengths";

    private readonly Argument<string> _input = new("input") { Description = "a file; - is standard input" };
    private readonly Argument<string> _output = new("output") { Description = "a file; - is standard output" };
    private readonly Option<string?> _syntax = new("--transfer-syntax", "-t") { Description = "implicit, explicit, big, deflated, or the keyword or UID of one of them (default: as it is)", HelpName = "SYNTAX" };
    private readonly Option<string?> _groups = new("--group-lengths") { Description = "group length elements: keep, remove or add (default: keep)", HelpName = "WHAT" };
    private readonly Option<string?> _sequences = new("--sequence-lengths") { Description = "lengths of sequences and items: keep, defined or undefined (default: keep)", HelpName = "WHAT" };
    private readonly Option<bool> _preamble = new("--clear-preamble") { Description = "write a preamble of zeros (default: the one that is there)" };

    public ConvertFile() : base("convert", Description)
    {
        Command.Arguments.Add(_input);
        Command.Arguments.Add(_output);
        foreach (Option option in new Option[] { _syntax, _groups, _sequences, _preamble })
            Command.Options.Add(option);
        _groups.AcceptOnlyFromAmong("keep", "remove", "add");
        _sequences.AcceptOnlyFromAmong("keep", "defined", "undefined");
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
            GroupLengths = arguments.GetValue(_groups) switch { "remove" => GroupLengths.Remove, "add" => GroupLengths.Add, _ => GroupLengths.Keep },
            SequenceLengths = arguments.GetValue(_sequences) switch { "defined" => SequenceLengths.Defined, "undefined" => SequenceLengths.Undefined, _ => SequenceLengths.Keep },
            ClearPreamble = arguments.GetValue(_preamble),
        };
        string input = arguments.GetValue(_input)!, output = arguments.GetValue(_output)!;
        DicomFile file;
        try
        {
            file = await DataFiles.OpenAsync(input, null, console.Stop);
        }
        catch (Exception e) when (DataFiles.IsExpected(e))
        {
            console.Log.Error($"Cannot read input file {input}: {e.Message}");
            return ExitCode.InputNotRead;
        }

        await using (file)
        {
            try
            {
                await DataFiles.SaveAsync(file, output, options, console.Stop);
                console.Log.Info($"{input}: written to {output}");
                return ExitCode.Success;
            }
            catch (Exception e) when (DataFiles.IsExpected(e))
            {
                console.Log.Error($"Cannot convert {input} to {output}: {e.Message}");
                return ExitCode.OperationFailed;
            }
        }
    }
}
