namespace NetDicom.Cli.Invocation;

/// <summary>The name the program was called by: a link named <c>storescu</c> makes the tool of that name.</summary>
internal static class ToolName
{
    /// <summary>The first word of the command line, without folder and extension; empty when it is not known.</summary>
    /// <remarks>
    /// <see cref="Environment.ProcessPath"/> resolves links and so never sees the link's name. The first argument of the process
    /// does: on Linux it stands in /proc/self/cmdline, elsewhere the runtime keeps it for the native host only, so links work on Linux.
    /// </remarks>
    public static string OfThisProcess()
    {
        try
        {
            if (!OperatingSystem.IsLinux())
                return "";
            ReadOnlySpan<byte> line = File.ReadAllBytes("/proc/self/cmdline");
            int end = line.IndexOf((byte)0);
            return Path.GetFileNameWithoutExtension(System.Text.Encoding.UTF8.GetString(end < 0 ? line : line[..end]));
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Puts the tool's name in front of <paramref name="arguments"/> when the program was called by that name.</summary>
    public static string[] Prefix(string calledAs, string[] arguments, IReadOnlyCollection<string> tools) =>
        tools.Contains(calledAs) ? [calledAs, .. arguments] : arguments;
}
