using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using NetDicom.Archive;
using NetDicom.Network;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>Sums up what the meters of the library and the archive measure, and tells it in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsCollector : IDisposable
{
    // Where an instrument does not say: OpenTelemetry's for seconds.
    private static readonly double[] s_bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Most series of one instrument. Tags have few values; this is for the day when one does not.</summary>
    private const int MaxSeries = 1000;

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is not (NetDicomTelemetry.MeterName or ArchiveTelemetry.MeterName))
                return;
            var family = new Family(instrument);
            lock (_gate)
                _families[family.Name] = family;
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Add((Family)state!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Add((Family)state!, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Add((Family)state!, value, tags));
        _listener.Start();
    }

    /// <summary>Writes all of them.</summary>
    public void Write(StringBuilder text)
    {
        lock (_gate)
        {
            foreach (Family family in _families.Values.Where(family => family.IsObserved))
                family.Series.Clear();
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            foreach (Family family in _families.Values)
                PrometheusText.Write(text, family);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Family family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = PrometheusText.Labels(tags);
        lock (_gate)
        {
            if (!family.Series.TryGetValue(labels, out Series? series))
            {
                if (family.Series.Count >= MaxSeries)
                    return;
                family.Series.Add(labels, series = new Series(family.Bounds.Length + 1));
            }

            series.Sum += value;
            series.Count++;
            if (family.Kind == FamilyKind.Histogram)
            {
                int bucket = Array.FindIndex(family.Bounds, bound => value <= bound);
                series.Buckets[bucket < 0 ? ^1 : bucket]++;
            }
        }
    }

    internal enum FamilyKind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>An instrument and what it measured, by labels.</summary>
    internal sealed class Family
    {
        public Family(Instrument instrument)
        {
            Kind = instrument switch
            {
                Counter<long> or Counter<double> or Counter<int> => FamilyKind.Counter,
                Histogram<long> or Histogram<double> => FamilyKind.Histogram,
                _ => FamilyKind.Gauge,
            };
            IsObserved = instrument.IsObservable;
            Description = instrument.Description ?? "";
            Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, Kind);
            Bounds = Kind != FamilyKind.Histogram ? []
                : instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? [.. bounds]
                : instrument is Histogram<long> { Advice.HistogramBucketBoundaries: { } whole } ? [.. whole.Select(bound => (double)bound)]
                : s_bounds;
        }

        public string Name { get; }

        public string Description { get; }

        public FamilyKind Kind { get; }

        public bool IsObserved { get; }

        public double[] Bounds { get; }

        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);
    }

    internal sealed class Series(int buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = new long[buckets];

        public string SumText => Sum.ToString(CultureInfo.InvariantCulture);
    }
}
