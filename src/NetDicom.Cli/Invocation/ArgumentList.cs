namespace NetDicom.Cli.Invocation;

/// <summary>
/// Turns the spellings that the field uses and the parser does not know into ones it does: <c>-x=</c>, <c>+tls</c>, <c>+cf</c>,
/// and argument vectors of programs to run (<c>--on-stored PROGRAM ARG…</c>).
/// </summary>
internal static class ArgumentList
{
    private static readonly Dictionary<string, string> s_spellings = new(StringComparer.Ordinal)
    {
        // The parser would read "-x=" as the option -x with an empty value.
        ["-x="] = "--prefer-uncompr",
        ["+tls"] = "--tls-key-cert",
        ["+cf"] = "--ca",
    };

    /// <summary>The list for the parser.</summary>
    /// <param name="arguments">As the user wrote them, without the tool's name.</param>
    /// <param name="vectorOptions">Options that take a program and its arguments.</param>
    /// <param name="longOptions">Every long option of the tool: a vector ends before one of them.</param>
    public static List<string> Normalize(IReadOnlyList<string> arguments, IReadOnlySet<string> vectorOptions, IReadOnlySet<string> longOptions)
    {
        var list = new List<string>(arguments.Count);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                list.AddRange(arguments.Skip(i));
                break;
            }

            if (s_spellings.TryGetValue(argument, out string? spelling))
            {
                list.Add(spelling);
            }
            else if (argument.StartsWith("+cf=", StringComparison.Ordinal))
            {
                list.Add("--ca" + argument[3..]);
            }
            else if (vectorOptions.Contains(argument))
            {
                // A vector may hold anything, options of the program included. It ends at a lone ";" (as find's -exec does), before one of
                // our own long options, or at the end. Each word goes to the parser tied to the option, so that it stays a word.
                int first = i + 1;
                int end = first;
                while (end < arguments.Count && arguments[end] != ";" && !longOptions.Contains(LongName(arguments[end])))
                    end++;
                if (end == first)
                    list.Add(argument);
                for (int k = first; k < end; k++)
                    list.Add($"{argument}={arguments[k]}");
                i = end < arguments.Count && arguments[end] == ";" ? end : end - 1;
            }
            else
            {
                list.Add(argument);
            }
        }

        return list;
    }

    private static string LongName(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? argument : argument[..equals];
    }
}
