using System.Text.Json;
using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Care;

/// <summary><c>archive status</c>: what there is.</summary>
internal static class CareStatus
{
    public static async Task<int> RunAsync(ArchiveConfiguration configuration, ToolConsole console)
    {
        await using SqliteArchiveIndex index = CareReport.OpenToRead(configuration);
        IndexStatistics statistics = await index.GetStatisticsAsync(console.Stop);
        List<(string Path, long Length)> orphans = Directory.Exists(configuration.Instances) ? [.. DicomArchive.Orphans(configuration.Instances)] : [];
        long database = ((string[])["", "-wal"]).Select(suffix => new FileInfo(configuration.Database + suffix)).Where(file => file.Exists).Sum(file => file.Length);
        long? free = Directory.Exists(configuration.Instances) ? new DriveInfo(configuration.Instances).AvailableFreeSpace : null;
        ScrubState scrub = ArchiveScrubber.ReadState(configuration.Instances);
        console.Print($"{statistics.Patients} patients, {statistics.Studies} studies, {statistics.Series} series, {statistics.Instances} instances, {statistics.Bytes} bytes");
        console.Print($"index {database} bytes; {free} bytes free for instances");
        console.Print(statistics.IsClean ? "closed" : "in use, or not closed cleanly");
        bool hasReserve = DicomArchive.HasReserveIn(ArchiveLocation.Options(configuration));
        if (!hasReserve)
            console.Print("no room is kept for deleting on a full disk: the next start keeps some, if there is any");
        if (ArchiveReports.AttributesText(index) is { } attributes)
            console.Print(attributes);
        if (orphans.Count > 0)
            console.Print($"{orphans.Count} files set aside in .orphans, {orphans.Sum(orphan => orphan.Length)} bytes: 'archive compact --remove-orphans' deletes them");
        if (scrub.StartedAt is { } started)
            console.Print($"verified in the background since {started:u}: {scrub.Files} files, {scrub.Findings} findings{(scrub.IsGoingOn ? "; going on" : "; the round is over")}");
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", "archive");
            json.WriteNumber("patients", statistics.Patients);
            json.WriteNumber("studies", statistics.Studies);
            json.WriteNumber("series", statistics.Series);
            json.WriteNumber("instances", statistics.Instances);
            json.WriteNumber("bytes", statistics.Bytes);
            json.WriteBoolean("clean", statistics.IsClean);
            json.WriteNumber("databaseBytes", database);
            if (free is { } bytes)
                json.WriteNumber("freeBytes", bytes);
            json.WriteBoolean("reserve", hasReserve);
            WriteTags(json, "addedAttributes", index.AddedAttributes);
            WriteTags(json, "removedAttributes", index.RemovedAttributes);
            json.WriteNumber("orphans", orphans.Count);
            json.WriteNumber("orphanBytes", orphans.Sum(orphan => orphan.Length));
            if (scrub.StartedAt is { } at)
            {
                json.WriteString("scrubStartedAt", at);
                json.WriteNumber("scrubbedFiles", scrub.Files);
                json.WriteNumber("scrubFindings", scrub.Findings);
            }
        });
        return ExitCode.Success;
    }
    private static void WriteTags(Utf8JsonWriter json, string name, IReadOnlyList<DicomTag> tags)
    {
        json.WriteStartArray(name);
        foreach (DicomTag tag in tags)
            json.WriteStringValue(ArchiveReports.NameOf(tag));
        json.WriteEndArray();
    }
}
