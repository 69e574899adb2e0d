using System.Diagnostics;
using System.Globalization;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;

namespace NetDicom.Cli.Archiving.Care;

/// <summary><c>archive verify</c>: every file against what was stored. Where it is stands beside the index, so that a run that was stopped is not lost.</summary>
internal static class CareVerify
{
    private static readonly TimeSpan s_noteEvery = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(ArchiveConfiguration configuration, bool isResumed, bool isProgressWanted, ToolConsole console)
    {
        await using SqliteArchiveIndex index = CareReport.OpenToRead(configuration);
        string file = configuration.Database + ".verify";
        Position position = isResumed ? Position.Read(file) : default;
        if (isResumed)
            console.Log.Info(position.After.IsNone ? "No earlier run was stopped: from the beginning" : $"Going on behind {position.Files} files");
        long all = (await index.GetStatisticsAsync(console.Stop)).Instances;
        bool isComplete = false;
        await using var progress = new CareProgress(isProgressWanted, all, console);
        progress.Add(position.Files);
        var follower = new Follower(position, file, progress);
        try
        {
            await foreach (ArchiveFinding finding in DicomArchive.VerifyAsync(index, configuration.Instances, follower, position.After, console.Stop))
            {
                follower.Findings++;
                CareReport.Tell(finding, console);
            }

            isComplete = true;
            File.Delete(file);
        }
        catch (OperationCanceledException)
        {
            follower.Note();
            console.Print($"Stopped; 'archive verify --resume' goes on");
        }

        console.Print($"{follower.Files} files verified, {follower.Findings} findings");
        return CareReport.Summarize(console, follower.Files, follower.Findings, isComplete);
    }

    private sealed class Follower(Position start, string file, CareProgress progress) : IProgress<IndexedInstance>
    {
        private DicomUid _after = start.After;
        private long _noted = Stopwatch.GetTimestamp();

        public long Files { get; private set; } = start.Files;

        public long Findings { get; set; } = start.Findings;

        public void Report(IndexedInstance value)
        {
            Files++;
            _after = value.SopInstanceUid;
            progress.Add();
            if (Stopwatch.GetElapsedTime(_noted) < s_noteEvery)
                return;
            _noted = Stopwatch.GetTimestamp();
            Note();
        }

        public void Note()
        {
            try
            {
                new Position(_after, Files, Findings).Write(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Who may only read can verify all the same; only going on is not to be had.
            }
        }
    }

    /// <summary>How far a run came.</summary>
    internal readonly record struct Position(DicomUid After, long Files, long Findings)
    {
        public static Position Read(string file)
        {
            try
            {
                return File.ReadAllLines(file) is [var after, var files, var findings]
                    && long.TryParse(files, NumberStyles.None, CultureInfo.InvariantCulture, out long seen) && long.TryParse(findings, NumberStyles.None, CultureInfo.InvariantCulture, out long found)
                    && DicomUid.TryParse(after, out DicomUid uid) ? new Position(uid, seen, found) : default;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return default;
            }
        }

        public void Write(string file)
        {
            string aside = file + ".new";
            File.WriteAllLines(aside, [After.ToString(), Files.ToString(CultureInfo.InvariantCulture), Findings.ToString(CultureInfo.InvariantCulture)]);
            File.Move(aside, file, overwrite: true);
        }
    }
}
