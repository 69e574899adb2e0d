using NetDicom.Cli.Printing;

namespace NetDicom.Cli.Tests;

/// <summary>What is sent to a printer, against values computed by hand from PS3.3 sections C.11.1, C.11.2.1.2 and C.7.6.3.1.2.</summary>
public class PrintImageTests
{
    private static DicomDataSet Gray(int bits, bool signed, string photometric, params short[] values)
    {
        byte[] bytes = new byte[2 * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return new DicomDataSet()
            .Set(DicomTags.SamplesPerPixel, 1L).Set(DicomTags.PhotometricInterpretation, photometric).Set(DicomTags.Rows, 1L).Set(DicomTags.Columns, (long)values.Length)
            .Set(DicomTags.BitsAllocated, 16L).Set(DicomTags.BitsStored, (long)bits).Set(DicomTags.HighBit, bits - 1L).Set(DicomTags.PixelRepresentation, signed ? 1L : 0L)
            .Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OW, bytes));
    }

    private static DicomDataSet Rgb(string photometric, bool planar, params byte[] bytes) => new DicomDataSet()
        .Set(DicomTags.SamplesPerPixel, 3L).Set(DicomTags.PhotometricInterpretation, photometric).Set(DicomTags.PlanarConfiguration, planar ? 1L : 0L)
        .Set(DicomTags.Rows, 1L).Set(DicomTags.Columns, (long)bytes.Length / 3).Set(DicomTags.BitsAllocated, 8L).Set(DicomTags.BitsStored, 8L)
        .Set(DicomTags.HighBit, 7L).Set(DicomTags.PixelRepresentation, 0L).Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OB, bytes));

    private static byte[] Pixels(DicomDataSet item) => item.GetBytes(DicomTags.PixelData).ToArray();

    [Fact]
    public void Signed_values_go_through_rescale_and_window()
    {
        DicomDataSet image = Gray(12, signed: true, "MONOCHROME2", -2048, 0, 1, 100).Set(DicomTags.RescaleSlope, "1").Set(DicomTags.RescaleIntercept, "10");
        // Centre 10.5 and width 2: up to 9.5 black, above 10.5 white; 10 is ((10 - 10) / 1 + 0.5) * 255 = 127.5.
        Assert.Equal([0, 127, 255, 255], Pixels(PrintImage.Create(image, false, 1, (10.5, 2))));
    }

    [Fact]
    public void The_window_of_the_image_is_used_and_without_one_all_its_values()
    {
        DicomDataSet image = Gray(12, signed: false, "MONOCHROME1", 0, 100, 200, 300);
        byte[] whole = Pixels(PrintImage.Create(image, false, 1, null));
        Assert.Equal(0, whole[0]);
        Assert.Equal(255, whole[3]);
        Assert.InRange(whole[1], 84, 86);
        Assert.Equal("MONOCHROME1", PrintImage.Create(image, false, 1, null).GetString(DicomTags.PhotometricInterpretation));
        image.Set(DicomTags.WindowCenter, "150.5").Set(DicomTags.WindowWidth, "2");
        Assert.Equal([0, 0, 255, 255], Pixels(PrintImage.Create(image, false, 1, null)));
    }

    [Fact]
    public void A_frame_whose_place_is_beyond_all_numbers_is_not_there()
    {
        // 65,535 x 65,535 x 2 bytes x (2^31 - 1) is beyond 2^63.
        DicomDataSet image = Gray(12, signed: false, "MONOCHROME2", 1, 2).Set(DicomTags.Rows, 65535L).Set(DicomTags.Columns, 65535L);
        Assert.Equal($"it has no frame {int.MaxValue}", Assert.Throws<DicomDataException>(() => PrintImage.Create(image, false, int.MaxValue, null)).Message);
    }

    [Fact]
    public void Bits_above_those_stored_do_not_count()
    {
        DicomDataSet image = Gray(4, signed: false, "MONOCHROME2", unchecked((short)0xABC0), unchecked((short)0xABCF));
        Assert.Equal([0, 255], Pixels(PrintImage.Create(image, false, 1, null)));
    }

    [Theory]
    [InlineData(false, new byte[] { 10, 20, 30, 40, 50, 60 })]
    [InlineData(true, new byte[] { 10, 40, 20, 50, 30, 60 })]
    public void Colour_is_sent_plane_by_plane_whichever_way_it_came(bool planar, byte[] bytes)
    {
        DicomDataSet item = PrintImage.Create(Rgb("RGB", planar, bytes), true, 1, null);
        Assert.Equal([10, 40, 20, 50, 30, 60], Pixels(item));
        Assert.Equal(1, item.GetInt32(DicomTags.PlanarConfiguration));
        Assert.Equal("RGB", item.GetString(DicomTags.PhotometricInterpretation));
    }

    [Fact]
    public void Colour_becomes_gray_and_gray_becomes_colour()
    {
        // 0.299 * 10 + 0.587 * 20 + 0.114 * 30 = 18.15; 0.299 * 40 + 0.587 * 50 + 0.114 * 60 = 48.15.
        Assert.Equal([18, 48], Pixels(PrintImage.Create(Rgb("RGB", false, 10, 20, 30, 40, 50, 60), false, 1, null)));
        Assert.Equal([0, 255, 0, 255, 0, 255], Pixels(PrintImage.Create(Gray(8, false, "MONOCHROME2", 0, 255), true, 1, null)));
    }

    [Fact]
    public void YBR_FULL_becomes_RGB()
    {
        // Y 100, CB 128, CR 228: red 100 + 140.2 = 240, green 100 - 71.4 = 29, blue 100; the second pixel is gray.
        Assert.Equal([240, 7, 29, 7, 100, 7], Pixels(PrintImage.Create(Rgb("YBR_FULL", false, 100, 128, 228, 7, 128, 128), true, 1, null)));
    }

    [Fact]
    public void An_odd_number_of_pixels_is_padded() => Assert.Equal([0, 127, 255, 0], Pixels(PrintImage.Create(Gray(12, false, "MONOCHROME2", 0, 1, 2), false, 1, (1.5, 3)))[..4]);

    [Fact]
    public void What_cannot_be_printed_says_why()
    {
        DicomDataSet image = Gray(12, false, "MONOCHROME2", 0, 1);
        Assert.Contains("frame 2", Assert.Throws<DicomDataException>(() => PrintImage.Create(image, false, 2, null)).Message, StringComparison.Ordinal);
        image.Set(DicomTags.Columns, 3L);
        Assert.Contains("too few", Assert.Throws<DicomDataException>(() => PrintImage.Create(image, false, 1, null)).Message, StringComparison.Ordinal);
        image.Set(DicomTags.PhotometricInterpretation, "PALETTE COLOR");
        Assert.Contains("PALETTE COLOR", Assert.Throws<DicomDataException>(() => PrintImage.Create(image, false, 1, null)).Message, StringComparison.Ordinal);
        image.Set(DicomElement.Create(DicomTags.PixelData, new DicomFragments([ReadOnlyMemory<byte>.Empty, new byte[] { 1, 2 }])));
        Assert.Contains("compressed", Assert.Throws<DicomDataException>(() => PrintImage.Create(image, false, 1, null)).Message, StringComparison.Ordinal);
        Assert.Contains("no image", Assert.Throws<DicomDataException>(() => PrintImage.Create([], false, 1, null)).Message, StringComparison.Ordinal);
    }
}
