using System.Globalization;

namespace NetDicom.Archive;

/// <summary>The pixel data of an instance, frame by frame.</summary>
internal abstract class FramePixels
{
    /// <summary>Whether an element is pixel data, or a table of where frames are in them.</summary>
    public static bool IsPixelData(DicomTag tag) => tag == DicomTags.PixelData || tag == DicomTags.FloatPixelData || tag == DicomTags.DoubleFloatPixelData
        || tag == DicomTags.ExtendedOffsetTable || tag == DicomTags.ExtendedOffsetTableLengths || tag == DicomTags.EncapsulatedPixelDataValueTotalLength;

    /// <exception cref="FrameExtractionException">There are none, or their frames cannot be told apart.</exception>
    public static FramePixels Of(DicomDataSet source, TransferSyntax syntax, int count)
    {
        foreach ((DicomTag tag, int bits) in (ReadOnlySpan<(DicomTag, int)>)[(DicomTags.PixelData, 0), (DicomTags.FloatPixelData, 32), (DicomTags.DoubleFloatPixelData, 64)])
        {
            if (!source.TryGet(tag, out DicomElement? element))
                continue;
            return element.Fragments is { } fragments ? new Encapsulated(fragments, RangesOf(source, syntax, fragments, count)) : Native(source, element, bits, count);
        }

        throw Cannot("the instance has no pixel data of its own");
    }

    /// <summary>Puts some frames into a data set.</summary>
    public abstract void CopyTo(DicomDataSet made, int[] frames, long maxBytes);

    private static IReadOnlyList<Range> RangesOf(DicomDataSet source, TransferSyntax syntax, DicomFragments fragments, int count)
    {
        // A video's frames lean on each other.
        if (!syntax.IsEncapsulated || IsVideo(syntax.Uid))
            throw Cannot("frames of this transfer syntax cannot be told apart without decoding them");
        if (count > fragments.Count)
            throw Cannot("the pixel data have fewer fragments than frames");
        ulong[] offsets = [];
        if (source.TryGet(DicomTags.ExtendedOffsetTable, out DicomElement? table) && table.Length == 8L * count)
        {
            ReadOnlyMemory<byte> bytes = table.GetBytes();
            offsets = [.. Enumerable.Range(0, count).Select(i => System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[(8 * i)..]))];
        }

        try
        {
            return fragments.GetFrames(count, offsets);
        }
        catch (DicomDataException error)
        {
            throw new FrameExtractionException(FrameExtractionProblem.CannotExtract, "the fragments cannot be assigned to frames", error);
        }
    }

    private static NativeFrames Native(DicomDataSet source, DicomElement element, int bits, int count)
    {
        if (bits == 0 && !source.TryGetInt32(DicomTags.BitsAllocated, out bits))
            throw Cannot("the pixel data are not described");
        int samples = source.TryGetInt32(DicomTags.SamplesPerPixel, out int given) ? given : 1;
        if (!source.TryGetInt32(DicomTags.Rows, out int rows) || !source.TryGetInt32(DicomTags.Columns, out int columns) || rows <= 0 || columns <= 0 || samples <= 0 || bits is <= 0 or > 64)
            throw Cannot("the pixel data are not described");
        // PS3.3 section C.7.6.3.1.2: two pixels share their colour, or four do.
        int halves = source.GetStringOrDefault(DicomTags.PhotometricInterpretation) switch { "YBR_FULL_422" or "YBR_PARTIAL_422" => 4, "YBR_PARTIAL_420" => 3, _ => 2 * samples };
        Int128 frameBits = (Int128)rows * columns * bits * halves / 2;
        if ((frameBits * count + 7) / 8 > element.Length)
            throw Cannot("the pixel data are shorter than their description");
        return new NativeFrames(element, (long)frameBits);
    }

    // PS3.6 annex A: MPEG-2, MPEG-4 and HEVC are .4.100 to .4.108, each with fragmentable ones below; .4.92 and .4.93 may compress several frames together; SMPTE ST 2110 is .7.
    private static bool IsVideo(DicomUid syntax)
    {
        string[] parts = syntax.ToString().Split('.');
        return syntax.ToString().StartsWith("1.2.840.10008.1.2.", StringComparison.Ordinal) && parts.Length > 7
            && (parts[6] == "7" || parts[6] == "4" && int.TryParse(parts[7], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is (>= 100 and <= 108) or 92 or 93);
    }

    private static void CheckSize(Int128 bytes, long maxBytes)
    {
        if (bytes > maxBytes)
            throw Cannot($"the frames have more than {maxBytes} bytes together");
    }

    private static FrameExtractionException Cannot(string message) => new(FrameExtractionProblem.CannotExtract, message);

    // One fragment a frame, whatever it was: then no table is needed to tell them apart (PS3.5 annex A.4).
    private sealed class Encapsulated(DicomFragments fragments, IReadOnlyList<Range> ranges) : FramePixels
    {
        public override void CopyTo(DicomDataSet made, int[] frames, long maxBytes)
        {
            CheckSize(frames.Aggregate((Int128)0, (sum, frame) => sum + LengthOf(frame)), maxBytes);
            made.Set(DicomElement.Create(DicomTags.PixelData, new DicomFragments([.. frames.Select(BytesOf)])));
        }

        private long LengthOf(int frame)
        {
            (int from, int count) = ranges[frame].GetOffsetAndLength(fragments.Count);
            return Enumerable.Range(from, count).Sum(fragments.LengthOf);
        }

        private ReadOnlyMemory<byte> BytesOf(int frame)
        {
            (int from, int count) = ranges[frame].GetOffsetAndLength(fragments.Count);
            if (count == 1)
                return fragments[from];
            byte[] bytes = new byte[LengthOf(frame)];
            int at = 0;
            for (int i = from; i < from + count; i++)
            {
                ReadOnlyMemory<byte> fragment = fragments[i];
                fragment.CopyTo(bytes.AsMemory(at));
                at += fragment.Length;
            }

            return bytes;
        }
    }

    // PS3.5 section 8.1.1: frames follow each other without padding, bit by bit where a pixel is one.
    private sealed class NativeFrames(DicomElement element, long frameBits) : FramePixels
    {
        public override void CopyTo(DicomDataSet made, int[] frames, long maxBytes)
        {
            Int128 length = ((Int128)frameBits * frames.Length + 7) / 8;
            CheckSize(length, maxBytes);
            byte[] bytes = new byte[(int)length + ((int)length & 1)];
            using Stream stream = element.OpenRead();
            if (frameBits % 8 == 0)
                CopyBytes(stream, bytes, frames, (int)(frameBits / 8));
            else
                CopyBits(stream, bytes, frames);
            made.Set(DicomElement.Create(element.Tag, element.VR, bytes));
        }

        private static void CopyBytes(Stream stream, byte[] bytes, int[] frames, int frameBytes)
        {
            for (int i = 0; i < frames.Length; i++)
            {
                stream.Position = (long)frames[i] * frameBytes;
                stream.ReadExactly(bytes, i * frameBytes, frameBytes);
            }
        }

        private void CopyBits(Stream stream, byte[] bytes, int[] frames)
        {
            long to = 0;
            foreach (int frame in frames)
            {
                long from = frame * frameBits, first = from / 8;
                byte[] held = new byte[(from + frameBits + 7) / 8 - first];
                stream.Position = first;
                stream.ReadExactly(held);
                // The first pixel is the lowest bit.
                for (long bit = 0; bit < frameBits; bit++, to++)
                {
                    long at = from - (8 * first) + bit;
                    if ((held[at / 8] >> (int)(at % 8) & 1) != 0)
                        bytes[to / 8] |= (byte)(1 << (int)(to % 8));
                }
            }
        }
    }
}
