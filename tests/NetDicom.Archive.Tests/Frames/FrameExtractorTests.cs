using System.Globalization;

namespace NetDicom.Archive.Tests.Frames;

/// <summary>New instances of some frames (PS3.4 sections Y.3.2 and Y.3.3).</summary>
public class FrameExtractorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>An image of 2 by 2 bytes a frame, each byte of which is the frame's number.</summary>
    private static DicomDataSet Image(int frames, DicomUid? sopClass = null)
    {
        var set = new DicomDataSet();
        set.Set(DicomTags.SOPClassUID, sopClass ?? SopClasses.UltrasoundMultiFrameImageStorage).Set(DicomTags.SOPInstanceUID, new DicomUid("1.2.3.4")).Set(DicomTags.SeriesInstanceUID, new DicomUid("1.2.3"))
            .Set(DicomTags.Rows, 2).Set(DicomTags.Columns, 2).Set(DicomTags.SamplesPerPixel, 1).Set(DicomTags.BitsAllocated, 8).Set(DicomTags.BitsStored, 8).Set(DicomTags.HighBit, 7)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2").Set(DicomTags.NumberOfFrames, frames).Set(DicomTags.FrameTime, "40").Set(DicomTags.FrameIncrementPointer, DicomTags.FrameTime)
            .Set(DicomTags.LargestImagePixelValue, 9).Set(DicomTags.RepresentativeFrameNumber, 3);
        set.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OB, Enumerable.Range(1, frames).SelectMany(frame => Enumerable.Repeat((byte)frame, 4)).ToArray()));
        return set;
    }

    private static DicomDataSet Simple(params long[] frames) => new DicomDataSet().Set(DicomTags.SimpleFrameList, frames);

    private static DicomDataSet Extract(DicomDataSet image, DicomDataSet identifier, TransferSyntax? syntax = null) =>
        FrameExtractor.Extract(image, syntax ?? TransferSyntax.ExplicitVRLittleEndian, identifier, new DicomUid("2.25.99"), s_now);

    private static int[] FramesOf(DicomDataSet made) => [.. made[DicomTags.PixelData].GetBytes().ToArray().Take(4 * made.GetInt32(DicomTags.NumberOfFrames)).Chunk(4).Select(frame => (int)frame.Distinct().Single())];

    private static FrameExtractionProblem ProblemOf(DicomDataSet image, DicomDataSet identifier, TransferSyntax? syntax = null) =>
        Assert.Throws<FrameExtractionException>(() => Extract(image, identifier, syntax)).Problem;

    [Fact]
    public void The_new_instance_has_the_frames_and_says_where_they_are_from()
    {
        DicomDataSet image = Image(10);
        image.Set(DicomTags.ContributingEquipmentSequence, new DicomDataSet().Set(DicomTags.Manufacturer, "Earlier"));
        image.Set(DicomElement.Create(new DicomTag(0x0009, 0x0010), DicomVR.LO, ["PRIVATE"]));
        DicomDataSet made = Extract(image, Simple(3, 7));
        Assert.Equal([3, 7], FramesOf(made));
        Assert.Equal((new DicomUid("2.25.99"), image.GetUid(DicomTags.SOPClassUID), new DicomUid("1.2.3")), (made.GetUid(DicomTags.SOPInstanceUID), made.GetUid(DicomTags.SOPClassUID), made.GetUid(DicomTags.SeriesInstanceUID)));
        DicomDataSet extraction = Assert.Single(made.GetSequence(DicomTags.FrameExtractionSequence)!);
        Assert.Equal(new DicomUid("1.2.3.4"), extraction.GetUid(DicomTags.MultiFrameSourceSOPInstanceUID));
        Assert.Equal(["3", "7"], extraction.GetStrings(DicomTags.SimpleFrameList));
        Assert.Equal(["Earlier", "NetDicom"], made.GetSequence(DicomTags.ContributingEquipmentSequence)!.Select(item => item.GetStringOrDefault(DicomTags.Manufacturer)));
        Assert.Equal("109105", made.GetStringOrDefault(DicomTagPath.Parse("ContributingEquipmentSequence[1].PurposeOfReferenceCodeSequence[0].CodeValue")));
        // Frame 3 is the first one now; every fourth frame is 160 ms; the extremes and private attributes were of the whole.
        Assert.Equal((1, "160", "80"), (made.GetInt32(DicomTags.RepresentativeFrameNumber), made.GetStringOrDefault(DicomTags.FrameTime), made.GetStringOrDefault(DicomTags.FrameDelay)));
        Assert.False(made.Contains(DicomTags.LargestImagePixelValue) || made.Any(element => element.Tag.IsPrivate));
        // Of the new one again: both items.
        DicomDataSet again = Extract(made, Simple(2));
        Assert.Equal([7], FramesOf(again));
        Assert.Equal(2, again.GetSequence(DicomTags.FrameExtractionSequence)!.Count);
        Assert.False(again.Contains(DicomTags.RepresentativeFrameNumber));
        // The source is as it was.
        Assert.Equal(10, image.GetInt32(DicomTags.NumberOfFrames));
        Assert.False(image.Contains(DicomTags.FrameExtractionSequence));
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("2\\9\\11", "2 9")]
    [InlineData("c 1\\10\\4", "1 5 9")]
    [InlineData("c 2\\3\\1\\8\\4294967295\\2", "2 3 8 10")]
    [InlineData("c 5\\6\\9\\11\\20\\1", "5")]
    [InlineData("t 0.04\\0.12", "2 3 4")]
    [InlineData("t 0.3\\99", "9 10")]
    public void A_list_of_frames_is_read_as_the_standard_says(string list, string expected) =>
        Assert.Equal(expected, string.Join(' ', FramesOf(Extract(Image(10), ListOf(list)))));

    [Theory]
    [InlineData("11\\12", FrameExtractionProblem.NoSuchFrames)]
    [InlineData("c 11\\20\\1", FrameExtractionProblem.NoSuchFrames)]
    [InlineData("t 5\\6", FrameExtractionProblem.NoSuchFrames)]
    [InlineData("0", FrameExtractionProblem.InvalidRequest)]
    [InlineData("2\\2", FrameExtractionProblem.InvalidRequest)]
    [InlineData("c 1\\2", FrameExtractionProblem.InvalidRequest)]
    [InlineData("c 1\\2\\0", FrameExtractionProblem.InvalidRequest)]
    [InlineData("c 1\\4\\1\\3\\5\\1", FrameExtractionProblem.InvalidRequest)]
    [InlineData("t 2\\1", FrameExtractionProblem.InvalidRequest)]
    [InlineData("t NaN\\1", FrameExtractionProblem.InvalidRequest)]
    public void What_cannot_be_asked_is_told(string list, FrameExtractionProblem problem) => Assert.Equal(problem, ProblemOf(Image(10), ListOf(list)));

    [Fact]
    public void Uneven_frames_keep_the_times_that_they_had()
    {
        DicomDataSet made = Extract(Image(10), Simple(2, 3, 7));
        Assert.Equal(["0", "40", "160"], made.GetStrings(DicomTags.FrameTimeVector));
        Assert.True(!made.Contains(DicomTags.FrameTime) && made.TryGetTag(DicomTags.FrameIncrementPointer, out DicomTag pointer) && pointer == DicomTags.FrameTimeVector);
        Assert.Equal("40", made.GetStringOrDefault(DicomTags.FrameDelay));
        DicomDataSet vector = Image(4).Set(DicomTags.FrameTimeVector, "0", "10", "20", "30").Set(DicomTags.FrameLabelVector, "A", "B", "C", "D").Set(DicomTags.FrameNumbersOfInterest, 1L, 4L).Set(DicomTags.FrameOfInterestDescription, "x", "y");
        vector.Remove(DicomTags.FrameTime);
        made = Extract(vector, Simple(2, 4));
        Assert.Equal(["0", "50"], made.GetStrings(DicomTags.FrameTimeVector));
        Assert.Equal(["B", "D"], made.GetStrings(DicomTags.FrameLabelVector));
        Assert.Equal(("2", "y"), (made.GetStringOrDefault(DicomTags.FrameNumbersOfInterest), made.GetStringOrDefault(DicomTags.FrameOfInterestDescription)));
        Assert.Equal([2, 4], FramesOf(Extract(vector, ListOf("t 0.01\\0.01"))).Concat(FramesOf(Extract(vector, ListOf("t 0.06\\1")))));
        DicomDataSet timeless = Image(4);
        timeless.Remove(DicomTags.FrameTime);
        Assert.Equal(FrameExtractionProblem.NoTimeBase, ProblemOf(timeless, ListOf("t 0\\1")));
    }

    [Fact]
    public void Functional_groups_go_with_their_frames_and_what_has_its_meaning_by_its_place_is_refused()
    {
        DicomDataSet image = Image(4, SopClasses.EnhancedCTImageStorage);
        Assert.Equal(FrameExtractionProblem.CannotCreate, ProblemOf(image, Simple(1)));
        image.Set(DicomTags.PerFrameFunctionalGroupsSequence, [.. Enumerable.Range(1, 4).Select(i => new DicomDataSet().Set(DicomTags.FrameContentSequence,
            new DicomDataSet().Set(DicomTags.FrameComments, i.ToString(CultureInfo.InvariantCulture))))]);
        DicomDataSet made = Extract(image, Simple(2, 4));
        Assert.Equal(["2", "4"], made.GetSequence(DicomTags.PerFrameFunctionalGroupsSequence)!.Select(item => item.GetSequence(DicomTags.FrameContentSequence)![0].GetStringOrDefault(DicomTags.FrameComments)));
        Assert.Equal(FrameExtractionProblem.CannotCreate, ProblemOf(image.Clone().Set(DicomTags.DimensionOrganizationType, "TILED_FULL"), Simple(1)));
        Assert.Equal(FrameExtractionProblem.CannotCreate, ProblemOf(Image(4, SopClasses.RTDoseStorage), Simple(1)));
        DicomDataSet single = Image(1);
        single.Remove(DicomTags.NumberOfFrames);
        Assert.Equal(FrameExtractionProblem.CannotCreate, ProblemOf(single, Simple(1)));
    }

    [Fact]
    public void Encapsulated_frames_are_copied_as_one_fragment_each()
    {
        DicomDataSet Compressed(params byte[][] fragments)
        {
            DicomDataSet image = Image(3);
            return image.Set(DicomElement.Create(DicomTags.PixelData, new DicomFragments(fragments.Select(bytes => (ReadOnlyMemory<byte>)bytes))));
        }

        DicomFragments made = Extract(Compressed([1, 1], [2, 2], [3, 3]), Simple(1, 3), TransferSyntax.RLELossless)[DicomTags.PixelData].Fragments!;
        Assert.Equal([[1, 1], [3, 3]], made.Select(bytes => bytes.ToArray()));
        Assert.Empty(made.GetOffsetTable());
        // Two fragments of one frame, told apart by where a codestream begins.
        made = Extract(Compressed([0xFF, 0xD8, 1, 1], [0xFF, 0xD8, 2, 2], [9, 9], [0xFF, 0xD8, 3, 3]), Simple(2), TransferSyntax.JPEGBaseline8Bit)[DicomTags.PixelData].Fragments!;
        Assert.Equal([[0xFF, 0xD8, 2, 2, 9, 9]], made.Select(bytes => bytes.ToArray()));
        Assert.Equal(FrameExtractionProblem.CannotExtract, ProblemOf(Compressed([1, 1], [2, 2]), Simple(1), TransferSyntax.RLELossless));
        Assert.Equal(FrameExtractionProblem.CannotExtract, ProblemOf(Compressed([1, 1], [2, 2], [3, 3]), Simple(1), TransferSyntax.MPEG4HP41));
    }

    [Fact]
    public void Frames_of_single_bits_are_cut_between_bytes()
    {
        DicomDataSet image = Image(3, SopClasses.MultiFrameSingleBitSecondaryCaptureImageStorage).Set(DicomTags.BitsAllocated, 1).Set(DicomTags.BitsStored, 1).Set(DicomTags.HighBit, 0).Set(DicomTags.Columns, 3).Set(DicomTags.Rows, 1);
        // Frames 101, 011, 110, the first pixel the lowest bit.
        image.Set(DicomElement.Create(DicomTags.PixelData, DicomVR.OB, new byte[] { 0b11_110_101, 0b0 }));
        // 3 bits each: 101 (1, 0, 1), 110 (0, 1, 1), 0 11 (1, 1, 0).
        Assert.Equal((byte)0b011_110, Extract(image, Simple(2, 3))[DicomTags.PixelData].GetBytes().Span[0]);
        Assert.Equal((byte)0b011_101, Extract(image, Simple(1, 3))[DicomTags.PixelData].GetBytes().Span[0]);
    }

    [Fact]
    public void Numbers_that_pixel_data_do_not_bear_out_reserve_nothing()
    {
        Assert.Equal(FrameExtractionProblem.CannotExtract, ProblemOf(Image(4).Set(DicomTags.NumberOfFrames, int.MaxValue), new DicomDataSet().Set(DicomTags.CalculatedFrameList, 1L, 0xFFFFFFFFL, 1L)));
        Assert.Equal(FrameExtractionProblem.CannotExtract, ProblemOf(Image(4).Set(DicomTags.Rows, 65535).Set(DicomTags.Columns, 65535), Simple(1)));
        FrameExtractionException large = Assert.Throws<FrameExtractionException>(() => FrameExtractor.Extract(Image(4), TransferSyntax.ExplicitVRLittleEndian, Simple(1, 2), new DicomUid("2.25.99"), s_now, maxBytes: 7));
        Assert.Equal(FrameExtractionProblem.CannotExtract, large.Problem);
    }

    private static DicomDataSet ListOf(string text) => text[0] switch
    {
        'c' => new DicomDataSet().Set(DicomTags.CalculatedFrameList, [.. text[2..].Split('\\').Select(number => long.Parse(number, CultureInfo.InvariantCulture))]),
        't' => new DicomDataSet().Set(DicomTags.TimeRange, [.. text[2..].Split('\\').Select(number => double.Parse(number, CultureInfo.InvariantCulture))]),
        _ => Simple([.. text.Split('\\').Select(number => long.Parse(number, CultureInfo.InvariantCulture))]),
    };
}
