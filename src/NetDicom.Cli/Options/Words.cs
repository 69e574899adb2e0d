using System.CommandLine;

namespace NetDicom.Cli.Options;

/// <summary>The words of a command line that belong to no option.</summary>
internal static class Words
{
    /// <summary>Any number of words. A mistyped option is none of them: it must not be taken for a path.</summary>
    public static Argument<string[]> Argument(string name, string description)
    {
        var words = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        words.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value.Length > 1 && t.Value[0] == '-') is { } token)
                result.AddError($"'{token.Value}' is not an option of this tool (a path that begins so is written ./{token.Value})");
        });
        return words;
    }
}
