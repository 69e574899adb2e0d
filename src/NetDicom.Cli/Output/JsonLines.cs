using System.Text.Encodings.Web;
using System.Text.Json;

namespace NetDicom.Cli.Output;

/// <summary>
/// Results for programs (<c>--json</c>): one JSON object a line on standard output and nothing else there. The fields are a promise:
/// docs/cli-json.md describes them, docs/promises/json-fields.txt lists them.
/// </summary>
internal sealed class JsonLines(Stream output) : IDisposable
{
    /// <summary>A path is written as it is, not with its plus signs as escapes: the lines go to programs and people, not into a web page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly MemoryStream _line = new();

    /// <summary>Writes one object of the kind <paramref name="type"/>; it is flushed, so that a reader at the other end of a pipe sees it now.</summary>
    /// <exception cref="OutputException">Standard output takes nothing more.</exception>
    public void Write(string type, Action<Utf8JsonWriter> fields)
    {
        lock (_gate)
        {
            _line.SetLength(0);
            using (var json = new Utf8JsonWriter(_line, Options))
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                fields(json);
                json.WriteEndObject();
            }

            _line.WriteByte((byte)'\n');
            try
            {
                output.Write(_line.GetBuffer(), 0, (int)_line.Length);
                output.Flush();
            }
            catch (IOException e)
            {
                throw new OutputException(e);
            }
        }
    }

    public void Dispose() => _line.Dispose();
}
