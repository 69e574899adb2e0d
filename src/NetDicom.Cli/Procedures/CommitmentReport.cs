using NetDicom.Cli.Commands;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Procedures;

/// <summary>A storage commitment from request to report: which objects were asked for, and what became of each (PS3.4 annex J.3).</summary>
internal sealed class CommitmentReport
{
    private readonly ToolConsole _console;
    private readonly Dictionary<DicomUid, ReferencedObject> _open = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _committed;
    private int _failed;

    public CommitmentReport(IEnumerable<ReferencedObject> objects, ToolConsole console)
    {
        _console = console;
        foreach (ReferencedObject o in objects)
            _open.TryAdd(o.SopInstance, o);
        Asked = _open.Count;
    }

    /// <summary>Objects asked for: each instance once, however many files hold it.</summary>
    public int Asked { get; }

    /// <summary>Names the transaction: reports of others are not ours.</summary>
    public DicomUid TransactionUid { get; } = DicomUid.Generate();

    /// <summary>Ends when the report has come.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Objects that the peer did not commit itself to.</summary>
    public int Failed => _failed;

    /// <summary>Objects that the peer keeps.</summary>
    public int Committed => _committed;

    /// <summary>The Action Information of the request (PS3.4 table J.3-1).</summary>
    public DicomDataSet Request() => new()
    {
        { DicomTags.TransactionUID, TransactionUid },
        { DicomTags.ReferencedSOPSequence, [.. _open.Values.Select(o => Filled.Reference(o.SopClass, o.SopInstance))] },
    };

    /// <summary>Takes a report (PS3.4 table J.3-2), on whichever association it comes.</summary>
    public NResponse Take(NEventReportIndication report)
    {
        DicomDataSet? information = report.EventInformation;
        if (report.EventTypeId is not (1 or 2))
            return DimseStatus.NoSuchEventType;
        if (information?.GetUidOrDefault(DicomTags.TransactionUID) is not { } transaction || transaction != TransactionUid)
        {
            _console.Log.Warn("A report of another transaction came and was not taken");
            return DimseStatus.ProcessingFailure;
        }

        lock (_gate)
        {
            if (_complete.Task.IsCompleted)
                return DimseStatus.Success;
            // First what failed: an object that a report has in both is not one to be deleted here.
            foreach (DicomDataSet item in information.GetSequence(DicomTags.FailedSOPSequence) ?? [])
                Settle(item, new DimseStatus((ushort)(item.GetInt32OrDefault(DicomTags.FailureReason) ?? 0x0110)));
            foreach (DicomDataSet item in information.GetSequence(DicomTags.ReferencedSOPSequence) ?? [])
                Settle(item, null);
            // What the report does not speak of nobody has promised to keep.
            foreach (ReferencedObject o in _open.Values)
                Say(o, "not-reported", null);
            _failed += _open.Count;
            _complete.TrySetResult();
        }

        return DimseStatus.Success;
    }

    /// <summary>No report will be waited for any more: of what is open nobody knows what became of it.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            if (_complete.Task.IsCompleted)
                return;
            foreach (ReferencedObject o in _open.Values)
                Say(o, "unknown", null);
            _complete.TrySetCanceled();
        }
    }

    private void Settle(DicomDataSet item, DimseStatus? reason)
    {
        if (item.GetUidOrDefault(DicomTags.ReferencedSOPInstanceUID) is not { } uid || !_open.Remove(uid, out ReferencedObject? o))
            return;
        if (reason is null)
            _committed++;
        else
            _failed++;
        Say(o, reason is null ? "committed" : "failed", reason);
    }

    private void Say(ReferencedObject o, string outcome, DimseStatus? reason)
    {
        string? why = reason is { } status
            ? $"{StatusText.Code(status)}, {DimseStatusMeaning.Find(status, CommandField.NEventReportRequest, "Failure Reason (0008,1197): Storage Commitment") ?? "for a reason of its own"}"
            : null;
        if (outcome == "committed")
            _console.Print($"Committed: {o.Path}");
        else
            _console.Log.Error(why is not null ? $"Not committed: {o.Path}: {why}" : outcome == "unknown" ? $"No report of: {o.Path}" : $"Not in the report: {o.Path}");
        _console.Json?.Write("commitment", json =>
        {
            json.WriteString("path", o.Path);
            json.WriteString("outcome", outcome);
            json.WriteString("sopClassUid", o.SopClass.ToString());
            json.WriteString("sopInstanceUid", o.SopInstance.ToString());
            if (reason is { } failure)
                json.WriteString("reason", StatusText.Code(failure));
        });
    }
}
