using System.Globalization;
using System.Text.Json;

namespace NetDicom;

public static partial class DicomJson
{
    /// <summary>Reads data sets: an array of objects, or one object.</summary>
    /// <exception cref="DicomDataException">The text is no DICOM JSON; the message says where.</exception>
    public static IReadOnlyList<DicomDataSet> Read(ReadOnlySpan<byte> utf8, DicomJsonOptions? options = null)
    {
        options ??= DicomJsonOptions.Default;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 1000, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
                return [ReadSet(ref reader, options, 0)];
            Expect(ref reader, JsonTokenType.StartArray, "an array of data sets");
            var sets = new List<DicomDataSet>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                sets.Add(ReadSet(ref reader, options, 0));
            return sets;
        }
        catch (Exception broken) when (IsBrokenText(broken))
        {
            throw NoJson(ref reader, broken);
        }
    }

    /// <summary>Reads the object that <paramref name="reader"/> stands at, to its end.</summary>
    /// <exception cref="DicomDataException">The object is no DICOM JSON; the message says where.</exception>
    public static DicomDataSet Read(ref Utf8JsonReader reader, DicomJsonOptions? options = null)
    {
        try
        {
            if (reader.TokenType == JsonTokenType.None)
                reader.Read();
            return ReadSet(ref reader, options ?? DicomJsonOptions.Default, 0);
        }
        catch (Exception broken) when (IsBrokenText(broken))
        {
            throw NoJson(ref reader, broken);
        }
    }

    // The reader looks at the bytes of a text when it is asked for: invalid UTF-8 and half a surrogate pair are an InvalidOperationException then.
    private static bool IsBrokenText(Exception exception) => exception is JsonException or InvalidOperationException;

    private static DicomDataException NoJson(ref Utf8JsonReader reader, Exception broken) => new($"the text is no JSON: {broken.Message}", null, reader.BytesConsumed, broken);

    private static DicomDataSet ReadSet(ref Utf8JsonReader reader, DicomJsonOptions options, int depth)
    {
        if (depth > DataSetReaderOptions.Default.MaxDepth)
            throw Wrong(ref reader, $"sequences are nested deeper than the limit of {DataSetReaderOptions.Default.MaxDepth}");
        Expect(ref reader, JsonTokenType.StartObject, "a data set");
        var set = new DicomDataSet();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            DicomTag tag = ReadTag(ref reader);
            reader.Read();
            DicomElement element = ReadElement(ref reader, tag, options, depth);
            if (!tag.IsGroupLength)
                set.SetQuietly(element);
        }

        if (depth == 0)
            set.NameCharacterSet();
        return set;
    }

    private static DicomTag ReadTag(ref Utf8JsonReader reader)
    {
        Span<char> digits = stackalloc char[8];
        if (reader.ValueSpan.Length == 8 && !reader.ValueIsEscaped && DicomTag.TryParse(digits[..reader.CopyString(digits)], out DicomTag tag))
            return tag;
        // Keywords as member names are met in the field.
        string name = reader.GetString()!;
        return DicomDictionary.TryGet(name, out DictionaryEntry entry) ? entry.Tag
            : DicomTag.TryParse(name, out tag) ? tag
            : throw Wrong(ref reader, $"'{name}' is no tag (PS3.18 section F.2.2)");
    }

    private static DicomElement ReadElement(ref Utf8JsonReader reader, DicomTag tag, DicomJsonOptions options, int depth)
    {
        Expect(ref reader, JsonTokenType.StartObject, "an element");
        // Members may come in any order, and the values mean something only with the VR: look ahead for it.
        DicomVR vr = FindVR(reader, tag);
        DicomElement? element = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("Value"u8))
            {
                reader.Read();
                element = ReadValues(ref reader, tag, vr, options, depth);
            }
            else if (reader.ValueTextEquals("InlineBinary"u8))
            {
                reader.Read();
                element = ReadInline(ref reader, tag, vr);
            }
            else if (reader.ValueTextEquals("BulkDataURI"u8))
            {
                reader.Read();
                string uri = reader.GetString() ?? "";
                if (options.ResolveBulkData is { } resolve)
                    element = DicomElement.Create(tag, vr, resolve(uri));
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return element ?? DicomElement.CreateEmpty(tag, vr);
    }

    private static DicomElement ReadInline(ref Utf8JsonReader reader, DicomTag tag, DicomVR vr)
    {
        // An array with one string is met in the field.
        bool inArray = reader.TokenType == JsonTokenType.StartArray;
        if (inArray)
            reader.Read();
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out byte[]? bytes))
            throw Wrong(ref reader, $"InlineBinary of {tag} is no base64 text (PS3.18 section F.2.7)");
        while (inArray && reader.TokenType != JsonTokenType.EndArray)
            reader.Read();
        return vr == DicomVR.SQ ? throw Wrong(ref reader, $"{tag} is a sequence and has no InlineBinary") : DicomElement.Create(tag, vr, bytes);
    }

    private static DicomVR FindVR(Utf8JsonReader ahead, DicomTag tag)
    {
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndObject)
        {
            bool isVR = ahead.ValueTextEquals("vr"u8);
            ahead.Read();
            if (isVR && ahead.TokenType == JsonTokenType.String && DicomVR.TryParse(ahead.GetString(), out DicomVR vr))
                return vr;
            ahead.Skip();
        }

        // The vr member is required (PS3.18 section F.2.2); where it is missing the dictionary helps.
        return DicomDictionary.ImplicitVR(tag);
    }

    private static DicomElement ReadValues(ref Utf8JsonReader reader, DicomTag tag, DicomVR vr, DicomJsonOptions options, int depth)
    {
        // null for an empty element is met in the field.
        if (reader.TokenType == JsonTokenType.Null)
            return DicomElement.CreateEmpty(tag, vr);
        Expect(ref reader, JsonTokenType.StartArray, $"the values of {tag}");
        if (vr == DicomVR.SQ)
        {
            var items = new DicomSequence();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                items.Add(reader.TokenType == JsonTokenType.Null ? [] : ReadSet(ref reader, options, depth + 1));
            return DicomElement.Create(tag, items);
        }

        // Most elements have one value: the list is for the others.
        string? first = null;
        List<string>? texts = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            string text = ReadValue(ref reader, tag, vr);
            if (first is null)
                first = text;
            else
                (texts ??= [first]).Add(text);
        }

        try
        {
            return texts is not null ? DicomElement.Create(tag, vr, texts.ToArray())
                : first is not null ? DicomElement.Create(tag, vr, first)
                : DicomElement.CreateEmpty(tag, vr);
        }
        catch (ArgumentException wrong)
        {
            throw new DicomDataException(wrong.Message, tag, reader.TokenStartIndex, wrong);
        }
    }

    private static string ReadValue(ref Utf8JsonReader reader, DicomTag tag, DicomVR vr)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return "";
            case JsonTokenType.String:
                string text = reader.GetString()!;
                // Three spellings of infinity are in use; .NET reads two of them.
                return vr == DicomVR.FL || vr == DicomVR.FD
                    ? text switch { "inf" => "Infinity", "-inf" => "-Infinity", "nan" => "NaN", _ => text }
                    : text;
            case JsonTokenType.Number:
                string number = System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
                // 1.0 for an integer is met in the field.
                return vr.IsText || vr == DicomVR.FL || vr == DicomVR.FD || !number.AsSpan().ContainsAny('.', 'e', 'E') || !decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact)
                    ? number
                    : exact.ToString("0.#############################", CultureInfo.InvariantCulture);
            case JsonTokenType.StartObject when vr == DicomVR.PN:
                return ReadName(ref reader);
            default:
                throw Wrong(ref reader, $"{reader.TokenType} among the values of {tag} (VR {vr})");
        }
    }

    private static string ReadName(ref Utf8JsonReader reader)
    {
        string alphabetic = "", ideographic = "", phonetic = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string group = reader.GetString()!;
            reader.Read();
            string value = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                reader.Skip();
            switch (group)
            {
                case "Alphabetic": alphabetic = value; break;
                case "Ideographic": ideographic = value; break;
                case "Phonetic": phonetic = value; break;
                default: break;
            }
        }

        return $"{alphabetic}={ideographic}={phonetic}".TrimEnd('=');
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
            throw Wrong(ref reader, $"{reader.TokenType} where {what} should start (PS3.18 annex F)");
    }

    private static DicomDataException Wrong(ref Utf8JsonReader reader, string message) => new(message, null, reader.TokenStartIndex);
}
