using System.Buffers;
using System.Text;

namespace NetDicom;

/// <summary>What a dump shows.</summary>
public sealed record DicomDumpOptions
{
    /// <summary>Longest value text, in characters, brackets and ellipsis counted; what is longer ends in the ellipsis. Default 70, as in dcmdump; 16 at least.</summary>
    public int MaxValueLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            field = value;
        }
    } = 70;

    /// <summary>Only these elements, by the tag at any level. Default all.</summary>
    public IReadOnlyCollection<DicomTag>? Tags { get; init; }

    /// <summary>Names of private elements.</summary>
    public PrivateDictionary? PrivateDictionary { get; init; }
}

/// <summary>Writes a data set for people to read: one line an element, in the layout of DCMTK's dcmdump.</summary>
public static class DicomDump
{
    /// <summary>
    /// Writes every element as UTF-8: tag, VR, value, and behind a number sign length, multiplicity and keyword (PS3.6); items are indented. Of large values only what is shown is read.
    /// </summary>
    public static void Write(IBufferWriter<byte> output, DicomDataSet set, DicomDumpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(set);
        options ??= new DicomDumpOptions();
        new DumpWriter(output, options).Write(set, 0, options.Tags is null);
    }

    /// <summary>Writes every element: tag, VR, value, and behind a number sign length, multiplicity and keyword; items are indented.</summary>
    public static void Write(TextWriter output, DicomDataSet set, DicomDumpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        string text = ToText(set, options);
        output.Write(output.NewLine == "\n" ? text : text.Replace("\n", output.NewLine, StringComparison.Ordinal));
    }

    /// <summary>The dump as text; lines end in a line feed.</summary>
    public static string ToText(DicomDataSet set, DicomDumpOptions? options = null)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        Write(buffer, set, options);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
