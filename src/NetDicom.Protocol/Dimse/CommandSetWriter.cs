using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NetDicom.Protocol;

/// <summary>
/// Writes a command set (PS3.7 section 6.3) straight into the memory of an <see cref="IBufferWriter{T}"/>, elements in ascending order, and patches the
/// Command Group Length at the end. Nothing is allocated.
/// </summary>
/// <example>
/// <code>
/// var writer = new CommandSetWriter(output);
/// writer.WriteUInt16(CommandTags.CommandField, (ushort)CommandField.CEchoRequest);
/// …
/// int length = writer.Complete();
/// </code>
/// </example>
public ref struct CommandSetWriter
{
    // Two UIDs, two titles, an error comment and the numbers: a longer command set has a list of tags in it and grows.
    private const int InitialLength = 512;
    private const int ElementHeaderLength = 8;
    private const int GroupLengthElement = 12;

    private readonly IBufferWriter<byte> _output;
    private readonly int _start;
    private Span<byte> _span;
    private int _length;
    private uint _lastTag;

    /// <summary>Begins a command set with its Command Group Length.</summary>
    /// <param name="output">Gets the bytes when <see cref="Complete"/> is called; until then nothing else may be written to it.</param>
    public CommandSetWriter(IBufferWriter<byte> output) : this(output, 0)
    {
    }

    /// <summary>Leaves <paramref name="headerLength"/> bytes before the command set, for a caller that fills them in.</summary>
    internal CommandSetWriter(IBufferWriter<byte> output, int headerLength)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _start = headerLength;
        _span = output.GetSpan(InitialLength);
        _length = headerLength;
        Span<byte> value = Add(CommandTags.CommandGroupLength, 4);
        value.Clear();
    }

    /// <summary>Writes a number (VR US).</summary>
    public void WriteUInt16(DicomTag tag, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Add(tag, 2), value);

    /// <summary>Writes a number (VR US), or nothing for null.</summary>
    public void WriteUInt16(DicomTag tag, ushort? value)
    {
        if (value is { } number)
            WriteUInt16(tag, number);
    }

    /// <summary>Writes a UID (VR UI), padded by a NUL to even length, or nothing for none.</summary>
    public void WriteUid(DicomTag tag, DicomUid uid)
    {
        if (!uid.IsNone)
            WriteAscii(tag, uid.ToString(), 0);
    }

    /// <summary>Writes an AE title (VR AE), padded by a space to even length, or nothing for none.</summary>
    public void WriteAETitle(DicomTag tag, AETitle title)
    {
        if (!title.IsNone)
            WriteAscii(tag, title.ToString(), (byte)' ');
    }

    /// <summary>Writes text (VR LO), cut to 64 characters and padded by a space to even length, or nothing for null. What is not printable ASCII is written as '?'.</summary>
    public void WriteText(DicomTag tag, string? text)
    {
        const int MaxLength = 64; // PS3.5 6.2: LO
        if (text is null)
            return;
        ReadOnlySpan<char> cut = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        Span<byte> value = Add(tag, cut.Length + (cut.Length & 1));
        value.Fill((byte)' ');
        for (int i = 0; i < cut.Length; i++)
        {
            // A backslash would make two values of it.
            value[i] = cut[i] is >= ' ' and <= '~' and not '\\' ? (byte)cut[i] : (byte)'?';
        }
    }

    /// <summary>Writes tags (VR AT), or nothing for an empty list.</summary>
    public void WriteTags(DicomTag tag, IReadOnlyList<DicomTag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (tags.Count == 0)
            return;
        Span<byte> value = Add(tag, 4 * tags.Count);
        for (int i = 0; i < tags.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(value[(4 * i)..], tags[i].Group);
            BinaryPrimitives.WriteUInt16LittleEndian(value[((4 * i) + 2)..], tags[i].Element);
        }
    }

    /// <summary>Patches the Command Group Length and hands the bytes to the output.</summary>
    /// <returns>The length of the command set in bytes; it is even.</returns>
    public readonly int Complete()
    {
        Span<byte> commandSet = PatchedCommandSet();
        _output.Advance(_length);
        return commandSet.Length;
    }

    /// <summary>The command set with its group length, not yet handed to the output; before it lie the bytes left free.</summary>
    internal readonly Span<byte> PatchedCommandSet()
    {
        Span<byte> commandSet = _span[_start.._length];
        BinaryPrimitives.WriteUInt32LittleEndian(commandSet[ElementHeaderLength..], (uint)(commandSet.Length - GroupLengthElement));
        return commandSet;
    }

    /// <summary>The bytes left free before the command set.</summary>
    internal readonly Span<byte> Header => _span[.._start];

    private void WriteAscii(DicomTag tag, string text, byte padding)
    {
        Span<byte> value = Add(tag, text.Length + (text.Length & 1));
        value[^1] = padding;
        Encoding.ASCII.GetBytes(text, value);
    }

    private Span<byte> Add(DicomTag tag, int length)
    {
        if (_length > _start && tag.Value <= _lastTag)
            throw new InvalidOperationException($"{tag} was written behind {new DicomTag(_lastTag)}: elements come in ascending order, each once (PS3.7 6.3.1)");
        _lastTag = tag.Value;
        int needed = _length + ElementHeaderLength + length;
        if (needed > _span.Length)
            Grow(needed);
        Span<byte> element = _span[_length..needed];
        BinaryPrimitives.WriteUInt16LittleEndian(element, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(element[2..], tag.Element);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)length);
        _length = needed;
        return element[ElementHeaderLength..];
    }

    private void Grow(int needed)
    {
        // The memory of an IBufferWriter is not ours any more once more was asked for, so what was written waits elsewhere meanwhile.
        byte[] kept = ArrayPool<byte>.Shared.Rent(_length);
        _span[.._length].CopyTo(kept);
        _span = _output.GetSpan(Math.Max(needed, 2 * _length));
        kept.AsSpan(0, _length).CopyTo(_span);
        ArrayPool<byte>.Shared.Return(kept);
    }
}
