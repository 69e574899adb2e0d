using System.CommandLine;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Compares two files.</summary>
internal sealed class Diff : Tool
{
    public const string Description = "say where two DICOM files differ in content";

    private readonly Argument<string> _left = new("left") { Description = "a file; - is standard input" };
    private readonly Argument<string> _right = new("right") { Description = "a file" };
    private readonly Option<string[]> _ignore = new("--ignore") { Description = "an element not to compare, at any level: keyword or (gggg,eeee); may be repeated", HelpName = "TAG" };

    public Diff() : base("diff", Description)
    {
        Command.Arguments.Add(_left);
        Command.Arguments.Add(_right);
        Command.Options.Add(_ignore);
    }

    public override string Usage => "diff [options] left right";

    public override IReadOnlyList<(string Line, string Meaning)> Examples { get; } =
    [
        ("diff sent.dcm received.dcm", "exit code 0 if the content is the same, 4 if not; transfer syntax and padding do not matter"),
        ("diff --ignore SOPInstanceUID a.dcm b.dcm", "leaves one element out"),
    ];

    public override async Task<int> RunAsync(ParseResult arguments, ToolConsole console)
    {
        HashSet<DicomTag> ignored = DataFiles.ParseTags(arguments.GetValue(_ignore));
        try
        {
            await using DicomFile left = await DataFiles.OpenAsync(arguments.GetValue(_left)!, null, console.Stop);
            await using DicomFile right = await DataFiles.OpenAsync(arguments.GetValue(_right)!, null, console.Stop);
            int differences = 0;
            foreach (DicomDifference difference in left.DataSet.Diff(right.DataSet))
            {
                if (ignored.Contains(difference.Path.Tag) || difference.Path.Items.ToArray().Any(step => ignored.Contains(step.Sequence)))
                    continue;
                differences++;
                console.Print(difference.ToString());
                console.Json?.Write("difference", fields =>
                {
                    fields.WriteString("path", difference.Path.ToString());
                    if (difference.Left is { } inLeft)
                        fields.WriteString("left", inLeft.ToString());
                    if (difference.Right is { } inRight)
                        fields.WriteString("right", inRight.ToString());
                });
            }

            int code = differences == 0 ? ExitCode.Success : ExitCode.OperationFailed;
            console.Json?.Write("summary", fields =>
            {
                fields.WriteString("tool", Name);
                fields.WriteNumber("differences", differences);
                fields.WriteNumber("exitCode", code);
            });
            return code;
        }
        catch (Exception e) when (DataFiles.IsExpected(e))
        {
            console.Log.Error($"Cannot compare: {e.Message}");
            return ExitCode.InputNotRead;
        }
    }
}
