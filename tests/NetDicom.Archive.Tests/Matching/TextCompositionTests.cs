using System.Security.Cryptography;
using System.Text;

namespace NetDicom.Archive.Tests.Matching;

/// <summary>Unicode's form C, against what another implementation (Python's unicodedata, Unicode 14) made of the same texts.</summary>
public class TextCompositionTests
{
    /// <summary>Marks in any order, letters that stand for others, syllables of Hangul, what is never composed; and texts at random.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { "e\u0301", "\u00E9" },
        { "E\u0301tude", "\u00C9tude" },
        { "a\u0323\u0307", "\u1EA1\u0307" },
        { "a\u0307\u0323", "\u1EA1\u0307" },
        { "\u1112\u1161\u11AB", "\uD55C" },
        { "\uAC00\u11A8", "\uAC01" },
        { "\u304B\u3099", "\u304C" },
        { "\u212B", "\u00C5" },
        { "\u2126", "\u03A9" },
        { "\u1E9B\u0323", "\u1E9B\u0323" },
        { "\u0344", "\u0308\u0301" },
        { "\u0958", "\u0915\u093C" },
        { "\uFB1D", "\u05D9\u05B4" },
        { "\U0001D15E", "\U0001D157\U0001D165" },
        { "\uF900", "\u8C48" },
        { "\u0F73\u0F72", "\u0F71\u0F72\u0F72" },
        { "q\u0307\u0323", "q\u0323\u0307" },
        { "a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b" },
        { "A\u030A\u0301", "\u01FA" },
        { "\u1100\uAC00\u11A8", "\u1100\uAC01" },
        { "\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E" },
        { "\u1100\u0300\u1161", "\u1100\u0300\u1161" },
        { "D\u0307\u0323\u0307", "\u1E0C\u0307\u0307" },
        { "M\u00FCller", "M\u00FCller" },
        { "Mu\u0308ller", "M\u00FCller" },
        { "e\u0328\u0301\u0327", "\u0119\u0327\u0301" },
        { "\U000110A5\U000110BA", "\U000110AB" },
        { "\u00FC\u030A\u0325\u0360\u036EAn", "\u00FC\u0325\u030A\u036E\u0360An" },
        { "s\u0350\u11A8\u0334\u0352\u0361", "s\u0350\u11A8\u0334\u0352\u0361" },
        { "s\u0367\u0353", "s\u0353\u0367" },
        { "\u11A8\u0355\u0341\u0343\u033A", "\u11A8\u0355\u033A\u0301\u0313" },
        { "eU\u0301", "e\u00DA" },
        { "s\u0362\u031D\u0324\u0362O", "s\u031D\u0324\u0362\u0362O" },
        { "\u0915\u0300\u033E", "\u0915\u0300\u033E" },
        { "u\u0364\u0341\u031Do\u0300\u05B0\u0352\u0330\u1100\u0316\u036A", "u\u031D\u0364\u0301\u00F2\u05B0\u0330\u0352\u1100\u0316\u036A" },
        { "U\u0350\u0345\u0313\u030A\u00FC\u0359\u033A\u030D\u036Da\u0326\u0358\u0322", "U\u0350\u0313\u030A\u0345\u00FC\u0359\u033A\u030D\u036Da\u0322\u0326\u0358" },
        { "O\u0324\u031A", "O\u0324\u031A" },
        { "isu\u0357\u0361", "isu\u0357\u0361" },
        { "s\u0331\u0F71", "s\u0F71\u0331" },
        { "u\u0301\u0310\u1100", "\u00FA\u0310\u1100" },
        { "\u304B\u0325\u0335\u0322\u3099e\u0321\u0330\uAC00\u0350", "\u304C\u0335\u0322\u0325\u1E1B\u0321\uAC00\u0350" },
        { "A\u05B0\u11A8\u034B\u064B\u0326\u0365\uAC00\u0335\u033E\u036C", "A\u05B0\u11A8\u064B\u0326\u034B\u0365\uAC00\u0335\u033E\u036C" },
        { "e\u0328\u035D\u031D\u0915\u0368n\u0327\u0356", "\u0119\u031D\u035D\u0915\u0368\u0146\u0356" },
        { "O\u0317z\u0320\u0340", "O\u0317z\u0320\u0300" },
        { "\u1100\u0353\u031F\u030E\u0319U", "\u1100\u0353\u031F\u0319\u030EU" },
        { "a\u033B\u031D", "a\u033B\u031D" },
        { "\uAC00\u031E\u0361\u0348\u0321", "\uAC00\u0321\u031E\u0348\u0361" },
        { "\u11A8\u0368\u0332n\u0326\u030D\u0328", "\u11A8\u0332\u0368n\u0328\u0326\u030D" },
        { "o\u0321\u3099", "o\u3099\u0321" },
        { "z\u036B\u1100\u030F\u0326\u0330", "z\u036B\u1100\u0326\u0330\u030F" },
        { "e\u0355\u0359c\u034D\u0318\u0342\u033D\u11A8\u0369", "e\u0355\u0359c\u034D\u0318\u0342\u033D\u11A8\u0369" },
        { "s\u0334\u03B1\u0311\u1E63\u033E\u0301\u035F\u033B", "s\u0334\u03B1\u0311\u1E63\u033B\u033E\u0301\u035F" },
        { "u\u0325\u0318\u0915\u031C\u0346\u031C", "u\u0325\u0318\u0915\u031C\u031C\u0346" },
        { "u\u1E63a\u036D", "u\u1E63a\u036D" },
        { "e\u035Fz\u0591\u0360\u033C\u0362\u03B1\u0328\u0336\u032B", "e\u035Fz\u0591\u033C\u0362\u0360\u03B1\u0336\u0328\u032B" },
        { "\u0438\u1161\u034C\u0337y\u0354\u036B\u0348", "\u0438\u1161\u0337\u034Cy\u0354\u0348\u036B" },
        { "e\u03B1\u0351\u0337\u034B\u0306U\u0314\u0306\u0358", "e\u03B1\u0337\u0351\u034B\u0306U\u0314\u0306\u0358" },
        { "z\u1E63\u0330\u032F\u0915\u036B\u036E", "z\u1E63\u0330\u032F\u0915\u036B\u036E" },
        { "O\u3099", "O\u3099" },
        { "a\u0327\u0346\u0366", "a\u0327\u0346\u0366" },
        { "i\u0356en", "i\u0356en" },
        { "\uAC00\u036A\u0362\u0321\u0316O\u0312\u032D\u036B\u031EO\u0314\u0342\u0364", "\uAC00\u0321\u0316\u036A\u0362O\u032D\u031E\u0312\u036BO\u0314\u0342\u0364" },
        { "o\u0591\u033Ca\u030C\u035A\u033F", "o\u0591\u033C\u01CE\u035A\u033F" },
        { "\uAC00\u0332", "\uAC00\u0332" },
        { "\u0915\u0354\u0321\u1E63\u035D\u035B\u0332", "\u0915\u0321\u0354\u1E63\u0332\u035B\u035D" },
        { "a\u0368y\u0335\u0348\u0364", "a\u0368y\u0335\u0348\u0364" },
        { "\u1100\u0349\u3099o\u0326", "\u1100\u3099\u0349o\u0326" },
        { "\u11A8\u034A", "\u11A8\u034A" },
        { "\u304B\u034A\u0320\u0322\u0308\u1100\u036B\u031B\u0338\u1E63\u035A\u0333", "\u304B\u0322\u0320\u034A\u0308\u1100\u0338\u031B\u036B\u1E63\u035A\u0333" },
        { "\u0915\u0326\u0362O", "\u0915\u0326\u0362O" },
        { "\u11A8O\u031B\u0366\u0330\u033F", "\u11A8\u01A0\u0330\u0366\u033F" },
        { "c\u036D\u0357s\u030C\u035E\u034C\u0334", "c\u036D\u0357\u0161\u0334\u034C\u035E" },
        { "u\u034A\u0367", "u\u034A\u0367" },
        { "n", "n" },
        { "A\u0338\u036D\u030D\u0304\u1100\u0362\u033AO\u0345\u0326", "A\u0338\u036D\u030D\u0304\u1100\u033A\u0362O\u0326\u0345" },
        { "i\u00FC\u0304\u031E\u0312", "i\u01D6\u031E\u0312" },
        { "o\u036B\u0345\u0310\u0369U", "o\u036B\u0310\u0369\u0345U" },
        { "i\u032C\u0349\u0319\u0438\u0360", "i\u032C\u0349\u0319\u0438\u0360" },
        { "Ae\u0359\u036C\u034Bc\u034F\u032B\u0345\u035C", "Ae\u0359\u036C\u034Bc\u034F\u032B\u035C\u0345" },
        { "\uAC00\u1100\u033C\u0324\u0309\u0314\u03B1\u0342\u0343\u032B\u031E", "\uAC00\u1100\u033C\u0324\u0309\u0314\u1FB6\u032B\u031E\u0313" },
        { "n\u0354\u0353\u033E", "n\u0354\u0353\u033E" },
        { "\u1161\u0322\u032D\u036C", "\u1161\u0322\u032D\u036C" },
        { "n", "n" },
        { "\uAC00\u0342\u0348\u0300\u031B", "\uAC00\u031B\u0348\u0342\u0300" },
        { "a\u035A\u035F", "a\u035A\u035F" },
        { "i\u035F\u0356\u0349\u036BA\u0322\u0325c\u0324\u0365", "i\u0356\u0349\u036B\u035F\u1E00\u0322c\u0324\u0365" },
        { "e\u0350\u304B", "e\u0350\u304B" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_composed_as_elsewhere_and_stays_so(string text, string expected)
    {
        Assert.Equal(expected, TextComposition.Compose(text));
        Assert.Equal(expected, TextComposition.Compose(expected));
    }

    [Fact]
    public void Every_character_between_a_letter_and_two_marks_is_composed_as_elsewhere()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int code = 0x20; code < 0x30000; code++)
        {
            if (code is >= 0xD800 and <= 0xDFFF)
                continue;
            hash.AppendData(Encoding.UTF8.GetBytes(TextComposition.Compose("a" + char.ConvertFromUtf32(code) + "\u0301\u0323") + "\n"));
        }

        Assert.Equal("4b1460fc461f3702bae7344f26dffafad93103fdf75b1a1f9e5e9cdfad5e29e3", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Ten_thousand_marks_on_one_letter_and_a_lonely_surrogate_are_only_text()
    {
        string marks = string.Concat(Enumerable.Range(0, 10_000).Select(i => i % 2 == 0 ? '\u0301' : '\u0323'));
        string composed = TextComposition.Compose("a" + marks);
        Assert.Equal(10_000, composed.Length);
        Assert.Equal('\u1EA1', composed[0]);
        Assert.Equal("a\uD800b\u00E9", TextComposition.Compose("a\uD800be\u0301"));
    }

    [Fact]
    public void Texts_are_the_same_however_their_characters_are_composed_and_case_still_counts()
    {
        foreach (DicomTag tag in (DicomTag[])[DicomTags.AccessionNumber, DicomTags.StudyDescription, DicomTags.PatientComments, DicomTags.InstitutionName])
        {
            DicomDataSet entity = new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 }.Set(tag, "Re\u0301sume\u0301");
            bool Matches(string key) => AttributeQuery.Compile(new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 }.Set(tag, key)).IsMatch(entity);
            Assert.True(Matches("R\u00E9sum\u00E9"));
            Assert.True(Matches("R?sum?"));
            Assert.True(Matches("R\u00E9*"));
            // PS3.4 section C.2.2.2.1: all but person names are case sensitive, and an accent is a letter's own.
            Assert.False(Matches("r\u00E9sum\u00E9"));
            Assert.False(Matches("Resume"));
        }
    }

    [Fact]
    public void A_name_with_accents_that_count_is_the_same_in_both_forms()
    {
        var options = MatchingOptions.Default with { AccentInsensitiveNames = false, CaseInsensitiveNames = false };
        DicomDataSet entity = new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 }.Set(DicomTags.PatientName, "Mu\u0308ller^Jo\u0308rg");
        bool Matches(string key) => AttributeQuery.Compile(new DicomDataSet { CharacterSet = SpecificCharacterSet.Utf8 }.Set(DicomTags.PatientName, key), options).IsMatch(entity);
        Assert.True(Matches("M\u00FCller^J\u00F6rg"));
        Assert.True(Matches("M\u00FCl*"));
        Assert.False(Matches("Muller*"));
    }
}
