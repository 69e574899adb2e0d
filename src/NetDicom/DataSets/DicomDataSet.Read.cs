namespace NetDicom;

public sealed partial class DicomDataSet
{
    /// <summary>Reads a data set (not a file) that is in memory. Values are slices of <paramref name="bytes"/>, which must not be changed afterwards.</summary>
    /// <exception cref="DicomDataException">The bytes break a rule that cannot be read past, or a limit of the options.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> bytes, TransferSyntax syntax, DicomReadOptions? options = null)
    {
        options ??= DicomReadOptions.Default;
        if (syntax.IsDeflated)
        {
            using var inflated = new MemoryStream();
            using (var stream = new InflatingStream(new RegionStream(new ByteRegion(new MemoryByteSource(bytes), 0, bytes.Length)), options.MaxBytesInMemory))
                stream.CopyTo(inflated);
            bytes = inflated.GetBuffer().AsMemory(0, (int)inflated.Length);
        }

        return DataSetLoading.Load(new MemoryByteSource(bytes), 0, syntax, options);
    }
}
