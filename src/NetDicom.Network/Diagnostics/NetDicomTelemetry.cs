using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NetDicom.Network;

/// <summary>The names under which metrics and traces are found; docs/telemetry.md lists every instrument, activity and tag.</summary>
public static class NetDicomTelemetry
{
    /// <summary>Name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "NetDicom.Network";

    /// <summary>Name of the <see cref="ActivitySource"/>.</summary>
    public const string ActivitySourceName = "NetDicom.Network";

    internal static Meter Meter { get; } = new(MeterName);

    internal static ActivitySource Activities { get; } = new(ActivitySourceName);
}
