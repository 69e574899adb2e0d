using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NetDicom;

/// <summary>How data sets become DICOM JSON and data sets come from it (PS3.18 annex F).</summary>
public sealed record DicomJsonOptions
{
    /// <summary>The options where none are given.</summary>
    public static DicomJsonOptions Default { get; } = new();

    /// <summary>
    /// Asked for each value of OB, OD, OF, OL, OV, OW and UN and for encapsulated pixel data: a URI to write as BulkDataURI, or <see langword="null"/> to write the value as InlineBinary.
    /// Default: everything inline; encapsulated pixel data, for which the standard defines no inline form, are then written without a value.
    /// </summary>
    public Func<DicomTagPath, DicomElement, string?>? BulkDataUri { get; init; }

    /// <summary>Asked for the bytes behind a BulkDataURI when reading. Default: such elements are left empty.</summary>
    public Func<string, ReadOnlyMemory<byte>>? ResolveBulkData { get; init; }

    /// <summary>Whether DS and IS are written as strings, which keep the exact text. Default false: as numbers where the text is one.</summary>
    public bool NumbersAsStrings { get; init; }
}

/// <summary>DICOM JSON (PS3.18 annex F).</summary>
public static partial class DicomJson
{
    /// <summary>Writes a data set as a JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, DicomDataSet set, DicomJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(set);
        Write(writer, set, options ?? DicomJsonOptions.Default, default, 0, null);
    }

    /// <summary>The JSON of a data set.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="options">How values are written.</param>
    /// <param name="indented">Whether lines are broken and indented.</param>
    public static byte[] ToUtf8(DicomDataSet set, DicomJsonOptions? options = null, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 }))
            Write(writer, set, options);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, DicomDataSet set, DicomJsonOptions options, DicomTagPath outer, int item, DicomElement? sequence)
    {
        writer.WriteStartObject();
        Span<byte> name = stackalloc byte[8];
        Span<byte> letters = stackalloc byte[2];
        foreach (DicomElement element in set)
        {
            if (element.Tag.IsGroupLength)
                continue;
            element.Tag.Value.TryFormat(name, out _, "X8", CultureInfo.InvariantCulture);
            writer.WriteStartObject(name);
            letters[0] = (byte)(element.VR.Code >> 8);
            letters[1] = (byte)element.VR.Code;
            writer.WriteString("vr"u8, letters);
            if (!element.IsEmpty)
                WriteValue(writer, element, options, sequence is null ? element.Tag : outer.Then(item, element.Tag));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, DicomElement element, DicomJsonOptions options, DicomTagPath path)
    {
        DicomVR vr = element.VR;
        if (element.Fragments is not null || !vr.IsText && !vr.AllowsSeveralValues && element.Items is null)
        {
            if (options.BulkDataUri?.Invoke(path, element) is { } uri)
                writer.WriteString("BulkDataURI"u8, uri);
            else if (element.Fragments is null)
                writer.WriteBase64String("InlineBinary"u8, element.GetBytes().Span);
            return;
        }

        writer.WriteStartArray("Value"u8);
        if (element.Items is { } items)
        {
            for (int i = 0; i < items.Count; i++)
                Write(writer, items[i], options, path, i, element);
        }
        else
        {
            WriteValues(writer, element, options);
        }

        writer.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter writer, DicomElement element, DicomJsonOptions options)
    {
        DicomVR vr = element.VR;
        if (vr == DicomVR.FL || vr == DicomVR.FD)
        {
            for (int i = 0; i < element.ValueCount; i++)
            {
                element.TryGetDouble(i, out double number);
                if (!double.IsFinite(number))
                    writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
                else if (vr == DicomVR.FL)
                    writer.WriteNumberValue((float)number);
                else
                    writer.WriteNumberValue(number);
            }

            return;
        }

        if (vr == DicomVR.AT)
        {
            for (int i = 0; i < element.ValueCount && element.TryGetTag(i, out DicomTag tag); i++)
                writer.WriteStringValue($"{tag.Value:X8}");
            return;
        }

        foreach (string value in element.GetStrings())
        {
            if (value.Length == 0)
                writer.WriteNullValue();
            else if (vr == DicomVR.PN)
                WriteName(writer, value);
            else if (!vr.IsText || (vr == DicomVR.DS || vr == DicomVR.IS) && !options.NumbersAsStrings && IsJsonNumber(value))
                WriteNumber(writer, vr, value);
            else
                writer.WriteStringValue(value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, DicomVR vr, string value)
    {
        // PS3.18 table F.2.3-1: what a double does not hold exactly is written as a string.
        const long exact = 1L << 53;
        if ((vr == DicomVR.SV || vr == DicomVR.UV) && Int128.TryParse(value, CultureInfo.InvariantCulture, out Int128 number) && (number > exact || number < -exact))
            writer.WriteStringValue(value);
        else
            writer.WriteRawValue(value);
    }

    private static void WriteName(Utf8JsonWriter writer, string value)
    {
        writer.WriteStartObject();
        string[] groups = value.Split('=', 3);
        for (int i = 0; i < groups.Length; i++)
        {
            if (groups[i].Length > 0)
                writer.WriteString(i switch { 0 => "Alphabetic"u8, 1 => "Ideographic"u8, _ => "Phonetic"u8 }, groups[i].TrimEnd(' '));
        }

        writer.WriteEndObject();
    }

    // RFC 8259 section 6: no plus, no leading zeros, digits on both sides of the point.
    private static bool IsJsonNumber(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart('-').Length == text.Length ? text : text.AsSpan(1);
        int digits = Digits(rest);
        if (digits == 0 || digits > 1 && rest[0] == '0')
            return false;
        rest = rest[digits..];
        if (rest.StartsWith("."))
        {
            digits = Digits(rest[1..]);
            if (digits == 0)
                return false;
            rest = rest[(1 + digits)..];
        }

        if (!rest.IsEmpty && rest[0] is 'e' or 'E')
        {
            rest = rest[1..];
            if (!rest.IsEmpty && rest[0] is '+' or '-')
                rest = rest[1..];
            digits = Digits(rest);
            if (digits == 0)
                return false;
            rest = rest[digits..];
        }

        return rest.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
}
