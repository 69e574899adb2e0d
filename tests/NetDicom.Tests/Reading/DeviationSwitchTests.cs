using NetDicom.Tests.Support;

namespace NetDicom.Tests.Reading;

/// <summary>Deviations whose handling is chosen by an option or asked for (the others: <see cref="DeviationTests"/>).</summary>
public class DeviationSwitchTests
{
    private static readonly TransferSyntax _explicit = TransferSyntax.ExplicitVRLittleEndian;
    private static readonly TransferSyntax _implicit = TransferSyntax.ImplicitVRLittleEndian;
    private static readonly DicomUid _ge = new("1.2.840.113619.5.2");

    [Fact]
    public void No_8_of_duplicates_the_last_stays_or_the_first_by_an_option()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Element(0x00080060, "CS", "CT").Element(0x00080060, "CS", "MR").Bytes;
        Assert.Equal("MR", DicomDataSet.Read(bytes, _explicit).GetString(DicomTags.Modality));
        DicomDataSet first = DicomDataSet.Read(bytes, _explicit, new DicomReadOptions { Duplicates = DuplicateElements.KeepFirst });
        Assert.Equal("CT", first.GetString(DicomTags.Modality));
        Assert.True(first.Deviations.HasFlag(DataSetDeviations.OutOfOrder));
    }

    [Fact]
    public void No_12_a_sequence_of_the_private_dictionary_is_read_in_implicit_VR_with_defined_length()
    {
        byte[] nested = Encoded.Implicit.Element(0x00090010, "", "ACME").Element(0x00091002, "", [.. Encoded.Implicit.Item(10).Element(0x00100020, "", "X ").Bytes]).Bytes;
        byte[] value = Encoded.Implicit.Item((uint)nested.Length).Raw(nested).Item(0).Bytes;
        byte[] bytes = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00090010, "", "ACME").Element(0x00091001, "", value).Element(0x00091003, "", value).Element(0x00100020, "", "P ").Bytes;
        PrivateDictionary known = new PrivateDictionary().Add("ACME", 0x0009, 0x01, DicomVR.SQ).Add("ACME", 0x0009, 0x02, DicomVR.SQ);
        DicomDataSet set = DicomDataSet.Read(bytes, _implicit, new DicomReadOptions { PrivateDictionary = known });
        Assert.Equal("X", set.GetString("(0009,1001)[0].(0009,1002)[0].PatientID"));
        Assert.Equal(2, set.GetSequence(new DicomTag(0x00091001))!.Count);
        Assert.Same(set, set.GetSequence(new DicomTag(0x00091001))![0].Parent);
        Assert.Equal(DicomVR.UN, set[new DicomTag(0x00091003)].VR);
        Assert.Equal(bytes, set.ToArray(_implicit));
        DicomDataSet again = DicomDataSet.Read(set.ToArray(_explicit), _explicit);
        Assert.Equal("X", again.GetString("(0009,1001)[0].(0009,1002)[0].PatientID"));
        Assert.Equal(DicomVR.UN, DicomDataSet.Read(bytes, _implicit)[new DicomTag(0x00091001)].VR);
    }

    [Fact]
    public void No_12_bytes_that_are_no_items_stay_bytes_whatever_the_private_dictionary_says()
    {
        byte[] bytes = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00090010, "", "ACME").Element(0x00091001, "", "no items here!").Bytes;
        DicomDataSet set = DicomDataSet.Read(bytes, _implicit, new DicomReadOptions { PrivateDictionary = new PrivateDictionary().Add("ACME", 0x0009, 0x01, DicomVR.SQ) });
        Assert.Equal(DicomVR.UN, set[new DicomTag(0x00091001)].VR);
        Assert.Equal(bytes, set.ToArray(_implicit));
    }

    [Fact]
    public void No_31_pixel_data_shorter_or_longer_than_computed_are_reported_and_padded_or_cut_on_demand()
    {
        DicomDataSet right = Image(16, new byte[8]);
        Assert.Equal(8, right.GetNativePixelLength());
        Assert.Empty(right.Validate());
        Assert.False(right.FixPixelDataLength());

        DicomDataSet shorter = Image(16, [1, 2, 3, 4, 5, 6]);
        Assert.Contains("6 bytes where", Assert.Single(shorter.Validate()).Rule);
        Assert.True(shorter.FixPixelDataLength());
        Assert.Equal([1, 2, 3, 4, 5, 6, 0, 0], shorter[DicomTags.PixelData].GetBytes().ToArray());

        DicomDataSet longer = DicomDataSet.Read(Image(16, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).ToArray(_explicit), _explicit);
        Assert.Contains("10 bytes where", Assert.Single(longer.Validate()).Rule);
        Assert.True(longer.FixPixelDataLength());
        Assert.Empty(longer.Validate());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], DicomDataSet.Read(longer.ToArray(_explicit), _explicit)[DicomTags.PixelData].GetBytes().ToArray());

        // Three pixels of 8 bits need a pad byte, with or without it they are right.
        DicomDataSet odd = Image(8, new byte[4]).Set(DicomTags.Rows, 1).Set(DicomTags.Columns, 3);
        Assert.Empty(odd.Validate());
    }

    [Fact]
    public void No_32_packed_pixels_other_high_bits_and_overlays_in_pixels_are_reported()
    {
        DicomDataSet packed = Image(12, new byte[6]);
        Assert.Equal("BitsAllocated: 12 bits is neither 1 nor a multiple of 8: packed pixels are not supported by the standard any more (PS3.5 section 8.1.1)", Assert.Single(packed.Validate()).ToString());
        DicomDataSet shifted = Image(16, new byte[8]).Set(DicomTags.BitsStored, 12).Set(DicomTags.HighBit, 15);
        Assert.Equal(DicomTags.HighBit, Assert.Single(shifted.Validate()).Path.Tag);
        DicomDataSet overlay = Image(16, new byte[8]).Set(new DicomTag(0x60000100), 16);
        Assert.Contains("unused bits", Assert.Single(overlay.Validate()).Rule);
    }

    [Fact]
    public async Task No_33_pixels_of_the_private_syntax_of_GE_are_big_endian_and_written_right_elsewhere()
    {
        byte[] dataSet = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00080018, "", "1.3\0").Element(0x00280010, "", 2, 0).Element(0x7FE00010, "", 1, 2, 3, 4).Bytes;
        byte[] file = [.. FileMetaInformation.Create(new DicomUid("1.2"), new DicomUid("1.3"), new TransferSyntax(_ge)).GetBytes(), .. dataSet];
        DicomFile read = DicomFile.Read(file);
        Assert.Equal(2, read.DataSet.GetInt32(DicomTags.Rows));
        Assert.Equal([2, 1, 4, 3], read.DataSet[DicomTags.PixelData].GetBytes().ToArray());
        Assert.Equal(file, await read.ToArrayAsync());
        foreach (TransferSyntax syntax in (TransferSyntax[])[_implicit, _explicit, TransferSyntax.ExplicitVRBigEndian])
        {
            DicomFile converted = DicomFile.Read(await read.ToArrayAsync(new DicomWriteOptions { TransferSyntax = syntax }));
            Assert.Equal([2, 1, 4, 3], converted.DataSet[DicomTags.PixelData].GetBytes().ToArray());
            // And back.
            Assert.Equal([2, 1, 4, 3], DicomFile.Read(await converted.ToArrayAsync(new DicomWriteOptions { TransferSyntax = new TransferSyntax(_ge) })).DataSet[DicomTags.PixelData].GetBytes().ToArray());
        }

        read.DataSet.Set(DicomTags.PatientID, "P");
        Assert.Equal([2, 1, 4, 3], DicomFile.Read(await read.ToArrayAsync()).DataSet[DicomTags.PixelData].GetBytes().ToArray());
        Assert.False(new TransferSyntax(_ge).IsUncompressed);
    }

    [Fact]
    public void No_33_swapped_pixels_of_8_bits_are_read_right_by_a_switch()
    {
        byte[] bytes = Image(8, [2, 1, 4, 3]).ToArray(_explicit);
        DicomDataSet set = DicomDataSet.Read(bytes, _explicit, new DicomReadOptions { SwapPixelData = true });
        Assert.Equal([1, 2, 3, 4], set[DicomTags.PixelData].GetBytes().ToArray());
        Assert.Equal([1, 2, 3, 4], DicomDataSet.Read(set.ToArray(_explicit), _explicit)[DicomTags.PixelData].GetBytes().ToArray());
        Assert.Equal([2, 1, 4, 3], DicomDataSet.Read(bytes, _explicit)[DicomTags.PixelData].GetBytes().ToArray());
    }

    [Fact]
    public async Task An_unseekable_stream_is_not_read_much_further_than_the_tag_to_stop_before()
    {
        DicomDataSet set = Image(16, new byte[8]).Set(DicomTags.SOPClassUID, "1.2").Set(DicomTags.SOPInstanceUID, "1.3").Set(DicomTags.PixelData, new byte[4_000_000]);
        set.Set(DicomTags.ReferencedImageSequence, new DicomDataSet { { DicomTags.ReferencedSOPInstanceUID, "1.4" } });
        foreach (TransferSyntax syntax in (TransferSyntax[])[_implicit, _explicit, TransferSyntax.ExplicitVRBigEndian])
        {
            byte[] file = await new DicomFile(set.Clone(), syntax).ToArrayAsync();
            using var stream = new OneWayStream(file);
            await using DicomFile read = await DicomFile.OpenAsync(stream, new DicomReadOptions { Reader = new DataSetReaderOptions { StopBefore = DicomTags.PixelData } });
            Assert.Equal("1.4", read.DataSet.GetString("ReferencedImageSequence[0].ReferencedSOPInstanceUID"));
            Assert.False(read.DataSet.Contains(DicomTags.PixelData));
            Assert.InRange(stream.Taken, 1, 64 * 1024);
            Assert.Equal(DataSetDeviations.None, read.DataSet.Deviations);
            using var whole = new OneWayStream(file);
            await using DicomFile all = await DicomFile.OpenAsync(whole);
            Assert.Equal(4_000_000, all.DataSet[DicomTags.PixelData].Length);
        }
    }

    private static DicomDataSet Image(int allocated, byte[] pixels) => new()
    {
        { DicomTags.SamplesPerPixel, 1 },
        { DicomTags.Rows, 2 },
        { DicomTags.Columns, 2 },
        { DicomTags.BitsAllocated, allocated },
        { DicomTags.BitsStored, allocated },
        { DicomTags.HighBit, allocated - 1 },
        { DicomTags.PixelRepresentation, 0 },
        { DicomTags.PixelData, pixels },
    };

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public long Taken { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            Taken += read;
            return read;
        }
    }
}
