namespace NetDicom;

public sealed partial class DicomDataSet
{
    /// <summary>The data set (not a file) as bytes.</summary>
    /// <exception cref="DicomDataException">A value cannot be written in the transfer syntax or the character set.</exception>
    public byte[] ToArray(TransferSyntax syntax, DicomWriteOptions? options = null)
    {
        EncodedParts parts = DataSetEncoder.Encode(this, syntax, options ?? DicomWriteOptions.Default);
        if (!syntax.IsDeflated)
            return parts.ToArray();
        using var memory = new MemoryStream();
        using (var deflating = new DeflatingStream(memory))
            deflating.Write(parts.ToArray());
        return memory.ToArray();
    }

    /// <summary>Writes the data set (not a file); large values are copied, not held.</summary>
    /// <exception cref="DicomDataException">A value cannot be written in the transfer syntax or the character set.</exception>
    public async Task WriteAsync(Stream output, TransferSyntax syntax, DicomWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        EncodedParts parts = DataSetEncoder.Encode(this, syntax, options ?? DicomWriteOptions.Default);
        if (syntax.IsDeflated)
            await DicomFile.WriteDeflatedAsync(parts, output, cancellationToken).ConfigureAwait(false);
        else
            await parts.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether anything differs from what was read, here or within items.</summary>
    internal bool HasChanges()
    {
        if (IsChanged)
            return true;
        foreach (DicomElement element in _elements)
        {
            if (element.Items is not { } items)
                continue;
            if (items.IsChanged)
                return true;
            foreach (DicomDataSet item in items)
            {
                if (item.HasChanges())
                    return true;
            }
        }

        return false;
    }
}
