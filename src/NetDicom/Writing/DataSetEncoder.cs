using System.Buffers.Binary;

namespace NetDicom;

/// <summary>Encodes a data set in an uncompressed transfer syntax, or in the one it came in (PS3.5 chapter 7, annex A). What has not changed is copied as it was.</summary>
internal sealed class DataSetEncoder
{
    private readonly EncodedParts _parts;
    private readonly DicomWriteOptions _options;
    private readonly bool _explicit;
    private readonly bool _bigEndian;
    private readonly bool _mayBeEncapsulated;
    private readonly bool _swapsPixels;

    private DataSetEncoder(TransferSyntax syntax, DicomWriteOptions options, EncodedParts parts)
    {
        _parts = parts;
        _options = options;
        _explicit = syntax.IsExplicitVR;
        _bigEndian = syntax.IsBigEndian;
        _mayBeEncapsulated = syntax.IsEncapsulated;
        _swapsPixels = syntax.HasSwappedPixels;
    }

    /// <summary>Encodes <paramref name="set"/>, not deflated.</summary>
    /// <exception cref="DicomDataException">A value cannot be written: text outside the character set, encapsulated pixel data in a native syntax.</exception>
    internal static EncodedParts Encode(DicomDataSet set, TransferSyntax syntax, DicomWriteOptions options, EncodedParts? parts = null)
    {
        parts ??= new EncodedParts();
        new DataSetEncoder(syntax, options, parts).WriteSet(set);
        return parts;
    }

    private void WriteSet(DicomDataSet set)
    {
        int group = -1;
        int reserved = -1;
        long start = 0;
        foreach (DicomElement element in set.Elements)
        {
            DicomTag tag = element.Tag;
            if (tag.Group != group)
            {
                EndGroup();
                group = tag.Group;
                // PS3.5 section 7.2.
                bool wanted = _options.GroupLengths == GroupLengths.Add || _options.GroupLengths == GroupLengths.Keep && tag.IsGroupLength;
                if (wanted)
                {
                    Header(new DicomTag(tag.Group, 0), DicomVR.UL, 4);
                    reserved = _parts.Reserve();
                    start = _parts.Length;
                }
            }

            if (!tag.IsGroupLength)
                Write(element, set);
        }

        EndGroup();

        void EndGroup()
        {
            if (reserved >= 0)
                _parts.PutIn(reserved, (uint)(_parts.Length - start), _bigEndian);
            reserved = -1;
        }
    }

    private void Write(DicomElement element, DicomDataSet set)
    {
        if (IsAsRead(element, set))
        {
            ElementOrigin origin = element.Origin;
            _parts.Write(new ByteRegion(origin.Source!, origin.Offset, origin.HeaderLength + origin.ValueLength));
        }
        else if (element.Items is { } items)
        {
            WriteSequence(element, items);
        }
        else if (element.Fragments is { } fragments)
        {
            WriteFragments(element, fragments);
        }
        else
        {
            WriteValue(element, set);
        }
    }

    // Whether the bytes that were read are those to be written.
    private bool IsAsRead(DicomElement element, DicomDataSet set)
    {
        ElementOrigin origin = element.Origin;
        if (!origin.IsExact || IsSwapped(element, set) || origin.Source is null || origin.IsExplicit != _explicit || origin.IsHeaderBigEndian != _bigEndian)
            return false;
        if (element.CharacterSet is { } characters && !characters.Equals(set.CharacterSet))
            return false;
        // The number in a group length inside would be copied with it, right or wrong.
        if (element.Items is not { } items)
            return element.IsRaw || _mayBeEncapsulated;
        if (_options.SequenceLengths != SequenceLengths.Keep || _options.GroupLengths != GroupLengths.Keep)
            return false;
        return IsUnchanged(items);
    }

    private bool IsSwapped(DicomElement element, DicomDataSet set) => _swapsPixels && element.Tag == DicomTags.PixelData && set.Parent is null;

    private static bool IsUnchanged(DicomSequence items)
    {
        if (items.IsChanged)
            return false;
        foreach (DicomDataSet item in items)
        {
            if (item.IsChanged)
                return false;
            foreach (DicomElement element in item.Elements)
            {
                if (element.CharacterSet is { } characters && !characters.Equals(item.CharacterSet) || element.Items is { } nested && !IsUnchanged(nested))
                    return false;
            }
        }

        return true;
    }

    private void WriteSequence(DicomElement element, DicomSequence items)
    {
        bool isNew = element.Origin.Source is null;
        bool undefined = Undefined(isNew, element.Origin.IsUndefined)
            // In implicit VR nothing but the undefined length shows that an element unknown to the dictionary is a sequence.
            || !_explicit && DicomDictionary.ImplicitVR(element.Tag) != DicomVR.SQ;
        Header(element.Tag, DicomVR.SQ, uint.MaxValue, out int reserved);
        long start = _parts.Length;
        foreach (DicomDataSet item in items)
        {
            bool itemUndefined = Undefined(item.ItemOrigin.Source is null, item.ItemOrigin.IsUndefined);
            Item(0xFFFEE000, uint.MaxValue, out int itemReserved);
            long itemStart = _parts.Length;
            WriteSet(item);
            if (itemUndefined)
                Item(0xFFFEE00D, 0, out _);
            else
                _parts.PutIn(itemReserved, Checked(element.Tag, _parts.Length - itemStart), _bigEndian);
        }

        if (undefined)
            Item(0xFFFEE0DD, 0, out _);
        else
            _parts.PutIn(reserved, Checked(element.Tag, _parts.Length - start), _bigEndian);
    }

    private bool Undefined(bool isNew, bool wasUndefined) => _options.SequenceLengths switch
    {
        SequenceLengths.Defined => false,
        SequenceLengths.Undefined => true,
        _ => !isNew && wasUndefined,
    };

    private void WriteFragments(DicomElement element, DicomFragments fragments)
    {
        if (!_mayBeEncapsulated)
            throw new DicomDataException("encapsulated pixel data cannot be written in a transfer syntax with native pixel data (PS3.5 annex A.4): decode them first", element.Tag);
        Header(element.Tag, element.VR, uint.MaxValue);
        if (fragments.OffsetTableRegion is { } table)
        {
            Item(0xFFFEE000, (uint)table.Length, out _);
            _parts.Write(table);
        }

        foreach (ByteRegion fragment in fragments.Regions)
        {
            uint length = Checked(element.Tag, fragment.Length + (fragment.Length & 1));
            Item(0xFFFEE000, length, out _);
            _parts.Write(fragment);
            if ((fragment.Length & 1) != 0)
                _parts.Write([0]);
        }

        Item(0xFFFEE0DD, 0, out _);
    }

    private void WriteValue(DicomElement element, DicomDataSet set)
    {
        DicomVR vr = element.VR;
        bool bigEndian = _bigEndian || IsSwapped(element, set);
        // PS3.5 section 6.2.2 and 7.1.2: unknown VRs keep the letters they had.
        DicomVR written = vr == DicomVR.UN && !element.WrittenVR.IsNone && !element.WrittenVR.IsKnown && element.WrittenVR.IsLongForm && IsLetters(element.WrittenVR) ? element.WrittenVR : vr;
        if (element.IsRaw && element.Origin.Source is not null && !(element.CharacterSet is { } characters && !characters.Equals(set.CharacterSet)))
        {
            ByteRegion region = element.Region;
            Header(element.Tag, ref written, Checked(element.Tag, region.Length + (region.Length & 1)));
            // PS3.5 section 6.2.2: what is written as UN is little endian.
            bool swap = element.Origin.IsBigEndian != (bigEndian && written != DicomVR.UN);
            _parts.Write(region, swap ? vr.SwapUnit : 1);
            if ((region.Length & 1) != 0)
                _parts.Write([vr.Padding]);
            return;
        }

        ReadOnlySpan<byte> bytes;
        if (vr.UsesSpecificCharacterSet || element.NewText is not null)
        {
            string text = element.GetText();
            SpecificCharacterSet target = vr.UsesSpecificCharacterSet ? set.CharacterSet : SpecificCharacterSet.Default;
            if (!target.TryEncode(text, vr == DicomVR.PN, out byte[] encoded))
                // Without the text: it may be a patient's, and exceptions are logged.
                throw new DicomDataException($"{element.Tag} cannot be written in the character set '{target}' (PS3.5 section 6.1): set DicomDataSet.CharacterSet, to ISO_IR 192 for instance", element.Tag);
            bytes = encoded;
        }
        else
        {
            bytes = element.GetBytes().Span;
        }

        Header(element.Tag, ref written, Checked(element.Tag, bytes.Length + (bytes.Length & 1)));
        Span<byte> room = _parts.Take(bytes.Length);
        bytes.CopyTo(room);
        if (bigEndian && written != DicomVR.UN)
            ByteOrder.Swap(room, vr.SwapUnit);
        if ((bytes.Length & 1) != 0)
            _parts.Write([vr.Padding]);
    }

    private static bool IsLetters(DicomVR vr) => char.IsAsciiLetterUpper((char)(vr.Code >> 8)) && char.IsAsciiLetterUpper((char)(vr.Code & 0xFF));

    private static uint Checked(DicomTag tag, long length) => length < uint.MaxValue ? (uint)length
        : throw new DicomDataException($"a value of {length} bytes has no length field that holds it (PS3.5 section 7.1.1)", tag);

    private void Header(DicomTag tag, DicomVR vr, uint length) => Header(tag, ref vr, length);

    private void Header(DicomTag tag, DicomVR vr, uint length, out int reserved)
    {
        Header(tag, ref vr, length);
        reserved = _parts.LastReserved();
    }

    private void Header(DicomTag tag, ref DicomVR vr, uint length)
    {
        if (!_explicit)
        {
            Span<byte> room = _parts.Take(8);
            Put(room, tag);
            Put(room[4..], length);
            return;
        }

        // PS3.5 section 6.2.2 note 3: a value too long for the short form is written as UN.
        if (!vr.IsLongForm && length > 0xFFFF)
            vr = DicomVR.UN;
        if (!vr.IsLongForm)
        {
            Span<byte> room = _parts.Take(8);
            Put(room, tag);
            room[4] = (byte)(vr.Code >> 8);
            room[5] = (byte)vr.Code;
            if (_bigEndian)
                BinaryPrimitives.WriteUInt16BigEndian(room[6..], (ushort)length);
            else
                BinaryPrimitives.WriteUInt16LittleEndian(room[6..], (ushort)length);
        }
        else
        {
            Span<byte> room = _parts.Take(12);
            Put(room, tag);
            room[4] = (byte)(vr.Code >> 8);
            room[5] = (byte)vr.Code;
            room[6] = 0;
            room[7] = 0;
            Put(room[8..], length);
        }
    }

    private void Item(uint tag, uint length, out int reserved)
    {
        Span<byte> room = _parts.Take(8);
        Put(room, new DicomTag(tag));
        Put(room[4..], length);
        reserved = _parts.LastReserved();
    }

    private void Put(Span<byte> room, DicomTag tag)
    {
        if (_bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(room, tag.Value);
            return;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(room, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(room[2..], tag.Element);
    }

    private void Put(Span<byte> room, uint value)
    {
        if (_bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
    }
}
