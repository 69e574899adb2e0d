using System.CommandLine;
using System.Text;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Output;

/// <summary>The help of the program and of each tool, from the same objects that the parser uses.</summary>
internal static class HelpText
{
    private const int Width = 100;
    private const int Column = 36;

    public static string OfProgram(IEnumerable<(string Name, string Summary)> tools)
    {
        var text = new StringBuilder();
        text.AppendLine("netdicom: DICOM networking tools").AppendLine();
        text.AppendLine("Usage:").AppendLine("  netdicom TOOL [options] …       netdicom TOOL --help says more").AppendLine();
        text.AppendLine("Tools:");
        foreach ((string name, string summary) in tools)
            AppendRow(text, name, summary);
        text.AppendLine().AppendLine("Topics, with netdicom help TOPIC:");
        foreach ((string name, string summary, _) in HelpTopics.All)
            AppendRow(text, name, summary);
        text.AppendLine().AppendLine("Other:");
        AppendRow(text, "completion SHELL", $"a script that completes command lines: {string.Join(", ", Completion.Shells)}");
        AppendRow(text, "help --man TOOL", "the manual page of a tool, as troff takes it");
        text.AppendLine().AppendLine("Options:");
        AppendRow(text, "-h, --help", "this text");
        AppendRow(text, "--version", "the version");
        AppendRow(text, "--install-aliases DIR", "make a link to this program in DIR for each tool, to call it by its own name");
        AppendExitCodes(text);
        return text.ToString();
    }

    public static string OfTool(Tool tool)
    {
        var text = new StringBuilder();
        text.Append(tool.Name).Append(": ").AppendLine(tool.Summary).AppendLine();
        text.AppendLine("Usage:").Append("  netdicom ").AppendLine(tool.Usage).AppendLine();
        text.AppendLine("Arguments:");
        foreach (Argument argument in tool.Command.Arguments)
            AppendRow(text, argument.Name, argument.Description ?? "");
        text.AppendLine().AppendLine("Options:");
        foreach (Option option in tool.Command.Options)
            AppendRow(text, Names(option), option.Description ?? "");
        text.AppendLine().AppendLine("Examples:");
        foreach ((string line, string meaning) in tool.Examples)
            text.Append("  netdicom ").AppendLine(line).Append("      ").AppendLine(meaning);
        AppendExitCodes(text);
        return text.ToString();
    }

    /// <summary>All spellings of an option, short ones first, and what it takes: <c>-aec, --called-aet, --call AET</c>.</summary>
    public static string Names(Option option)
    {
        IEnumerable<string> names = new[] { option.Name }.Concat(option.Aliases).Distinct()
            .OrderBy(n => n.StartsWith("--", StringComparison.Ordinal)).ThenBy(n => n.Length);
        string joined = string.Join(", ", names);
        return option.ValueType == typeof(bool) ? joined : $"{joined} {option.HelpName ?? "VALUE"}";
    }

    private static void AppendExitCodes(StringBuilder text)
    {
        text.AppendLine().AppendLine("Exit codes:");
        foreach ((int code, string meaning) in ExitCode.All)
            AppendRow(text, code.ToString(System.Globalization.CultureInfo.InvariantCulture), meaning);
    }

    private static void AppendRow(StringBuilder text, string left, string right)
    {
        text.Append("  ").Append(left);
        int at = left.Length + 2;
        if (at >= Column - 1)
        {
            text.AppendLine();
            at = 0;
        }

        text.Append(' ', Column - at);
        at = Column;
        foreach (string word in right.Split(' '))
        {
            if (at > Column && at + 1 + word.Length > Width)
            {
                text.AppendLine().Append(' ', Column);
                at = Column;
            }
            else if (at > Column)
            {
                text.Append(' ');
                at++;
            }

            text.Append(word);
            at += word.Length;
        }

        text.AppendLine();
    }
}
