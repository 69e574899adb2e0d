using System.CommandLine;
using System.Reflection;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Commands.Data;
using NetDicom.Cli.Commands.Procedure;
using NetDicom.Cli.Commands.Query;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Invocation;

/// <summary>From the command line to a tool and its exit code.</summary>
internal static class Dispatcher
{
    private static readonly (string Name, string Summary, Func<Tool> Create)[] s_tools =
    [
        ("echoscu", EchoScu.Description, () => new EchoScu()),
        ("echoscp", EchoScp.Description, () => new EchoScp()),
        ("storescu", StoreScu.Description, () => new StoreScu()),
        ("storescp", StoreScp.Description, () => new StoreScp()),
        ("findscu", FindScu.Description, () => new FindScu()),
        ("getscu", GetScu.Description, () => new GetScu()),
        ("movescu", MoveScu.Description, () => new MoveScu()),
        ("mwlscu", MwlScu.MwlDescription, () => new MwlScu()),
        ("mppsscu", MppsScu.Description, () => new MppsScu()),
        ("stgcmtscu", StgCmtScu.Description, () => new StgCmtScu()),
        ("upsscu", UpsScu.Description, () => new UpsScu()),
        ("ianscu", IanScu.Description, () => new IanScu()),
        ("printscu", PrintScu.Description, () => new PrintScu()),
        ("qrscp", QrScp.Description, () => new QrScp()),
        ("archive", ArchiveCare.Description, () => new ArchiveCare()),
        ("fault", FaultPeer.Description, () => new FaultPeer()),
        ("dump", Dump.Description, () => new Dump()),
        ("modify", Modify.Description, () => new Modify()),
        ("convert", ConvertFile.Description, () => new ConvertFile()),
        ("diff", Diff.Description, () => new Diff()),
    ];

    public static IReadOnlyList<string> ToolNames { get; } = [.. s_tools.Select(t => t.Name)];

    public static string Version => typeof(Dispatcher).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Only the tool that is asked for is made: the options of the others would cost start-up time.</summary>
    public static Tool? Create(string name) => Array.Find(s_tools, t => t.Name == name).Create?.Invoke();

    public static ParseResult Parse(Tool tool, IReadOnlyList<string> arguments)
    {
        HashSet<string> longOptions = [.. tool.Command.Options.Select(o => o.Name)];
        List<string> list = ArgumentList.Normalize(arguments, tool.VectorOptions, longOptions);
        // "@file" is not a response file: AET@host and paths may begin so. Bundling would take -aet for -a -e -t.
        return tool.Command.Parse(list, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        using var error = new StandardError();
        try
        {
            return await RunAsync(arguments, error);
        }
        catch (Exception e) when (e is OutputException or IOException or UnauthorizedAccessException)
        {
            // Standard output on a full disk, for one: a line is more help than a stack.
            error.WriteLine($"E: {e.Message}");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> RunAsync(string[] arguments, TextWriter error)
    {
        switch (arguments)
        {
            case []:
                error.WriteLine("E: no tool named; try 'netdicom --help'");
                return ExitCode.Usage;
            case ["--help" or "-h"] or ["help"]:
                Console.Out.Write(HelpText.OfProgram(s_tools.Select(t => (t.Name, t.Summary))));
                return ExitCode.Success;
            case ["help", ..]:
                return Help(arguments[1..], error);
            case ["completion", string shell] when Completion.Shells.Contains(shell):
                Console.Out.Write(Completion.Script(shell, [.. s_tools.Select(t => t.Create())], ["help", "completion", "--help", "--version", "--install-aliases"]));
                return ExitCode.Success;
            case ["completion", ..]:
                error.WriteLine($"E: completion needs the shell: {string.Join(", ", Completion.Shells)}");
                return ExitCode.Usage;
            case ["--version"]:
                Console.Out.WriteLine($"netdicom {Version}");
                return ExitCode.Success;
            case ["--install-aliases", string directory]:
                return AliasInstaller.Install(directory, ToolNames, Console.Out, error);
            case ["--install-aliases"]:
                error.WriteLine("E: --install-aliases needs a folder");
                return ExitCode.Usage;
        }

        if (Create(arguments[0]) is not { } tool)
        {
            error.WriteLine($"E: '{arguments[0]}' is not a tool; there are {string.Join(", ", ToolNames)}; try 'netdicom --help'");
            return ExitCode.Usage;
        }

        return await RunAsync(tool, arguments[1..], Console.Out, error);
    }

    private static int Help(string[] words, TextWriter error)
    {
        string? text = words switch
        {
            ["--man"] or ["--man", "netdicom"] => ManPage.OfProgram(s_tools.Select(t => (t.Name, t.Summary)), Version),
            ["--man", var name] when Create(name) is { } tool => ManPage.OfTool(tool, Version),
            [var name] when Create(name) is { } tool => HelpText.OfTool(tool),
            [var name] => HelpTopics.Find(name),
            _ => null,
        };
        if (text is null)
        {
            error.WriteLine($"E: there is no help on '{string.Join(' ', words)}'; there are {string.Join(", ", HelpTopics.All.Select(t => t.Name))} and every tool; --man TOOL gives a manual page");
            return ExitCode.Usage;
        }

        Console.Out.Write(text);
        return ExitCode.Success;
    }

    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Those behind its name.</param>
    /// <param name="output">For help and version; results go to standard output itself.</param>
    /// <param name="error">For what is wrong with the arguments, and the log.</param>
    internal static async Task<int> RunAsync(Tool tool, string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Parse(tool, arguments);
        if (parsed.GetResult(tool.Common.Help) is { Implicit: false })
        {
            output.Write(HelpText.OfTool(tool));
            return ExitCode.Success;
        }

        if (parsed.GetResult(tool.Common.Version) is { Implicit: false })
        {
            output.WriteLine($"netdicom {tool.Name} {Version}");
            return ExitCode.Success;
        }

        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"E: {parsed.Errors[0].Message.TrimEnd('.')}; try 'netdicom {tool.Name} --help'");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        using Stream standardOutput = Console.OpenStandardOutput();
        using var log = new ToolLog(error, tool.Common.Level(parsed), tool.Common.Format(parsed));
        using JsonLines? json = tool.Common.WantsJson(parsed) ? new JsonLines(standardOutput) : null;
        using var console = new ToolConsole(standardOutput, log, json, tool.Common.IsQuiet(parsed), interruption);
        try
        {
            return console.FinalExitCode(await tool.RunAsync(parsed, console));
        }
        catch (UsageException e)
        {
            error.WriteLine($"E: {e.Message}; try 'netdicom {tool.Name} --help'");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (interruption.ExitCode is not null)
        {
            return interruption.ExitCode.Value;
        }
    }
}
