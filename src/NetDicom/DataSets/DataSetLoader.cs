namespace NetDicom;

/// <summary>Makes a <see cref="DicomDataSet"/> from the tokens of a reader. Values are not copied: an element knows where its bytes lie.</summary>
internal sealed class DataSetLoader
{
    // These leave bytes behind that mean something else once they stand elsewhere.
    private const DataSetDeviations Inexact = DataSetDeviations.MissingDelimiter | DataSetDeviations.LengthPastParent | DataSetDeviations.Truncated;

    private readonly ByteSource _source;
    private readonly long _base;
    private readonly DicomReadOptions _options;
    private readonly Stack<Open> _open = [];
    private readonly List<(DicomDataSet Set, DicomElement Element)> _signOpen = [];
    private readonly List<(DicomDataSet Set, DicomElement Element)> _privateSequences = [];
    private DataSetDeviations _all;

    internal DataSetLoader(ByteSource source, long start, DicomReadOptions options)
    {
        _source = source;
        _base = start;
        _options = options;
        Root = new DicomDataSet { AssumedCharacterSet = options.AssumedCharacterSet };
        _open.Push(new Open { Set = Root });
    }

    internal DicomDataSet Root { get; }

    /// <summary>Bytes to leave out before the next block, and whether the value that the reader stands at has to come whole with it.</summary>
    internal bool WantsWholeValue { get; private set; }

    /// <summary>Whether the reader is among fragments, where only headers are read.</summary>
    internal bool IsAmongFragments => _open.Peek().Fragments is not null;

    /// <summary>Takes tokens until the bytes are used up.</summary>
    /// <param name="reader">A reader over the next block.</param>
    /// <param name="blockEnd">Bytes from the start of the data set to the end of the block.</param>
    /// <param name="maxHeld">Longest value that has to lie within a block.</param>
    /// <returns>Whether the block holds anything that elements refer to.</returns>
    internal bool Take(ref DataSetReader reader, long blockEnd, long maxHeld)
    {
        bool used = false;
        if (WantsWholeValue)
        {
            WantsWholeValue = false;
            used = true;
            if (reader.SkipValue() > 0)
                return used;
        }

        while (reader.Read())
        {
            Note(reader.TakeDeviations());
            switch (reader.Token)
            {
                case DataSetToken.Element:
                    used = true;
                    TakeElement(ref reader);
                    if (PassValue(ref reader, blockEnd, maxHeld))
                        return used;
                    break;
                case DataSetToken.SequenceStart:
                    _open.Push(new Open { Sequence = new DicomSequence(), Header = Origin(ref reader), Tag = reader.Tag, Written = reader.WrittenVR });
                    break;
                case DataSetToken.ItemStart:
                    Open enclosing = _open.Peek();
                    var item = new DicomDataSet { Parent = Owner() };
                    _open.Push(new Open { Set = item, Header = Origin(ref reader) });
                    enclosing.Sequence!.AddRead(item);
                    break;
                case DataSetToken.ItemEnd:
                    EndItem(ref reader);
                    break;
                case DataSetToken.SequenceEnd:
                    EndSequence(ref reader);
                    break;
                case DataSetToken.FragmentsStart:
                    used = true;
                    _open.Push(new Open { Fragments = [], Header = Origin(ref reader), Tag = reader.Tag, Written = reader.WrittenVR });
                    break;
                case DataSetToken.FragmentStart:
                    Open fragments = _open.Peek();
                    var region = new ByteRegion(_source, _base + reader.TokenOffset + reader.HeaderLength, Clipped(_base + reader.TokenOffset + reader.HeaderLength, reader.RemainingLength));
                    // The first is the offset table, unless it cannot be one: it is missing in some files (deviation 30).
                    if (fragments.Table is null && fragments.Fragments!.Count == 0 && IsOffsetTable(ref reader))
                        fragments.Table = region;
                    else
                        fragments.Fragments!.Add(region);
                    if (reader.RemainingLength > Clipped(region.Offset, reader.RemainingLength))
                        Note(DataSetDeviations.Truncated);
                    if (reader.SkipValue() > 0)
                        return used;
                    break;
                case DataSetToken.FragmentsEnd:
                    EndFragments(ref reader);
                    break;
            }
        }

        Note(reader.TakeDeviations());
        if (reader.Token == DataSetToken.End)
            Finish();
        return used;
    }

    private void Finish()
    {
        foreach ((DicomDataSet set, DicomElement element) in _signOpen)
        {
            if (set.PixelsAreSigned())
                set.Reinterpret(new DicomElement(element.Tag, DicomVR.SS, element.WrittenVR, element.Origin, null, element.CharacterSet));
        }

        foreach ((DicomDataSet set, DicomElement element) in _privateSequences)
            LoadPrivateSequence(set, element);
        Root.Deviations = _all;
        Root.Loaded();
    }

    // An element of defined length in implicit VR that the private dictionary says is a sequence (PS3.5 section 7.8, deviation 12).
    private void LoadPrivateSequence(DicomDataSet set, DicomElement element)
    {
        ElementOrigin origin = element.Origin;
        if (!set.TryGet(element.Tag, out DicomElement? kept) || !ReferenceEquals(kept, element) || !origin.IsExact || _options.Reader.MaxDepth <= 1 || origin.HeaderLength + origin.ValueLength > _options.MaxBytesInMemory)
            return;
        var bytes = new ByteRegion(_source, origin.Offset, origin.HeaderLength + origin.ValueLength);
        // One level less each time: sequences named within sequences end where nesting has to end.
        DataSetReaderOptions reading = _options.Reader with { SequenceAt = element.Tag, StopBefore = null, DetectTransferSyntax = false, MaxDepth = _options.Reader.MaxDepth - 1 };
        var inner = new DataSetLoader(_source, origin.Offset, _options with { Reader = reading, AssumedCharacterSet = set.CharacterSet });
        ReadOnlyMemory<byte> block = bytes.Get();
        var reader = new DataSetReader(block.Span, true, new DataSetReaderState(TransferSyntax.ImplicitVRLittleEndian, reading));
        inner.Take(ref reader, block.Length, long.MaxValue);
        if (inner.Root.Count != 1 || inner.Root.Elements[0] is not { Items: { } items } found)
            return;
        Note(inner.Root.Deviations);
        inner.Root.Forget();
        set.Reinterpret(found);
        items.Owner = set;
    }

    private void TakeElement(ref DataSetReader reader)
    {
        DicomDataSet set = _open.Peek().Set!;
        ElementOrigin origin = Origin(ref reader);
        DicomVR vr = reader.VR;
        if (vr == DicomVR.UN && reader.WrittenVR.IsNone && _options.PrivateDictionary is { } privates && set.GetPrivateCreator(reader.Tag) is { } creator
            && privates.TryGet(creator, reader.Tag, out DicomVR known, out _))
            vr = known;
        if (vr == DicomVR.SQ)
        {
            // The reader knows no creators and took the items for bytes: they are looked at again when everything is read.
            var bytes = new DicomElement(reader.Tag, DicomVR.UN, reader.WrittenVR, origin, null, null);
            _privateSequences.Add((set, bytes));
            Append(set, bytes);
            return;
        }

        if (reader.Tag == DicomTags.PixelData && _options.SwapPixelData == true && set == Root)
        {
            // Bytes that lie otherwise than the syntax says cannot be copied as they are.
            origin = origin with { IsBigEndian = !origin.IsBigEndian, IsExact = false };
            vr = vr == DicomVR.OB ? DicomVR.OW : vr;
        }

        SpecificCharacterSet? characters = vr.UsesSpecificCharacterSet ? set.CharacterSet : null;
        var element = new DicomElement(reader.Tag, vr, reader.WrittenVR, origin, null, characters);
        if ((reader.WrittenVR.IsNone || reader.WrittenVR == DicomVR.UN) && vr == DicomVR.US && DicomDictionary.TryGet(reader.Tag, out DictionaryEntry entry) && entry.Allows(DicomVR.SS))
            _signOpen.Add((set, element));
        Append(set, element);
    }

    // True if the block ends within the value.
    private bool PassValue(ref DataSetReader reader, long blockEnd, long maxHeld)
    {
        long remaining = reader.RemainingLength;
        bool within = reader.TokenOffset + reader.HeaderLength + remaining <= blockEnd;
        if (!within && remaining <= maxHeld)
        {
            WantsWholeValue = true;
            return true;
        }

        return reader.SkipValue() > 0;
    }

    private void EndItem(ref DataSetReader reader)
    {
        Open item = _open.Pop();
        item.Set!.ItemOrigin = Ended(item, ref reader);
        item.Set.Loaded();
        _open.Peek().Taint |= item.Taint;
    }

    private void EndSequence(ref DataSetReader reader)
    {
        Open sequence = _open.Pop();
        var element = new DicomElement(sequence.Tag, DicomVR.SQ, sequence.Written, Ended(sequence, ref reader), sequence.Sequence!, null);
        Open owner = _open.Peek();
        owner.Taint |= sequence.Taint;
        Append(owner.Set!, element);
    }

    private void EndFragments(ref DataSetReader reader)
    {
        Open open = _open.Pop();
        var element = new DicomElement(open.Tag, open.Written == DicomVR.OW ? DicomVR.OW : DicomVR.OB, open.Written, Ended(open, ref reader), new DicomFragments(open.Table, open.Fragments!), null);
        Open owner = _open.Peek();
        owner.Taint |= open.Taint;
        Append(owner.Set!, element);
    }

    private void Append(DicomDataSet set, DicomElement element) => set.Append(element, _options.Duplicates == DuplicateElements.KeepFirst);

    private ElementOrigin Ended(Open open, ref DataSetReader reader) => open.Header with
    {
        ValueLength = _base + reader.TokenOffset + reader.HeaderLength - open.Header.ValueOffset,
        IsExact = (open.Taint & Inexact) == 0,
    };

    private ElementOrigin Origin(ref DataSetReader reader)
    {
        long offset = _base + reader.TokenOffset;
        long length = Clipped(offset + reader.HeaderLength, reader.RemainingLength);
        bool whole = reader.HasUndefinedLength || length == reader.Length;
        if (reader.Token == DataSetToken.Element && length < reader.RemainingLength)
            Note(DataSetDeviations.Truncated);
        return new ElementOrigin
        {
            Source = _source,
            Offset = offset,
            HeaderLength = (byte)reader.HeaderLength,
            ValueLength = length,
            IsExplicit = reader.Token == DataSetToken.ItemStart ? reader.IsExplicitVR : !reader.WrittenVR.IsNone,
            IsBigEndian = reader.IsBigEndian && !(reader.WrittenVR == DicomVR.UN),
            IsHeaderBigEndian = reader.IsHeaderBigEndian,
            IsUndefined = reader.HasUndefinedLength,
            IsExact = whole,
        };
    }

    private long Clipped(long offset, long length) => Math.Max(0, Math.Min(length, _source.Length - offset));

    private static bool IsOffsetTable(ref DataSetReader reader) => (reader.Length & 3) == 0
        && (reader.Length == 0 || reader.PeekUInt32() is 0 or null);

    // Rules broken within a level make that level, and those around it, inexact.
    private void Note(DataSetDeviations deviations)
    {
        _all |= deviations;
        _open.Peek().Taint |= deviations;
    }

    private DicomDataSet Owner()
    {
        foreach (Open open in _open)
        {
            if (open.Set is { } set)
                return set;
        }

        return Root;
    }

    private sealed class Open
    {
        internal DicomDataSet? Set;
        internal DicomSequence? Sequence;
        internal List<ByteRegion>? Fragments;
        internal ByteRegion? Table;
        internal ElementOrigin Header;
        internal DicomTag Tag;
        internal DicomVR Written;
        internal DataSetDeviations Taint;
    }
}
