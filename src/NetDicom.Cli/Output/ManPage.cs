using System.CommandLine;
using System.Text;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Output;

/// <summary>The manual page of a tool, from the same objects as its help: <c>netdicom help --man storescu</c>.</summary>
internal static class ManPage
{
    public static string OfTool(Tool tool, string version)
    {
        var page = new StringBuilder();
        Heading(page, $"netdicom-{tool.Name}", version);
        page.Append(".SH NAME\n").Append("netdicom\\-").Append(Text(tool.Name)).Append(" \\- ").Append(Text(tool.Summary)).Append('\n');
        page.Append(".SH SYNOPSIS\n.B netdicom\n").Append(Text(tool.Usage)).Append('\n');
        page.Append(".SH ARGUMENTS\n");
        foreach (Argument argument in tool.Command.Arguments)
            Item(page, argument.Name, argument.Description ?? "");
        page.Append(".SH OPTIONS\n");
        foreach (Option option in tool.Command.Options)
            Item(page, HelpText.Names(option), option.Description ?? "");
        page.Append(".SH EXAMPLES\n");
        foreach ((string line, string meaning) in tool.Examples)
            page.Append(".PP\n").Append(Text(meaning)).Append(":\n.PP\n.nf\nnetdicom ").Append(Text(line)).Append("\n.fi\n");
        ExitCodes(page);
        page.Append(".SH SEE ALSO\n.BR netdicom (1)\n");
        return page.ToString();
    }

    public static string OfProgram(IEnumerable<(string Name, string Summary)> tools, string version)
    {
        var page = new StringBuilder();
        Heading(page, "netdicom", version);
        page.Append(".SH NAME\nnetdicom \\- DICOM networking tools\n.SH SYNOPSIS\n.B netdicom\nTOOL [options] …\n.SH TOOLS\n");
        foreach ((string name, string summary) in tools)
            Item(page, name, summary);
        foreach ((string name, string summary, string text) in HelpTopics.All)
        {
            page.Append(".SH ").Append(Text(name.ToUpperInvariant())).Append('\n').Append(Text(summary)).Append(".\n.PP\n.nf\n");
            foreach (string line in text.Split('\n'))
                page.Append(Text(line.TrimEnd('\r'))).Append('\n');
            page.Append(".fi\n");
        }

        return page.ToString();
    }

    // No date: a page is the same for the same version.
    private static void Heading(StringBuilder page, string name, string version) =>
        page.Append(".TH ").Append(Text(name.ToUpperInvariant())).Append(" 1 \"\" \"netdicom ").Append(Text(version)).Append("\"\n");

    private static void Item(StringBuilder page, string left, string right) => page.Append(".TP\n.B ").Append(Text(left)).Append('\n').Append(Text(right)).Append('\n');

    private static void ExitCodes(StringBuilder page)
    {
        page.Append(".SH EXIT STATUS\n");
        foreach ((int code, string meaning) in ExitCode.All)
            Item(page, code.ToString(System.Globalization.CultureInfo.InvariantCulture), meaning);
    }

    // Backslashes and hyphens mean something to roff everywhere, points and apostrophes at the start of a line.
    private static string Text(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? "\\&" + escaped : escaped;
    }
}
