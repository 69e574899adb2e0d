using System.Buffers;
using System.Text.Json;

namespace NetDicom.Tests.Fuzzed;

/// <summary>What the fuzzer (fuzz/) found in this layer, as the rule that was broken.</summary>
public class FoundByFuzzingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_transcoder_comes_to_its_end_however_short_the_spans_are_that_it_gets(int values)
    {
        // The span is exactly as long as was asked for: with less than 8 bytes of room the transcoder went round for ever.
        byte[] bytes = new DicomDataSet { { DicomTags.SOPInstanceUID, "1.2.3" }, { DicomTags.Rows, Enumerable.Range(1, values).Select(i => (long)i).ToArray() } }.ToArray(TransferSyntax.ExplicitVRLittleEndian);
        var output = new ExactWriter();
        var transcoder = new DataSetTranscoder(TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian);
        transcoder.Transcode(new ReadOnlySequence<byte>(bytes), true, output);
        DicomDataSet read = DicomDataSet.Read(output.Bytes.ToArray(), TransferSyntax.ExplicitVRBigEndian);
        Assert.Equal(Enumerable.Range(1, values), read.GetInt32s(DicomTags.Rows));
    }

    public static TheoryData<string, byte[]> BrokenTexts() => new()
    {
        { "half a surrogate pair", [.. "{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"\\ud800\"]}}"u8] },
        { "half a surrogate pair as a name", [.. "{\"\\ud800\":{}}"u8] },
        { "invalid UTF-8", [.. "{\"00100020\":{\"vr\":\"LO\",\"Value\":[\""u8, 0xFF, 0xC0, .. "\"]}}"u8] },
        { "invalid UTF-8 in a VR", [.. "{\"00100020\":{\"vr\":\""u8, 0xFF, .. "\"}}"u8] },
    };

    [Theory]
    [MemberData(nameof(BrokenTexts))]
    public void Text_in_JSON_that_is_none_is_a_DicomDataException(string what, byte[] json)
    {
        DicomDataException refused = Assert.Throws<DicomDataException>(() => DicomJson.Read(json));
        Assert.True(refused.InnerException is InvalidOperationException, what);
        Assert.Throws<DicomDataException>(() =>
        {
            var reader = new Utf8JsonReader(json);
            DicomJson.Read(ref reader);
        });
    }

    [Fact]
    public async Task A_length_beyond_what_a_stream_can_be_is_no_other_error_than_one_beyond_its_end()
    {
        byte[] head = FileMetaInformation.Create(new DicomUid("1.2.3"), new DicomUid("1.2.3.4"), TransferSyntax.ExplicitVRLittleEndian).GetBytes();
        byte[] file = [.. head, 0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4];
        using DicomFile inMemory = DicomFile.Read(file);
        using DicomFile fromStream = await DicomFile.OpenAsync(new MemoryStream(file));
        Assert.Equal(inMemory.DataSet.Deviations, fromStream.DataSet.Deviations);
        Assert.Equal(DicomDump.ToText(inMemory.DataSet), DicomDump.ToText(fromStream.DataSet));
    }

    [Theory]
    [InlineData("OF")]
    [InlineData("CS")]
    public void A_character_set_of_very_many_terms_costs_no_more_than_other_values(string vr)
    {
        byte[] value = new byte[32 * 1024];
        for (int i = 0; i < value.Length; i++)
            value[i] = (byte)(i % 4 == 3 ? '\\' : 'A');
        byte[] bytes = [0x08, 0x00, 0x05, 0x00, (byte)vr[0], (byte)vr[1], .. vr == "OF" ? (byte[])[0, 0, 0, 0x80, 0, 0] : [0, 0x80], .. value];
        DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DicomDataSet set = DicomDataSet.Read(bytes, TransferSyntax.ExplicitVRLittleEndian);
        // It was a thousand bytes for each byte.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60L * value.Length);
        Assert.Equal(vr == "CS", set.CharacterSet.HasUnknownTerm);
    }

    [Fact]
    public void Text_of_padding_alone_is_the_same_as_no_text()
    {
        DicomDataSet padding = DicomDataSet.Read(new byte[] { 0x08, 0, 0x01, 0, (byte)'L', (byte)'O', 4, 0, 0, 0, 0, 0 }, TransferSyntax.ExplicitVRLittleEndian);
        Assert.True(padding.ContentEquals(new DicomDataSet().Set(DicomElement.CreateEmpty(new DicomTag(0x0008, 0x0001), DicomVR.LO))));
        Assert.False(padding.ContentEquals(new DicomDataSet().Set(DicomElement.Create(new DicomTag(0x0008, 0x0001), DicomVR.LO, "A"))));
    }

    [Fact]
    public void A_deflate_stream_that_is_broken_in_any_way_is_a_DicomDataException()
    {
        // Two bytes can ask for a dictionary: .NET has an exception of another kind for that.
        foreach (byte[] broken in (byte[][])[[0x78, 0x3F, 0x97, 0xB2, 0x24, 0x45], [0xFF, 0xFF, 0xFF, 0xFF]])
            Assert.Throws<DicomDataException>(() => DicomDataSet.Read(broken, TransferSyntax.DeflatedExplicitVRLittleEndian));
    }

    /// <summary>Gives spans of exactly the length that is asked for, as a writer may.</summary>
    private sealed class ExactWriter : IBufferWriter<byte>
    {
        private byte[] _room = [];

        public List<byte> Bytes { get; } = [];

        public void Advance(int count) => Bytes.AddRange(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
