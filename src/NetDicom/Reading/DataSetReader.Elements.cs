using System.Buffers.Binary;

namespace NetDicom;

public ref partial struct DataSetReader
{
    // An element of the data set or of an item (PS3.5 section 7.1).
    private Step ReadElement()
    {
        Span<byte> scratch = stackalloc byte[12];
        long room = Math.Min(Available, _s.Top.End - _s.Position);
        if (room < 8)
            return TooShort(room);
        ReadOnlySpan<byte> header = Peek((int)Math.Min(room, 12), scratch);
        if (_s.Top.IsFresh && _s.Options!.DetectTransferSyntax)
            Detect(header);
        uint tag = ReadTag(header);
        if (tag >> 16 == 0xFFFE)
            return ReadDelimiterAmongElements(tag, ReadUInt32(header[4..]));
        if (_s.Depth == 0)
        {
            if (_s.Options!.StopBefore is { } stop && tag >= stop.Value)
            {
                Finish();
                return Step.End;
            }

            // Group 0000 belongs to commands: after other elements it is a run of zeros (deviation 17 of the field).
            if (tag == 0 && _s.Top.LastTag != 0)
                return Trailing();
        }

        DicomVR written = default, vr;
        uint length;
        int headerLength = 8;
        if (!_s.Top.IsExplicit)
        {
            length = ReadUInt32(header[4..]);
            vr = DicomDictionary.ImplicitVR(new DicomTag(tag));
        }
        else
        {
            written = DicomVR.FromBytes(header[4..]);
            vr = Meant(written, tag, out bool isLong);
            if (isLong && header.Length < 12)
                return TooShort(room);
            if (isLong && _s.Options!.ReservedBytesMayBeLength && (header[6] | header[7]) != 0)
            {
                isLong = false;
                _s.Deviations |= DataSetDeviations.ShortLengthField;
            }

            length = isLong ? ReadUInt32(header[8..]) : ReadUInt16(header[6..]);
            headerLength = isLong ? 12 : 8;
        }

        return Open(tag, vr, written, length, headerLength);
    }

    private Step Open(uint tag, DicomVR vr, DicomVR written, uint length, int headerLength)
    {
        bool asSequence;
        bool withinUN = false;
        if (length == UndefinedLength)
        {
            // Undefined length means fragments for pixel data and other OB and OW, and items for everything else (PS3.5 section 7.5, annex A.4).
            if (tag == PixelData || vr == DicomVR.OB || vr == DicomVR.OW)
                return OpenFragments(tag, vr, written, headerLength);
            withinUN = _s.Top.IsExplicit && vr == DicomVR.UN;
            vr = DicomVR.SQ;
            asSequence = true;
        }
        else
        {
            // PS3.5 section 6.2.2 note 2: UN may be read as the VR that the dictionary gives.
            if (written == DicomVR.UN && _s.Options!.ResolveUN && DicomDictionary.ImplicitVR(new DicomTag(tag)) is var known && known != DicomVR.UN)
            {
                vr = known;
                withinUN = true;
            }

            asSequence = vr == DicomVR.SQ || vr == DicomVR.UN && length >= 8
                && (_s.Options!.ProbeUnknownForItems || _s.Depth == 0 && _s.Options.SequenceAt is { } named && named.Value == tag);
            if (asSequence && length > 0)
            {
                Step? probe = ProbeItem(headerLength, length, withinUN || vr == DicomVR.UN, out bool isItem);
                if (probe is { } step)
                    return step;
                if (!isItem)
                {
                    if (vr == DicomVR.SQ)
                        _s.Deviations |= DataSetDeviations.NotItems;
                    vr = DicomVR.UN;
                    asSequence = false;
                }
                else
                {
                    withinUN |= vr == DicomVR.UN;
                    vr = DicomVR.SQ;
                }
            }
        }

        NoteOrder(tag);
        Take(tag, vr, written, length, headerLength);
        if (asSequence)
        {
            long end = length == UndefinedLength ? long.MaxValue : _s.Position + length;
            OpenLevel(tag, DataSetReaderState.LevelKind.Sequence, Clip(end), length == UndefinedLength, withinUN);
            _s.Token = DataSetToken.SequenceStart;
            return Step.Token;
        }

        if ((length & 1) != 0)
            _s.Deviations |= DataSetDeviations.OddLength;
        _s.Remaining = Clip(_s.Position + length) - _s.Position;
        _s.Token = DataSetToken.Element;
        return Step.Token;
    }

    private Step OpenFragments(uint tag, DicomVR vr, DicomVR written, int headerLength)
    {
        NoteOrder(tag);
        Take(tag, vr, written, UndefinedLength, headerLength);
        OpenLevel(tag, DataSetReaderState.LevelKind.Fragments, Clip(long.MaxValue), true, false);
        _s.Token = DataSetToken.FragmentsStart;
        return Step.Token;
    }

    private void OpenLevel(uint tag, DataSetReaderState.LevelKind kind, long end, bool undefined, bool withinUN)
    {
        if (++_s.Sequences > _s.Options!.MaxDepth)
            throw Broken($"sequences are nested deeper than the limit of {_s.Options.MaxDepth} (DataSetReaderOptions.MaxDepth)", tag);
        Push(new DataSetReaderState.Level
        {
            Kind = kind,
            End = end,
            Tag = tag,
            IsUndefined = undefined,
            IsWithinUN = withinUN,
            // PS3.5 section 6.2.2: what UN holds is implicit VR little endian whatever the transfer syntax.
            IsExplicit = _s.Top.IsExplicit && !withinUN,
            IsBigEndian = _s.Top.IsBigEndian && !withinUN,
        });
    }

    // An item of a sequence, or the end of the sequence (PS3.5 section 7.5).
    private Step ReadItem()
    {
        long room = Math.Min(Available, _s.Top.End - _s.Position);
        if (room < 8)
            return TooShort(room);
        Span<byte> scratch = stackalloc byte[8];
        ReadOnlySpan<byte> header = Peek(8, scratch);
        uint tag = ReadTag(header);
        uint length = ReadUInt32(header[4..]);
        switch (tag)
        {
            case ItemTag:
                if (++_s.Items > _s.Options!.MaxItems)
                    throw Broken($"more items than the limit of {_s.Options.MaxItems} (DataSetReaderOptions.MaxItems)", _s.Top.Tag);
                Take(tag, default, default, length, 8);
                long end = length == UndefinedLength ? long.MaxValue : _s.Position + length;
                bool isExplicit = _s.Top.IsExplicit, isBigEndian = _s.Top.IsBigEndian, withinUN = _s.Top.IsWithinUN;
                end = Clip(end);
                uint sequenceTag = _s.Top.Tag;
                Push(new DataSetReaderState.Level
                {
                    Kind = DataSetReaderState.LevelKind.Item,
                    End = end,
                    Tag = sequenceTag,
                    IsUndefined = length == UndefinedLength,
                    IsWithinUN = withinUN,
                    IsExplicit = isExplicit,
                    IsBigEndian = isBigEndian,
                    IsFresh = true,
                });
                _s.Token = DataSetToken.ItemStart;
                return Step.Token;

            case SequenceDelimiter:
                return EndAtDelimiter(length);

            case ItemDelimiter:
                PassDelimiter();
                return Step.Again;

            default:
                // Something else than an item: the delimiter is missing, and this belongs to what encloses the sequence.
                if (!_s.Top.IsUndefined)
                    throw Broken($"{new DicomTag(tag)} where an item of {new DicomTag(_s.Top.Tag)} should start (PS3.5 section 7.5)", tag);
                _s.Deviations |= DataSetDeviations.MissingDelimiter;
                Close(0);
                return Step.Token;
        }
    }

    // A fragment, or the end of them (PS3.5 annex A.4).
    private Step ReadFragment()
    {
        long room = Math.Min(Available, _s.Top.End - _s.Position);
        if (room < 8)
            return TooShort(room);
        Span<byte> scratch = stackalloc byte[8];
        ReadOnlySpan<byte> header = Peek(8, scratch);
        uint tag = ReadTag(header);
        uint length = ReadUInt32(header[4..]);
        switch (tag)
        {
            case ItemTag when length == UndefinedLength:
                throw Broken($"a fragment of undefined length in {new DicomTag(_s.Top.Tag)} (PS3.5 annex A.4)", tag);
            case ItemTag:
                if (++_s.Items > _s.Options!.MaxItems)
                    throw Broken($"more fragments than the limit of {_s.Options.MaxItems} (DataSetReaderOptions.MaxItems)", _s.Top.Tag);
                Take(tag, default, default, length, 8);
                if ((length & 1) != 0)
                    _s.Deviations |= DataSetDeviations.OddLength;
                _s.Remaining = Clip(_s.Position + length) - _s.Position;
                _s.Token = DataSetToken.FragmentStart;
                return Step.Token;
            case SequenceDelimiter:
                return EndAtDelimiter(length);
            default:
                _s.Deviations |= DataSetDeviations.MissingDelimiter;
                Close(0);
                return Step.Token;
        }
    }

    // FFFE,xxxx where an element should be.
    private Step ReadDelimiterAmongElements(uint tag, uint length)
    {
        bool inItem = _s.Top.Kind == DataSetReaderState.LevelKind.Item;
        switch (tag)
        {
            case ItemDelimiter when inItem && _s.Top.IsUndefined:
                return EndAtDelimiter(length);

            case ItemTag when inItem && _s.Top.IsUndefined:
                // The next item starts although this one has not ended.
                _s.Deviations |= DataSetDeviations.MissingDelimiter;
                Close(0);
                return Step.Token;

            case SequenceDelimiter when inItem && _s.Top.IsUndefined && _s.Outer![_s.Depth - 1].IsUndefined && !_s.AfterDefinedSequence:
                _s.Deviations |= DataSetDeviations.MissingDelimiter;
                Close(0);
                return Step.Token;

            case ItemDelimiter or SequenceDelimiter:
                PassDelimiter();
                return Step.Again;

            case ItemTag:
                throw Broken("an item outside a sequence (PS3.5 section 7.5)", tag);

            default:
                throw Broken("group FFFE holds items and delimiters only (PS3.5 section 7.5)", tag);
        }
    }

    private Step EndAtDelimiter(uint length)
    {
        // The length of a delimiter is 0 (PS3.5 table 7.5-3); another number means nothing, no bytes follow.
        if (length != 0)
            _s.Deviations |= DataSetDeviations.StrayDelimiter;
        Advance(8);
        Close(8);
        return Step.Token;
    }

    private void PassDelimiter()
    {
        _s.Deviations |= DataSetDeviations.StrayDelimiter;
        Advance(8);
        _s.AfterDefinedSequence = false;
    }

    // Fewer bytes than a header has: wait for more, or the end of the level, or the end of the data.
    private Step TooShort(long room)
    {
        bool endsByLength = room == _s.Top.End - _s.Position;
        if (endsByLength)
        {
            _s.Deviations |= DataSetDeviations.LengthPastParent;
            Advance(room);
            return Step.Again;
        }

        if (!_isFinalBlock)
            return Step.MoreBytes;
        if (room > 0)
        {
            _s.Deviations |= _s.Depth == 0 ? DataSetDeviations.TrailingBytes : DataSetDeviations.Truncated;
            Advance(room);
        }

        return Step.EndOfData;
    }

    private Step Trailing()
    {
        _s.Deviations |= DataSetDeviations.TrailingBytes;
        Finish();
        return Step.End;
    }

    // The VR to read an explicit element by, and how its length is written.
    private DicomVR Meant(DicomVR written, uint tag, out bool isLong)
    {
        if (written.IsKnown)
        {
            isLong = written.IsLongForm;
            return written;
        }

        _s.Deviations |= DataSetDeviations.UnknownVR;
        int first = written.Code >> 8, second = written.Code & 0xFF;
        if (char.IsAsciiLetterUpper((char)first) && char.IsAsciiLetterUpper((char)second))
        {
            // PS3.5 section 7.1.2: VRs to come are all of the long form. Their bytes mean what UN means.
            isLong = true;
            return DicomVR.UN;
        }

        var upper = new DicomVR(char.ToUpperInvariant((char)first), char.ToUpperInvariant((char)second));
        DicomVR vr = upper.IsKnown ? upper : DicomDictionary.ImplicitVR(new DicomTag(tag));
        // ?? was written with a short length by the toolkit that made it up; of zeros and blanks the dictionary decides.
        isLong = vr.IsLongForm && written.Code != 0x3F3F;
        return vr;
    }

    // Whether the first bytes of a value are an item tag. A step means: not known yet.
    private Step? ProbeItem(int headerLength, uint length, bool littleEndian, out bool isItem)
    {
        isItem = false;
        if (length < 8)
            return null;
        Span<byte> scratch = stackalloc byte[16];
        if (Available < headerLength + 4)
        {
            if (!_isFinalBlock)
                return Step.MoreBytes;
            // Cut off right behind the header: nothing tells, and nothing is lost.
            isItem = true;
            return null;
        }

        ReadOnlySpan<byte> bytes = Peek(headerLength + 4, scratch);
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes[headerLength..]);
        bool big = _s.Top.IsBigEndian && !littleEndian;
        isItem = big ? first is ItemTag or SequenceDelimiter : first is 0xFEFF00E0 or 0xFEFFDDE0;
        return null;
    }

    // Looks at the first element of a level: what its bytes show counts more than what was announced.
    private void Detect(scoped ReadOnlySpan<byte> header)
    {
        _s.Top.IsFresh = false;
        bool nested = _s.Depth > 0;
        if (!nested)
        {
            // The group of the first element is low; 0800 is 0008 in the other byte order.
            ushort group = BinaryPrimitives.ReadUInt16LittleEndian(header);
            bool swapped = _s.Top.IsBigEndian ? group is 0x0008 or 0x0004 or 0x0002 : group is 0x0800 or 0x0400 or 0x0200;
            if (swapped)
            {
                _s.Top.IsBigEndian = !_s.Top.IsBigEndian;
                _s.Deviations |= DataSetDeviations.OtherTransferSyntax;
            }
        }

        if (ReadTag(header) >> 16 == 0xFFFE)
            return;
        DicomVR vr = DicomVR.FromBytes(header[4..]);
        if (!_s.Top.IsExplicit && vr.IsKnown)
        {
            _s.Top.IsExplicit = true;
            _s.Deviations |= _s.Top.IsWithinUN ? DataSetDeviations.ExplicitInUN : DataSetDeviations.OtherTransferSyntax;
        }
        else if (_s.Top.IsExplicit && !vr.IsKnown && !LooksLikeVR(header[4], header[5]) && ReadUInt32(header[4..]) is < 0x4000 or UndefinedLength)
        {
            _s.Top.IsExplicit = false;
            _s.Deviations |= DataSetDeviations.OtherTransferSyntax;
        }
    }

    // Letters, or what broken writers put in their place; the low half of a length is neither.
    private static bool LooksLikeVR(byte first, byte second) => Looks(first) && Looks(second);

    private static bool Looks(byte letter) => char.IsAsciiLetter((char)letter) || letter is (byte)'?' or (byte)' ';

    private long Clip(long end)
    {
        if (end <= _s.Top.End)
            return end;
        if (end != long.MaxValue)
            _s.Deviations |= DataSetDeviations.LengthPastParent;
        return _s.Top.End;
    }

    private void NoteOrder(uint tag)
    {
        if (tag <= _s.Top.LastTag && _s.Top.LastTag != 0)
            _s.Deviations |= DataSetDeviations.OutOfOrder;
        _s.Top.LastTag = tag;
        _s.Top.IsFresh = false;
        _s.AfterDefinedSequence = false;
    }

    private void Take(uint tag, DicomVR vr, DicomVR written, uint length, int headerLength)
    {
        Tag = new DicomTag(tag);
        VR = vr;
        WrittenVR = written;
        Length = length;
        TokenOffset = _s.Position;
        HeaderLength = headerLength;
        IsHeaderBigEndian = _s.Top.IsBigEndian;
        Advance(headerLength);
    }
}
