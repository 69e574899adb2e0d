using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using NetDicom.Archive;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Options;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>Runs beside a serving archive what its configuration asks for: verification in the background, retention, health and metrics.</summary>
internal sealed class ArchiveKeeper : IAsyncDisposable
{
    private ArchiveScrubber? _scrubber;
    private ArchiveRetention? _retention;
    private ArchiveHttp? _http;

    private ArchiveKeeper()
    {
    }

    /// <summary><c>--http</c>.</summary>
    public static Option<int> HttpOption() => Values.Count("--http", [], "tell health and metrics at http://127.0.0.1:N/health and /metrics (default: not at all)", 0, 0, IPEndPoint.MaxPort);

    /// <exception cref="UsageException">The port for health and metrics cannot be had.</exception>
    public static async Task<ArchiveKeeper> StartAsync(DicomArchive archive, ArchiveKeeping keeping, int httpPort, ToolConsole console)
    {
        var keeper = new ArchiveKeeper();
        try
        {
            IPEndPoint? http = httpPort > 0 ? new IPEndPoint(keeping.Http?.Address ?? IPAddress.Loopback, httpPort) : keeping.Http;
            if (http is not null)
                keeper._http = ArchiveHttp.Start(archive, http, keeping.ReadyFreeBytes, console.Log);
            if (keeping.Scrub is { } scrub)
            {
                keeper._scrubber = ArchiveScrubber.Start(archive, scrub with
                {
                    OnFinding = finding => ArchiveEvents.ScrubFinding(console.Log, finding.Path, ArchiveReports.Words(finding.Kind)),
                    OnRound = state => ArchiveEvents.ScrubRound(console.Log, state.Files, state.Findings),
                    OnError = error => ArchiveEvents.ScrubFailed(console.Log, error.Message),
                });
            }

            if (keeping.Retention is { } retention)
            {
                keeper._retention = ArchiveRetention.Start(archive, retention with
                {
                    OnDeleted = deletion => Tell(deletion, console),
                    OnUnmet = rule => ArchiveEvents.RetentionUnmet(console.Log, Words(rule)),
                    OnError = error => ArchiveEvents.RetentionFailed(console.Log, error.Message),
                });
            }

            return keeper;
        }
        catch
        {
            await keeper.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_http is not null)
            await _http.DisposeAsync();
        if (_retention is not null)
            await _retention.DisposeAsync();
        if (_scrubber is not null)
            await _scrubber.DisposeAsync();
    }

    private static void Tell(RetentionDeletion deletion, ToolConsole console)
    {
        string study = deletion.Study.StudyInstanceUid.ToString();
        ArchiveEvents.Retired(console.Log, study, deletion.Report.Instances, deletion.Report.Bytes, Words(deletion.Rule));
        // Data of patients do not go without a word, whatever is logged.
        if (!console.Log.IsEnabled(LogLevel.Warning))
            console.Print($"Study {study} deleted for {Words(deletion.Rule)}: {deletion.Report.Instances} instances, {deletion.Report.Bytes} bytes");
    }

    private static string Words(RetentionRule rule) => rule switch
    {
        RetentionRule.Age => "its age",
        RetentionRule.Bytes => "the limit of bytes",
        _ => "the limit of free space",
    };
}
