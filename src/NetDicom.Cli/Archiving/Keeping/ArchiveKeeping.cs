using System.Net;
using System.Text.Json;
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

    /// <summary>With one of its sections.</summary>
    /// <exception cref="UsageException">It says what cannot be meant.</exception>
    public ArchiveKeeping With(JsonProperty section) => section.Name switch
    {
        "retention" => this with { Retention = RetentionOf(section.Value) },
        "scrub" => this with { Scrub = ScrubOf(section.Value) },
        _ => WithHttp(section.Value),
    };

    private static RetentionOptions RetentionOf(JsonElement element)
    {
        var options = new RetentionOptions();
        foreach (JsonProperty field in element.EnumerateObject())
        {
            options = field.Name switch
            {
                "maxAgeDays" => options with { MaxAge = Days(field) },
                "by" => options with { Order = field.Value.GetString() switch { "received" => StudyOrder.Received, "study-date" => StudyOrder.StudyDate, _ => throw new UsageException("'by' is received or study-date") } },
                "maxBytes" => options with { MaxBytes = Bytes(field) },
                "minFreeBytes" => options with { MinFreeBytes = Bytes(field) },
                "sparedHours" => options with { Spared = TimeSpan.FromHours(Number(field, 0, MaxDays * 24)) },
                "intervalMinutes" => options with { Interval = TimeSpan.FromMinutes(Number(field, 1, 24 * 60)) },
                _ => throw new UsageException($"'retention' has no field '{field.Name}'"),
            };
        }

        return options.HasRules ? options : throw new UsageException("'retention' needs maxAgeDays, maxBytes or minFreeBytes");
    }

    private static ScrubOptions ScrubOf(JsonElement element)
    {
        var options = new ScrubOptions();
        foreach (JsonProperty field in element.EnumerateObject())
        {
            options = field.Name switch
            {
                "bytesPerSecond" => options with { BytesPerSecond = Bytes(field) },
                "everyDays" => options with { Interval = Days(field) },
                _ => throw new UsageException($"'scrub' has no field '{field.Name}'"),
            };
        }

        return options;
    }

    private ArchiveKeeping WithHttp(JsonElement element)
    {
        IPAddress bind = IPAddress.Loopback;
        int? port = null;
        long? least = null;
        foreach (JsonProperty field in element.EnumerateObject())
        {
            switch (field.Name)
            {
                case "port": port = (int)Number(field, 1, IPEndPoint.MaxPort); break;
                case "bind": bind = IPAddress.Parse(field.Value.GetString() ?? ""); break;
                case "readyFreeBytes": least = Bytes(field); break;
                default: throw new UsageException($"'http' has no field '{field.Name}'");
            }
        }

        return this with { Http = new IPEndPoint(bind, port ?? throw new UsageException("'http' needs 'port'")), ReadyFreeBytes = least };
    }

    private static TimeSpan Days(JsonProperty field) => TimeSpan.FromDays(Number(field, 0.001, MaxDays));

    private static long Bytes(JsonProperty field) => field.Value.TryGetInt64(out long bytes) && bytes > 0 ? bytes : throw new UsageException($"'{field.Name}' is a number of bytes above 0");

    private static double Number(JsonProperty field, double lowest, double highest) =>
        field.Value.TryGetDouble(out double number) && number >= lowest && number <= highest ? number : throw new UsageException($"'{field.Name}' is a number from {lowest} to {highest}");
}
