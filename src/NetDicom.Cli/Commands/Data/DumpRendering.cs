using System.Buffers;
using System.Text;
using System.Text.Json;
using NetDicom.Cli.Output;

namespace NetDicom.Cli.Commands.Data;

internal enum DumpForm
{
    Text,
    Json,
    Xml,
}

/// <summary>What came of one file: the bytes to write, and what to say of it.</summary>
internal sealed class DumpedFile : IDisposable
{
    private readonly PooledBuffer? _buffer;

    public DumpedFile(PooledBuffer? buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Bytes => _buffer?.Written ?? default;

    public List<string> Warnings { get; } = [];

    public List<string> Errors { get; } = [];

    public bool IsUnreadable { get; private init; }

    public static DumpedFile Unreadable(string problem) => new(null) { IsUnreadable = true, Errors = { problem } };

    public void Dispose() => _buffer?.Dispose();
}

/// <summary>How files are shown; makes the bytes of each.</summary>
internal sealed class DumpRendering
{
    public required DumpForm Form { get; init; }

    public required IReadOnlySet<DicomTag>? Tags { get; init; }

    public required bool StopBeforePixels { get; init; }

    public required int MaxValueLength { get; init; }

    public required bool Validate { get; init; }

    /// <summary>Whether a line with the path stands before each file's text.</summary>
    public required bool NamesFile { get; init; }

    public async Task<DumpedFile> RunAsync(string path, CancellationToken stop)
    {
        var options = new DicomReadOptions { Reader = new DataSetReaderOptions { StopBefore = StopBeforePixels ? DicomTags.PixelData : null } };
        var buffer = new PooledBuffer();
        try
        {
            await using DicomFile file = await DataFiles.OpenAsync(path, options, stop);
            var dumped = new DumpedFile(buffer);
            Write(buffer, path, file);
            if (file.DataSet.Deviations != DataSetDeviations.None)
                dumped.Warnings.Add($"{path}: {file.DataSet.Deviations}");
            if (Validate)
                dumped.Errors.AddRange(file.DataSet.Validate().Select(finding => $"{path}: {finding}"));
            return dumped;
        }
        catch (Exception e) when (DataFiles.IsExpected(e))
        {
            buffer.Dispose();
            return DumpedFile.Unreadable($"Cannot read input file {path}: {e.Message}");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private void Write(PooledBuffer buffer, string path, DicomFile file)
    {
        if (Form == DumpForm.Text)
        {
            WriteText(buffer, path, file);
            return;
        }

        if (Tags is not null)
            file.DataSet.RemoveAll(element => !Tags.Contains(element.Tag));
        if (Form == DumpForm.Json)
        {
            using var writer = new Utf8JsonWriter(buffer, JsonLines.Options with { MaxDepth = 1000 });
            DicomJson.Write(writer, file.DataSet);
        }
        else
        {
            using var stream = new MemoryStream();
            DicomXml.Write(stream, file.DataSet);
            buffer.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        }

        buffer.Write("\n"u8);
    }

    private void WriteText(PooledBuffer buffer, string path, DicomFile file)
    {
        var options = new DicomDumpOptions { MaxValueLength = MaxValueLength, Tags = Tags };
        if (NamesFile)
            buffer.Write(Encoding.UTF8.GetBytes($"# {path}\n"));
        if (Tags is null)
        {
            if (file.HasMeta)
            {
                buffer.Write("\n# Dicom-File-Format\n\n# Dicom-Meta-Information-Header\n"u8);
                DicomDump.Write(buffer, file.MetaDataSet, options);
            }

            buffer.Write(Encoding.UTF8.GetBytes($"\n# Dicom-Data-Set\n# Used TransferSyntax: {file.TransferSyntax.Name}\n"));
            DicomDump.Write(buffer, file.DataSet, options);
            return;
        }

        // dcmdump searches the meta information too.
        DicomDump.Write(buffer, file.MetaDataSet, options);
        DicomDump.Write(buffer, file.DataSet, options);
    }
}
