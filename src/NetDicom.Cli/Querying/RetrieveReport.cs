using System.Diagnostics;
using System.Globalization;
using NetDicom.Cli.Commands;
using NetDicom.Cli.Invocation;
using NetDicom.Cli.Output;
using NetDicom.Cli.Receiving;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Querying;

/// <summary>What getscu and movescu say: how far the peer is, what it could not deliver, the outcome.</summary>
internal sealed class RetrieveReport(ToolConsole console, string tool, CommandField response, ProgressDisplay? progress)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly string _service = response == CommandField.CGetResponse ? "Get" : "Move";
    private SubOperationProgress _last;

    /// <summary>The final response, once it is there.</summary>
    public RetrieveResult? Result { get; private set; }

    /// <summary>Objects that came here; null where they go elsewhere.</summary>
    public StoreReceiver? Receiver { get; init; }

    /// <summary>What the peer sends goes to the receiver and nowhere else, so both have to count the same.</summary>
    public bool ComesHere { get; init; }

    /// <summary>Runs the operation to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(RetrieveOperation operation, AETitle destination = default)
    {
        try
        {
            await foreach (SubOperationProgress counts in operation)
                Add(counts);
        }
        catch (DimseStatusException)
        {
            // The result below says it, with all that came with it.
        }

        Result = operation.Result;
        return Result is null ? ExitCode.OperationFailed : Finish(Result, destination);
    }

    public void Summarize(int exitCode)
    {
        SubOperationProgress counts = Result?.Progress ?? _last;
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        console.Json?.Write("summary", json =>
        {
            json.WriteString("tool", tool);
            if (Result is not null)
                json.WriteString("status", StatusText.Code(Result.Status));
            if (Result?.ErrorComment is { } comment)
                json.WriteString("comment", comment);
            json.WriteNumber("completed", counts.Completed ?? 0);
            json.WriteNumber("failed", counts.Failed ?? 0);
            json.WriteNumber("warnings", counts.Warning ?? 0);
            if (Receiver is not null)
            {
                json.WriteNumber("stored", Receiver.Stored);
                json.WriteNumber("notStored", Receiver.Failed);
            }

            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber("exitCode", exitCode);
        });
        string received = Receiver is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {Receiver.Stored} stored here, {Receiver.Failed} not");
        console.Print(string.Create(CultureInfo.InvariantCulture,
            $"{counts.Completed ?? 0} completed, {counts.Failed ?? 0} failed, {counts.Warning ?? 0} with a warning{received}; {seconds:0.0} s"));
    }

    private void Add(SubOperationProgress counts)
    {
        if (counts == _last)
            return;
        _last = counts;
        int done = (counts.Completed ?? 0) + (counts.Failed ?? 0) + (counts.Warning ?? 0);
        progress?.Objects(done, done + (counts.Remaining ?? 0));
        console.Log.Info(string.Create(CultureInfo.InvariantCulture,
            $"{_service} SCP Result: remaining {counts.Remaining ?? 0}, completed {counts.Completed ?? 0}, failed {counts.Failed ?? 0}, warning {counts.Warning ?? 0}"));
        console.Json?.Write("progress", json =>
        {
            json.WriteNumber("remaining", counts.Remaining ?? 0);
            json.WriteNumber("completed", counts.Completed ?? 0);
            json.WriteNumber("failed", counts.Failed ?? 0);
            json.WriteNumber("warnings", counts.Warning ?? 0);
        });
    }

    private int Finish(RetrieveResult result, AETitle destination)
    {
        string text = StatusText.Describe(result.Status, response, "Query/Retrieve", result.ErrorComment, result.OffendingElements);
        int failed = result.Progress.Failed ?? 0;
        bool isFailure = result.Status.IsFailure || result.Status.IsCancel || failed > 0;
        if (isFailure)
            console.Log.Error($"{_service} SCP Result: {text}{(failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {failed} objects failed") : "")}{Advice(result, destination)}");
        else if (result.Status.IsWarning)
            console.Log.Warn($"{_service} SCP Result: {text}");
        else
            console.Log.Info($"{_service} SCP Result: {text}");
        foreach (DicomUid uid in result.FailedSopInstanceUids)
        {
            console.Log.Error($"Not delivered: {uid}");
            console.Json?.Write("failed", json => json.WriteString("sopInstanceUid", uid.ToString()));
        }

        // What the peer thinks it delivered and we could not keep is no success, and what never came is none either.
        int delivered = (result.Progress.Completed ?? 0) + (result.Progress.Warning ?? 0);
        bool isShort = ComesHere && Receiver is not null && Receiver.Stored + Receiver.Failed < delivered;
        if (isShort)
            console.Log.Error(string.Create(CultureInfo.InvariantCulture, $"The peer counts {delivered} objects as delivered, and {Receiver!.Stored + Receiver.Failed} came"));
        return isFailure || isShort || Receiver is { Failed: > 0 } ? ExitCode.OperationFailed : ExitCode.Success;
    }

    private string Advice(RetrieveResult result, AETitle destination) => result.Status.Code switch
    {
        0xA801 => $"; the peer does not know where '{destination}' is: its owner has to enter that title with address and port, or give another with -aem",
        0xA900 => "; are the level and its unique keys right? see 'netdicom help keys'",
        0x0122 => "; try another information model: -P, -S",
        _ when result.Progress.Failed > 0 && response == CommandField.CGetResponse => "; if their class or transfer syntax was not proposed, name it with --class or --syntax",
        _ => "",
    };
}
