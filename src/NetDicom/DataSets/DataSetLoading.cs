namespace NetDicom;

/// <summary>Feeds a <see cref="DataSetLoader"/> from memory or from a source that is read block by block.</summary>
internal static class DataSetLoading
{
    private const int BlockSize = 64 * 1024;

    // Among fragments only headers are read; a large block would be read for eight bytes.
    private const int FragmentBlockSize = 4 * 1024;

    /// <summary>Reads a data set that is in memory whole.</summary>
    internal static DicomDataSet Load(MemoryByteSource source, int start, TransferSyntax syntax, DicomReadOptions options)
    {
        options = For(syntax, options);
        ReadOnlyMemory<byte> bytes = source.Bytes[start..];
        var loader = new DataSetLoader(source, start, options);
        var reader = new DataSetReader(bytes.Span, true, new DataSetReaderState(syntax, options.Reader));
        loader.Take(ref reader, bytes.Length, long.MaxValue);
        // A value that the end cuts off stops the loader once more.
        while (reader.Token != DataSetToken.End)
            loader.Take(ref reader, long.MaxValue, long.MaxValue);
        return loader.Root;
    }

    /// <summary>Reads a data set from a source that can be read again; large values are passed over.</summary>
    internal static async ValueTask<DicomDataSet> LoadAsync(ByteSource source, long start, TransferSyntax syntax, DicomReadOptions options, CancellationToken cancellationToken)
    {
        options = For(syntax, options);
        var loader = new DataSetLoader(source, start, options);
        var state = new DataSetReaderState(syntax, options.Reader);
        byte[]? fragmentBlock = null;
        int wanted = BlockSize;
        while (true)
        {
            long offset = start + state.Offset;
            bool amongFragments = loader.IsAmongFragments;
            byte[] block = amongFragments ? fragmentBlock ??= new byte[FragmentBlockSize] : new byte[(int)Math.Clamp(source.Length - offset, 0, wanted)];
            int length = 0;
            while (length < block.Length)
            {
                int read = await source.FetchAsync(offset + length, block.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    break;
                length += read;
            }

            bool isFinal = offset + length >= source.Length || length < block.Length;
            if (!amongFragments)
                source.Keep(offset, block.AsMemory(0, length));
            (state, bool used) = Step(loader, state, block.AsSpan(0, length), isFinal, options);
            if (!amongFragments && !used)
                source.DropLast();
            if (state.Token == DataSetToken.End)
                return loader.Root;
            // A value to be held that is longer than a block, or a header that a block did not hold, asks for a longer one.
            wanted = loader.WantsWholeValue ? (int)Math.Max(BlockSize, Math.Min(int.MaxValue / 2, state.Remaining)) : BlockSize;
        }
    }

    private static DicomReadOptions For(TransferSyntax syntax, DicomReadOptions options) =>
        options.SwapPixelData is null && syntax.HasSwappedPixels ? options with { SwapPixelData = true } : options;

    private static (DataSetReaderState State, bool Used) Step(DataSetLoader loader, DataSetReaderState state, ReadOnlySpan<byte> block, bool isFinal, DicomReadOptions options)
    {
        long from = state.Offset;
        var reader = new DataSetReader(block, isFinal, state);
        bool used = loader.Take(ref reader, from + block.Length, isFinal ? 0 : options.MaxHeldValueLength);
        return (reader.CurrentState, used);
    }
}
