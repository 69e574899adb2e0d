using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NetDicom.Tables;

namespace NetDicom.Tests.Support;

/// <summary>What pydicom makes of the real files, as JSON, and its comparison with ours.</summary>
public static class PydicomJson
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<Dictionary<string, JsonElement>> _files = new(Run);

    /// <summary>By file name, the lines of pydicom_json.py.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Files => _files.Value;

    /// <summary>The paths at which two data sets in DICOM JSON differ, with both values.</summary>
    public static IEnumerable<string> Differences(JsonElement theirs, JsonElement ours, bool bigEndian, string path = "")
    {
        foreach (JsonProperty element in theirs.EnumerateObject())
        {
            string at = path + element.Name;
            if (element.Value.TryGetProperty("error", out _))
                continue;
            if (!ours.TryGetProperty(element.Name, out JsonElement other))
            {
                yield return $"{at} absent here";
                continue;
            }

            string theirVR = element.Value.GetProperty("vr").GetString()!, ourVR = other.GetProperty("vr").GetString()!;
            // Justified: private elements whose VR is in a vendor's dictionary that pydicom carries and the standard does not have.
            if (theirVR != ourVR && ourVR == "UN" && (element.Name[3] & 1) != 0)
                continue;
            if (theirVR != ourVR)
            {
                yield return $"{at} VR {theirVR} there, {ourVR} here";
                continue;
            }

            foreach (string difference in Values(element.Value, other, bigEndian, at))
                yield return difference;
        }

        foreach (JsonProperty element in ours.EnumerateObject())
        {
            if (!theirs.TryGetProperty(element.Name, out _))
                yield return $"{path}{element.Name} absent there";
        }
    }

    private static IEnumerable<string> Values(JsonElement theirs, JsonElement ours, bool bigEndian, string at)
    {
        // Justified: PS3.18 has no inline form of encapsulated pixel data; pydicom writes its fragments with their item headers.
        if (ours.GetProperty("vr").GetString() is "OB" or "OW" && theirs.TryGetProperty("InlineBinary", out JsonElement inline) && !ours.TryGetProperty("InlineBinary", out _)
            && Convert.FromBase64String(inline.GetString()!).AsSpan().StartsWith(new byte[] { 0xFE, 0xFF, 0x00, 0xE0 }))
            yield break;
        bool single = ours.GetProperty("vr").GetString() == "FL";
        foreach (string kind in new[] { "InlineBinary", "Value" })
        {
            bool there = theirs.TryGetProperty(kind, out JsonElement one), here = ours.TryGetProperty(kind, out JsonElement two);
            if (there && one.ValueKind == JsonValueKind.Array && one.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Null || value.ValueKind == JsonValueKind.String && value.GetString() == ""))
                there = false;
            if (here && two.ValueKind == JsonValueKind.Array && two.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Null))
                here = false;
            if (!there && !here)
                continue;
            if (there != here)
            {
                yield return $"{at} {kind} only {(there ? "there" : "here")}: {(there ? one : two).GetRawText()[..Math.Min(60, (there ? one : two).GetRawText().Length)]}";
                continue;
            }

            if (kind == "InlineBinary")
            {
                // Justified: InlineBinary is little endian (PS3.18 F.2.7); pydicom leaves OW values of big endian files as they are.
                if (one.GetString() != two.GetString() && !(bigEndian && Swapped(one.GetString()!) == two.GetString()))
                    yield return $"{at} other bytes";
                continue;
            }

            JsonElement[] left = [.. one.EnumerateArray()], right = [.. two.EnumerateArray()];
            if (left.Length != right.Length)
            {
                yield return $"{at} {left.Length} values there, {right.Length} here";
                continue;
            }

            for (int i = 0; i < left.Length; i++)
            {
                if (left[i].ValueKind == JsonValueKind.Object && theirs.GetProperty("vr").GetString() == "SQ")
                {
                    foreach (string difference in Differences(left[i], right[i], bigEndian, $"{at}[{i}]."))
                        yield return difference;
                }
                else if (Text(left[i], single) != Text(right[i], single))
                {
                    yield return $"{at}[{i}] {Text(left[i], single)} there, {Text(right[i], single)} here";
                }
            }
        }
    }

    // Numbers by what they are worth, names group by group, text without what pads it.
    private static string Text(JsonElement value, bool single)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Object:
                return string.Join('=', new[] { "Alphabetic", "Ideographic", "Phonetic" }
                    .Select(group => value.TryGetProperty(group, out JsonElement name) ? name.GetString()!.TrimEnd() : "")).TrimEnd('=');
            case JsonValueKind.Number:
                // Justified: the shortest text of a single here, the double that it is there.
                return single ? value.GetSingle().ToString("R", CultureInfo.InvariantCulture) : value.GetDouble().ToString("R", CultureInfo.InvariantCulture);
            default:
                string text = value.GetString()!.Trim(' ', '\0');
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !text.StartsWith('+') ? number.ToString("R", CultureInfo.InvariantCulture) : text;
        }
    }

    private static string Swapped(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        for (int i = 0; i + 1 < bytes.Length; i += 2)
            (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        return Convert.ToBase64String(bytes);
    }

    private static Dictionary<string, JsonElement> Run()
    {
        if (!File.Exists(Python))
            return [];
        string script = Path.Combine(Repository.Find(AppContext.BaseDirectory), "tests", "NetDicom.Tests", "Support", "pydicom_json.py");
        using var process = Process.Start(new ProcessStartInfo(Python, [script, RealFiles.PathOf("")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            UseShellExecute = false,
        })!;
        process.StandardInput.Write(string.Join('\n', RealFiles.All.Except(RealFiles.Others)));
        process.StandardInput.Close();
        var files = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1000 });
            files.Add(document.RootElement.GetProperty("name").GetString()!, document.RootElement.Clone());
        }

        process.WaitForExit();
        return files;
    }
}
