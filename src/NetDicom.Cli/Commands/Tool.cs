using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Commands;

/// <summary>One tool of the program: its options, and what it does with them.</summary>
internal abstract class Tool
{
    protected Tool(string name, string summary)
    {
        Name = name;
        Summary = summary;
        Command = new Command(name, summary);
        Common = new CommonOptions(Command);
    }

    /// <summary>The word after <c>netdicom</c>, or the link's name.</summary>
    public string Name { get; }

    public string Summary { get; }

    /// <summary>How to call it, without the program's name: for the help.</summary>
    public abstract string Usage { get; }

    /// <summary>Lines that work, each with what it does: for the help.</summary>
    public abstract IReadOnlyList<(string Line, string Meaning)> Examples { get; }

    public Command Command { get; }

    public CommonOptions Common { get; }

    /// <summary>Options that take a program and its arguments.</summary>
    public virtual IReadOnlySet<string> VectorOptions { get; } = new HashSet<string>();

    /// <summary>Does the work.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    /// <exception cref="UsageException">An argument is wrong.</exception>
    public abstract Task<int> RunAsync(ParseResult arguments, ToolConsole console);
}
