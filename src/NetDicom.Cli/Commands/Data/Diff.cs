using System.CommandLine;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Commands.Data;

/// <summary>Compares two files.</summary>
internal sealed class Diff : Tool
{
    public const string Description = "say where two DICOM files differ in content";

    private readonly Argument<string> _left = new("left") { Description = "a file; - is standard input" };
    private readonly Argument<string> _right = new("right") { Description = "a file" };
    private readonly Option<string[]> _ignore = new("--ignore") { Description = "an element not to compare, at any level: keyword or (gggg,eeee); may be repeated" };

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
        var ignored = new HashSet<DicomTag>();
        foreach (string text in arguments.GetValue(_ignore) ?? [])
            ignored.Add(DicomTagPath.TryParse(text, out DicomTagPath path) ? path.Tag : throw new UsageException($"'{text}' is no keyword and no tag"));
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
                    fields.WriteString("left", difference.Left?.ToString());
                    fields.WriteString("right", difference.Right?.ToString());
                });
            }

            return differences == 0 ? ExitCode.Success : ExitCode.OperationFailed;
        }
        catch (Exception e) when (DataFiles.IsExpected(e))
        {
            console.Log.Error($"Cannot compare: {e.Message}");
            return ExitCode.InputNotRead;
        }
    }
}
