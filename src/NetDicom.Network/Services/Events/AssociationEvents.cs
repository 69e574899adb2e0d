using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Events for the users that have an association open, and only for them.</summary>
internal static class AssociationEvents
{
    /// <summary>A queue that sends the events of an association one after the other. What a user answers, or that it does not, changes nothing.</summary>
    public static KeyedQueue<Association, EventReport> Queue(int maxWaiting) => new(maxWaiting, SendAsync, (association, error) => association.Log.ReportingFailed(error));

    private static async Task SendAsync(Association association, IAsyncEnumerable<EventReport> reports)
    {
        await foreach (EventReport report in reports.ConfigureAwait(false))
        {
            try
            {
                await association.NEventReportAsync(report.SopClassUid, report.InstanceUid, report.EventTypeId, report.Information).ConfigureAwait(false);
            }
            catch (Exception error) when (error is DicomNetworkException or ObjectDisposedException)
            {
                // Gone: the service knows no repetition.
            }
        }
    }
}
