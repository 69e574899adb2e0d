using NetDicom.Archive;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary><c>archive delete</c>: instances by their keys, their rows before their files.</summary>
internal static class CareDelete
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, CareSelection.Chosen chosen, bool isSure, bool isProgressWanted, ToolConsole console)
    {
        if (chosen.IsAll)
            throw new UsageException("delete takes no --all: netdicom qrscp --clean deletes everything");
        if (chosen.IsEmpty)
            throw new UsageException("delete needs --patient, --study, --series or --date");
        await using DicomArchive archive = await CareReport.OpenAsync(configuration, console);
        List<InstanceSelection> selections = [];
        long instances = 0;
        await foreach (InstanceSelection selection in chosen.ResolveAsync(archive.Index, console.Stop))
        {
            selections.Add(selection);
            instances += await archive.Index.CountAsync(selection, console.Stop);
        }

        if (instances == 0)
            console.Log.Warn("The archive has nothing of that");
        else if (!isSure && !await IsMeantAsync(instances, selections.Count, console))
            return Summarize(console, default, 0, isComplete: false, ExitCode.OperationFailed);
        IndexStatistics before = await archive.Index.GetStatisticsAsync(console.Stop);
        var total = default(DeleteReport);
        bool isComplete = false;
        await using (var progress = new CareProgress(isProgressWanted, instances, console))
        {
            try
            {
                foreach (InstanceSelection selection in selections)
                {
                    DeleteReport report = await archive.DeleteAsync(selection, new Follower(progress), console.Stop);
                    total = new DeleteReport(total.Instances + report.Instances, total.Bytes + report.Bytes, total.FilesLeft + report.FilesLeft);
                }

                isComplete = true;
            }
            catch (OperationCanceledException)
            {
                console.Print("Stopped; what is deleted stays deleted");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArchiveIndexException)
            {
                console.Log.Error($"Cannot delete: {e.Message}");
            }

            total = total with { Instances = Math.Max(total.Instances, progress.Done) };
        }

        IndexStatistics after = await archive.Index.GetStatisticsAsync(CancellationToken.None);
        if (total.FilesLeft > 0)
            console.Log.Error($"{total.FilesLeft} files could not be deleted; the index no longer has them, and the next start tries again");
        console.Print($"{total.Instances} instances of {before.Studies - after.Studies} studies and {before.Patients - after.Patients} patients deleted");
        return Summarize(console, total, before.Studies - after.Studies, isComplete, isComplete && total is { Instances: > 0, FilesLeft: 0 } ? ExitCode.Success : ExitCode.OperationFailed);
    }

    private static async Task<bool> IsMeantAsync(long instances, int selections, ToolConsole console)
    {
        // A question that nobody sees is no question: with --json or -q it needs --yes.
        if (!console.IsHeard)
            throw new UsageException("with --json or -q delete needs --yes");
        console.Print($"This deletes {instances} instances{(selections > 1 ? $" of {selections} studies" : "")}. Type 'yes' to go on:");
        if (await Console.In.ReadLineAsync(console.Stop) == "yes")
            return true;
        console.Print("Nothing was deleted");
        return false;
    }

    private static int Summarize(ToolConsole console, DeleteReport total, long studies, bool isComplete, int exitCode)
    {
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("deleted", total.Instances);
            json.WriteNumber("deletedStudies", studies);
            json.WriteNumber("failed", total.FilesLeft);
            json.WriteBoolean("complete", isComplete);
            json.WriteNumber("exitCode", console.FinalExitCode(exitCode));
        });
        return exitCode;
    }

    private sealed class Follower(CareProgress progress) : IProgress<IndexedInstance>
    {
        public void Report(IndexedInstance value) => progress.Add();
    }
}
