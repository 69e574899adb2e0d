using NetDicom.Archive;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary><c>archive compact</c>: unused pages of the index, empty folders, and what was set aside.</summary>
internal static class CareCompact
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, bool removeOrphans, ToolConsole console)
    {
        await using DicomArchive archive = await CareReport.OpenAsync(configuration, console);
        long before = SizeOf(configuration);
        CompactReport report;
        try
        {
            report = await archive.CompactAsync(removeOrphans, console.Stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Log.Error($"Cannot compact: {e.Message}");
            return ExitCode.OperationFailed;
        }

        long after = SizeOf(configuration);
        foreach (string orphan in report.Orphans)
        {
            console.Print($"{orphan}{(report.OrphansRemoved ? " deleted" : "")}");
            console.Json?.Write("orphan", json =>
            {
                json.WriteString("path", orphan);
                json.WriteBoolean("removed", report.OrphansRemoved);
            });
        }

        console.Print($"The index has {after} bytes, before {before}; {report.EmptyFolders} empty folders removed; {report.Orphans.Count} orphans, {report.OrphanBytes} bytes{(report.OrphansRemoved ? ", deleted" : "")}");
        if (!report.IsIndexCompacted)
            console.Print("A server has the archive open: the index keeps its unused pages, which new instances use first. To give them back, run compact when it has ended");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteBoolean("indexCompacted", report.IsIndexCompacted);
            json.WriteNumber("databaseBytesBefore", before);
            json.WriteNumber("databaseBytes", after);
            json.WriteNumber("emptyFolders", report.EmptyFolders);
            json.WriteNumber("orphans", report.Orphans.Count);
            json.WriteNumber("orphanBytes", report.OrphanBytes);
            json.WriteNumber("exitCode", ExitCode.Success);
        });
        return ExitCode.Success;
    }

    private static long SizeOf(ArchiveConfiguration configuration) =>
        ((string[])["", "-wal"]).Select(suffix => new FileInfo(configuration.Database + suffix)).Where(file => file.Exists).Sum(file => file.Length);
}
