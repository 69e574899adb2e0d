using System.Buffers;
using NetDicom.TestSupport;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.Reading;

public class DataSetReaderTests
{
    public static TheoryData<string> Syntaxes => ["implicit", "explicit", "big"];

    [Theory, MemberData(nameof(Syntaxes))]
    public void A_data_set_is_read_the_same_however_its_bytes_are_cut(string name)
    {
        (TransferSyntax syntax, Encoded encoded) = Sample(name);
        byte[] bytes = encoded.Bytes;
        string whole = Transcript.Of(bytes, syntax);
        Assert.DoesNotContain("Truncated", whole);
        Assert.EndsWith("End None", whole);
        foreach (ReadOnlySequence<byte> cut in Splits.EveryWay(bytes))
            Assert.Equal(whole, Transcript.Of(cut, syntax));
        for (int step = 1; step < 40; step++)
            Assert.Equal(whole, Transcript.InSteps(bytes, step, syntax));
    }

    [Fact]
    public void Tokens_say_where_everything_lies()
    {
        byte[] bytes = Encoded.ExplicitLittle
            .Element(0x00080018, "UI", "1.2\0")
            .Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").EndItem().Item(0).EndSequence()
            .Sequence(0x00082112, 18).Item(10).Element(0x00100010, "PN", "A ")
            .Element(0x7FE00010, "OW", 1, 2, 3, 4).Bytes;
        Assert.Equal("""
            0+8 0 Element (0008,0018) UI 4 312E3200
            12+12 1 SequenceStart (0008,1140) SQ undefined 
            24+8 2 ItemStart (FFFE,E000)  undefined 
            32+8 2 Element (0008,1150) UI 2 312E
            42+8 1 ItemEnd (FFFE,E00D)  0 
            50+8 2 ItemStart (FFFE,E000)  0 
            58+0 1 ItemEnd (FFFE,E00D)  0 
            58+8 0 SequenceEnd (0008,1140)  0 
            66+12 1 SequenceStart (0008,2112) SQ 18 
            78+8 2 ItemStart (FFFE,E000)  10 
            86+8 2 Element (0010,0010) PN 2 4120
            96+0 1 ItemEnd (FFFE,E00D)  0 
            96+0 0 SequenceEnd (0008,2112)  0 
            96+12 0 Element (7FE0,0010) OW 4 01020304
            112 End None
            """, Transcript.Of(bytes, TransferSyntax.ExplicitVRLittleEndian));
    }

    [Fact]
    public void Encapsulated_pixel_data_come_out_as_fragments()
    {
        byte[] bytes = Encoded.ExplicitLittle.Header(0x7FE00010, "OB", 0xFFFFFFFF)
            .Item(0).Item(4).Raw(0xFF, 0xD8, 0xFF, 0xD9).EndSequence()
            .Element(0xFFFCFFFC, "OB", 0, 0).Bytes;
        Assert.Equal("""
            0+12 1 FragmentsStart (7FE0,0010) OB undefined 
            12+8 1 FragmentStart (FFFE,E000)  0 
            20+8 1 FragmentStart (FFFE,E000)  4 FFD8FFD9
            32+8 0 FragmentsEnd (7FE0,0010)  0 
            40+12 0 Element (FFFC,FFFC) OB 2 0000
            54 End None
            """, Transcript.Of(bytes, TransferSyntax.JPEGBaseline8Bit));
    }

    [Fact]
    public void The_VR_of_implicit_data_comes_from_the_dictionary()
    {
        byte[] bytes = Encoded.Implicit.Element(0x00100020, "", "A ").Element(0x00110010, "", "C ").Element(0x00111001, "", "x ")
            .Sequence(0x00400275, 8).Item(0).Element(0x60003000, "", 1, 2).Bytes;
        string text = Transcript.Of(bytes, TransferSyntax.ImplicitVRLittleEndian);
        Assert.Contains("(0010,0020) LO", text);
        Assert.Contains("(0011,0010) LO", text);
        Assert.Contains("(0011,1001) UN", text);
        Assert.Contains("SequenceStart (0040,0275) SQ", text);
        Assert.Contains("(6000,3000) OW", text);
    }

    [Fact]
    public void Reading_stops_before_a_tag_of_the_outermost_data_set()
    {
        byte[] bytes = Encoded.ExplicitLittle.Sequence(0x00081140).Item().Element(0x7FE00010, "OW", 1, 2).EndItem().EndSequence()
            .Element(0x00280010, "US", 1, 0).Element(0x7FE00010, "OW", 1, 2).Bytes;
        var options = new DataSetReaderOptions { StopBefore = DicomTags.PixelData };
        string text = Transcript.Of(bytes, TransferSyntax.ExplicitVRLittleEndian, options);
        Assert.EndsWith("(0028,0010) US 2 0100\n60 End None", text);
        // The stop is seen without the bytes of the value.
        Assert.Equal(text, Transcript.InSteps(bytes[..^2], 1, TransferSyntax.ExplicitVRLittleEndian, options));
    }

    [Fact]
    public void A_value_can_be_copied_or_passed_over()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080018, "UI", "1.2\0").Element(0x00080060, "CS", "CT")
            .Sequence(0x00081140, 8).Item(0).Element(0x00100020, "LO", "P1").Bytes;
        var reader = new DataSetReader(Splits.Of(bytes, 3), true, new DataSetReaderState(TransferSyntax.ExplicitVRLittleEndian));
        Span<byte> room = stackalloc byte[16];
        Assert.True(reader.Read() && reader.TryReadValue(room, out int length) && room[..length].SequenceEqual("1.2\0"u8));
        Assert.True(reader.Read());
        Assert.Equal(0, reader.SkipValue());
        Assert.True(reader.Read() && reader.Token == DataSetToken.SequenceStart);
        Assert.Equal(0, reader.SkipValue());
        Assert.True(reader.Read() && reader.Tag == DicomTags.PatientID && reader.Depth == 0);
        Assert.True(reader.TryReadValue(room, out length) && room[..length].SequenceEqual("P1"u8));
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_value_too_long_to_hold_is_left_out_by_whoever_seeks()
    {
        byte[] head = Encoded.ExplicitLittle.Header(0x00420011, "OB", 0x10000000).Raw(1, 2, 3).Bytes;
        var reader = new DataSetReader(head, false, new DataSetReaderState(TransferSyntax.ExplicitVRLittleEndian));
        Assert.True(reader.Read());
        Assert.Equal(0x10000000 - 3, reader.SkipValue());
        Assert.Equal(head.Length, reader.BytesConsumed);
        byte[] rest = Encoded.ExplicitLittle.Element(0x00420012, "LO", "x ").Bytes;
        reader = new DataSetReader(rest, true, reader.CurrentState);
        Assert.True(reader.Read() && reader.Tag == new DicomTag(0x00420012) && reader.TokenOffset == 12 + 0x10000000);
    }

    [Fact]
    public void A_value_is_not_copied_into_too_little_room()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080018, "UI", "1.2\0").Bytes;
        Assert.Throws<ArgumentException>(() =>
        {
            var reader = new DataSetReader(bytes, true, new DataSetReaderState(TransferSyntax.ExplicitVRLittleEndian));
            reader.Read();
            reader.TryReadValue(new byte[3], out _);
        });
    }

    [Fact]
    public void Sequences_one_level_deeper_than_the_limit_are_refused()
    {
        Encoded Nested(int levels)
        {
            Encoded encoded = Encoded.ExplicitLittle;
            for (int i = 0; i < levels; i++)
                encoded.Sequence(0x00081140).Item();
            for (int i = 0; i < levels; i++)
                encoded.EndItem().EndSequence();
            return encoded;
        }

        Assert.EndsWith("End None", Transcript.Of(Nested(64).Bytes, TransferSyntax.ExplicitVRLittleEndian));
        var error = Assert.Throws<DicomDataException>(() => Transcript.Of(Nested(65).Bytes, TransferSyntax.ExplicitVRLittleEndian));
        Assert.Equal(new DicomTag(0x00081140), error.Tag);
        Assert.Equal(64 * 20 + 12, error.Offset);
        Assert.Contains("MaxDepth", error.Message);
    }

    [Fact]
    public void One_item_more_than_the_limit_is_refused()
    {
        Encoded encoded = Encoded.ExplicitLittle.Sequence(0x00081140);
        for (int i = 0; i < 3; i++)
            encoded.Item(0);
        byte[] bytes = encoded.EndSequence().Bytes;
        Assert.EndsWith("End None", Transcript.Of(bytes, TransferSyntax.ExplicitVRLittleEndian, new DataSetReaderOptions { MaxItems = 3 }));
        Assert.Throws<DicomDataException>(() => Transcript.Of(bytes, TransferSyntax.ExplicitVRLittleEndian, new DataSetReaderOptions { MaxItems = 2 }));
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public void A_real_file_is_read_the_same_in_one_piece_and_in_many(string name)
    {
        byte[] file = RealFiles.Bytes(name);
        FileMetaStatus status = FileMetaInformation.TryRead(file, out FileMetaInformation? meta, out int offset, isComplete: true);
        Assert.True(status is FileMetaStatus.Found or FileMetaStatus.Missing, $"{name}: {status}");
        byte[] data = file[offset..];
        if (meta!.TransferSyntax.IsDeflated)
        {
            using var inflated = new MemoryStream();
            new InflatingStream(new MemoryStream(data)).CopyTo(inflated);
            data = inflated.ToArray();
        }

        string whole = Transcript.Of(data, meta.TransferSyntax);
        Assert.Equal(whole, Transcript.Of(Splits.Of(data, 997), meta.TransferSyntax));
        Assert.Equal(whole, Transcript.InSteps(data, 4096, meta.TransferSyntax));
        if (data.Length < 20_000)
            Assert.Equal(whole, Transcript.Of(Splits.Of(data, 1), meta.TransferSyntax));
    }

    private static (TransferSyntax Syntax, Encoded Encoded) Sample(string name)
    {
        (TransferSyntax syntax, Encoded encoded) = name switch
        {
            "implicit" => (TransferSyntax.ImplicitVRLittleEndian, Encoded.Implicit),
            "explicit" => (TransferSyntax.ExplicitVRLittleEndian, Encoded.ExplicitLittle),
            _ => (TransferSyntax.ExplicitVRBigEndian, Encoded.ExplicitBig),
        };
        encoded.Element(0x00080018, "UI", "1.2.3\0")
            .Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").Sequence(0x00081199).EndSequence().EndItem().Item(0).EndSequence()
            .Sequence(0x00082112, 8).Item(0)
            .Sequence(0x00089215, 0)
            .Element(0x00100010, "PN", "")
            .Element(0x00280010, "US", name == "big" ? [0, 1] : [1, 0])
            .Element(0x00420011, "OB", [.. Enumerable.Range(0, 50).Select(i => (byte)i)])
            .Element(0x7FE00010, "OW", 1, 2, 3, 4);
        return (syntax, encoded);
    }
}
