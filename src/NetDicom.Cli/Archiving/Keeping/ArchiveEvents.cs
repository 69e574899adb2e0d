using Microsoft.Extensions.Logging;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>What a running archive tells besides the network's events. Ids are a promise (docs/promises/archive-log-events.txt). UIDs of studies are told, data of patients never.</summary>
internal static partial class ArchiveEvents
{
    [LoggerMessage(2001, LogLevel.Error, "{Path}: {Finding} (found while verifying in the background)")]
    public static partial void ScrubFinding(ILogger logger, string path, string finding);

    [LoggerMessage(2002, LogLevel.Information, "Verified in the background: {Files} files, {Findings} findings")]
    public static partial void ScrubRound(ILogger logger, long files, long findings);

    [LoggerMessage(2003, LogLevel.Warning, "Verifying in the background pauses: {Error}")]
    public static partial void ScrubFailed(ILogger logger, string error);

    [LoggerMessage(2011, LogLevel.Warning, "Study {Study} deleted for {Rule}: {Instances} instances, {Bytes} bytes")]
    public static partial void Retired(ILogger logger, string study, long instances, long bytes, string rule);

    [LoggerMessage(2012, LogLevel.Warning, "Retention cannot keep {Rule}: what is left is too new to be deleted")]
    public static partial void RetentionUnmet(ILogger logger, string rule);

    [LoggerMessage(2013, LogLevel.Error, "Retention cannot delete: {Error}")]
    public static partial void RetentionFailed(ILogger logger, string error);

    [LoggerMessage(2021, LogLevel.Information, "Health and metrics at http://{EndPoint}/health and /metrics")]
    public static partial void HttpListening(ILogger logger, string endPoint);

    [LoggerMessage(2022, LogLevel.Warning, "The archive is not ready: {Reason}")]
    public static partial void NotReady(ILogger logger, string reason);

    [LoggerMessage(2024, LogLevel.Error, "Health or metrics could not be told: {Kind}: {Error}")]
    public static partial void HttpFailed(ILogger logger, string kind, string error);

    [LoggerMessage(2023, LogLevel.Warning, "{Count} requests for health or metrics were ended: whoever asked did not take the answer in time")]
    public static partial void HttpTooSlow(ILogger logger, long count);

    [LoggerMessage(2031, LogLevel.Warning, "Index: {Attributes}")]
    public static partial void AttributesChanged(ILogger logger, string attributes);

    [LoggerMessage(2032, LogLevel.Warning, "The disk of {Folder} has no room to keep for deleting: once it is full nothing can be deleted")]
    public static partial void NoReserve(ILogger logger, string folder);

    [LoggerMessage(2041, LogLevel.Error, "The folder of the worklist could not be followed, and is looked at again later: {Error}")]
    public static partial void WorklistFailed(ILogger logger, string error);
}
