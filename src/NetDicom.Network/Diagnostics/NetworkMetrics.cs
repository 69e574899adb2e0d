using System.Diagnostics;
using System.Diagnostics.Metrics;
using NetDicom.Protocol;

namespace NetDicom.Network;

/// <summary>Every instrument of the library. Names, units and tags are a promise (docs/promises/telemetry.txt); AE titles and UIDs of instances are no tags, since there is no end to them.</summary>
internal static class NetworkMetrics
{
    private const string Role = "netdicom.role";

    // Levels are kept here and read when somebody asks: a listener that comes late sees them right.
    private static readonly long[] s_connections = new long[2];
    private static readonly long[] s_associations = new long[2];
    private static readonly long[] s_operations = new long[2];

    static NetworkMetrics()
    {
        NetDicomTelemetry.Meter.CreateObservableUpDownCounter(
            "netdicom.connections.open", () => Levels(s_connections), "{connection}", "Connections that are open, with or without an association.");
        NetDicomTelemetry.Meter.CreateObservableUpDownCounter(
            "netdicom.associations.open", () => Levels(s_associations), "{association}", "Associations that are established and have not ended.");
        NetDicomTelemetry.Meter.CreateObservableUpDownCounter(
            "netdicom.operations.open",
            () => new[] { Level(s_operations[0], SideOf(OperationSide.Invoker)), Level(s_operations[1], SideOf(OperationSide.Performer)) },
            "{operation}",
            "Requests without a final response: ours (invoker: the used part of the windows) and those of peers that are worked on (performer).");
    }

    private static readonly Counter<long> s_accepted = NetDicomTelemetry.Meter.CreateCounter<long>(
        "netdicom.associations.accepted", "{association}", "Associations established since the start.");

    private static readonly Counter<long> s_rejected = NetDicomTelemetry.Meter.CreateCounter<long>(
        "netdicom.associations.rejected", "{association}", "Associations rejected, by result, source and reason (PS3.8 section 9.3.4).");

    private static readonly Counter<long> s_ended = NetDicomTelemetry.Meter.CreateCounter<long>(
        "netdicom.associations.ended", "{association}", "Established associations that have ended, by the way they did.");

    private static readonly Counter<long> s_bytes = NetDicomTelemetry.Meter.CreateCounter<long>(
        "netdicom.network.bytes", "By", "Bytes received and sent, without TCP and TLS.");

    private static readonly Counter<long> s_messages = NetDicomTelemetry.Meter.CreateCounter<long>(
        "netdicom.dimse.messages", "{message}", "DIMSE messages received and sent, by command.");

    private static readonly Histogram<double> s_durations = NetDicomTelemetry.Meter.CreateHistogram<double>(
        "netdicom.dimse.operation.duration", "s", "From a request to its final response, by command and status.");

    public static void ConnectionOpened(AssociationRole role) => Interlocked.Increment(ref s_connections[(int)role]);

    public static void ConnectionClosed(AssociationRole role) => Interlocked.Decrement(ref s_connections[(int)role]);

    public static void Established(AssociationRole role)
    {
        Interlocked.Increment(ref s_associations[(int)role]);
        Add(s_accepted, 1, new TagList { NameOf(role) });
    }

    public static void Ended(AssociationRole role, AssociationEnd end)
    {
        Interlocked.Decrement(ref s_associations[(int)role]);
        if (s_ended.Enabled)
            Add(s_ended, 1, new TagList { NameOf(role), new("netdicom.end", NameOf(end)) });
    }

    public static void Rejected(AssociationRole role, AAssociateRJ rejection)
    {
        if (s_rejected.Enabled)
            Add(s_rejected, 1, new TagList { NameOf(role), new("netdicom.result", (int)rejection.Result), new("netdicom.source", (int)rejection.Source), new("netdicom.reason", (int)rejection.Reason) });
    }

    public static void Received(AssociationRole role, int bytes)
    {
        if (s_bytes.Enabled)
            Add(s_bytes, bytes, new TagList { NameOf(role), new("netdicom.direction", "received") });
    }

    public static void Sent(AssociationRole role, int bytes)
    {
        if (s_bytes.Enabled)
            Add(s_bytes, bytes, new TagList { NameOf(role), new("netdicom.direction", "sent") });
    }

    public static void MessageReceived(AssociationRole role, CommandField command)
    {
        if (s_messages.Enabled)
            Add(s_messages, 1, new TagList { NameOf(role), new("netdicom.direction", "received"), new("netdicom.command", CommandNames.Of(command)) });
    }

    public static void MessageSent(AssociationRole role, CommandField command)
    {
        if (s_messages.Enabled)
            Add(s_messages, 1, new TagList { NameOf(role), new("netdicom.direction", "sent"), new("netdicom.command", CommandNames.Of(command)) });
    }

    /// <summary>A request was sent (<paramref name="side"/> "invoker") or taken ("performer"); the answer is for <see cref="OperationEnded"/>.</summary>
    public static long OperationStarted(OperationSide side)
    {
        Interlocked.Increment(ref s_operations[(int)side]);
        return s_durations.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <param name="side">Whose operation it is.</param>
    /// <param name="command">The request's command field.</param>
    /// <param name="started">What <see cref="OperationStarted"/> answered.</param>
    /// <param name="status">The final status; null if there came none.</param>
    public static void OperationEnded(OperationSide side, CommandField command, long started, DimseStatus? status)
    {
        Interlocked.Decrement(ref s_operations[(int)side]);
        if (started != 0 && s_durations.Enabled)
        {
            var tags = new TagList { SideOf(side), new("netdicom.command", CommandNames.Of(command)), new("netdicom.status", NameOf(status)) };
            try
            {
                s_durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
            }
            catch (Exception)
            {
                // See Add.
            }
        }
    }

    public static string NameOf(AssociationEnd end) => end.Kind == AssociationEndKind.TimedOut ? $"TimedOut.{end.Timeout}" : end.Kind.ToString();

    public static string NameOf(DimseStatus? status) => status is { } known ? known.Code.ToString("X4", System.Globalization.CultureInfo.InvariantCulture) : "none";

    // The callbacks of listeners are the user's code, and run here. Who watches must not change what happens.
    private static void Add(Counter<long> counter, long value, in TagList tags)
    {
        try
        {
            counter.Add(value, tags);
        }
        catch (Exception)
        {
            // There is no log here that would be asked for: the listener knows best what it lost.
        }
    }

    private static Measurement<long>[] Levels(long[] levels) =>
        [Level(levels[(int)AssociationRole.Requestor], NameOf(AssociationRole.Requestor)), Level(levels[(int)AssociationRole.Acceptor], NameOf(AssociationRole.Acceptor))];

    private static Measurement<long> Level(in long level, KeyValuePair<string, object?> tag) => new(Volatile.Read(in level), tag);

    private static KeyValuePair<string, object?> SideOf(OperationSide side) => new("netdicom.side", side == OperationSide.Invoker ? "invoker" : "performer");

    private static KeyValuePair<string, object?> NameOf(AssociationRole role) => new(Role, role == AssociationRole.Requestor ? "requestor" : "acceptor");
}

/// <summary>The two ends of a DIMSE operation (PS3.7 section 6.3).</summary>
internal enum OperationSide
{
    /// <summary>Who sent the request.</summary>
    Invoker,

    /// <summary>Who works on it.</summary>
    Performer,
}
