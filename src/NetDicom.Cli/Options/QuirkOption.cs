using System.CommandLine;
using NetDicom.Cli.Invocation;
using NetDicom.Network;

namespace NetDicom.Cli.Options;

/// <summary><c>--quirks</c>: what is done otherwise for peers that do not keep to the standard (docs/quirks.md).</summary>
internal sealed class QuirkOption
{
    // A table of a few hundred peers has some tens of kilobytes: more is another file.
    private const long LongestFile = 1024 * 1024;

    private readonly Option<string?> _quirks = new("--quirks")
    {
        Description = "a name: what this program knows of such peers is done for every peer; or a JSON file with rules of your own, by AE title or implementation (docs/quirks.md). "
            + $"Names: {Names}",
        HelpName = "FILE|NAME",
    };

    public QuirkOption(Command command) => command.Options.Add(_quirks);

    /// <summary>The rules of <see cref="QuirkTable.BuiltIn"/>; a constant, since every tool has this description and few runs show it. A test compares.</summary>
    internal const string Names = "ge-619.6.55, conquest, assume-roles, one-pdu-per-write, command-with-data, even-items, cautious";

    /// <summary>The table to work with: what is built in, and what the option adds.</summary>
    /// <exception cref="UsageException">There is no such name or file, or the file is no table.</exception>
    public QuirkTable Read(ParseResult arguments)
    {
        if (arguments.GetValue(_quirks) is not { } value)
            return QuirkTable.BuiltIn;
        if (QuirkTable.BuiltIn.Find(value) is { } known)
            return new QuirkTable([.. QuirkTable.BuiltIn.Rules, new QuirkRule { Name = "--quirks", EveryPeer = true, Quirks = known.Quirks }]);
        if (!File.Exists(value))
            throw new UsageException($"'{value}' for --quirks is no file and no name; there are {Names}");
        QuirkTable file;
        try
        {
            file = new FileInfo(value).Length <= LongestFile
                ? QuirkTable.Parse(File.ReadAllBytes(value))
                : throw new UsageException($"{value} for --quirks has more than {LongestFile} bytes");
        }
        catch (FormatException e)
        {
            throw new UsageException($"{value} for --quirks: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot read {value}: {e.Message}");
        }

        // A rule of the user's stands for the built-in one of the same name.
        return new QuirkTable([.. QuirkTable.BuiltIn.Rules.Where(rule => file.Find(rule.Name) is null), .. file.Rules]);
    }
}
