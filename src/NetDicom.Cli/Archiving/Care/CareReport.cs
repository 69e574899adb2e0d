using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary>What the actions have in common.</summary>
internal static class CareReport
{
    /// <summary>Opens the index beside a server that may run.</summary>
    /// <exception cref="UsageException">There is no archive.</exception>
    public static SqliteArchiveIndex OpenToRead(ArchiveConfiguration configuration) => File.Exists(configuration.Database)
        ? SqliteArchiveIndex.Open(ArchiveLocation.IndexOptions(configuration) with { ReadOnly = true })
        : throw new UsageException($"there is no archive: no {configuration.Database}");

    /// <summary>Opens the archive to delete from it and to tidy it up, or joins the server that has it open. It has to be there: nobody wants to delete from a new one.</summary>
    /// <exception cref="UsageException">There is no archive, or it cannot be joined.</exception>
    public static async Task<DicomArchive> OpenAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        if (!File.Exists(configuration.Database))
            throw new UsageException($"there is no archive: no {configuration.Database}");
        try
        {
            (DicomArchive archive, _) = await ArchiveLocation.OpenAsync(configuration, console.Stop);
            ArchiveReports.Tell(archive.Mended, console);
            return archive;
        }
        catch (ArchiveInUseException)
        {
            DicomArchive joined = ArchiveLocation.Join(configuration);
            console.Log.Info("A server has the archive open: working beside it");
            return joined;
        }
    }

    public static void Tell(ArchiveFinding finding, ToolConsole console)
    {
        ArchiveReports.Tell(finding, console, isError: false);
        console.Json?.Write("finding", json =>
        {
            json.WriteString("kind", ArchiveReports.Term(finding.Kind));
            json.WriteString("path", finding.Path);
        });
    }

    /// <summary>The last line of verify and rebuild.</summary>
    public static int Summarize(ToolConsole console, long files, long findings, bool isComplete)
    {
        int exitCode = findings == 0 ? ExitCode.Success : ExitCode.OperationFailed;
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("files", files);
            json.WriteNumber("findings", findings);
            json.WriteBoolean("complete", isComplete);
            json.WriteNumber("exitCode", console.FinalExitCode(exitCode));
        });
        return exitCode;
    }
}
