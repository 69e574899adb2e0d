using System.Buffers.Binary;

namespace NetDicom.Cli.Printing;

/// <summary>
/// An image as a printer takes it (PS3.3 section C.13.5): 8 bits a sample, one sample of gray or three of colour. Grayscale values go through the rescale and the window, since a
/// printer knows neither.
/// </summary>
internal static class PrintImage
{
    /// <summary>Most pixels of an image: five times what the largest films have. Each takes up to a dozen bytes on its way.</summary>
    private const int MaxPixels = 100_000_000;

    /// <summary>The item of Basic Grayscale or Basic Color Image Sequence.</summary>
    /// <param name="image">The data set of the image.</param>
    /// <param name="color">In colour.</param>
    /// <param name="frame">Which frame, from 1.</param>
    /// <param name="window">Centre and width; null: the image's own, or all values there are.</param>
    /// <exception cref="DicomDataException">It is no image, or one that cannot be shown without decompressing it.</exception>
    public static DicomDataSet Create(DicomDataSet image, bool color, int frame, (double Center, double Width)? window)
    {
        Layout layout = Describe(image, frame);
        byte[] pixels = layout.Samples == 3 ? Color(layout, color) : Gray(image, layout, window);
        if (layout.Samples == 1 && color)
            pixels = [.. pixels, .. pixels, .. pixels];
        int length = layout.Rows * layout.Columns * (color ? 3 : 1);
        // The value field is of even length (PS3.5 section 7.1.1).
        Array.Resize(ref pixels, length + (length & 1));
        DicomDataSet item = new DicomDataSet()
            .Set(DicomTags.SamplesPerPixel, color ? 3L : 1L)
            .Set(DicomTags.PhotometricInterpretation, color ? "RGB" : layout.IsInverse ? "MONOCHROME1" : "MONOCHROME2")
            .Set(DicomTags.Rows, (long)layout.Rows).Set(DicomTags.Columns, (long)layout.Columns)
            .Set(DicomTags.BitsAllocated, 8L).Set(DicomTags.BitsStored, 8L).Set(DicomTags.HighBit, 7L).Set(DicomTags.PixelRepresentation, 0L);
        if (color)
            item.Set(DicomTags.PlanarConfiguration, 1L);
        if (image.TryGetString(DicomTags.PixelAspectRatio, out _) && image.GetStrings(DicomTags.PixelAspectRatio) is [var vertical, var horizontal] && vertical != horizontal)
            item.Set(DicomTags.PixelAspectRatio, vertical, horizontal);
        return item.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OB, pixels));
    }

    private static Layout Describe(DicomDataSet image, int frame)
    {
        if (!image.TryGet(DicomTags.PixelData, out DicomElement? pixels))
            throw new DicomDataException("it is no image: it has no Pixel Data");
        if (pixels.Fragments is not null)
            throw new DicomDataException("its pixel data are compressed: decompress it first, with dcmdjpeg or dcmdrle for instance");
        int rows = image.GetInt32(DicomTags.Rows), columns = image.GetInt32(DicomTags.Columns), allocated = image.GetInt32(DicomTags.BitsAllocated);
        int samples = image.GetInt32OrDefault(DicomTags.SamplesPerPixel) ?? 1;
        string photometric = image.GetString(DicomTags.PhotometricInterpretation);
        bool known = (samples, photometric) is (1, "MONOCHROME1" or "MONOCHROME2") or (3, "RGB" or "YBR_FULL");
        if (!known || allocated is not (8 or 16) || (samples == 3 && allocated != 8))
            throw new DicomDataException($"{photometric} with {samples} samples of {allocated} bits cannot be printed; MONOCHROME1 and 2 with 8 or 16 bits, RGB and YBR_FULL with 8 can");
        // Of VR US in a sound file; the numbers of another could be too large to be multiplied.
        if (rows is <= 0 or > ushort.MaxValue || columns is <= 0 or > ushort.MaxValue)
            throw new DicomDataException($"{columns} x {rows} pixels are no image");
        long length = (long)rows * columns * samples * allocated / 8;
        if (frame > pixels.Length / length)
            throw new DicomDataException(frame > 1 ? $"it has no frame {frame}" : $"{pixels.Length} bytes of Pixel Data are too few for {columns} x {rows} pixels");
        if ((long)rows * columns > MaxPixels)
            throw new DicomDataException($"{columns} x {rows} pixels are more than the {MaxPixels} that can be printed");
        byte[] bytes = new byte[length];
        using Stream stream = pixels.OpenRead();
        long skipped = (frame - 1) * length;
        if (stream.CanSeek)
            stream.Position += skipped;
        else
            Skip(stream, skipped);
        stream.ReadExactly(bytes);
        return new Layout
        {
            Rows = rows, Columns = columns, Samples = samples, Allocated = allocated, Bytes = bytes, IsInverse = photometric == "MONOCHROME1", IsYbr = photometric == "YBR_FULL",
            IsPlanar = image.GetInt32OrDefault(DicomTags.PlanarConfiguration) == 1,
            Stored = Math.Clamp(image.GetInt32OrDefault(DicomTags.BitsStored) ?? allocated, 1, allocated),
            IsSigned = image.GetInt32OrDefault(DicomTags.PixelRepresentation) == 1,
        };
    }

    private static void Skip(Stream stream, long bytes)
    {
        byte[] buffer = new byte[Math.Min(bytes, 64 * 1024)];
        for (; bytes > 0; bytes -= Math.Min(bytes, buffer.Length))
            stream.ReadExactly(buffer, 0, (int)Math.Min(bytes, buffer.Length));
    }

    // PS3.3 sections C.11.1 (rescale) and C.11.2.1.2 (the linear window function).
    private static byte[] Gray(DicomDataSet image, Layout layout, (double Center, double Width)? window)
    {
        double slope = image.GetDoubleOrDefault(DicomTags.RescaleSlope) ?? 1, intercept = image.GetDoubleOrDefault(DicomTags.RescaleIntercept) ?? 0;
        double[] values = new double[layout.Rows * layout.Columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = layout.Sample(i) * slope + intercept;
        (double center, double width) = window ?? OwnWindow(image) ?? Whole(values);
        byte[] gray = new byte[values.Length];
        double low = center - 0.5 - (width - 1) / 2, high = center - 0.5 + (width - 1) / 2;
        for (int i = 0; i < gray.Length; i++)
            gray[i] = values[i] <= low ? (byte)0 : values[i] > high ? byte.MaxValue : (byte)Math.Clamp(((values[i] - (center - 0.5)) / (width - 1) + 0.5) * 255, 0, 255);
        return gray;
    }

    private static (double Center, double Width)? OwnWindow(DicomDataSet image) =>
        image.GetDoubleOrDefault(DicomTags.WindowCenter) is { } center && image.GetDoubleOrDefault(DicomTags.WindowWidth) is { } width and >= 1 ? (center, width) : null;

    private static (double Center, double Width) Whole(double[] values)
    {
        double least = values.Min(), most = values.Max();
        double width = Math.Max(1, most - least + 1);
        return (least + width / 2, width);
    }

    private static byte[] Color(Layout layout, bool color)
    {
        int count = layout.Rows * layout.Columns;
        // Colour by plane, since Planar Configuration is 1 in print (PS3.3 section C.13.5.1); or gray by the weights of PS3.3 section C.7.6.3.1.2.
        byte[] result = new byte[color ? 3 * count : count];
        for (int i = 0; i < count; i++)
        {
            (double red, double green, double blue) = layout.Pixel(i, count);
            if (color)
                (result[i], result[count + i], result[2 * count + i]) = (Round(red), Round(green), Round(blue));
            else
                result[i] = Round(0.2990 * red + 0.5870 * green + 0.1140 * blue);
        }

        return result;
    }

    private static byte Round(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);

    private sealed class Layout
    {
        public required int Rows { get; init; }

        public required int Columns { get; init; }

        public required int Samples { get; init; }

        public required int Allocated { get; init; }

        public required int Stored { get; init; }

        public required bool IsSigned { get; init; }

        public required bool IsInverse { get; init; }

        public required bool IsYbr { get; init; }

        public required bool IsPlanar { get; init; }

        public required byte[] Bytes { get; init; }

        /// <summary>A grayscale sample: the stored bits, with their sign (PS3.5 section 8.1.1).</summary>
        public int Sample(int index)
        {
            int raw = Allocated == 8 ? Bytes[index] : BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(2 * index));
            raw &= (1 << Stored) - 1;
            return IsSigned && (raw & (1 << (Stored - 1))) != 0 ? raw - (1 << Stored) : raw;
        }

        /// <summary>Red, green and blue; YBR_FULL by the equations of PS3.3 section C.7.6.3.1.2.</summary>
        public (double Red, double Green, double Blue) Pixel(int index, int count)
        {
            (byte first, byte second, byte third) = IsPlanar
                ? (Bytes[index], Bytes[count + index], Bytes[2 * count + index])
                : (Bytes[3 * index], Bytes[3 * index + 1], Bytes[3 * index + 2]);
            if (!IsYbr)
                return (first, second, third);
            double cb = second - 128, cr = third - 128;
            return (first + 1.402 * cr, first - 0.344136 * cb - 0.714136 * cr, first + 1.772 * cb);
        }
    }
}
