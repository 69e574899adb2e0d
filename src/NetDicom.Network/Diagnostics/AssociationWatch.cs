using System.Diagnostics;
using System.Net;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Where everything that happens on one association is said: to the user's observer, if there is one, and to the metrics.</summary>
internal sealed class AssociationWatch(AssociationRole role, AssociationObserver? observer, AssociationLog log)
{
    private ObservedAssociation? _at;
    private int _open;
    private int _established;
    private Activity? _activity;

    /// <summary>Whether anybody is told about single PDUs and states: what is only made for an observer is not made without one.</summary>
    public bool HasObserver => observer is not null;

    public void ConnectionOpened(EndPoint? local, EndPoint? remote)
    {
        _open = 1;
        NetworkMetrics.ConnectionOpened(role);
        if (observer is null)
            return;
        _at = new ObservedAssociation(log.AssociationId, role, local, remote);
        Tell(static (observer, at, _) => observer.ConnectionOpened(at), 0);
    }

    public void ConnectionClosed(AssociationEnd? end)
    {
        if (Interlocked.Exchange(ref _open, 0) == 0)
            return;
        NetworkMetrics.ConnectionClosed(role);
        StopActivity(end is null ? "none" : NetworkMetrics.NameOf(end), end is { Kind: AssociationEndKind.Released });
        Tell(static (observer, at, _) => observer.ConnectionClosed(at), 0);
    }

    public void Received(ReadOnlySpan<byte> bytes)
    {
        NetworkMetrics.Received(role, bytes.Length);
        if (observer is null || _at is null)
            return;
        try
        {
            observer.DataReceived(_at, bytes);
        }
        catch (Exception error)
        {
            log.ObserverFailed(error);
        }
    }

    public void Sent(ReadOnlySpan<byte> bytes)
    {
        NetworkMetrics.Sent(role, bytes.Length);
        if (observer is null || _at is null)
            return;
        try
        {
            observer.DataSent(_at, bytes);
        }
        catch (Exception error)
        {
            log.ObserverFailed(error);
        }
    }

    public void PduReceived(Pdu pdu) => Tell(
        static (observer, at, pdu) =>
        {
            observer.PduReceived(at, pdu.Type, pdu);
            observer.AcseReceived(at, pdu);
        },
        pdu);

    public void PDataReceived() => Tell(static (observer, at, _) => observer.PduReceived(at, PduType.PDataTF, null), 0);

    public void PduSent(Pdu pdu) => Tell(
        static (observer, at, pdu) =>
        {
            observer.PduSent(at, pdu.Type, pdu);
            observer.AcseSent(at, pdu);
        },
        pdu);

    /// <summary>Bytes that are whole P-DATA-TF PDUs leave.</summary>
    public void PDataSent(ReadOnlySpan<byte> pdus)
    {
        if (observer is null)
            return;
        while (pdus.Length >= Pdu.HeaderLength)
        {
            Tell(static (observer, at, _) => observer.PduSent(at, PduType.PDataTF, null), 0);
            long length = Pdu.HeaderLength + (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pdus[2..]);
            if (length >= pdus.Length)
                return;
            pdus = pdus[(int)length..];
        }
    }

    public void StateChanged(UlState before, UlEvent evt, UlAction action, UlState after) =>
        Tell(static (observer, at, change) => observer.StateChanged(at, change.before, change.evt, change.action, change.after), (before, evt, action, after));

    public void DimseReceived(CommandSet command, NegotiatedContext context)
    {
        NetworkMetrics.MessageReceived(role, command.Command);
        Tell(static (observer, at, message) => observer.DimseReceived(at, message.command, message.context), (command, context));
    }

    public void DimseSent(DimseMessage message, byte contextId)
    {
        NetworkMetrics.MessageSent(role, message.Command);
        Tell(static (observer, at, sent) => observer.DimseSent(at, sent.message, sent.contextId), (message, contextId));
    }

    public void Requested(AAssociateRQ request, EndPoint? remote)
    {
        if (NetDicomTelemetry.Activities.HasListeners())
            StartActivity(request, remote);
        Tell(static (observer, at, request) => observer.Requested(at, request), request);
    }

    /// <summary>Begins the span of an operation, under what is current where it is asked for or else under the association's; null if nobody listens. It does not become current.</summary>
    public Activity? StartOperation(OperationSide side, CommandField command, ushort messageId, DicomUid sopClass)
    {
        if (!NetDicomTelemetry.Activities.HasListeners())
            return null;
        Activity? before = Activity.Current;
        // What is current where a peer's request is read is from where the association or the server was started, long ago.
        Activity? parent = side == OperationSide.Invoker ? before ?? _activity : _activity;
        if (parent is null)
            Activity.Current = null;
        Activity? activity = Start(CommandNames.Of(command), side == OperationSide.Invoker ? ActivityKind.Client : ActivityKind.Server, parent?.Context ?? default);
        Activity.Current = before;
        activity?.SetTag("netdicom.message_id", (int)messageId);
        if (!sopClass.IsNone)
            activity?.SetTag("netdicom.sop_class", sopClass.ToString());
        return activity;
    }

    /// <summary>Ends a span without a change of what is current here.</summary>
    public void Stop(Activity activity)
    {
        Activity? current = Activity.Current;
        try
        {
            activity.Stop();
        }
        catch (Exception error)
        {
            log.ObserverFailed(error);
        }

        Activity.Current = current;
    }

    // Listeners are the user's, as observers are: theirs may throw, and the place of a request or an association would be lost with it.
    private Activity? Start(string name, ActivityKind kind, ActivityContext parent = default)
    {
        try
        {
            return NetDicomTelemetry.Activities.StartActivity(name, kind, parent);
        }
        catch (Exception error)
        {
            log.ObserverFailed(error);
            return null;
        }
    }

    public void Accepted(AAssociateAC answer) => Tell(static (observer, at, answer) => observer.Accepted(at, answer), answer);

    public void Rejected(AAssociateRJ rejection)
    {
        NetworkMetrics.Rejected(role, rejection);
        StopActivity("Rejected", isGood: false);
        Tell(static (observer, at, rejection) => observer.Rejected(at, rejection), rejection);
    }

    public void Established(Association association)
    {
        _established = 1;
        NetworkMetrics.Established(role);
        _at?.Association = association;
        Tell(static (observer, at, _) => observer.Established(at), 0);
    }

    /// <summary>The association, or the attempt at one, is over.</summary>
    public void Ended(AssociationEnd end)
    {
        if (Interlocked.Exchange(ref _established, 0) != 0)
            NetworkMetrics.Ended(role, end);
        StopActivity(NetworkMetrics.NameOf(end), end.Kind == AssociationEndKind.Released);
        if (end.Kind == AssociationEndKind.Released)
            Tell(static (observer, at, _) => observer.Released(at), 0);
        else
            Tell(static (observer, at, end) => observer.Aborted(at, end), end);
    }

    private void StartActivity(AAssociateRQ request, EndPoint? remote)
    {
        Activity? before = Activity.Current;
        Activity? activity = Start("association", role == AssociationRole.Requestor ? ActivityKind.Client : ActivityKind.Server);
        Activity.Current = before;
        if (activity is null)
            return;
        activity.SetTag("netdicom.association", log.AssociationId);
        activity.SetTag("netdicom.calling_ae", request.CallingAETitle.ToString());
        activity.SetTag("netdicom.called_ae", request.CalledAETitle.ToString());
        if (remote is IPEndPoint peer)
        {
            activity.SetTag("network.peer.address", peer.Address.ToString());
            activity.SetTag("network.peer.port", peer.Port);
        }

        _activity = activity;
    }

    private void StopActivity(string end, bool isGood)
    {
        if (Interlocked.Exchange(ref _activity, null) is not { } activity)
            return;
        activity.SetTag("netdicom.end", end);
        if (!isGood)
            activity.SetStatus(ActivityStatusCode.Error);
        Stop(activity);
    }

    private void Tell<T>(Action<AssociationObserver, ObservedAssociation, T> tell, T what)
    {
        if (observer is null || _at is null)
            return;
        try
        {
            tell(observer, _at, what);
        }
        catch (Exception error)
        {
            // Who watches must not change what happens.
            log.ObserverFailed(error);
        }
    }
}
