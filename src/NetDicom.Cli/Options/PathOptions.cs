using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Sending;

namespace NetDicom.Cli.Options;

/// <summary><c>-r</c> and, where the paths may come from a pipe, <c>--stdin</c>: which files a tool is to send, print or speak of.</summary>
internal sealed class PathOptions
{
    private readonly Option<bool> _recurse = new("--recurse", "-r") { Description = "folders within folders too (default: a folder gives its direct files)" };
    private readonly Option<bool> _stdin = new("--stdin") { Description = "paths from standard input too, one a line" };

    public PathOptions(Command command, bool withStdin)
    {
        command.Options.Add(_recurse);
        if (withStdin)
            command.Options.Add(_stdin);
    }

    public bool FromStdin(ParseResult arguments) => arguments.GetResult(_stdin) is not null && arguments.GetValue(_stdin);

    /// <param name="paths">The words of the command line that are paths.</param>
    /// <param name="verb">What would be done with them: <c>to send</c>.</param>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="UsageException">There can be no path.</exception>
    public void Require(ParseResult arguments, IReadOnlyList<string> paths, string verb)
    {
        if (paths.Count == 0 && !FromStdin(arguments))
            throw new UsageException($"nothing {verb}: give files or folders, or --stdin");
    }

    public IEnumerable<ScannedPath> Scan(ParseResult arguments, IReadOnlyList<string> paths) =>
        InputScanner.Scan(paths, arguments.GetValue(_recurse), FromStdin(arguments) ? Console.In : null);
}
