using System.Text;
using NetDicom.Tables;

namespace NetDicom.Tests.Text;

public class SpecificCharacterSetTests
{
    public static TheoryData<string> Terms =>
        [.. Tsv.Read(Repository.Find(AppContext.BaseDirectory), "charsets.tsv").Rows.Select(row => row["defined_term"]).Where(term => !term.StartsWith('('))];

    [Theory, MemberData(nameof(Terms))]
    public void Every_term_of_the_standard_is_known_and_goes_both_ways(string term)
    {
        bool extension = term.StartsWith("ISO 2022", StringComparison.Ordinal);
        SpecificCharacterSet set = SpecificCharacterSet.Parse(extension ? $"\\{term}" : term);
        Assert.False(set.HasUnknownTerm);
        string sample = term[(term.LastIndexOf(' ') + 1)..] switch
        {
            "6" => "Smith", "100" => "Äneas", "101" => "Łódź", "109" => "Ħaż", "110" => "Ģirts", "126" => "Διονυσιος", "127" => "قباني", "13" => "ﾔﾏﾀﾞ",
            "138" => "שרון", "144" => "Люкceмбypг", "148" => "Çağla", "149" => "김희중", "159" => "丂丄丅", "166" => "นามสกุล", "203" => "Œuvre €", "58" => "张小东",
            "87" => "山田太郎", "192" => "Wang^王^小東", _ => "王小东",
        };
        Assert.True(set.CanEncode(sample), term);
        foreach (string text in new[] { sample, $"{sample}^A\\B^{sample}", $"A={sample}" })
        {
            Assert.True(set.TryEncode(text, true, out byte[] bytes));
            Assert.Equal(text, set.Decode(bytes, true));
        }
    }

    // PS3.5 annexes H.3.1, H.3.2, I.2 and J.3.
    [Theory]
    [InlineData("\\ISO 2022 IR 87", "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=\u001b$B;3ED\u001b(J^\u001b$BB@O:\u001b(J=\u001b$B$d$^$@\u001b(J^\u001b$B$?$m$&\u001b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData("\\ISO 2022 IR 149", "Hong^Gildong=\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7=\u001b$)C\u00c8\u00ab^\u001b$)C\u00b1\u00e6\u00b5\u00bf", "Hong^Gildong=洪^吉洞=홍^길동")]
    public void The_examples_of_the_standard_are_read(string terms, string latin1, string expected) =>
        Assert.Equal(expected, SpecificCharacterSet.Parse(terms).Decode(Encoding.Latin1.GetBytes(latin1), true));

    [Theory]
    [InlineData("ISO-IR 100", "ISO_IR 100"), InlineData("ISO IR 100", "ISO_IR 100"), InlineData("ISO_IR_100", "ISO_IR 100"), InlineData("ISO 2022 IR_100", "ISO_IR 100")]
    [InlineData("UTF-8", "ISO_IR 192"), InlineData("ISO 2022 58", "ISO 2022 IR 58"), InlineData("ISO_IR 149", "ISO 2022 IR 149"), InlineData("ISO 2022 GBK", "GBK"), InlineData("ISO_8859-1", "ISO_IR 100")]
    public void No_23_misspelt_terms_are_understood(string spelt, string meant)
    {
        Assert.False(SpecificCharacterSet.Parse(spelt).HasUnknownTerm);
        Assert.Equal(SpecificCharacterSet.Parse(meant), SpecificCharacterSet.Parse(spelt));
    }

    [Fact]
    public void No_23_bytes_above_7F_without_a_term_and_unknown_terms_never_fail()
    {
        Assert.Equal("Mü", SpecificCharacterSet.Default.Decode([0x4D, 0xFC]));
        SpecificCharacterSet unknown = SpecificCharacterSet.Parse("KLINGON");
        Assert.True(unknown.HasUnknownTerm);
        Assert.Equal("Mü", unknown.Decode([0x4D, 0xFC]));
    }

    [Fact]
    public void No_24_a_set_that_stands_alone_rules_as_value_1_and_is_passed_over_later()
    {
        Assert.Equal(SpecificCharacterSet.Utf8, SpecificCharacterSet.Parse("ISO_IR 192\\ISO 2022 IR 87"));
        Assert.Equal(SpecificCharacterSet.Parse("ISO 2022 IR 100"), SpecificCharacterSet.Parse("ISO 2022 IR 100\\ISO_IR 192"));
    }

    [Fact]
    public void No_25_escape_sequences_are_honoured_without_several_values() =>
        Assert.Equal("山", SpecificCharacterSet.Default.Decode([0x1B, .. "$B;3"u8]));

    [Fact]
    public void A_character_outside_the_set_cannot_be_written()
    {
        Assert.False(SpecificCharacterSet.Latin1.TryEncode("山田", false, out _));
        Assert.False(SpecificCharacterSet.Default.CanEncode("ü"));
        Assert.True(SpecificCharacterSet.Latin1.CanEncode("ü"));
    }

    [Fact]
    public void A_backslash_byte_within_a_kanji_or_a_GBK_character_separates_nothing()
    {
        // 8A 5C is one character of GBK; 3D 5C one of JIS X 0208.
        var gbk = DicomDataSet.Read(new Support.Encoded().Element(0x00080005, "CS", "GBK ").Element(0x00081090, "LO", 0x8A, 0x5C, (byte)'\\', (byte)'B').Bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(2, gbk.GetStrings(DicomTags.ManufacturerModelName).Count);
        var kanji = DicomDataSet.Read(new Support.Encoded().Element(0x00080005, "CS", "\\ISO 2022 IR 87 ").Element(0x00081090, "LO", "\u001b$B=\\\u001b(B\\B").Bytes, TransferSyntax.ExplicitVRLittleEndian);
        Assert.Equal(2, kanji.GetStrings(DicomTags.ManufacturerModelName).Count);
    }
}
