using Microsoft.Extensions.Logging;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Receiving;

/// <summary>What is done with an object.</summary>
internal sealed record StoreReceiverOptions
{
    public required string Folder { get; init; }

    /// <summary>Null: nothing is kept.</summary>
    public InstanceStore? Store { get; init; }

    public ProgramCall? OnStored { get; init; }

    public ProgramCall? OnStudy { get; init; }

    public TimeSpan StudyQuiet { get; init; }

    public required FaultPlan Faults { get; init; }
}

/// <summary>Answers C-STORE for storescp, getscu and movescu --store: writes, reports, runs hooks, and plays the faults that were asked for.</summary>
internal sealed class StoreReceiver : IAsyncDisposable
{
    public static readonly IReadOnlyCollection<string> ObjectPlaceholders = ["path", "sopClassUid", "sopInstanceUid", "transferSyntaxUid", "callingAeTitle", "calledAeTitle"];
    public static readonly IReadOnlyCollection<string> StudyPlaceholders = ["folder", "studyInstanceUid", "objects"];

    private readonly StoreReceiverOptions _options;
    private readonly ToolConsole _console;
    private readonly HookRunner? _hooks;
    private readonly StudyWatch? _studies;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Association, Answered> _answered = [];
    private int _stored;
    private int _failed;

    public StoreReceiver(StoreReceiverOptions options, ToolConsole console)
    {
        _options = options;
        _console = console;
        if (options.OnStored is not null || options.OnStudy is not null)
            _hooks = new HookRunner(console.Log);
        if (options.OnStudy is { } onStudy)
            _studies = new StudyWatch(options.StudyQuiet, (study, objects) => TellOfStudyAsync(onStudy, study, objects), TimeProvider.System);
    }

    /// <summary>Objects answered with success or a warning.</summary>
    public int Stored => Volatile.Read(ref _stored);

    /// <summary>Objects answered with a failure.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public async ValueTask<DimseStatus> ReceiveAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        FaultPlan faults = _options.Faults;
        if (faults.AbortDuring)
        {
            await FaultPlan.AbortAsync(request, cancellationToken);
            return DimseStatus.Success;
        }

        DimseStatus status = faults.Status ?? DimseStatus.Success;
        SavedObject saved = default;
        if (_options.Store is not null && !status.IsFailure)
        {
            try
            {
                saved = await _options.Store.SaveAsync(request, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // PS3.4 table B.2-1: A7xx is out of resources, which the sender may try again.
                _console.Log.Error($"Cannot write {request.AffectedSopInstanceUid}: {e.Message}");
                status = new DimseStatus(0xA700);
            }
        }

        if (faults.ResponseDelay > TimeSpan.Zero)
            await Task.Delay(faults.ResponseDelay, cancellationToken);
        if (faults.AbortAfter is { } limit && _answered.GetOrCreateValue(request.Association).Count++ >= limit)
        {
            await request.Association.AbortAsync();
            return status;
        }

        Report(request, status, saved.Path);
        if (saved.Path is not null && _options.OnStored is { } call)
            await _hooks!.EnqueueAsync(call, Describe(request, saved.Path));
        if (!saved.Study.IsNone)
            _studies?.Stored(saved.Study);
        return status;
    }

    /// <summary>The last line of storescp; clients that receive have a summary of their own.</summary>
    public void Summarize() => _console.Json?.Write("summary", json =>
    {
        json.WriteString("tool", "storescp");
        json.WriteNumber("stored", _stored);
        json.WriteNumber("failed", _failed);
    });

    public async ValueTask DisposeAsync()
    {
        if (_studies is not null)
            await _studies.DisposeAsync();
        if (_hooks is not null)
            await _hooks.DisposeAsync();
    }

    private void Report(StoreRequest request, DimseStatus status, string? path)
    {
        if (status.IsFailure)
            Interlocked.Increment(ref _failed);
        else
            Interlocked.Increment(ref _stored);
        if (_console.Log.IsEnabled(LogLevel.Information))
            _console.Log.Info(path is null ? $"Answered {status}, nothing kept" : $"Stored {path}");
        StoredJson.Write(_console, request, status, path);
    }

    private static Dictionary<string, string> Describe(StoreRequest request, string path) => new()
    {
        ["path"] = path,
        ["sopClassUid"] = request.AffectedSopClassUid.ToString(),
        ["sopInstanceUid"] = request.AffectedSopInstanceUid.ToString(),
        ["transferSyntaxUid"] = request.TransferSyntax.Uid.ToString(),
        ["callingAeTitle"] = request.Association.CallingAETitle.ToString(),
        ["calledAeTitle"] = request.Association.CalledAETitle.ToString(),
    };

    private async Task TellOfStudyAsync(ProgramCall call, DicomUid study, int objects) => await _hooks!.EnqueueAsync(call, new Dictionary<string, string>
    {
        ["folder"] = Path.GetFullPath(_options.Folder),
        ["studyInstanceUid"] = study.ToString(),
        ["objects"] = objects.ToString(System.Globalization.CultureInfo.InvariantCulture),
    });

    private sealed class Answered
    {
        public int Count { get; set; }
    }
}
