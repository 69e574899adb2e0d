namespace NetDicom.Archive.Tests;

/// <summary>PS3.4 C.2.2.2.1 and C.2.2.2.4 for names; PS3.5 6.2.1.</summary>
public class PersonNameTests
{
    [Theory]
    [InlineData("Smith^John", "Smith^John", true)]
    [InlineData("SMITH^JOHN", "Smith^John", true)]
    [InlineData("Smith", "Smith^John", false)]
    [InlineData("Smith^John^^^", "Smith^John", true)]
    [InlineData("Smith^John", "Smith^John^^^", true)]
    [InlineData("Smith ^ John", "Smith^John", true)]
    [InlineData("Smith*", "Smith^John", true)]
    [InlineData("Smith^*", "Smith^John", true)]
    [InlineData("Smith^*", "Smith", true)]
    [InlineData("Smith^*", "Smithers^John", false)]
    [InlineData("*^John", "Smith^John", true)]
    [InlineData("*^John*", "Smith^Johnny^M", true)]
    [InlineData("S?ith*", "Smith^John", true)]
    [InlineData("^John", "Smith^John", false)]
    [InlineData("Smith^J?hn", "SMITH^JOHN", true)]
    public void A_name_matches_without_regard_to_case_and_empty_ends(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.PatientName, key, stored));

    [Theory]
    [InlineData("Muller", "Müller", true)]
    [InlineData("Müller", "Muller", true)]
    [InlineData("MÜLLER", "müller", true)]
    [InlineData("Strasse", "Straße", true)]
    [InlineData("Søren*", "Soren^K", true)]
    [InlineData("Dvorak*", "Dvořák^Antonín", true)]
    [InlineData("Nguyen^Thi*", "Nguyễn^Thị Hà", true)]
    [InlineData("Παπας", "ΠΑΠΆΣ", true)]
    [InlineData("παπασ", "ΠΑΠΆΣ", true)]
    [InlineData("Семен", "Семён", true)]
    [InlineData("Muller", "Mu\u0308ller", true)]
    [InlineData("Mueller", "Müller", false)]
    [InlineData("李", "李", true)]
    [InlineData("李", "王", false)]
    public void A_name_matches_without_regard_to_accents(string key, string stored, bool match) => Assert.Equal(match, Ask.Match(DicomTags.PatientName, key, stored));

    [Fact]
    public void Case_and_accents_count_where_the_options_say_so()
    {
        var options = new MatchingOptions { CaseInsensitiveNames = false, AccentInsensitiveNames = false };
        Assert.False(Ask.Match(DicomTags.PatientName, "SMITH", "Smith", options));
        Assert.False(Ask.Match(DicomTags.PatientName, "Muller", "Müller", options));
        Assert.True(Ask.Match(DicomTags.PatientName, "Müller", "Müller", options));
        Assert.True(Ask.Match(DicomTags.PatientName, "muller", "Müller"));
        Assert.False(Ask.Match(DicomTags.PatientName, "muller", "Müller", new MatchingOptions { AccentInsensitiveNames = false }));
        Assert.False(Ask.Match(DicomTags.PatientName, "muller", "Müller", new MatchingOptions { CaseInsensitiveNames = false }));
    }

    [Theory]
    [InlineData("Yamada^Tarou", true)]
    [InlineData("山田^太郎", true)]
    [InlineData("やまだ^たろう", true)]
    [InlineData("山田*", true)]
    [InlineData("Yamada^Tarou=山田^太郎", true)]
    [InlineData("Yamada^Tarou=山田^太郎=やまだ^たろう", true)]
    [InlineData("=山田^太郎", true)]
    [InlineData("*=*=*", true)]
    [InlineData("==やまだ*", true)]
    [InlineData("=Yamada*", false)]
    [InlineData("Yamada^Tarou=山本^太郎", false)]
    [InlineData("Suzuki", false)]
    public void A_name_of_three_groups_matches_in_any_group_or_group_by_group(string key, bool match) =>
        Assert.Equal(match, Ask.Match(DicomTags.PatientName, key, "Yamada^Tarou=山田^太郎=やまだ^たろう"));

    [Theory]
    [InlineData("John^Smith", "Smith^John", true)]
    [InlineData("john smith", "Smith^John^M", true)]
    [InlineData("Smith, J", "Smith^John", true)]
    [InlineData("Smyth", "Smith^John", true)]
    [InlineData("Meier", "Mayer^Anna", true)]
    [InlineData("Schmidt", "Schmitt^Jan", true)]
    [InlineData("Mueller", "Müller^Jan", true)]
    [InlineData("Smith^John^Paul", "Smith^John", false)]
    [InlineData("Smith^Mary", "Smith^John", false)]
    [InlineData("Jones", "Smith^John", false)]
    [InlineData("John John", "Smith^John", false)]
    [InlineData("山田", "Yamada^Tarou=山田^太郎", true)]
    [InlineData("山本", "Yamada^Tarou=山田^太郎", false)]
    [InlineData("Smi*", "Smith^John", true)]
    public void Fuzzy_matching_finds_words_in_any_order_and_names_that_sound_alike(string key, string stored, bool match) =>
        Assert.Equal(match, Ask.Match(DicomTags.PatientName, key, stored, new MatchingOptions { FuzzyNames = true }));

    [Fact]
    public void A_query_and_a_store_of_different_character_sets_compare_by_character()
    {
        // (0008,0005) and (0010,0010) by hand: Latin-1 in the query, UTF-8 and JIS in the store.
        byte[] latin1 = [.. Element(0x0008, 0x0005, "CS", "ISO_IR 100"u8), .. Element(0x0010, 0x0010, "PN", [(byte)'B', (byte)'u', (byte)'c', 0xF6, (byte)'*', (byte)' '])];
        byte[] utf8 = [.. Element(0x0008, 0x0005, "CS", "ISO_IR 192"u8), .. Element(0x0010, 0x0010, "PN", "Buc\u00F6^J\u00E9 "u8)];
        AttributeQuery query = AttributeQuery.Compile(DicomDataSet.Read(latin1, TransferSyntax.ExplicitVRLittleEndian), new MatchingOptions { AccentInsensitiveNames = false });
        Assert.True(query.IsMatch(DicomDataSet.Read(utf8, TransferSyntax.ExplicitVRLittleEndian)));

        // PS3.5 annex H.3.1: Yamada^Tarou=山田^太郎 in ISO 2022 IR 87.
        byte[] name = [.. "Yamada^Tarou="u8, 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, (byte)'^', 0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28, 0x42];
        byte[] japanese = [.. Element(0x0008, 0x0005, "CS", "\\ISO 2022 IR 87"u8), .. Element(0x0010, 0x0010, "PN", name)];
        Assert.True(AttributeQuery.Compile(Ask.Set(DicomTags.PatientName, "山田^太郎")).IsMatch(DicomDataSet.Read(japanese, TransferSyntax.ExplicitVRLittleEndian)));
    }

    private static byte[] Element(ushort group, ushort element, string vr, ReadOnlySpan<byte> value) =>
        [(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), (byte)vr[0], (byte)vr[1], (byte)value.Length, (byte)(value.Length >> 8), .. value];
}
