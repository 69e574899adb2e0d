namespace NetDicom.Network;

/// <summary>Data sets of messages, read from memory within the limits of an entity.</summary>
internal static class ReceivedDataSet
{
    /// <summary>Reads the data set of a response; null without one.</summary>
    /// <exception cref="DicomDataException">It is longer than the limit, or cannot be read.</exception>
    public static DicomDataSet? Read(in Answer answer, TransferSyntax syntax, int maxLength)
    {
        if (answer.IsDataSetTooLong)
            throw new DicomDataException($"the data set of a response is longer than {maxLength} bytes ({nameof(ServiceOptions)}.{nameof(ServiceOptions.MaxDataSetLength)})");
        return answer.DataSet is { } bytes ? Read(bytes, syntax, maxLength) : null;
    }

    /// <summary>Reads a data set; a deflated one may be so long when it is inflated, and no longer.</summary>
    /// <exception cref="DicomDataException">It cannot be read.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> bytes, TransferSyntax syntax, int maxLength)
    {
        try
        {
            return DicomDataSet.Read(bytes, syntax, DicomReadOptions.Default with { MaxBytesInMemory = maxLength });
        }
        catch (IOException error)
        {
            // A deflate stream that is none.
            throw new DicomDataException($"the data set cannot be read: {error.Message}", innerException: error);
        }
        catch (InvalidDataException error)
        {
            throw new DicomDataException($"the data set cannot be read: {error.Message}", innerException: error);
        }
    }
}
