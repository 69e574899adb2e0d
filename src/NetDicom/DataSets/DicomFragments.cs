using System.Buffers.Binary;
using System.Collections;

namespace NetDicom;

/// <summary>Encapsulated Pixel Data: an offset table and fragments (PS3.5 annex A.4). The fragments stay where they lie until asked for.</summary>
public sealed class DicomFragments : IReadOnlyList<ReadOnlyMemory<byte>>
{
    private readonly List<ByteRegion> _fragments;

    internal DicomFragments(ByteRegion? offsetTable, List<ByteRegion> fragments)
    {
        OffsetTableRegion = offsetTable;
        _fragments = fragments;
    }

    /// <summary>New fragments, with an empty Basic Offset Table.</summary>
    /// <param name="fragments">The bytes of each; one of odd length gets a zero byte when it is written.</param>
    public DicomFragments(params IEnumerable<ReadOnlyMemory<byte>> fragments)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        _fragments = [.. fragments.Select(bytes => new ByteRegion(new MemoryByteSource(bytes), 0, bytes.Length))];
        OffsetTableRegion = new ByteRegion(new MemoryByteSource(default), 0, 0);
    }

    /// <summary>How many fragments, the Basic Offset Table not counted.</summary>
    public int Count => _fragments.Count;

    /// <summary>Whether there is the item of the Basic Offset Table, empty or not; it may be missing in real files.</summary>
    public bool HasOffsetTable => OffsetTableRegion is not null;

    internal ByteRegion? OffsetTableRegion { get; }

    internal IReadOnlyList<ByteRegion> Regions => _fragments;

    /// <summary>The bytes of a fragment: read now if they are not in memory.</summary>
    public ReadOnlyMemory<byte> this[int index] => _fragments[index].Get();

    /// <summary>Bytes of a fragment.</summary>
    public long LengthOf(int index) => _fragments[index].Length;

    /// <summary>The bytes of a fragment as a stream.</summary>
    public Stream OpenRead(int index) => new RegionStream(_fragments[index]);

    /// <summary>The Basic Offset Table: bytes from the first fragment's item tag to that of the first fragment of each frame; empty if there is none.</summary>
    public uint[] GetOffsetTable()
    {
        ReadOnlyMemory<byte> bytes = OffsetTableRegion?.Get() ?? default;
        var offsets = new uint[bytes.Length / 4];
        for (int i = 0; i < offsets.Length; i++)
            offsets[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[(4 * i)..]);
        return offsets;
    }

    /// <summary>
    /// Which fragments make up each frame: by the offset table if each of its offsets hits a fragment, else one each if there are as many fragments as frames, else all for a single
    /// frame, else from one codestream start marker to the next (PS3.5 annex A.4).
    /// </summary>
    /// <param name="frames">Number of Frames (0028,0008); 1 where it is absent.</param>
    /// <param name="offsetTable">Offsets counted like the Basic Offset Table's: those of the Extended Offset Table (7FE0,0001) where there is one.</param>
    /// <returns>For each frame the range of its fragments.</returns>
    /// <exception cref="DicomDataException">The fragments cannot be told apart.</exception>
    public IReadOnlyList<Range> GetFrames(int frames, ReadOnlySpan<ulong> offsetTable = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ulong[] offsets = offsetTable.IsEmpty ? [.. GetOffsetTable().Select(offset => (ulong)offset)] : offsetTable.ToArray();
        if (offsets.Length == frames && ByOffsets(offsets) is { } found)
            return found;
        if (_fragments.Count == frames)
            return [.. Enumerable.Range(0, frames).Select(i => i..(i + 1))];
        if (frames == 1)
            return [0.._fragments.Count];
        int[] starts = [.. Enumerable.Range(0, _fragments.Count).Where(StartsCodestream)];
        if (starts.Length == frames && starts[0] == 0)
            return Between(starts);
        throw new DicomDataException($"{_fragments.Count} fragments cannot be assigned to {frames} frames (PS3.5 annex A.4)", DicomTags.PixelData);
    }

    /// <inheritdoc/>
    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Range[]? ByOffsets(ulong[] offsets)
    {
        var starts = new int[offsets.Length];
        ulong at = 0;
        int next = 0;
        for (int i = 0; i < _fragments.Count && next < offsets.Length; i++)
        {
            if (offsets[next] == at)
                starts[next++] = i;
            at += 8 + (ulong)_fragments[i].Length;
        }

        return next == offsets.Length && offsets[0] == 0 ? Between(starts) : null;
    }

    private Range[] Between(int[] starts) =>
        [.. starts.Select((start, i) => start..(i + 1 < starts.Length ? starts[i + 1] : _fragments.Count))];

    // JPEG, JPEG-LS, JPEG XL FF D8 or FF 0A; JPEG 2000 FF 4F.
    private bool StartsCodestream(int index)
    {
        if (_fragments[index].Length < 2)
            return false;
        Span<byte> head = stackalloc byte[2];
        _fragments[index].Source.Read(_fragments[index].Offset, head);
        return head[0] == 0xFF && head[1] is 0xD8 or 0x4F or 0x0A;
    }
}
