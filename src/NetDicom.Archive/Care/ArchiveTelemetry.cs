using System.Diagnostics.Metrics;

namespace NetDicom.Archive;

/// <summary>The meter of the archive (docs/telemetry.md).</summary>
public static class ArchiveTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "NetDicom.Archive";

    internal static Meter Meter { get; } = new(MeterName);
}

/// <summary>Every instrument of the archive. Names, units and tags are a promise (docs/promises/archive-telemetry.txt); no UID and no AE title is a tag.</summary>
internal static class ArchiveMetrics
{
    private static readonly Counter<long> s_stored = ArchiveTelemetry.Meter.CreateCounter<long>(
        "netdicom.archive.stored", "{instance}", "Instances that were offered and answered, by what became of them.");

    private static readonly Counter<long> s_storedBytes = ArchiveTelemetry.Meter.CreateCounter<long>("netdicom.archive.stored.bytes", "By", "Bytes of the files of new instances.");

    private static readonly Histogram<double> s_commits = ArchiveTelemetry.Meter.CreateHistogram<double>(
        "netdicom.archive.commit.duration", "s", "From the beginning of a group of instances to their being safe.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Histogram<long> s_groups = ArchiveTelemetry.Meter.CreateHistogram<long>(
        "netdicom.archive.commit.instances", "{instance}", "Instances that shared one commit.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    private static readonly Counter<long> s_scrubbed = ArchiveTelemetry.Meter.CreateCounter<long>("netdicom.archive.scrubbed.bytes", "By", "Bytes that the scrubber has compared with what was stored.");

    private static readonly Counter<long> s_findings = ArchiveTelemetry.Meter.CreateCounter<long>("netdicom.archive.scrub.findings", "{file}", "Files that the scrubber found not to be as they were stored.");

    private static readonly Counter<long> s_retired = ArchiveTelemetry.Meter.CreateCounter<long>("netdicom.archive.retention.deleted", "{instance}", "Instances deleted by the rules of retention.");

    public static void Stored(StoreOutcomeKind kind, long bytes)
    {
        s_stored.Add(1, new KeyValuePair<string, object?>("netdicom.outcome", kind.ToString()));
        if (kind is StoreOutcomeKind.Stored or StoreOutcomeKind.Replaced)
            s_storedBytes.Add(bytes);
    }

    public static void NotStored() => s_stored.Add(1, new KeyValuePair<string, object?>("netdicom.outcome", "Failed"));

    public static void Committed(int instances, TimeSpan duration)
    {
        s_groups.Record(instances);
        s_commits.Record(duration.TotalSeconds);
    }

    public static void Scrubbed(long bytes) => s_scrubbed.Add(bytes);

    public static void ScrubFinding() => s_findings.Add(1);

    public static void Retired(long instances) => s_retired.Add(instances);
}
