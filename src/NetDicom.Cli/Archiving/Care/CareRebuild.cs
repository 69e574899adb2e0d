using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary>
/// <c>archive rebuild</c>: the index made anew from the files. It is made aside and renamed: the old one stays until the new one is whole, and whoever wants to open the archive meanwhile is kept out by
/// the lock on the folder. A run that was stopped leaves the new one as it is then, to go on with.
/// </summary>
internal static class CareRebuild
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, bool isResumed, bool isProgressWanted, ToolConsole console)
    {
        if (!Directory.Exists(configuration.Instances))
            throw new UsageException($"there is no archive in {configuration.Instances}");
        string aside = configuration.Database + ".new";
        ArchiveConfiguration anew = configuration with { Database = aside, Durability = Durability.File };
        RebuildReport report;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(configuration.Database)!);
            await using var progress = new CareProgress(isProgressWanted, 0, console);
            report = await DicomArchive.RebuildAsync(new ArchiveOptions { Folder = configuration.Instances, Durability = Durability.File }, Open, Replace, new Follower(progress), console.Stop);
        }
        catch (ArchiveInUseException e)
        {
            // Not beside a server: what it stores would go into the index that is about to be replaced.
            throw new UsageException($"Cannot use the archive: {e.Message}. Rebuild needs that no server runs: what that stored meanwhile would not be in the new index");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"Cannot use the archive: {e.Message}");
        }

        if (!report.IsComplete)
            console.Print("Stopped; 'archive rebuild --resume' goes on");
        foreach (ArchiveFinding finding in report.Mended.Findings)
            CareReport.Tell(finding, console);
        console.Print($"{report.Instances} instances indexed, {report.Mended.Findings.Count} findings");
        return CareReport.Summarize(console, report.Instances, report.Mended.Findings.Count, report.IsComplete);

        SqliteArchiveIndex Open()
        {
            if (!isResumed)
                SqliteArchiveIndex.Delete(aside);
            return SqliteArchiveIndex.Open(ArchiveLocation.IndexOptions(anew));
        }

        void Replace()
        {
            SqliteArchiveIndex.Delete(configuration.Database);
            File.Move(aside, configuration.Database);
            // It said where in the old one a run was.
            File.Delete(configuration.Database + ".verify");
        }
    }

    private sealed class Follower(CareProgress progress) : IProgress<string>
    {
        public void Report(string value) => progress.Add();
    }
}
