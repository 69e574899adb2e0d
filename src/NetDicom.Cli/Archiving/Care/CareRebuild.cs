using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary>
/// <c>archive rebuild</c>: the index made anew from the files. It is made aside and renamed: the old one stays until the new one is whole, and whoever opens it meanwhile is kept out by the lock on the
/// folder. A run that was stopped leaves the new one as it is then, to go on with.
/// </summary>
internal static class CareRebuild
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, bool isResumed, bool isProgressWanted, ToolConsole console)
    {
        if (!Directory.Exists(configuration.Instances))
            throw new UsageException($"there is no archive in {configuration.Instances}");
        string aside = configuration.Database + ".new";
        Directory.CreateDirectory(Path.GetDirectoryName(configuration.Database)!);
        if (!isResumed)
            SqliteArchiveIndex.Delete(aside);
        ArchiveConfiguration anew = configuration with { Database = aside, Durability = Durability.File };
        // Opening would index everything by itself, without a word of how far it is: it is told that nothing is to be mended.
        await using (SqliteArchiveIndex empty = SqliteArchiveIndex.Open(ArchiveLocation.IndexOptions(anew)))
            await empty.SetCleanAsync(true, console.Stop);
        MendReport report;
        long instances;
        bool isComplete = false;
        (DicomArchive archive, _) = await ArchiveLocation.OpenAsync(anew, console.Stop);
        await using (archive)
        {
            await using var progress = new CareProgress(isProgressWanted, 0, console);
            report = MendReport.Nothing;
            try
            {
                report = await archive.IndexFilesAsync(new Follower(progress), console.Stop);
                isComplete = true;
            }
            catch (OperationCanceledException)
            {
                console.Print("Stopped; 'archive rebuild --resume' goes on");
            }

            instances = (await archive.Index.GetStatisticsAsync(CancellationToken.None)).Instances;
        }

        if (isComplete)
        {
            SqliteArchiveIndex.Delete(configuration.Database);
            File.Move(aside, configuration.Database);
            // It said where in the old one a run was.
            File.Delete(configuration.Database + ".verify");
        }

        foreach (ArchiveFinding finding in report.Findings)
            CareReport.Tell(finding, console);
        console.Print($"{instances} instances indexed, {report.Findings.Count} findings");
        return CareReport.Summarize(console, instances, report.Findings.Count, isComplete);
    }

    private sealed class Follower(CareProgress progress) : IProgress<string>
    {
        public void Report(string value) => progress.Add();
    }
}
