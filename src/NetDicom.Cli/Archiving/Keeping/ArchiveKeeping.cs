using System.Net;
using NetDicom.Archive;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>What a running archive does besides answering: the sections <c>retention</c>, <c>scrub</c> and <c>http</c> of the configuration. All of it is off by default.</summary>
internal sealed record ArchiveKeeping
{
    private const double MaxDays = 36_500;

    /// <summary>What may go by itself; null: nothing.</summary>
    public RetentionOptions? Retention { get; init; }

    /// <summary>How files are verified in the background; null: not at all.</summary>
    public ScrubOptions? Scrub { get; init; }

    /// <summary>Where health and metrics are told; null: nowhere.</summary>
    public IPEndPoint? Http { get; init; }

    /// <summary>Not ready with less free bytes than this; null: free room does not matter.</summary>
    public long? ReadyFreeBytes { get; init; }

    /// <summary>The three sections.</summary>
    /// <exception cref="UsageException">One says what cannot be meant.</exception>
    public static ArchiveKeeping Of(ArchiveSettings settings)
    {
        var keeping = new ArchiveKeeping
        {
            Retention = settings.Section("retention") is { } retention ? RetentionOf(settings, retention) : null,
            Scrub = settings.Section("scrub") is { } scrub ? ScrubOf(scrub) : null,
        };
        if (settings.Section("http") is not { } http)
            return keeping;
        int port = http.Port("port", lowest: 1) ?? throw http.Wrong("port", "is missing");
        keeping = keeping with { Http = new IPEndPoint(http.Address("bind") ?? IPAddress.Loopback, port), ReadyFreeBytes = http.Number("readyFreeBytes", 1, long.MaxValue) };
        http.ExpectNoOther();
        return keeping;
    }

    private static RetentionOptions RetentionOf(ArchiveSettings settings, ArchiveSettings section)
    {
        var options = new RetentionOptions();
        options = options with
        {
            MaxAge = Days(section, "maxAgeDays") ?? options.MaxAge,
            Order = section.Choice("by", ("received", StudyOrder.Received), ("study-date", StudyOrder.StudyDate)) ?? options.Order,
            AgeOrder = section.Choice("ageBy", ("received", StudyOrder.Received), ("study-date", StudyOrder.StudyDate), ("later", StudyOrder.Later)) ?? options.AgeOrder,
            MaxBytes = section.Number("maxBytes", 1, long.MaxValue) ?? options.MaxBytes,
            MinFreeBytes = section.Number("minFreeBytes", 1, long.MaxValue) ?? options.MinFreeBytes,
            Spared = section.Real("sparedHours", 0, MaxDays * 24) is { } hours ? TimeSpan.FromHours(hours) : options.Spared,
            Interval = section.Real("intervalMinutes", 1, 24 * 60) is { } minutes ? TimeSpan.FromMinutes(minutes) : options.Interval,
        };
        section.ExpectNoOther();
        return options.HasRules ? options : throw settings.Wrong("retention", "needs maxAgeDays, maxBytes or minFreeBytes");
    }

    private static ScrubOptions ScrubOf(ArchiveSettings section)
    {
        var options = new ScrubOptions();
        options = options with
        {
            BytesPerSecond = section.Number("bytesPerSecond", 1, long.MaxValue) ?? options.BytesPerSecond,
            Interval = Days(section, "everyDays") ?? options.Interval,
        };
        section.ExpectNoOther();
        return options;
    }

    private static TimeSpan? Days(ArchiveSettings section, string field) => section.Real(field, 0.001, MaxDays) is { } days ? TimeSpan.FromDays(days) : null;
}
