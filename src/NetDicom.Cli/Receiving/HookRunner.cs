using System.Threading.Channels;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Receiving;

/// <summary>
/// Runs the programs that the user wants run on reception, one after the other and beside the associations, so that a slow program never
/// slows a peer. Waiting calls are bounded: beyond that a peer waits after all.
/// </summary>
internal sealed class HookRunner : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    private readonly Channel<(ProgramCall Call, IReadOnlyDictionary<string, string> Values)> _calls =
        Channel.CreateBounded<(ProgramCall, IReadOnlyDictionary<string, string>)>(MostWaiting);

    private readonly ToolLog _log;
    private readonly Task _running;

    public HookRunner(ToolLog log)
    {
        _log = log;
        _running = Task.Run(RunAsync);
    }

    public ValueTask EnqueueAsync(ProgramCall call, IReadOnlyDictionary<string, string> values) => _calls.Writer.WriteAsync((call, values));

    /// <summary>Runs what is waiting, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        if (!_running.IsCompleted)
            _log.Info("Waiting for the programs of --on-stored and --on-study; a second signal ends at once");
        await _running;
    }

    private async Task RunAsync()
    {
        await foreach ((ProgramCall call, IReadOnlyDictionary<string, string> values) in _calls.Reader.ReadAllAsync())
        {
            if (await call.RunAsync(values, CancellationToken.None) is { } problem)
                _log.Error(problem);
        }
    }
}
