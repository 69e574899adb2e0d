using System.Buffers;
using NetDicom.TestSupport;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.Writing;

public class DataSetTranscoderTests
{
    private static readonly TransferSyntax[] _plain = [TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian];

    [Fact]
    public void A_data_set_is_re_encoded_the_same_however_its_bytes_are_cut()
    {
        DicomDataSet set = Sample();
        foreach (TransferSyntax source in _plain)
        {
            byte[] bytes = set.ToArray(source);
            foreach (TransferSyntax target in _plain)
            {
                byte[] whole = Transcode(new ReadOnlySequence<byte>(bytes), source, target);
                Assert.Empty(set.Diff(DicomDataSet.Read(whole, target)).Select(difference => $"{source} to {target}: {difference}"));
                foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
                    Assert.Equal(whole, Transcode(cut, source, target));
                Assert.Equal(whole, InSteps(bytes, 3, source, target));
            }
        }
    }

    [Fact]
    public void A_value_too_long_for_the_short_form_becomes_UN_and_stays_what_it_was()
    {
        var set = new DicomDataSet { { DicomTags.PixelSpacing, new string('1', 70_000) } };
        byte[] bytes = set.ToArray(TransferSyntax.ImplicitVRLittleEndian);
        byte[] result = Transcode(new ReadOnlySequence<byte>(bytes), TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal("UN"u8, result.AsSpan(4, 2));
        Assert.Empty(set.Diff(DicomDataSet.Read(result, TransferSyntax.ExplicitVRLittleEndian)));
    }

    [Fact]
    public void Encapsulated_pixel_data_are_refused_not_dropped()
    {
        byte[] bytes = Encoded.ExplicitLittle.Header(0x7FE00010, "OB", 0xFFFFFFFF).Item(0).EndSequence().Bytes;
        Assert.Throws<DicomDataException>(() => Transcode(new ReadOnlySequence<byte>(bytes), TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian));
        Assert.Throws<NotSupportedException>(() => new DataSetTranscoder(TransferSyntax.JPEGBaseline8Bit, TransferSyntax.ExplicitVRLittleEndian));
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public async Task A_real_file_is_re_encoded_as_a_stream(string name)
    {
        DicomFile file = DicomFile.Read(RealFiles.Bytes(name));
        Assert.SkipWhen(!file.TransferSyntax.IsUncompressed || file.DataSet.TryGet(DicomTags.PixelData, out DicomElement? pixels) && pixels.Fragments is not null, "compressed");
        foreach (TransferSyntax target in new[] { TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, TransferSyntax.DeflatedExplicitVRLittleEndian })
        {
            using var output = new MemoryStream();
            if (file.DataSet.Deviations.HasFlag(DataSetDeviations.Truncated))
            {
                await Assert.ThrowsAsync<DicomDataException>(() => DataSetTranscoder.TranscodeAsync(file.OpenDataSet(), file.TransferSyntax, output, target));
                continue;
            }

            await DataSetTranscoder.TranscodeAsync(file.OpenDataSet(), file.TransferSyntax, output, target);
            Assert.Empty(file.DataSet.Diff(DicomDataSet.Read(output.ToArray(), target)).Select(difference => $"{target}: {difference}"));
        }
    }

    [Fact]
    public void An_item_is_signed_or_not_by_its_own_Pixel_Representation()
    {
        var set = new DicomDataSet
        {
            { DicomTags.PixelRepresentation, 1 },
            { DicomTags.SmallestImagePixelValue, -5 },
            { DicomTags.IconImageSequence, [new DicomDataSet { { DicomTags.PixelRepresentation, 0 }, { DicomTags.SmallestImagePixelValue, 65000 } }] },
        };
        byte[] written = Transcode(new ReadOnlySequence<byte>(set.ToArray(TransferSyntax.ImplicitVRLittleEndian)), TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian);
        DicomDataSet read = DicomDataSet.Read(written, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(-5, read.GetInt32(DicomTags.SmallestImagePixelValue));
        Assert.Equal(65000, read.GetSequence(DicomTags.IconImageSequence)![0].GetInt32(DicomTags.SmallestImagePixelValue));
    }

    private static DicomDataSet Sample() => new()
    {
        { DicomTags.SOPInstanceUID, "1.2.3" },
        { DicomTags.ReferencedStudySequence, [new DicomDataSet { { DicomTags.ReferencedSOPInstanceUID, "1.2" } }, []] },
        { DicomTags.Rows, 512 },
        { DicomTags.PixelRepresentation, 1 },
        { DicomTags.SmallestImagePixelValue, -5 },
        { DicomTags.EventTimeOffset, 1.5, -2.25 },
        { DicomTags.PixelData, new byte[] { 1, 2, 3, 4, 5, 6 } },
    };

    private static byte[] Transcode(ReadOnlySequence<byte> input, TransferSyntax source, TransferSyntax target)
    {
        var output = new ArrayBufferWriter<byte>();
        var transcoder = new DataSetTranscoder(source, target);
        Assert.Equal(input.Length, transcoder.Transcode(input, true, output));
        Assert.True(transcoder.IsComplete);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] InSteps(byte[] bytes, int step, TransferSyntax source, TransferSyntax target)
    {
        var output = new ArrayBufferWriter<byte>();
        var transcoder = new DataSetTranscoder(source, target);
        int from = 0, to = 0;
        while (!transcoder.IsComplete)
        {
            to = Math.Min(bytes.Length, to + step);
            from += (int)transcoder.Transcode(new ReadOnlySequence<byte>(bytes, from, to - from), to == bytes.Length, output);
        }

        return output.WrittenSpan.ToArray();
    }
}
