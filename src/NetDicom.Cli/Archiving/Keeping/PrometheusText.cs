using System.Globalization;
using System.Text;

namespace NetDicom.Cli.Archiving.Keeping;

/// <summary>The text exposition format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The name of a family: dots become underscores, units and <c>_total</c> are added as OpenTelemetry's rules for Prometheus have it.</summary>
    public static string NameOf(string name, string? unit, MetricsCollector.FamilyKind kind)
    {
        var text = new StringBuilder(Plain(name));
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!text.ToString().EndsWith(suffix, StringComparison.Ordinal))
            text.Append(suffix);
        if (kind == MetricsCollector.FamilyKind.Counter)
            text.Append("_total");
        return text.ToString();
    }

    /// <summary>Labels in braces, or nothing.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach ((string key, object? value) in tags)
            text.Append(text.Length == 0 ? "" : ",").Append(Plain(key)).Append("=\"").Append(Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        return text.ToString();
    }

    public static void Gauge(StringBuilder text, string name, string help, long value)
    {
        Head(text, name, help, "gauge");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    public static void Write(StringBuilder text, MetricsCollector.Family family)
    {
        if (family.Series.Count == 0)
            return;
        Head(text, family.Name, family.Description, family.Kind switch { MetricsCollector.FamilyKind.Counter => "counter", MetricsCollector.FamilyKind.Histogram => "histogram", _ => "gauge" });
        foreach ((string labels, MetricsCollector.Series series) in family.Series)
        {
            if (family.Kind != MetricsCollector.FamilyKind.Histogram)
            {
                text.Append(family.Name).Append(Braced(labels)).Append(' ').Append(series.SumText).Append('\n');
                continue;
            }

            long below = 0;
            for (int i = 0; i < series.Buckets.Length; i++)
            {
                below += series.Buckets[i];
                string bound = i < family.Bounds.Length ? family.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{family.Name}_bucket{Braced(labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"")} {below}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{family.Name}_sum{Braced(labels)} {series.SumText}\n{family.Name}_count{Braced(labels)} {series.Count}\n");
        }
    }

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}\n# TYPE {name} {type}\n");

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Plain(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] == '_' ? source[i] : '_';
    });

    private static string Escaped(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
