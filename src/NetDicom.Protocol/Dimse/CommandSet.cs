using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Protocol;

/// <summary>
/// A command set as received: implicit VR little endian elements of group 0000 (PS3.7 section 6.3, always so whatever was negotiated). It keeps the bytes and where
/// each element lies in them, and is filled anew for each message, so that reading a command costs no memory but for the texts that are asked for.
/// </summary>
/// <remarks>
/// Lenient on what does no harm: the group length is not looked at, elements may come in any order (of two with the same tag the first counts), values may have
/// odd lengths and NULs behind them, and elements of other groups may stand behind those of group 0000: they are passed over. One of another group in front, or one that runs past the end, is a
/// <see cref="PduViolationException"/>.
/// What a message must have is asked for by <see cref="FindViolation"/>.
/// </remarks>
public sealed partial class CommandSet
{
    /// <summary>Most elements taken; PS3.7 and its retired parts define some 50.</summary>
    public const int MaxElements = 256;

    /// <summary>Command Data Set Type (0000,0800): the value that says that no data set follows. Any other says that one does.</summary>
    public const ushort NoDataSet = 0x0101;

    private const int ElementHeaderLength = 8;

    private byte[] _bytes = [];
    private int _length;
    private Element[] _elements = new Element[16];
    private int _count;

    // The SOP class hardly ever changes within an association: the text of the last one is used again.
    private DicomUid _lastSopClass;

    internal CommandSet()
    {
    }

    private readonly record struct Element(uint Tag, int Offset, int Length);

    /// <summary>The number of elements.</summary>
    public int Count => _count;

    /// <summary>Bytes of the command set.</summary>
    public int Length => _length;

    /// <summary>The command set as received.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>Reads a whole command set into an instance of its own.</summary>
    /// <exception cref="PduViolationException">The bytes are no command set.</exception>
    public static CommandSet Decode(ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > int.MaxValue)
            throw new PduViolationException(AbortReason.InvalidPduParameterValue, $"a command set of {bytes.Length} bytes");
        var commandSet = new CommandSet();
        commandSet.Clear();
        commandSet.Append(bytes);
        commandSet.Index();
        return commandSet;
    }

    /// <summary>A copy that does not change when the assembler that filled this one takes the next message.</summary>
    public CommandSet Copy()
    {
        var copy = new CommandSet { _lastSopClass = _lastSopClass, _bytes = _bytes.AsSpan(0, _length).ToArray(), _length = _length };
        copy._elements = _elements.AsSpan(0, _count).ToArray();
        copy._count = _count;
        return copy;
    }

    /// <summary>Whether there is an element <paramref name="tag"/>, be it empty.</summary>
    public bool Contains(DicomTag tag) => TryFind(tag, out _);

    /// <summary>The bytes of the value of <paramref name="tag"/>, with any padding; false where the element is missing.</summary>
    public bool TryGetValue(DicomTag tag, out ReadOnlySpan<byte> value)
    {
        bool found = TryFind(tag, out Element element);
        value = found ? Value(element) : default;
        return found;
    }

    /// <summary>The value of <paramref name="tag"/> as a 16-bit number; false where the element is missing or shorter than that. More bytes than two are passed over.</summary>
    public bool TryGetUInt16(DicomTag tag, out ushort value)
    {
        bool found = TryFind(tag, out Element element) && element.Length >= 2;
        value = found ? BinaryPrimitives.ReadUInt16LittleEndian(Value(element)) : (ushort)0;
        return found;
    }

    /// <summary>The value of <paramref name="tag"/> as a UID; none where the element is missing or its value is not a UID.</summary>
    public DicomUid GetUid(DicomTag tag) =>
        TryFind(tag, out Element element) && DicomUid.TryParse(Value(element), out DicomUid uid) ? uid : default;

    /// <summary>The value of <paramref name="tag"/> as an AE title; none where the element is missing or its value is not a title.</summary>
    public AETitle GetAETitle(DicomTag tag) =>
        TryFind(tag, out Element element) && AETitle.TryParse(Value(element), out AETitle title) ? title : default;

    /// <summary>The value of <paramref name="tag"/> as text without trailing NULs and spaces, bytes outside 20H to 7EH as '?'; null where the element is missing.</summary>
    public string? GetText(DicomTag tag)
    {
        if (!TryFind(tag, out Element element))
            return null;
        ReadOnlySpan<byte> value = Value(element).TrimEnd("\0 "u8);
        return string.Create(value.Length, value, static (text, bytes) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = bytes[i] is >= 0x20 and <= 0x7E ? (char)bytes[i] : '?';
        });
    }

    /// <summary>The value of <paramref name="tag"/> as tags (VR AT); empty where the element is missing. Bytes over that are no whole tag are passed over.</summary>
    public IReadOnlyList<DicomTag> GetTags(DicomTag tag)
    {
        if (!TryFind(tag, out Element element) || element.Length < 4)
            return [];
        ReadOnlySpan<byte> value = Value(element);
        var tags = new DicomTag[value.Length / 4];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(value[(4 * i)..]), BinaryPrimitives.ReadUInt16LittleEndian(value[((4 * i) + 2)..]));
        return tags;
    }

    /// <summary>The tag of the element at <paramref name="index"/>, in the order received.</summary>
    public DicomTag TagAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return new DicomTag(_elements[index].Tag);
    }

    /// <summary>The tags in the order received.</summary>
    public IEnumerable<DicomTag> Tags
    {
        get
        {
            for (int i = 0; i < _count; i++)
                yield return new DicomTag(_elements[i].Tag);
        }
    }

    /// <summary>The tags and values, one a line, for a log at its most talkative level. Texts are shown as they are: they may name a patient's studies.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < _count; i++)
            text.Append(new DicomTag(_elements[i].Tag)).Append(' ').Append(Convert.ToHexString(Value(_elements[i]))).Append('\n');
        return text.ToString();
    }

    /// <summary>Begins anew.</summary>
    internal void Clear()
    {
        _length = 0;
        _count = 0;
    }

    /// <summary>Adds a piece of a command set. The buffer grows with what came, never with what was announced.</summary>
    internal void Append(in ReadOnlySequence<byte> piece)
    {
        int length = (int)piece.Length;
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, Math.Max(Math.Max(256, _bytes.Length * 2), _length + length));
        piece.CopyTo(_bytes.AsSpan(_length));
        _length += length;
    }

    /// <summary>Finds the elements in what was added.</summary>
    /// <exception cref="PduViolationException">The bytes are no command set.</exception>
    internal void Index()
    {
        int at = 0;
        while (at < _length)
        {
            ReadOnlySpan<byte> rest = _bytes.AsSpan(at, _length - at);
            if (rest.Length < ElementHeaderLength)
                throw Wrong($"{rest.Length} bytes are left over that are no element", at);
            uint tag = (uint)BinaryPrimitives.ReadUInt16LittleEndian(rest) << 16 | BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            // Behind those of group 0000 others do no harm: Orthanc 1.10 puts the Failed SOP Instance UID List of a C-GET response there, with its group length.
            bool isOther = tag > 0xFFFF;
            if (isOther && _count == 0)
                throw Wrong($"element {new DicomTag(tag)} is not of group 0000", at);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - ElementHeaderLength)
                throw Wrong($"element {new DicomTag(tag)} of {length} bytes runs past the end", at);
            if (isOther)
            {
                at += ElementHeaderLength + (int)length;
                continue;
            }

            if (_count == MaxElements)
                throw Wrong($"more than {MaxElements} elements", at);
            if (_count == _elements.Length)
                Array.Resize(ref _elements, 2 * _count);
            _elements[_count++] = new Element(tag, at + ElementHeaderLength, (int)length);
            at += ElementHeaderLength + (int)length;
        }
    }

    private static PduViolationException Wrong(string what, int offset) =>
        new(AbortReason.InvalidPduParameterValue, $"command set: {what}, at byte {offset} (PS3.7 6.3.1)");

    private ReadOnlySpan<byte> Value(Element element) => _bytes.AsSpan(element.Offset, element.Length);

    private bool TryFind(DicomTag tag, out Element element)
    {
        // A dozen elements: a walk is faster than anything with an index of its own.
        foreach (ref readonly Element candidate in _elements.AsSpan(0, _count))
        {
            if (candidate.Tag == tag.Value)
            {
                element = candidate;
                return true;
            }
        }

        element = default;
        return false;
    }
}
