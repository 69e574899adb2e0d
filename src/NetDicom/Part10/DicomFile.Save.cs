using Microsoft.Win32.SafeHandles;

namespace NetDicom;

public sealed partial class DicomFile
{
    /// <summary>
    /// Writes the file: to a temporary name in the same folder first, which is then renamed, so that a file of that name is whole at any time. The file this one was opened from may be replaced.
    /// </summary>
    /// <exception cref="DicomDataException">A value cannot be written in the wanted transfer syntax or character set.</exception>
    /// <exception cref="IOException">The device is full or fails; the file of that name is as it was.</exception>
    public async Task SaveAsync(string path, DicomWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle handle = InstanceFileWriter.CreateTemporary(Path.GetDirectoryName(Path.GetFullPath(path))!, FileOptions.Asynchronous, out string temporary);
        try
        {
            var stream = new FileStream(handle, FileAccess.Write, 128 * 1024, isAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await SaveAsync(stream, options, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                // A stream passes over a close that fails, and a good file would be replaced by half a one.
                FileClose.Close(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Writes the file to a stream. Where nothing was changed and nothing is asked for, the bytes are those of the source; else unchanged elements are copied and changed ones encoded.
    /// </summary>
    /// <exception cref="DicomDataException">A value cannot be written in the wanted transfer syntax or character set.</exception>
    public async Task SaveAsync(Stream output, DicomWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        options ??= DicomWriteOptions.Default;
        TransferSyntax syntax = options.TransferSyntax.IsNone ? TransferSyntax : options.TransferSyntax;
        bool sameSyntax = syntax == TransferSyntax;
        if (_source is not null && sameSyntax && options.GroupLengths == GroupLengths.Keep && options.SequenceLengths == SequenceLengths.Keep && !options.ClearPreamble && !IsChanged)
        {
            var everything = new EncodedParts();
            everything.Write(new ByteRegion(_source, 0, _source.Length));
            await everything.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_isPartial)
            throw new InvalidOperationException("The data set was not read to its end (DataSetReaderOptions.StopBefore): written now, the rest would be lost");
        if (!sameSyntax && (!IsNative(syntax) || !IsNative(TransferSyntax)) && DataSet.TryGet(DicomTags.PixelData, out _))
            throw new DicomDataException($"pixel data cannot be converted from {TransferSyntax.Name} to {syntax.Name}: only the uncompressed transfer syntaxes can be converted into each other", DicomTags.PixelData);
        EncodedParts parts = Head(syntax, options);
        if (!syntax.IsDeflated)
        {
            DataSetEncoder.Encode(DataSet, syntax, options, parts);
            await parts.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            return;
        }

        await parts.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        await WriteDeflatedAsync(DataSetEncoder.Encode(DataSet, syntax, options), output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The file as one array.</summary>
    /// <exception cref="DicomDataException">A value cannot be written in the wanted transfer syntax or character set.</exception>
    public async Task<byte[]> ToArrayAsync(DicomWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var memory = new MemoryStream();
        await SaveAsync(memory, options, cancellationToken).ConfigureAwait(false);
        return memory.ToArray();
    }

    private static bool IsNative(TransferSyntax syntax) => syntax.IsUncompressed || syntax.HasSwappedPixels;

    // Whether the data set, or what the meta says of it, is no longer what was read.
    private bool IsChanged => DataSet.HasChanges() || MetaDataSet.HasChanges();

    /// <summary>Deflates a data set; an odd number of bytes gets a zero (PS3.5 annex A.5).</summary>
    internal static async ValueTask WriteDeflatedAsync(EncodedParts parts, Stream output, CancellationToken cancellationToken)
    {
        var deflating = new DeflatingStream(output);
        await using (deflating.ConfigureAwait(false))
            await parts.CopyToAsync(deflating, cancellationToken).ConfigureAwait(false);
    }

    private EncodedParts Head(TransferSyntax syntax, DicomWriteOptions options)
    {
        DicomUid sopClass = DataSet.GetUidOrDefault(DicomTags.SOPClassUID) ?? Meta.MediaStorageSopClassUid;
        DicomUid instance = DataSet.GetUidOrDefault(DicomTags.SOPInstanceUID) ?? Meta.MediaStorageSopInstanceUid;
        var parts = new EncodedParts();
        Span<byte> prefix = parts.Take(FileMetaInformation.PrefixLength);
        prefix.Clear();
        if (!options.ClearPreamble && _source is not null && HasMeta && _dataSetOffset >= FileMetaInformation.PrefixLength)
            _source.Read(0, prefix[..128]);
        "DICM"u8.CopyTo(prefix[128..]);
        if (MetaDataSet.Count == 0)
        {
            parts.Write(FileMetaInformation.Create(sopClass, instance, syntax).GetBytes().AsSpan(FileMetaInformation.PrefixLength));
            return parts;
        }

        // PS3.10 section 7.1: what the file says of itself follows the data set; the rest of the group stays as it was.
        DicomDataSet meta = MetaDataSet.Clone();
        if (meta.GetUidOrDefault(DicomTags.MediaStorageSOPClassUID) != sopClass && !sopClass.IsNone)
            meta.Set(DicomTags.MediaStorageSOPClassUID, sopClass);
        if (meta.GetUidOrDefault(DicomTags.MediaStorageSOPInstanceUID) != instance && !instance.IsNone)
            meta.Set(DicomTags.MediaStorageSOPInstanceUID, instance);
        if (meta.GetUidOrDefault(DicomTags.TransferSyntaxUID) != syntax.Uid)
            meta.Set(DicomTags.TransferSyntaxUID, syntax.Uid);
        DataSetEncoder.Encode(meta, TransferSyntax.ExplicitVRLittleEndian, options with { GroupLengths = GroupLengths.Add }, parts);
        return parts;
    }
}
