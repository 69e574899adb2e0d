namespace NetDicom;

/// <summary>Reads an unseekable stream no further than the reader's <see cref="DataSetReaderOptions.StopBefore"/>.</summary>
internal static class ForwardRead
{
    private const int Chunk = 16 * 1024;

    /// <summary>The bytes of the file, to its end or to the header of the element to stop before.</summary>
    /// <exception cref="DicomDataException">They are more than the options allow in memory, or break a rule that cannot be read past.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, DicomReadOptions options, CancellationToken cancellationToken)
    {
        var bytes = new Growing(stream, options.MaxBytesInMemory);
        if (options.Reader.StopBefore is null)
        {
            await bytes.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return bytes.Written;
        }

        FileMetaInformation? meta = null;
        int offset = 0;
        while (await bytes.ReadMoreAsync(cancellationToken).ConfigureAwait(false))
        {
            FileMetaStatus status = FileMetaInformation.TryRead(bytes.Written.Span, out meta, out offset);
            if (status == FileMetaStatus.NeedMoreBytes && bytes.Written.Length <= 16 * FileMetaInformation.MaxLength)
                continue;
            break;
        }

        TransferSyntax syntax = !options.TransferSyntax.IsNone ? options.TransferSyntax : meta?.DataSetSyntax ?? default;
        if (meta is null || syntax.IsDeflated)
        {
            // The end decides what it is, or inflating does where it stops.
            await bytes.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return bytes.Written;
        }

        var state = new DataSetReaderState(syntax, options.Reader);
        while (!Walk(bytes.Written.Span[offset..], ref state) && await bytes.ReadMoreAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        return bytes.Written;
    }

    // Whether the end was reached within the bytes; else the state is where more are needed.
    private static bool Walk(ReadOnlySpan<byte> dataSet, ref DataSetReaderState state)
    {
        if (state.Offset > dataSet.Length)
            return false;
        var reader = new DataSetReader(dataSet[(int)state.Offset..], false, state);
        while (reader.Read())
        {
            if (reader.Token is DataSetToken.Element or DataSetToken.FragmentStart && reader.SkipValue() > 0)
                break;
        }

        state = reader.CurrentState;
        return state.Token == DataSetToken.End;
    }

    private sealed class Growing(Stream stream, long limit)
    {
        private byte[] _bytes = new byte[Chunk];
        private int _used;

        internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _used);

        internal async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
        {
            if (_bytes.Length - _used < Chunk / 2)
                Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, 2L * _bytes.Length));
            // Small steps while only heads are wanted: what is read is taken from whoever reads on.
            int read = await stream.ReadAsync(_bytes.AsMemory(_used, Math.Min(Chunk, _bytes.Length - _used)), cancellationToken).ConfigureAwait(false);
            _used += read;
            if (_used > limit || read == 0 && _used == Array.MaxLength)
                throw new DicomDataException($"the data are longer than the limit of {limit} bytes in memory (DicomReadOptions.MaxBytesInMemory)", null, limit);
            return read > 0;
        }

        internal async ValueTask ReadToEndAsync(CancellationToken cancellationToken)
        {
            while (await ReadMoreAsync(cancellationToken).ConfigureAwait(false))
            {
            }
        }
    }
}
