using NetDicom.TestSupport;
using NetDicom.Tests.Support;
using static NetDicom.DataSetDeviations;

namespace NetDicom.Tests.Reading;

/// <summary>The deviations that parsers meet, by the numbers of the list in docs/deviations.md.</summary>
public class DeviationTests
{
    private static readonly TransferSyntax _explicit = TransferSyntax.ExplicitVRLittleEndian;
    private static readonly TransferSyntax _implicit = TransferSyntax.ImplicitVRLittleEndian;

    [Fact]
    public void No_4_implicit_data_announced_as_explicit_and_the_reverse()
    {
        byte[] isImplicit = Encoded.Implicit.Element(0x00080016, "", "1.2\0").Element(0x00100010, "", "A ").Bytes;
        Assert.Equal(Shown(Transcript.Of(isImplicit, _implicit)), Shown(Transcript.Of(isImplicit, _explicit)));
        Assert.EndsWith("End OtherTransferSyntax", Transcript.Of(isImplicit, _explicit));
        byte[] isExplicit = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Element(0x00100010, "PN", "A ").Bytes;
        Assert.Equal(Shown(Transcript.Of(isExplicit, _explicit)), Shown(Transcript.Of(isExplicit, _implicit)));
    }

    [Fact]
    public void No_5_big_endian_data_announced_as_little_endian_and_the_reverse()
    {
        byte[] big = Encoded.ExplicitBig.Element(0x00080016, "UI", "1.2\0").Element(0x00280010, "US", 0, 1).Bytes;
        Assert.Equal(Shown(Transcript.Of(big, TransferSyntax.ExplicitVRBigEndian)), Shown(Transcript.Of(big, _explicit)));
        byte[] little = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Element(0x00280010, "US", 1, 0).Bytes;
        Assert.Equal(Shown(Transcript.Of(little, _explicit)), Shown(Transcript.Of(little, TransferSyntax.ExplicitVRBigEndian)));
    }

    [Fact]
    public void Detection_can_be_switched_off()
    {
        byte[] isExplicit = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Bytes;
        Assert.Contains("Truncated", Transcript.Of(isExplicit, _implicit, new DataSetReaderOptions { DetectTransferSyntax = false }));
    }

    [Fact]
    public void No_7_odd_lengths()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Element(0x00080060, "CS", "ABC").Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("CS 3 414243", text);
        Assert.Contains("(0010,0010) PN 2", text);
        Assert.EndsWith("End OddLength", text);
    }

    [Fact]
    public void No_8_elements_out_of_order_and_duplicates()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Element(0x00100010, "PN", "A ").Element(0x00080060, "CS", "CT").Bytes, _explicit);
        Assert.Contains("(0008,0060)", text);
        Assert.EndsWith("End OutOfOrder", text);
        Assert.EndsWith("End OutOfOrder", Transcript.Of(Encoded.ExplicitLittle.Element(0x00080060, "CS", "CT").Element(0x00080060, "CS", "MR").Bytes, _explicit));
    }

    [Theory]
    [InlineData("ZZ", "UN", 12)]
    [InlineData("cs", "CS", 8)]
    [InlineData("??", "CS", 8)]
    [InlineData("  ", "CS", 8)]
    [InlineData("\0\0", "CS", 8)]
    public void No_9_VR_bytes_that_are_none(string written, string meant, int header)
    {
        Encoded encoded = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Header(0x00080060, written, 2);
        string text = Transcript.Of(encoded.Raw((byte)'C', (byte)'T').Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains($"12+{header} 0 Element (0008,0060) {meant} 2 4354", text);
        Assert.Contains("(0010,0010) PN 2 4120", text);
        Assert.EndsWith("End UnknownVR", text);
    }

    [Fact]
    public void No_10_a_16_bit_length_in_a_long_form_VR_by_a_switch()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Tag(0x00081234).Raw((byte)'U', (byte)'T', 2, 0, (byte)'a', (byte)'b').Element(0x00100010, "PN", "A ").Bytes;
        string text = Transcript.Of(bytes, _explicit, new DataSetReaderOptions { ReservedBytesMayBeLength = true });
        Assert.Contains("(0008,1234) UT 2 6162", text);
        Assert.EndsWith("End ShortLengthField", text);
        Assert.Contains("Truncated", Transcript.Of(bytes, _explicit));
    }

    [Fact]
    public void No_11_a_private_sequence_of_undefined_length_in_implicit_VR()
    {
        string text = Transcript.Of(Encoded.Implicit.Sequence(0x00091001).Item().Element(0x00100010, "", "A ").EndItem().EndSequence().Bytes, _implicit);
        Assert.Contains("SequenceStart (0009,1001) SQ undefined", text);
        Assert.EndsWith("End None", text);
    }

    [Fact]
    public void No_12_a_private_sequence_of_defined_length_stays_bytes_unless_probed()
    {
        byte[] bytes = Encoded.Implicit.Sequence(0x00091001, 18).Item(10).Element(0x00100010, "", "A ").Bytes;
        Assert.Contains("Element (0009,1001) UN 18", Transcript.Of(bytes, _implicit));
        string probed = Transcript.Of(bytes, _implicit, new DataSetReaderOptions { ProbeUnknownForItems = true });
        Assert.Contains("SequenceStart (0009,1001) SQ 18", probed);
        Assert.Contains("2 Element (0010,0010) PN", probed);
    }

    [Fact]
    public void No_13_items_in_UN_are_implicit_but_explicit_ones_are_seen()
    {
        byte[] right = Encoded.ExplicitLittle.Sequence(0x00091001, vr: "UN").Raw(Encoded.Implicit.Item().Element(0x00100010, "", "A ").EndItem().EndSequence()).Bytes;
        Assert.EndsWith("End None", Transcript.Of(right, _explicit));
        byte[] wrong = Encoded.ExplicitLittle.Sequence(0x00091001, vr: "UN").Item().Element(0x00100010, "PN", "A ").EndItem().EndSequence().Bytes;
        string text = Transcript.Of(wrong, _explicit);
        Assert.Contains("2 Element (0010,0010) PN 2 4120", text);
        Assert.EndsWith("End ExplicitInUN", text);
        byte[] big = Encoded.ExplicitBig.Sequence(0x00091001, vr: "UN").Raw(Encoded.Implicit.Item().Element(0x00280010, "", 1, 0).EndItem().EndSequence()).Element(0x00280010, "US", 0, 1).Bytes;
        text = Transcript.Of(big, TransferSyntax.ExplicitVRBigEndian);
        Assert.Contains("2 Element (0028,0010) US 2 0100", text);
        Assert.Contains("0 Element (0028,0010) US 2 0001", text);
    }

    [Fact]
    public void UN_of_a_known_element_is_read_as_what_it_is()
    {
        byte[] bytes = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Element(0x00081140, "UN", Encoded.Implicit.Item(10).Element(0x00100010, "", "A ").Bytes).Element(0x00100020, "UN", "P ").Bytes;
        string text = Transcript.Of(bytes, _explicit);
        Assert.Contains("SequenceStart (0008,1140) SQ 18", text);
        Assert.Contains("(0010,0020) LO 2", text);
        Assert.Contains("Element (0008,1140) UN 18", Transcript.Of(bytes, _explicit, new DataSetReaderOptions { ResolveUN = false }));
    }

    [Fact]
    public void No_14_delimiters_missing_at_the_end_or_before_the_next_element()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Sequence(0x00081140).Item().Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("ItemEnd", text);
        Assert.Contains("SequenceEnd", text);
        Assert.EndsWith("End MissingDelimiter", text);
        text = Transcript.Of(Encoded.ExplicitLittle.Sequence(0x00081140).Item(0).Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("0 Element (0010,0010)", text);
        text = Transcript.Of(Encoded.ExplicitLittle.Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").Item().EndItem().EndSequence().Bytes, _explicit);
        Assert.Equal(2, text.Split("ItemStart").Length - 1);
        Assert.EndsWith("End MissingDelimiter", text);
        text = Transcript.Of(Encoded.ExplicitLittle.Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").EndSequence().Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("0 Element (0010,0010)", text);
    }

    [Fact]
    public void No_14_a_length_past_the_parent_ends_with_the_parent()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Sequence(0x00081140, 18).Item(10).Header(0x00081150, "UI", 90).Raw((byte)'1', (byte)'.').Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("(0008,1150) UI 90 312E\n", text);
        Assert.Contains("0 Element (0010,0010) PN 2 4120", text);
        Assert.EndsWith("End LengthPastParent", text);
    }

    [Fact]
    public void No_15_delimiters_with_a_length_and_where_none_belong()
    {
        byte[] bytes = Encoded.ExplicitLittle.Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").Tag(0xFFFEE00D).Number(99).EndItem().EndSequence()
            .Sequence(0x00082112, 8).Item(0).EndSequence().Element(0x00100010, "PN", "A ").Bytes;
        string text = Transcript.Of(bytes, _explicit);
        Assert.Contains("0 Element (0010,0010)", text);
        Assert.EndsWith("End StrayDelimiter", text);
    }

    [Fact]
    public void No_16_a_file_cut_off_inside_a_value_delivers_what_is_there()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Header(0x7FE00010, "OW", 100).Raw(1, 2, 3).Bytes, _explicit);
        Assert.Equal("0+12 0 Element (7FE0,0010) OW 100 010203\n15 End Truncated", text);
    }

    [Theory]
    [InlineData(3), InlineData(8), InlineData(200)]
    public void No_17_zeros_after_the_data_set_are_passed_over(int count) =>
        Assert.Equal("0+8 0 Element (0010,0010) PN 2 4120\n" + (count < 8 ? 10 + count : 10) + " End TrailingBytes",
            Transcript.Of(Encoded.ExplicitLittle.Element(0x00100010, "PN", "A ").Raw(new byte[count]).Bytes, _explicit));

    [Fact]
    public void A_sequence_that_holds_no_items_is_read_as_bytes()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Element(0x00081140, "SQ", "not items at all").Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("Element (0008,1140) UN 16", text);
        Assert.EndsWith("End NotItems", text);
    }

    [Fact]
    public void No_36_group_lengths_with_wrong_values_mean_nothing()
    {
        string text = Transcript.Of(Encoded.ExplicitLittle.Element(0x00080000, "UL", 1, 2, 3, 4).Element(0x00100010, "PN", "A ").Bytes, _explicit);
        Assert.Contains("(0010,0010)", text);
        Assert.EndsWith("End None", text);
    }

    [Theory]
    [InlineData("an item outside a sequence")]
    [InlineData("group FFFE")]
    [InlineData("fragment of undefined length")]
    [InlineData("where an item")]
    public void What_cannot_be_read_on_is_an_error_with_tag_offset_and_rule(string what)
    {
        Encoded encoded = what switch
        {
            "an item outside a sequence" => Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Item(0),
            "group FFFE" => Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0").Tag(0xFFFE1234).Number(0),
            "fragment of undefined length" => Encoded.ExplicitLittle.Header(0x7FE00010, "OB", 0xFFFFFFFF).Item(),
            _ => Encoded.ExplicitLittle.Sequence(0x00081140, 26).Item(0).Element(0x00100010, "PN", "1234567890"),
        };
        var error = Assert.Throws<DicomDataException>(() => Transcript.Of(encoded.Bytes, _explicit));
        Assert.NotNull(error.Tag);
        Assert.NotNull(error.Offset);
        Assert.Contains(what, error.Message);
        Assert.Contains("PS3.5", error.Message);
    }

    [Fact]
    public void No_38_random_damage_neither_crashes_nor_hangs()
    {
        int seed = Seed.Value;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[] sample = Encoded.ExplicitLittle.Element(0x00080016, "UI", "1.2\0")
            .Sequence(0x00081140).Item().Element(0x00081150, "UI", "1.").Sequence(0x00081199).EndSequence().EndItem().Item(0).EndSequence()
            .Sequence(0x00082112, 8).Item(0).Element(0x00100010, "PN", "A ").Header(0x7FE00010, "OB", 0xFFFFFFFF).Item(0).Item(4).Raw(1, 2, 3, 4).EndSequence().Bytes;
        TransferSyntax[] syntaxes = [_explicit, _implicit, TransferSyntax.ExplicitVRBigEndian];
        for (int turn = 0; turn < 20_000; turn++)
        {
            byte[] damaged = [.. sample];
            for (int i = random.Next(1, 6); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                string text = Transcript.Of(damaged[..random.Next(damaged.Length)], syntaxes[turn % 3]);
                Assert.InRange(text.Length, 1, 100 * sample.Length);
            }
            catch (DicomDataException)
            {
                // The one way to fail.
            }
        }
    }

    // The lines without the closing one, which tells the deviations.
    private static string Shown(string transcript) => transcript[..transcript.LastIndexOf('\n')].Replace(" UI 4", " 4", StringComparison.Ordinal);
}
