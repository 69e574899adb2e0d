using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Execution Status (2100,0020) of a print job; the numbers are the event types of Print Job (PS3.4 table H.4-23).</summary>
public enum PrintJobStatus
{
    /// <summary>PENDING.</summary>
    Pending = 1,

    /// <summary>PRINTING.</summary>
    Printing = 2,

    /// <summary>DONE.</summary>
    Done = 3,

    /// <summary>FAILURE.</summary>
    Failure = 4,
}

/// <summary>Printer Status (2110,0010); the numbers are the event types of Printer (PS3.4 table H.4-26).</summary>
public enum PrinterStatus
{
    /// <summary>NORMAL.</summary>
    Normal = 1,

    /// <summary>WARNING.</summary>
    Warning = 2,

    /// <summary>FAILURE.</summary>
    Failure = 3,
}

/// <summary>An N-EVENT-REPORT of a printer or print job.</summary>
/// <param name="SopClassUid">Printer or Print Job.</param>
/// <param name="InstanceUid">The printer, or the job.</param>
/// <param name="EventTypeId">The new status as an event type.</param>
/// <param name="Information">Event Information; null for Printer Normal, which has none.</param>
public sealed record PrintEvent(DicomUid SopClassUid, DicomUid InstanceUid, ushort EventTypeId, DicomDataSet? Information);

/// <summary>
/// A printer and its jobs: what outlives the associations that print (PS3.4 sections H.4.5, H.4.6). Safe for several threads.
/// </summary>
/// <param name="accept">Takes a job, to print it later; false when the queue is full (C601H, C602H).</param>
/// <param name="printerName">Printer Name (2110,0030).</param>
/// <param name="maxJobs">Most jobs remembered; the oldest that ended are forgotten first.</param>
/// <param name="timeProvider">The clock; default the system's.</param>
public sealed class PrintQueue(Func<PrintJob, bool> accept, string printerName, int maxJobs = 1000, TimeProvider? timeProvider = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DicomUid, DicomDataSet> _jobs = [];
    private readonly Queue<DicomUid> _order = [];
    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;
    private readonly DicomDataSet _printer = new DicomDataSet()
        .Set(DicomTags.PrinterStatus, "NORMAL").Set(DicomTags.PrinterStatusInfo, "NORMAL").Set(DicomTags.PrinterName, printerName);

    /// <summary>Printer SOP Instance: 1.2.840.10008.5.1.1.17.</summary>
    public static DicomUid PrinterInstance { get; } = new("1.2.840.10008.5.1.1.17");

    /// <summary>Events for the associations that are open; called outside the lock.</summary>
    public event Action<PrintEvent>? Happened;

    /// <summary>N-GET of Printer: 0112H for another than the well-known instance.</summary>
    public RuleResult GetPrinter(DicomUid instanceUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        if (instanceUid != PrinterInstance)
            return RuleResult.Of(DimseStatus.NoSuchSopInstance, "not the printer's instance");
        lock (_gate)
            return AttributeLists.Select(_printer, attributeIdentifierList, tag => PrintTable.Find("Printer N-GET")!.Find(tag) is not null);
    }

    /// <summary>N-GET of Print Job: 0112H for a job that is not known or no longer.</summary>
    public RuleResult GetJob(DicomUid jobUid, IReadOnlyList<DicomTag> attributeIdentifierList)
    {
        lock (_gate)
        {
            return _jobs.TryGetValue(jobUid, out DicomDataSet? job)
                ? AttributeLists.Select(job, attributeIdentifierList, tag => PrintTable.Find("PrintJob N-GET")!.Find(tag) is not null)
                : RuleResult.Of(DimseStatus.NoSuchSopInstance, "no such print job");
        }
    }

    /// <summary>The printer's state changed.</summary>
    public void ReportPrinter(PrinterStatus status, string info)
    {
        DicomDataSet? information = null;
        lock (_gate)
        {
            _printer.Set(DicomTags.PrinterStatus, status.ToString().ToUpperInvariant()).Set(DicomTags.PrinterStatusInfo, info);
            if (status != PrinterStatus.Normal)
                information = new DicomDataSet().Set(DicomTags.PrinterStatusInfo, info).Set(DicomTags.PrinterName, printerName);
        }

        Happened?.Invoke(new PrintEvent(SopClasses.Printer, PrinterInstance, (ushort)status, information));
    }

    /// <summary>A job got on: PENDING, PRINTING, then DONE or FAILURE. False for a job that is not known or has ended.</summary>
    public bool ReportJob(DicomUid jobUid, PrintJobStatus status, string info)
    {
        DicomDataSet information;
        lock (_gate)
        {
            if (!_jobs.TryGetValue(jobUid, out DicomDataSet? job) || job.GetString(DicomTags.ExecutionStatus) is "DONE" or "FAILURE")
                return false;
            job.Set(DicomTags.ExecutionStatus, status.ToString().ToUpperInvariant()).Set(DicomTags.ExecutionStatusInfo, info);
            information = new DicomDataSet().Set(DicomTags.ExecutionStatusInfo, info).Set(DicomTags.PrinterName, printerName);
        }

        Happened?.Invoke(new PrintEvent(SopClasses.PrintJob, jobUid, (ushort)status, information));
        return true;
    }

    /// <summary>Puts a job into the queue.</summary>
    internal bool TryAdd(PrintJob job, string originator)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        DicomDataSet attributes = new DicomDataSet()
            .Set(DicomTags.ExecutionStatus, "PENDING").Set(DicomTags.ExecutionStatusInfo, "QUEUED")
            .Set(DicomTags.PrintPriority, job.FilmSession.GetStringOrDefault(DicomTags.PrintPriority) ?? "MED")
            .Set(DicomTags.CreationDate, DateOnly.FromDateTime(now.UtcDateTime)).Set(DicomTags.CreationTime, TimeOnly.FromDateTime(now.UtcDateTime))
            .Set(DicomTags.PrinterName, printerName).Set(DicomTags.Originator, originator);
        lock (_gate)
        {
            while (_jobs.Count >= maxJobs)
            {
                if (!_order.TryPeek(out DicomUid oldest) || _jobs[oldest].GetString(DicomTags.ExecutionStatus) is not ("DONE" or "FAILURE"))
                    return false;
                _jobs.Remove(_order.Dequeue());
            }

            _jobs.Add(job.JobUid, attributes);
            _order.Enqueue(job.JobUid);
        }

        if (accept(job))
            return true;
        ReportJob(job.JobUid, PrintJobStatus.Failure, "QUEUE FULL");
        return false;
    }
}
