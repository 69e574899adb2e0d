namespace NetDicom.Cli.Invocation;

/// <summary><c>--install-aliases DIR</c>: a link to this program for each tool, so that scripts can call <c>storescu</c> and so on.</summary>
internal static class AliasInstaller
{
    /// <summary>Makes the links. A file that is there and is no link is left alone and reported.</summary>
    public static int Install(string directory, IEnumerable<string> tools, TextWriter output, TextWriter error)
    {
        string? program = Environment.ProcessPath;
        // Run as "dotnet NetDicom.Cli.dll" the process is the host "dotnet", and a link to that would be of no use.
        if (program is null || Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            error.WriteLine("E: --install-aliases needs the program itself, not 'dotnet run' or 'dotnet NetDicom.Cli.dll': call the file 'netdicom'");
            return ExitCode.Usage;
        }

        int result = ExitCode.Success;
        try
        {
            Directory.CreateDirectory(directory);
            foreach (string tool in tools)
            {
                string link = Path.Combine(directory, OperatingSystem.IsWindows() ? tool + ".exe" : tool);
                var there = new FileInfo(link);
                if (there.LinkTarget is null && there.Exists)
                {
                    error.WriteLine($"E: {link} is a file already and was left alone: remove it, or choose another folder");
                    result = ExitCode.Usage;
                    continue;
                }

                if (there.LinkTarget is not null)
                    there.Delete();
                File.CreateSymbolicLink(link, program);
                output.WriteLine(link);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"E: Cannot write links to {directory}: {e.Message}");
            return ExitCode.Usage;
        }

        return result;
    }
}
