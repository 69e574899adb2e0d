namespace NetDicom;

public sealed partial class DicomDataSet
{
    /// <summary>
    /// The bytes that native Pixel Data should have by Rows, Columns, Samples per Pixel, Number of Frames and Bits Allocated, without the pad byte (PS3.5 section 8.1.1, PS3.3 section
    /// C.7.6.3); <see langword="null"/> where these do not tell. Nothing is asked of the pixel data themselves.
    /// </summary>
    public long? GetNativePixelLength()
    {
        if (!TryGetInt32(DicomTags.Rows, out int rows) || !TryGetInt32(DicomTags.Columns, out int columns) || !TryGetInt32(DicomTags.BitsAllocated, out int allocated)
            || rows <= 0 || columns <= 0 || allocated is <= 0 or > 64)
            return null;
        int samples = TryGetInt32(DicomTags.SamplesPerPixel, out int given) ? given : 1;
        int frames = TryGetInt32(DicomTags.NumberOfFrames, out int count) ? count : 1;
        if (samples is <= 0 or > ushort.MaxValue || frames <= 0)
            return null;
        // PS3.3 section C.7.6.3.1.2: two pixels share their colour, or four do.
        string photometric = TryGetString(DicomTags.PhotometricInterpretation, out string? text) ? text : "";
        Int128 halves = photometric is "YBR_FULL_422" or "YBR_PARTIAL_422" ? 4 : photometric is "YBR_PARTIAL_420" ? 3 : 2 * samples;
        Int128 bytes = ((Int128)rows * columns * frames * allocated * halves + 15) / 16;
        return bytes <= uint.MaxValue ? (long)bytes : null;
    }

    /// <summary>
    /// Makes native Pixel Data (7FE0,0010) as long as <see cref="GetNativePixelLength"/> says: what is missing becomes zeros, what is too much is cut off. What is cut is not read; what is
    /// padded is read into memory.
    /// </summary>
    /// <returns>Whether anything was changed: not if the length is right, if it cannot be told, or if the pixel data are encapsulated or absent.</returns>
    public bool FixPixelDataLength()
    {
        if (PixelLengthFinding(out DicomElement? pixels) is not { } wanted)
            return false;
        int index = Find(DicomTags.PixelData);
        DicomVR vr = pixels!.VR;
        if (pixels.Length > wanted)
        {
            _elements[index] = pixels.Cut(wanted);
        }
        else
        {
            byte[] padded = new byte[wanted];
            using Stream stream = pixels.OpenRead();
            stream.ReadExactly(padded, 0, (int)pixels.Length);
            _elements[index] = DicomElement.Create(DicomTags.PixelData, vr, padded);
        }

        Changed(DicomTags.PixelData);
        return true;
    }

    // The length that native pixel data should have and do not, a pad byte allowed.
    private long? PixelLengthFinding(out DicomElement? pixels)
    {
        if (!TryGet(DicomTags.PixelData, out pixels) || pixels.Fragments is not null || pixels.Items is not null || GetNativePixelLength() is not { } wanted)
            return null;
        return pixels.Length == wanted || pixels.Length == wanted + (wanted & 1) ? null : wanted;
    }

    // What native pixel data and their description may not be (deviations 31 and 32 of docs/data-sets.md). Nothing here decodes pixels, so all of it can be read and written.
    private static void ValidatePixels(DicomDataSet set, Action<DicomTag, string, string> found)
    {
        if (set.TryGetInt32(DicomTags.BitsAllocated, out int allocated))
        {
            if (allocated != 1 && (allocated <= 0 || allocated % 8 != 0))
                found(DicomTags.BitsAllocated, $"{allocated} bits is neither 1 nor a multiple of 8: packed pixels are not supported by the standard any more", "PS3.5 section 8.1.1");
            bool hasStored = set.TryGetInt32(DicomTags.BitsStored, out int stored);
            if (hasStored && stored > allocated)
                found(DicomTags.BitsStored, $"{stored} bits stored in {allocated} allocated", "PS3.5 section 8.1.1");
            if (hasStored && set.TryGetInt32(DicomTags.HighBit, out int high) && high != stored - 1)
                found(DicomTags.HighBit, $"{high} where Bits Stored {stored} makes it {stored - 1}", "PS3.5 section 8.1.1");
        }

        // PS3.5 section 8.1.2: overlays in the unused bits of pixels are retired.
        for (ushort group = 0x6000; group <= 0x601E; group += 2)
        {
            if (set.TryGetInt32(new DicomTag(group, 0x0100), out int overlay) && overlay != 1)
                found(new DicomTag(group, 0x0100), "an overlay in the unused bits of the pixels", "PS3.5 section 8.1.2");
        }

        if (set.PixelLengthFinding(out DicomElement? pixels) is { } wanted)
            found(DicomTags.PixelData, $"{pixels!.Length} bytes where Rows, Columns, Bits Allocated and the others make {wanted}", "PS3.5 section 8.2");
    }
}
