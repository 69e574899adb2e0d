using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NetDicom.Cli.Invocation;
using NetDicom.Protocol;

namespace NetDicom.Cli.Archiving;

/// <summary>
/// The configuration of pynetdicom's <c>qrscp</c>, as Python's configparser reads it: section DEFAULT with the settings, and a section for each move destination, whose values fall back to those of
/// DEFAULT.
/// </summary>
internal static class QrScpIni
{
    private const string Default = "DEFAULT";

    /// <summary>Makes our JSON of it. What is not the same afterwards stands above it as comments.</summary>
    /// <param name="text">The INI file.</param>
    /// <exception cref="UsageException">It is no such file.</exception>
    public static byte[] Convert(string text)
    {
        (Dictionary<string, string> settings, List<(string Name, Dictionary<string, string> Values)> destinations) = Parse(text);
        var notes = new List<string>();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("title", TitleOf(settings.GetValueOrDefault("ae_title") is { Length: > 0 } title ? title : "QRSCP"));
            json.WriteNumber("port", Number(Default, "port", settings.GetValueOrDefault("port", "11112"), 1, 65535));
            // Without an address it listens on all interfaces, and it lets everybody in.
            json.WriteString("bind", settings.GetValueOrDefault("bind_address") is { Length: > 0 } bind ? bind : "0.0.0.0");
            json.WriteBoolean("open", true);
            notes.Add("\"open\": true: whoever calls may store, query and retrieve, as with pynetdicom; name the peers and take it out to change that");
            WriteLimits(json, settings);
            json.WriteStartArray("peers");
            foreach ((string name, Dictionary<string, string> values) in destinations)
            {
                json.WriteStartObject();
                json.WriteString("title", TitleOf(name));
                json.WriteString("host", values.GetValueOrDefault("address") is { Length: > 0 } host ? host : throw new UsageException($"[{name}] has no address"));
                json.WriteNumber("port", Number(name, "port", values.GetValueOrDefault("port", settings.GetValueOrDefault("port", "")), 1, 65535));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        string instances = settings.GetValueOrDefault("instance_location", "instances");
        notes.Add($"the objects in '{instances}' and their database are laid out otherwise and are left alone; with the archive running, netdicom storescu 127.0.0.1 PORT -r {instances} brings them in");
        foreach (string unknown in settings.Keys.Except(s_known))
            notes.Add($"'{unknown}' has no counterpart here");
        return Encoding.UTF8.GetBytes(string.Concat(notes.Select(note => $"// {note}\n")) + Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n");
    }

    private static readonly string[] s_known =
        ["ae_title", "port", "max_pdu", "acse_timeout", "dimse_timeout", "network_timeout", "bind_address", "instance_location", "database_location", "log_identifier"];

    private static void WriteLimits(Utf8JsonWriter json, Dictionary<string, string> settings)
    {
        json.WriteStartObject("limits");
        if (settings.GetValueOrDefault("max_pdu") is { Length: > 0 } pdu)
            json.WriteNumber("maxPdu", Number(Default, "max_pdu", pdu, 0, uint.MaxValue));
        foreach ((string key, string field) in new[] { ("acse_timeout", "acseTimeout"), ("dimse_timeout", "dimseTimeout"), ("network_timeout", "networkTimeout") })
        {
            if (settings.GetValueOrDefault(key) is { Length: > 0 } seconds)
                json.WriteNumber(field, double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : throw new UsageException($"[{Default}] {key}: '{seconds}' is no number"));
        }

        json.WriteEndObject();
    }

    // Python's configparser: "key: value" or "key = value", keys in small letters, # and ; begin a comment line, an indented line goes on with the value before it (not met in these files: each of
    // their lines is indented, and has a key).
    private static (Dictionary<string, string> Settings, List<(string Name, Dictionary<string, string> Values)> Destinations) Parse(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var destinations = new List<(string Name, Dictionary<string, string> Values)>();
        Dictionary<string, string>? section = null;
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] is '#' or ';')
                continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                string name = line[1..^1];
                section = name == Default ? settings : new Dictionary<string, string>(StringComparer.Ordinal);
                if (name == Default)
                    continue;
                if (destinations.Exists(one => one.Name == name))
                    throw new UsageException($"line {number}: [{name}] is there twice");
                destinations.Add((name, section));
                continue;
            }

            int at = line.AsSpan().IndexOfAny(':', '=');
            if (at <= 0 || section is null)
                throw new UsageException($"line {number}: a section or 'key: value' is wanted");
            section[line[..at].Trim().ToLowerInvariant()] = line[(at + 1)..].Trim();
        }

        return (settings, destinations);
    }

    private static string TitleOf(string text) => AETitle.TryParse(text, out _) ? text : throw new UsageException($"'{text}' is not an AE title");

    private static long Number(string section, string key, string text, long lowest, long highest) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= lowest && value <= highest
            ? value
            : throw new UsageException($"[{section}] {key}: '{text}' is not a number from {lowest} to {highest}");
}
