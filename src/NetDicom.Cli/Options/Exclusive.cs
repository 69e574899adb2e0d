using System.CommandLine;

namespace NetDicom.Cli.Options;

/// <summary>Options of which one at most may be given.</summary>
internal static class Exclusive
{
    public static void Add(Command command, params Option[] options) => command.Validators.Add(result =>
    {
        string[] given = [.. options.Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
        if (given.Length > 1)
            result.AddError($"{string.Join(" and ", given)} exclude each other");
    });
}
