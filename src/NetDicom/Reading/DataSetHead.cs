namespace NetDicom;

/// <summary>What came of a look at the first bytes of a data set.</summary>
public enum DataSetHeadStatus
{
    /// <summary>Every wanted element was found or is known to be absent.</summary>
    Done,

    /// <summary>More bytes of the data set are needed to tell.</summary>
    NeedMoreBytes,

    /// <summary>The bytes are no data set in that transfer syntax, or a deflated one.</summary>
    Unreadable,
}

/// <summary>Finds chosen elements in the first bytes of a data set, reading no further than needed and allocating nothing.</summary>
public static class DataSetHead
{
    private static readonly DataSetReaderOptions _options = new() { MaxDepth = 1024 };

    /// <summary>Finds elements of the outermost data set.</summary>
    /// <param name="head">The first bytes of the data set (not of the file).</param>
    /// <param name="isComplete">Whether <paramref name="head"/> is the whole data set.</param>
    /// <param name="syntax">Its transfer syntax; a deflated one has to be inflated first.</param>
    /// <param name="tags">The wanted elements in ascending order.</param>
    /// <param name="values">Gets where each value lies in <paramref name="head"/>; the empty range at 0 where the element is absent.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> is shorter than <paramref name="tags"/>.</exception>
    public static DataSetHeadStatus TryFind(
        ReadOnlySpan<byte> head, bool isComplete, TransferSyntax syntax, ReadOnlySpan<DicomTag> tags, Span<Range> values)
    {
        if (values.Length < tags.Length)
            throw new ArgumentException("Room for a range for each tag is needed", nameof(values));
        values[..tags.Length].Clear();
        if (syntax.IsDeflated)
            return DataSetHeadStatus.Unreadable;
        var reader = new DataSetReader(head, isComplete, new DataSetReaderState(syntax, _options));
        int next = 0;
        try
        {
            while (next < tags.Length && reader.Read())
            {
                if (reader.Token is not (DataSetToken.Element or DataSetToken.SequenceStart or DataSetToken.FragmentsStart) || reader.Depth > (reader.Token == DataSetToken.Element ? 0 : 1))
                    continue;
                while (next < tags.Length && tags[next] < reader.Tag)
                    next++;
                if (next == tags.Length)
                    break;
                if (reader.Token == DataSetToken.Element && tags[next] == reader.Tag)
                {
                    long start = reader.TokenOffset + reader.HeaderLength;
                    long end = start + reader.RemainingLength;
                    if (end > head.Length && !isComplete)
                        return DataSetHeadStatus.NeedMoreBytes;
                    values[next++] = (int)start..(int)Math.Min(end, head.Length);
                }

                if (reader.SkipValue() > 0 && next < tags.Length)
                    return isComplete ? DataSetHeadStatus.Done : DataSetHeadStatus.NeedMoreBytes;
            }
        }
        catch (DicomDataException)
        {
            return DataSetHeadStatus.Unreadable;
        }

        return next == tags.Length || isComplete || reader.Token == DataSetToken.End ? DataSetHeadStatus.Done : DataSetHeadStatus.NeedMoreBytes;
    }

    /// <summary>The uncompressed transfer syntax in which a data set seems to be written, told from its first element; none if there is not enough to tell.</summary>
    /// <param name="head">The first bytes of the data set: 8 at least.</param>
    public static TransferSyntax Guess(ReadOnlySpan<byte> head) => Guess(head, head.Length > 1 && head[0] == 0 && head[1] != 0);

    /// <summary>As above where a syntax is announced: only a first group that is 0002, 0004 or 0008 in the other byte order speaks against it.</summary>
    internal static TransferSyntax Guess(ReadOnlySpan<byte> head, TransferSyntax announced) => head.Length < 2 ? default
        : Guess(head, announced.IsBigEndian ? !(head[0] is 2 or 4 or 8 && head[1] == 0) : head[0] == 0 && head[1] is 2 or 4 or 8);

    private static TransferSyntax Guess(ReadOnlySpan<byte> head, bool bigEndian)
    {
        if (head.Length < 8)
            return default;
        if (!DicomVR.FromBytes(head[4..]).IsKnown)
            return bigEndian ? default : TransferSyntax.ImplicitVRLittleEndian;
        return bigEndian ? TransferSyntax.ExplicitVRBigEndian : TransferSyntax.ExplicitVRLittleEndian;
    }
}
