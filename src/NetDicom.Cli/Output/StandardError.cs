using System.Text;

namespace NetDicom.Cli.Output;

/// <summary>
/// Standard error, opened at the first word. <see cref="Console.Error"/> sets up the terminal's encoding in every run, most of which say nothing there; this is
/// always UTF-8, as the results on standard output are.
/// </summary>
internal sealed class StandardError : TextWriter
{
    private StreamWriter? _writer;

    public override Encoding Encoding => Encoding.UTF8;

    private StreamWriter Writer => _writer ??= new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 4096) { AutoFlush = true };

    public override void Write(char value) => Writer.Write(value);

    public override void Write(string? value) => Writer.Write(value);

    public override void WriteLine(string? value) => Writer.WriteLine(value);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _writer?.Dispose();
        base.Dispose(disposing);
    }
}
