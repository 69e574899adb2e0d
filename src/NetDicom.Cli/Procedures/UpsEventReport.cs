using NetDicom.Cli.Commands;
using NetDicom.Cli.Querying;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Cli.Procedures;

/// <summary>The events of procedure steps (PS3.4 table CC.2.4-1) as they are shown.</summary>
internal sealed class UpsEventReport(ToolConsole console, int most)
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Ends when as many came as the user wants; never when that is 0.</summary>
    public Task Enough => _enough.Task;

    /// <summary>Events that came.</summary>
    public int Count => Volatile.Read(ref _count);

    public NResponse Take(NEventReportIndication report)
    {
        if (Name(report.EventTypeId) is not { } name)
            return DimseStatus.NoSuchEventType;
        DicomDataSet information = report.EventInformation ?? [];
        int number = Interlocked.Increment(ref _count);
        console.Json?.Write("event", json =>
        {
            json.WriteString("event", name);
            json.WriteNumber("eventTypeId", report.EventTypeId);
            json.WriteString("sopInstanceUid", report.AffectedSopInstanceUid.ToString());
            json.WritePropertyName("dataSet");
            DicomJson.Write(json, information);
        });
        console.Print($"{name} {report.AffectedSopInstanceUid}");
        console.Print(MatchText.Of(information).TrimEnd('\n'));
        if (number == most)
            _enough.TrySetResult();
        return DimseStatus.Success;
    }

    private static string? Name(ushort eventType) => eventType switch
    {
        1 => "state-report",
        2 => "cancel-requested",
        3 => "progress-report",
        4 => "scp-status-change",
        5 => "assigned",
        _ => null,
    };
}
