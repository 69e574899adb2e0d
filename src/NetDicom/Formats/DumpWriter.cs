using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NetDicom;

/// <summary>Writes the lines of a dump as UTF-8. Values that are ASCII go from their bytes to the line; no string is made of them.</summary>
internal sealed class DumpWriter(IBufferWriter<byte> output, DicomDumpOptions options)
{
    // Where dcmdump puts the number sign, counted from the value's first character.
    private const int ValueColumn = 40;

    private byte[] _line = new byte[512];
    private int _used;

    /// <summary>Writes the elements of a data set, those chosen or all.</summary>
    internal void Write(DicomDataSet set, int depth, bool all)
    {
        foreach (DicomElement element in set.Elements)
        {
            bool shown = all || options.Tags!.Contains(element.Tag);
            if (shown)
                WriteElement(element, set, depth);
            if (element.Items is { } items)
                WriteItems(element, items, depth, shown);
            else if (shown && element.Fragments is { } fragments)
                WriteFragments(fragments, depth);
        }
    }

    private static bool IsDefined(in ElementOrigin origin) => origin.Source is not null && !origin.IsUndefined;

    private void WriteItems(DicomElement element, DicomSequence items, int depth, bool shown)
    {
        foreach (DicomDataSet item in items)
        {
            if (!shown)
            {
                Write(item, depth, all: false);
                continue;
            }

            bool defined = IsDefined(item.ItemOrigin);
            Start(new DicomTag(0xFFFEE000), default, "na"u8, depth + 1);
            int start = _used;
            Put(defined ? "(Item with explicit length #="u8 : "(Item with undefined length #="u8);
            Put(item.Count);
            Put(")"u8);
            End(start, defined ? item.ItemOrigin.ValueLength : -1, 1, "Item"u8);
            Write(item, depth + 2, all: true);
            Delimiter(0xFFFEE00D, defined ? "(ItemDelimitationItem for re-encoding)"u8 : "(ItemDelimitationItem)"u8, "ItemDelimitationItem"u8, depth + 1);
        }

        if (shown)
            Delimiter(0xFFFEE0DD, IsDefined(element.Origin) ? "(SequenceDelimitationItem for re-encod.)"u8 : "(SequenceDelimitationItem)"u8, "SequenceDelimitationItem"u8, depth);
    }

    private void WriteFragments(DicomFragments fragments, int depth)
    {
        if (fragments.OffsetTableRegion is { } table)
            WriteFragment(table, depth);
        foreach (ByteRegion region in fragments.Regions)
            WriteFragment(region, depth);
        Delimiter(0xFFFEE0DD, "(SequenceDelimitationItem)"u8, "SequenceDelimitationItem"u8, depth);
    }

    private void WriteFragment(ByteRegion region, int depth)
    {
        Start(new DicomTag(0xFFFEE000), default, "pi"u8, depth + 1);
        int start = _used;
        if (region.Length == 0)
        {
            Put("(no value available)"u8);
        }
        else
        {
            byte[] head = new byte[(int)Math.Min(region.Length, Most(3))];
            region.Source.Read(region.Offset, head);
            PutHex(head, region.Length, 1);
        }

        End(start, region.Length, 1, "Item"u8);
    }

    private void Delimiter(uint tag, ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, int depth)
    {
        Start(new DicomTag(tag), default, "na"u8, depth);
        int start = _used;
        Put(text);
        End(start, 0, 0, name);
    }

    private void WriteElement(DicomElement element, DicomDataSet set, int depth)
    {
        DicomTag tag = element.Tag;
        Start(tag, element.VR, default, depth);
        int start = _used;
        int count = PutValue(element);
        bool undefined = element.Fragments is not null || element.Items is not null && !IsDefined(element.Origin);
        long length = undefined ? -1 : element.Items is not null ? element.Origin.ValueLength : element.Length;
        End(start, length, count, Name(tag, set));
    }

    private int PutValue(DicomElement element)
    {
        if (element.Items is { } items)
        {
            Put(IsDefined(element.Origin) ? "(Sequence with explicit length #="u8 : "(Sequence with undefined length #="u8);
            Put(items.Count);
            Put(")"u8);
            return 1;
        }

        if (element.Fragments is { } fragments)
        {
            Put("(PixelSequence #="u8);
            Put(fragments.Count + (fragments.HasOffsetTable ? 1 : 0));
            Put(")"u8);
            return 1;
        }

        if (element.IsEmpty)
        {
            Put("(no value available)"u8);
            return 0;
        }

        if (element.VR.IsText)
            return PutText(element);
        PutBinary(element);
        return element.ValueCount;
    }

    private int PutText(DicomElement element)
    {
        DicomVR vr = element.VR;
        ReadOnlySpan<byte> bytes = element.IsRaw ? element.GetBytes().Span.TrimEnd(" \0"u8) : default;
        if (!element.IsRaw || !Ascii.IsValid(bytes) || bytes.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0)
        {
            string text = Visible(element.GetText());
            int most = text.Length + 2 > options.MaxValueLength ? options.MaxValueLength - 4 : text.Length;
            Put("["u8);
            _used += Encoding.UTF8.GetBytes(text.AsSpan(0, most), Room(Encoding.UTF8.GetMaxByteCount(most)));
            Put(most < text.Length ? "..."u8 : "]"u8);
            return element.ValueCount;
        }

        if (vr == DicomVR.UI && UidTable.Find(bytes.TrimStart((byte)' ')) is >= 0 and var row && UidTable.KeywordBytes(row) is { IsEmpty: false } keyword)
        {
            Put("="u8);
            Put(keyword);
            return 1;
        }

        bool whole = bytes.Length + 2 <= options.MaxValueLength;
        Put("["u8);
        Put(whole ? bytes : bytes[..(options.MaxValueLength - 4)]);
        Put(whole ? "]"u8 : "..."u8);
        return vr.AllowsSeveralValues ? bytes.Count((byte)'\\') + 1 : 1;
    }

    private void PutBinary(DicomElement element)
    {
        DicomVR vr = element.VR;
        int size = vr.ValueSize;
        ReadOnlySpan<byte> bytes = Head(element, (int)Math.Min(element.Length, Most(2) * Math.Max(size, 1)));
        if (size == 0 || vr == DicomVR.OW || vr == DicomVR.OL || vr == DicomVR.OV || bytes.Length < size)
        {
            PutHex(bytes, element.Length, bytes.Length < size ? 1 : Math.Max(size, 1));
            return;
        }

        int first = _used, room = options.MaxValueLength - 3;
        for (int at = 0; at + size <= bytes.Length; at += size)
        {
            int before = _used;
            if (at > 0)
                Put("\\"u8);
            PutNumber(vr, bytes.Slice(at, size));
            bool last = at + 2 * size > element.Length;
            if (_used - first > (last ? room + 3 : room))
            {
                _used = before;
                Put("..."u8);
                return;
            }
        }
    }

    private void PutNumber(DicomVR vr, ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = Room(48);
        int used = 0;
        if (vr == DicomVR.AT)
        {
            PutTag(new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..])));
            return;
        }

        if (vr == DicomVR.FL || vr == DicomVR.OF)
            BinaryPrimitives.ReadSingleLittleEndian(bytes).TryFormat(room, out used, default, CultureInfo.InvariantCulture);
        else if (vr == DicomVR.FD || vr == DicomVR.OD)
            BinaryPrimitives.ReadDoubleLittleEndian(bytes).TryFormat(room, out used, default, CultureInfo.InvariantCulture);
        else if (vr == DicomVR.UV)
            BinaryPrimitives.ReadUInt64LittleEndian(bytes).TryFormat(room, out used, default, CultureInfo.InvariantCulture);
        else
            Integer(vr, bytes).TryFormat(room, out used, default, CultureInfo.InvariantCulture);
        _used += used;
    }

    private static long Integer(DicomVR vr, ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => vr == DicomVR.SS ? BinaryPrimitives.ReadInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => vr == DicomVR.SL ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    // Units of hexadecimal digits with backslashes between them, the highest byte first.
    private void PutHex(ReadOnlySpan<byte> bytes, long length, int size)
    {
        long units = length / size;
        int width = 2 * size + 1;
        bool whole = units * width - 1 <= options.MaxValueLength;
        long shown = whole ? units : (options.MaxValueLength - 3) / width;
        for (int i = 0; i < shown && (i + 1) * size <= bytes.Length; i++)
        {
            if (i > 0)
                Put("\\"u8);
            Span<byte> room = Room(2 * size);
            for (int k = 0; k < size; k++)
                PutHexByte(room[(2 * k)..], bytes[i * size + size - 1 - k]);
            _used += 2 * size;
        }

        if (!whole)
            Put("..."u8);
    }

    // Enough bytes of the value for what is shown: a large value is not read for its dump.
    private static ReadOnlySpan<byte> Head(DicomElement element, int count)
    {
        if (element.IsHeld)
            return element.GetBytes().Span;
        byte[] head = new byte[count];
        using Stream stream = element.OpenRead();
        stream.ReadExactly(head);
        return head;
    }

    // How many values at most can be shown, each of so many characters at least.
    private long Most(int characters) => options.MaxValueLength / (long)characters + 2;

    private ReadOnlySpan<byte> Name(DicomTag tag, DicomDataSet set)
    {
        if (tag.IsGroupLength && tag.Group is not (0 or 2))
            return "GenericGroupLength"u8;
        if (tag.IsPrivateCreator)
            return "PrivateCreator"u8;
        if (!tag.IsPrivate)
            return DictionaryTable.Find(tag) is >= 0 and var row && DictionaryTable.KeywordBytes(row) is { IsEmpty: false } keyword ? keyword : "Unknown Tag & Data"u8;
        return options.PrivateDictionary is { } privates && set.GetPrivateCreator(tag) is { } creator && privates.TryGet(creator, tag, out _, out string name) && name.Length > 0
            ? Encoding.UTF8.GetBytes(name)
            : "Unknown Tag & Data"u8;
    }

    private static string Visible(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1F') < 0)
            return text;
        var shown = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n"),
                < ' ' => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => shown.Append(c),
            };
        }

        return shown.ToString();
    }

    private void Start(DicomTag tag, DicomVR vr, ReadOnlySpan<byte> letters, int depth)
    {
        _used = 0;
        Fill(2 * depth);
        PutTag(tag);
        if (letters.IsEmpty)
        {
            Span<byte> room = Room(4);
            (room[0], room[1], room[2], room[3]) = ((byte)' ', (byte)(vr.Code >> 8), (byte)vr.Code, (byte)' ');
            _used += 4;
        }
        else
        {
            Put(" "u8);
            Put(letters);
            Put(" "u8);
        }
    }

    private void End(int start, long length, int count, ReadOnlySpan<byte> name)
    {
        if (_used - start < ValueColumn)
            Fill(ValueColumn - (_used - start));
        Put(" # "u8);
        if (length < 0)
            Put("u/l"u8);
        else
            PutAligned(length, 3);
        Put(","u8);
        PutAligned(count, 2);
        Put(" "u8);
        Put(name);
        Put("\n"u8);
        output.Write(_line.AsSpan(0, _used));
    }

    private void PutAligned(long number, int width)
    {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10)
            digits++;
        if (digits < width)
            Fill(width - digits);
        Put(number);
    }

    private void PutTag(DicomTag tag)
    {
        Span<byte> room = Room(11);
        room[0] = (byte)'(';
        PutHexByte(room[1..], (byte)(tag.Group >> 8));
        PutHexByte(room[3..], (byte)tag.Group);
        room[5] = (byte)',';
        PutHexByte(room[6..], (byte)(tag.Element >> 8));
        PutHexByte(room[8..], (byte)tag.Element);
        room[10] = (byte)')';
        _used += 11;
    }

    private static void PutHexByte(Span<byte> room, byte value)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        room[1] = digits[value & 15];
        room[0] = digits[value >> 4];
    }

    private void Put(long number)
    {
        number.TryFormat(Room(20), out int used, default, CultureInfo.InvariantCulture);
        _used += used;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _used += bytes.Length;
    }

    private void Fill(int spaces)
    {
        Room(spaces)[..spaces].Fill((byte)' ');
        _used += spaces;
    }

    private Span<byte> Room(int count)
    {
        if (_line.Length - _used < count)
            Array.Resize(ref _line, Math.Max(2 * _line.Length, _used + count));
        return _line.AsSpan(_used);
    }
}
