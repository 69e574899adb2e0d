using System.Diagnostics;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Archiving.Care;

/// <summary>How far an action is: a bar on a terminal, elsewhere a line of the log now and then.</summary>
internal sealed class CareProgress(bool isWanted, long all, ToolConsole console) : IAsyncDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);

    private readonly ProgressDisplay? _display = ProgressDisplay.Start(isWanted, console.Log, hasBytes: false);
    private long _told = Stopwatch.GetTimestamp();

    /// <summary>Files that are done.</summary>
    public long Done { get; private set; }

    public void Add(long files = 1)
    {
        Done += files;
        _display?.Objects(Done, Math.Max(all, Done));
        if (_display is not null || Stopwatch.GetElapsedTime(_told) < s_between)
            return;
        _told = Stopwatch.GetTimestamp();
        console.Log.Info($"{Done} of {Math.Max(all, Done)} files");
    }

    public async ValueTask DisposeAsync()
    {
        if (_display is not null)
            await _display.DisposeAsync();
    }
}
