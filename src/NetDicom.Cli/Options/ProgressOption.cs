using System.CommandLine;

namespace NetDicom.Cli.Options;

/// <summary><c>--progress</c>: whether a bar is drawn.</summary>
internal sealed class ProgressOption
{
    private readonly Option<string?> _progress = new("--progress") { Description = "auto: a bar when standard error is a terminal; never (default: auto)", HelpName = "WHEN" };

    public ProgressOption(Command command)
    {
        _progress.AcceptOnlyFromAmong("auto", "never");
        command.Options.Add(_progress);
    }

    public bool IsWanted(ParseResult arguments) => arguments.GetValue(_progress) != "never";
}
