using System.Runtime.CompilerServices;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Receiving;

namespace NetDicom.Cli.Archiving.Care;

/// <summary><c>archive export</c>: copies of whole files, each compared with what was stored. A server may run meanwhile; what is there already is left as it is, so that a second run goes on.</summary>
internal static class CareExport
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, CareSelection.Chosen chosen, string folder, string layoutText, bool isProgressWanted, ToolConsole console)
    {
        if (chosen.IsAll ? !chosen.IsEmpty : chosen.IsEmpty)
            throw new UsageException("export needs --patient, --study, --series or --date, or --all by itself");
        var layout = InstanceLayout.Parse(layoutText);
        await using SqliteArchiveIndex index = CareReport.OpenToRead(configuration);
        long all = chosen.IsAll ? (await index.GetStatisticsAsync(console.Stop)).Instances : 0;
        long copied = 0, bytes = 0;
        int failed = 0;
        bool isComplete = false;
        await using (var progress = new CareProgress(isProgressWanted, all, console))
        {
            try
            {
                await foreach (IndexedInstance instance in InstancesAsync(index, chosen, console.Stop))
                {
                    if (Copy(configuration, instance, Path.Join(folder, layout.PathOf(IdentityOf(instance))), console))
                    {
                        copied++;
                        bytes += instance.Length;
                    }
                    else
                    {
                        failed++;
                    }

                    progress.Add();
                }

                isComplete = true;
            }
            catch (OperationCanceledException)
            {
                console.Print("Stopped; the same call again leaves out what is there");
            }
        }

        if (isComplete && copied + failed == 0)
            console.Log.Warn("The archive has nothing of that");
        int exitCode = failed == 0 && copied > 0 ? ExitCode.Success : ExitCode.OperationFailed;
        console.Print($"{copied} files exported, {bytes} bytes, {failed} failed");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("exported", copied);
            json.WriteNumber("bytes", bytes);
            json.WriteNumber("failed", failed);
            json.WriteBoolean("complete", isComplete);
            json.WriteNumber("exitCode", console.FinalExitCode(exitCode));
        });
        return exitCode;
    }

    private static bool Copy(ArchiveConfiguration configuration, IndexedInstance instance, string target, ToolConsole console)
    {
        try
        {
            FindingKind? wrong = DicomArchive.CopyTo(configuration.Instances, instance, target, console.Stop);
            if (wrong is { } kind)
                CareReport.Tell(new ArchiveFinding(kind, $"{instance.Folder}/{instance.File}"), console);
            else
                console.Json?.Write("exported", json =>
                {
                    json.WriteString("path", target);
                    json.WriteString("sopInstanceUid", instance.SopInstanceUid.ToString());
                });
            return wrong is null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Log.Error($"Cannot copy {instance.Folder}/{instance.File}: {e.Message}");
            return false;
        }
    }

    private static async IAsyncEnumerable<IndexedInstance> InstancesAsync(SqliteArchiveIndex index, CareSelection.Chosen chosen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (chosen.IsAll)
        {
            await foreach (IndexedInstance instance in index.GetAllAsync(cancellationToken))
                yield return instance;
            yield break;
        }

        await foreach (InstanceSelection selection in chosen.ResolveAsync(index, cancellationToken))
        {
            await foreach (IndexedInstance instance in index.SelectAsync(selection, cancellationToken))
                yield return instance;
        }
    }

    // The folder is made of the UIDs, or of a hash where there is none.
    private static InstanceIdentity IdentityOf(IndexedInstance instance)
    {
        string[] names = instance.Folder.Split('/');
        return new InstanceIdentity(instance.SopClassUid, instance.SopInstanceUid, UidOf(names[0]), UidOf(names[^1]));

        static DicomUid UidOf(string name) => DicomUid.TryParse(name, out DicomUid uid) ? uid : default;
    }
}
