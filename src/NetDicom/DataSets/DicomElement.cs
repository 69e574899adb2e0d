using System.Buffers.Binary;

namespace NetDicom;

/// <summary>
/// A data element: tag, VR and value (PS3.5 section 7.1). It does not change; a data set replaces it. An element that was read keeps its bytes, or only the place where they lie
/// if the value is large.
/// </summary>
public sealed partial class DicomElement
{
    // What the value is: text (string), bytes in little endian order (ReadOnlyMemory<byte>, boxed), DicomSequence, DicomFragments; null where only the region counts.
    private readonly object? _value;

    internal DicomElement(DicomTag tag, DicomVR vr, object? value)
    {
        Tag = tag;
        VR = vr;
        _value = value;
    }

    /// <summary>An element as it was read.</summary>
    internal DicomElement(DicomTag tag, DicomVR vr, DicomVR writtenVR, in ElementOrigin origin, object? value, SpecificCharacterSet? characterSet)
    {
        Tag = tag;
        VR = vr;
        WrittenVR = writtenVR;
        Origin = origin;
        _value = value;
        CharacterSet = characterSet;
    }

    /// <summary>The tag.</summary>
    public DicomTag Tag { get; }

    /// <summary>The VR by which the value is read.</summary>
    public DicomVR VR { get; }

    /// <summary>The VR as the data had it; none for elements read from implicit VR and for new ones.</summary>
    public DicomVR WrittenVR { get; }

    /// <summary>Bytes of the value as it was read or set, without item headers; 0 for a sequence or fragments.</summary>
    public long Length => _value switch
    {
        null => Origin.ValueLength,
        ReadOnlyMemory<byte> bytes => bytes.Length,
        string text => text.Length,
        _ => 0,
    };

    /// <summary>Whether there is no value: length 0, a sequence without items, fragments without fragments.</summary>
    public bool IsEmpty => _value switch
    {
        DicomSequence sequence => sequence.Count == 0,
        DicomFragments fragments => fragments.Count == 0,
        _ => Length == 0,
    };

    /// <summary>The items, if the element is a sequence.</summary>
    public DicomSequence? Items => _value as DicomSequence;

    /// <summary>The fragments, if the element is encapsulated pixel data.</summary>
    public DicomFragments? Fragments => _value as DicomFragments;

    /// <summary>Whether the value is in memory, so that reading it costs no I/O.</summary>
    public bool IsHeld => _value is not null || Origin.ValueLength == 0 || Origin.Source!.TryGet(Origin.ValueOffset, Origin.ValueLength, out _);

    /// <summary>Where the element was read from.</summary>
    internal ElementOrigin Origin { get; }

    /// <summary>The character set in which the bytes of text are; <see langword="null"/> for text that was set.</summary>
    internal SpecificCharacterSet? CharacterSet { get; }

    /// <summary>Text that was set and has no bytes yet.</summary>
    internal string? NewText => _value as string;

    /// <summary>Whether the element is as it was read, with its value in a region.</summary>
    internal bool IsRaw => _value is null;

    internal ByteRegion Region => new(Origin.Source!, Origin.ValueOffset, Origin.ValueLength);

    /// <summary>
    /// The value field in little endian order, padding included, as it was read or set. A slice of memory where the value is held; a large one is read.
    /// Text that was set is encoded in <see cref="SpecificCharacterSet.Utf8"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The element is a sequence or encapsulated.</exception>
    /// <exception cref="DicomDataException">The value is longer than an array can be: read it with <see cref="OpenRead"/>.</exception>
    public ReadOnlyMemory<byte> GetBytes() => _value is null && Origin.Source is not null ? InLittleEndian(Region.Get()) : NewBytes();

    /// <summary>As <see cref="GetBytes"/>, without blocking where a large value has to be read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetBytesAsync(CancellationToken cancellationToken = default) => _value is null && Origin.Source is not null
        ? InLittleEndian(await Region.GetAsync(cancellationToken).ConfigureAwait(false))
        : NewBytes();

    /// <summary>The value field in little endian order as a stream, which holds nothing in memory.</summary>
    /// <exception cref="InvalidOperationException">The element is a sequence or encapsulated.</exception>
    public Stream OpenRead() => _value is null && Origin.Source is not null
        ? new RegionStream(Region, Origin.IsBigEndian ? VR.SwapUnit : 1)
        : new RegionStream(new ByteRegion(new MemoryByteSource(NewBytes()), 0, NewBytes().Length));

    /// <summary>The same value under another tag or VR: for text and bytes.</summary>
    internal DicomElement With(DicomTag tag, DicomVR vr) => new(tag, vr, default, Origin.Moved(), _value, CharacterSet);

    /// <summary>The first bytes of the value only; they stay where they are.</summary>
    internal DicomElement Cut(long length) => _value is null
        ? new DicomElement(Tag, VR, WrittenVR, Origin with { ValueLength = length, IsExact = false }, null, CharacterSet)
        : Create(Tag, VR, GetBytes()[..(int)length]);

    /// <summary>A copy whose items can be changed without changing this element's.</summary>
    internal DicomElement Clone() => _value is DicomSequence sequence
        ? new DicomElement(Tag, VR, WrittenVR, Origin, Copy(sequence), CharacterSet)
        : this;

    private static DicomSequence Copy(DicomSequence sequence)
    {
        var copy = new DicomSequence();
        foreach (DicomDataSet item in sequence)
        {
            if (sequence.IsChanged)
                copy.Add(item.Clone());
            else
                copy.AddRead(item.Clone());
        }

        return copy;
    }

    private ReadOnlyMemory<byte> NewBytes() => _value switch
    {
        ReadOnlyMemory<byte> bytes => bytes,
        string text => SpecificCharacterSet.Utf8.TryEncode(text, VR == DicomVR.PN, out byte[] encoded) ? encoded : [],
        null => default,
        _ => throw new InvalidOperationException($"{Tag} holds items or fragments, not a value"),
    };

    private ReadOnlyMemory<byte> InLittleEndian(ReadOnlyMemory<byte> bytes)
    {
        int unit = VR.SwapUnit;
        if (!Origin.IsBigEndian || unit == 1)
            return bytes;
        byte[] swapped = bytes.ToArray();
        ByteOrder.Swap(swapped, unit);
        return swapped;
    }
}

/// <summary>Where an element was read from, and how its bytes are written there.</summary>
internal readonly record struct ElementOrigin
{
    internal ByteSource? Source { get; init; }

    /// <summary>From the start of the source to the header.</summary>
    internal long Offset { get; init; }

    internal byte HeaderLength { get; init; }

    /// <summary>Bytes of the value; of a sequence everything from its header to its end.</summary>
    internal long ValueLength { get; init; }

    internal bool IsExplicit { get; init; }

    /// <summary>Whether numbers in the value are big endian.</summary>
    internal bool IsBigEndian { get; init; }

    /// <summary>Whether the header is: that of UN is where its value is not.</summary>
    internal bool IsHeaderBigEndian { get; init; }

    internal bool IsUndefined { get; init; }

    /// <summary>Whether the bytes can be written elsewhere as they are: nothing missing, no length wrong.</summary>
    internal bool IsExact { get; init; }

    internal long ValueOffset => Offset + HeaderLength;

    /// <summary>The same place, for an element whose header is no longer that one.</summary>
    internal ElementOrigin Moved() => this with { IsExact = false };
}
