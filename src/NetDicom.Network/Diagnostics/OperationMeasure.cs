using System.Diagnostics;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>One request as metrics and traces see it, from its first byte to its final response. A struct that is stopped once, whoever comes first.</summary>
internal struct OperationMeasure
{
    private readonly OperationSide _side;
    private readonly CommandField _command;
    private readonly long _started;
    private readonly AssociationWatch _watch;
    private int _isRunning;

    private OperationMeasure(AssociationWatch watch, OperationSide side, CommandField command)
    {
        _watch = watch;
        _side = side;
        _command = command;
        _started = NetworkMetrics.OperationStarted(side);
        _isRunning = 1;
    }

    /// <summary>The span of the operation; null if nobody listens.</summary>
    public Activity? Activity { get; private set; }

    public static OperationMeasure Start(AssociationWatch watch, OperationSide side, CommandField command, ushort messageId, DicomUid sopClass) =>
        new(watch, side, command) { Activity = watch.StartOperation(side, command, messageId, sopClass) };

    public void Stop(DimseStatus? status)
    {
        if (Interlocked.Exchange(ref _isRunning, 0) == 0)
            return;
        NetworkMetrics.OperationEnded(_side, _command, _started, status);
        if (Activity is not { } activity)
            return;
        activity.SetTag("netdicom.status", NetworkMetrics.NameOf(status));
        if (status is not { IsFailure: false })
            activity.SetStatus(ActivityStatusCode.Error);
        _watch.Stop(activity);
    }
}
