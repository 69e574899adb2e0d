using System.Text;
using System.Text.Json;

namespace NetDicom.Fuzz.Mutation;

/// <summary>Changes DICOM JSON (PS3.18 annex F) token by token: other types in the same place, members doubled, moved and left out, deep nesting.</summary>
internal static class JsonMutator
{
    private static readonly string[] s_tokens =
    [
        "null", "true", "0", "-0", "1e400", "-1e-400", "9223372036854775808", "0.1", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"SQ\"", "\"UN\"", "\"PN\"", "\"OB\"", "\"AT\"", "\"FD\"", "\"vr\"", "\"Value\"", "\"InlineBinary\"", "\"BulkDataURI\"",
        "\"Alphabetic\"", "\"NaN\"", "\"Infinity\"", "\"====\"", "\"AAA=\"", "\"00080005\"", "\"PatientName\"", "\"FFFEE000\"", "\"00020010\"", "{", "}", "[", "]", ",", ":", "[]", "{}", "[null]", "[{}]",
    ];

    public static byte[] Mutate(byte[] json, byte[] donor, Random random)
    {
        List<string> tokens = Tokens(json);
        if (tokens.Count == 0)
            return ByteMutator.Mutate(json, random);
        List<string> others = Tokens(donor);
        for (int i = random.Next(1, 5); i > 0 && tokens.Count > 0; i--)
        {
            int at = random.Next(tokens.Count);
            switch (random.Next(7))
            {
                case 0 or 1:
                    tokens[at] = s_tokens[random.Next(s_tokens.Length)];
                    break;
                case 2:
                    tokens.RemoveAt(at);
                    break;
                case 3:
                    tokens.InsertRange(at, tokens.GetRange(at, random.Next(1, Math.Min(24, tokens.Count - at) + 1)));
                    break;
                case 4:
                    int other = random.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 5 when others.Count > 0:
                    int from = random.Next(others.Count);
                    tokens.InsertRange(at, others.GetRange(from, random.Next(1, Math.Min(24, others.Count - from) + 1)));
                    break;
                default:
                    int depth = random.Next(1, 1200);
                    tokens[at] = string.Concat(Enumerable.Repeat("{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", depth)) + string.Concat(Enumerable.Repeat("]}}", depth));
                    break;
            }
        }

        byte[] changed = Encoding.UTF8.GetBytes(string.Concat(tokens));
        return random.Next(4) == 0 ? ByteMutator.Mutate(changed, random) : changed;
    }

    // Punctuation and values with what stands between them, so that the tokens together are the text again.
    private static List<string> Tokens(byte[] json)
    {
        var tokens = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
            int at = 0;
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex, end = (int)reader.BytesConsumed;
                if (start > at)
                    tokens.Add(Encoding.UTF8.GetString(json, at, start - at));
                // A member name's token ends behind its colon.
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    int quote = Array.LastIndexOf(json, (byte)'"', end - 1);
                    tokens.Add(Encoding.UTF8.GetString(json, start, quote + 1 - start));
                    start = quote + 1;
                }

                tokens.Add(Encoding.UTF8.GetString(json, start, end - start));
                at = end;
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return tokens;
    }
}
