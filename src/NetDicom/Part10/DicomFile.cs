namespace NetDicom;

/// <summary>
/// A DICOM file (PS3.10 chapter 7): preamble, file meta information and data set. Opened from a path or a seekable stream it holds the source open, since large values stay there
/// until they are asked for: dispose of it when done.
/// </summary>
public sealed partial class DicomFile : IAsyncDisposable, IDisposable
{
    private readonly ByteSource? _source;
    private readonly long _dataSetOffset;
    private readonly bool _isPartial;

    /// <summary>A new file for <paramref name="dataSet"/>, which names its SOP class and instance.</summary>
    public DicomFile(DicomDataSet dataSet, TransferSyntax syntax)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        DataSet = dataSet;
        Meta = FileMetaInformation.Create(
            dataSet.GetUidOrDefault(DicomTags.SOPClassUID) ?? default, dataSet.GetUidOrDefault(DicomTags.SOPInstanceUID) ?? default, syntax);
        MetaDataSet = [];
    }

    private DicomFile(ByteSource source, long dataSetOffset, FileMetaInformation meta, bool hasMeta, DicomDataSet metaDataSet, DicomDataSet dataSet, DicomReadOptions options)
    {
        _isPartial = options.Reader.StopBefore is not null;
        _source = source;
        _dataSetOffset = dataSetOffset;
        Meta = meta;
        HasMeta = hasMeta;
        MetaDataSet = metaDataSet;
        DataSet = dataSet;
    }

    /// <summary>The file meta information; where the file has none, what the data set tells.</summary>
    public FileMetaInformation Meta { get; }

    /// <summary>Whether the file has file meta information.</summary>
    public bool HasMeta { get; }

    /// <summary>Group 0002 element by element, as it was read; empty for new files and those without it.</summary>
    public DicomDataSet MetaDataSet { get; }

    /// <summary>The data set.</summary>
    public DicomDataSet DataSet { get; }

    /// <summary>The transfer syntax in which the data set is written, as its bytes show.</summary>
    public TransferSyntax TransferSyntax => Meta.DataSetSyntax;

    /// <summary>Opens a file. Large values stay in it.</summary>
    /// <exception cref="DicomDataException">It is no DICOM file, or breaks a rule that cannot be read past.</exception>
    public static async Task<DicomFile> OpenAsync(string path, DicomReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileByteSource source = FileByteSource.Open(path);
        try
        {
            return await OpenAsync(source, options ?? DicomReadOptions.Default, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a file that a stream stands at. Large values stay in a seekable stream, which is then owned unless <paramref name="leaveOpen"/>; an unseekable one is read into memory,
    /// to its end or, where <see cref="DataSetReaderOptions.StopBefore"/> is given, little further than that.
    /// </summary>
    /// <exception cref="DicomDataException">It is no DICOM file, breaks a rule that cannot be read past, or is longer than the options allow in memory.</exception>
    public static async Task<DicomFile> OpenAsync(Stream stream, DicomReadOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= DicomReadOptions.Default;
        ByteSource source = stream.CanSeek
            ? new StreamByteSource(stream, leaveOpen)
            : new MemoryByteSource(await ForwardRead.ReadAsync(stream, options, cancellationToken).ConfigureAwait(false));
        return await OpenAsync(source, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a file that is in memory. Values are slices of <paramref name="bytes"/>, which must not be changed afterwards.</summary>
    /// <exception cref="DicomDataException">It is no DICOM file, or breaks a rule that cannot be read past.</exception>
    public static DicomFile Read(ReadOnlyMemory<byte> bytes, DicomReadOptions? options = null)
    {
        options ??= DicomReadOptions.Default;
        var source = new MemoryByteSource(bytes);
        FileMetaStatus status = FileMetaInformation.TryRead(bytes.Span, out FileMetaInformation? meta, out int offset, isComplete: true);
        if (meta is null)
            throw NotDicom(status);
        TransferSyntax syntax = options.TransferSyntax.IsNone ? meta.DataSetSyntax : options.TransferSyntax;
        DicomDataSet dataSet = syntax.IsDeflated ? DicomDataSet.Read(bytes[offset..], syntax, options) : DataSetLoading.Load(source, offset, syntax, options);
        return new DicomFile(source, offset, With(meta, syntax), status == FileMetaStatus.Found, ReadMeta(source, offset, status), dataSet, options);
    }

    /// <summary>The bytes of the data set, as they are in the file; empty for a new file.</summary>
    public Stream OpenDataSet() => _source is null
        ? new MemoryStream()
        : new RegionStream(new ByteRegion(_source, _dataSetOffset, _source.Length - _dataSetOffset));

    /// <inheritdoc/>
    public void Dispose() => _source?.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<DicomFile> OpenAsync(ByteSource source, DicomReadOptions options, CancellationToken cancellationToken)
    {
        (byte[] head, FileMetaInformation meta, int offset, FileMetaStatus status) = await ReadHeadAsync(source, cancellationToken).ConfigureAwait(false);
        TransferSyntax syntax = options.TransferSyntax.IsNone ? meta.DataSetSyntax : options.TransferSyntax;
        DicomDataSet dataSet;
        if (syntax.IsDeflated)
        {
            using var inflated = new InflatingStream(new RegionStream(new ByteRegion(source, offset, source.Length - offset)), options.MaxBytesInMemory);
            byte[] bytes = await ReadAllAsync(inflated, options.MaxBytesInMemory, cancellationToken).ConfigureAwait(false);
            dataSet = DataSetLoading.Load(new MemoryByteSource(bytes), 0, syntax, options);
        }
        else
        {
            dataSet = await DataSetLoading.LoadAsync(source, offset, syntax, options, cancellationToken).ConfigureAwait(false);
        }

        DicomDataSet metaDataSet = ReadMeta(new MemoryByteSource(head.AsMemory(0, Math.Min(offset, head.Length))), offset, status);
        return new DicomFile(source, offset, With(meta, syntax), status == FileMetaStatus.Found, metaDataSet, dataSet, options);
    }

    private static async Task<(byte[] Head, FileMetaInformation Meta, int Offset, FileMetaStatus Status)> ReadHeadAsync(ByteSource source, CancellationToken cancellationToken)
    {
        for (int size = 4096; ; size *= 4)
        {
            byte[] head = new byte[(int)Math.Min(size, source.Length)];
            await source.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
            FileMetaStatus status = FileMetaInformation.TryRead(head, out FileMetaInformation? meta, out int offset, isComplete: head.Length == source.Length);
            if (meta is not null)
                return (head, meta, offset, status);
            // Without meta the whole head may be needed for the UIDs; beyond the limit they are not waited for.
            if (status != FileMetaStatus.NeedMoreBytes || size > 4 * FileMetaInformation.MaxLength)
                throw NotDicom(status);
        }
    }

    private static DicomDataSet ReadMeta(MemoryByteSource source, int offset, FileMetaStatus status)
    {
        if (status != FileMetaStatus.Found)
        {
            var none = new DicomDataSet();
            none.Loaded();
            return none;
        }

        int start = source.Bytes.Length >= FileMetaInformation.PrefixLength && source.Bytes.Span[128..].StartsWith("DICM"u8) ? FileMetaInformation.PrefixLength
            : source.Bytes.Span.StartsWith("DICM"u8) ? 4
            : source.Bytes.Span is [2, 0, ..] ? 0 : 128;
        return DicomDataSet.Read(source.Bytes[start..offset], TransferSyntax.ExplicitVRLittleEndian);
    }

    private static FileMetaInformation With(FileMetaInformation meta, TransferSyntax syntax) => meta.DataSetSyntax == syntax ? meta : meta.WithDataSetSyntax(syntax);

    private static DicomDataException NotDicom(FileMetaStatus status) => new(status == FileMetaStatus.NotDicom
        ? "this is no DICOM file: neither DICM at byte 128 nor a data set at the start (PS3.10 section 7.1)"
        : "the file ends within its file meta information (PS3.10 section 7.1)", null, 0);

    private static async Task<byte[]> ReadAllAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (memory.Length + read > limit)
                throw new DicomDataException($"the data are longer than the limit of {limit} bytes in memory (DicomReadOptions.MaxBytesInMemory)", null, limit);
            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }
}
