namespace NetDicom.Tests.Values;

public class ValueTests
{
    [Theory]
    [InlineData("20260102", 2026, 1, 2), InlineData("2026.01.02", 2026, 1, 2), InlineData("20260102 ", 2026, 1, 2)]
    public void Dates_are_read_also_in_their_old_form(string text, int year, int month, int day) =>
        Assert.True(DicomDate.TryParse(text, out DateOnly date) && date == new DateOnly(year, month, day));

    [Theory]
    [InlineData(""), InlineData("00000000"), InlineData("20260230"), InlineData("2026"), InlineData("2026-1-2")]
    public void Other_text_is_no_date(string text) => Assert.False(DicomDate.TryParse(text, out _));

    [Fact]
    public void Date_ranges_have_open_ends()
    {
        Assert.True(DicomDate.TryParseRange("20260101-20260131", out DateOnly? from, out DateOnly? to) && from!.Value.Day == 1 && to!.Value.Day == 31);
        Assert.True(DicomDate.TryParseRange("-20260131", out from, out to) && from is null && to is not null);
        Assert.True(DicomDate.TryParseRange("20260101-", out from, out to) && from is not null && to is null);
        Assert.True(DicomDate.TryParseRange("20260101", out from, out to) && from == to);
        Assert.False(DicomDate.TryParseRange("-", out _, out _));
    }

    [Theory]
    [InlineData("07", DateTimePrecision.Hour), InlineData("0730", DateTimePrecision.Minute), InlineData("073000", DateTimePrecision.Second), InlineData("073000.5", DateTimePrecision.Fraction), InlineData("07:30:00", DateTimePrecision.Second)]
    public void Times_are_as_precise_as_they_are_given(string text, DateTimePrecision precision)
    {
        Assert.True(DicomTime.TryParse(text, out TimeOnly time, out DateTimePrecision found));
        Assert.Equal((7, precision), (time.Hour, found));
    }

    [Theory]
    [InlineData("24"), InlineData("0760"), InlineData("07300"), InlineData("073000."), InlineData("0730.5"), InlineData("-0730")]
    public void Other_text_is_no_time(string text) => Assert.False(DicomTime.TryParse(text, out _));

    [Theory]
    [InlineData("2026", DateTimePrecision.Year, null), InlineData("202601", DateTimePrecision.Month, null), InlineData("20260102", DateTimePrecision.Day, null)]
    [InlineData("20260102073000.123456+0130", DateTimePrecision.Fraction, 90), InlineData("2026-0500", DateTimePrecision.Year, -300), InlineData("202601020730", DateTimePrecision.Minute, null)]
    public void Date_times_keep_precision_and_offset_and_are_written_as_they_were(string text, DateTimePrecision precision, int? minutes)
    {
        Assert.True(DicomDateTime.TryParse(text, out DicomDateTime value));
        Assert.Equal((precision, minutes), (value.Precision, (int?)value.Offset?.TotalMinutes));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("202613"), InlineData("2026010"), InlineData("20260102+2500"), InlineData("x"), InlineData("")]
    public void Other_text_is_no_date_time(string text) => Assert.False(DicomDateTime.TryParse(text, out _));

    [Fact]
    public void Names_have_groups_of_components()
    {
        PersonName name = PersonName.Parse("Yamada^Tarou^^Dr^III=山田^太郎=やまだ^たろう");
        Assert.Equal(("Yamada", "Tarou", "Dr", "III"), (name.Alphabetic!.FamilyName, name.Alphabetic.GivenName, name.Alphabetic.Prefix, name.Alphabetic.Suffix));
        Assert.Equal(("太郎", "やまだ"), (name.Ideographic!.GivenName, name.Phonetic!.FamilyName));
        Assert.Equal("Yamada^Tarou^^Dr^III=山田^太郎=やまだ^たろう", name.ToString());
        Assert.Equal("=山田", PersonName.Parse("=山田").ToString());
        Assert.Equal("", PersonName.Parse("").ToString());
    }

    [Fact]
    public void Ages_have_a_count_and_a_unit()
    {
        Assert.True(DicomAge.TryParse("042Y", out DicomAge age) && age == new DicomAge(42, 'Y') && age.ToString() == "042Y");
        Assert.False(DicomAge.TryParse("042X", out _));
    }

    [Fact]
    public void New_UIDs_are_valid_and_differ()
    {
        Assert.Equal("2.25.147856440072951796374226568071839718007", DicomUid.FromUuid(Guid.Parse("6f3c1d52-8a0e-4b7a-9c55-2e4d1c0b9a77")).ToString());
        Assert.Equal(DicomUid.FromUuid(Guid.Parse("6f3c1d52-8a0e-4b7a-9c55-2e4d1c0b9a77")), Implementation.ClassUid);
        var root = new DicomUid("1.2.826.0.1.3680043.9.9999");
        DicomUid[] made = [.. Enumerable.Range(0, 100).Select(_ => DicomUid.Generate(root)), .. Enumerable.Range(0, 100).Select(_ => DicomUid.Generate())];
        Assert.All(made, uid => Assert.True(DicomUid.IsValid(uid.ToString()) && !uid.ToString().Contains(".0.0", StringComparison.Ordinal)));
        Assert.Equal(200, made.Distinct().Count());
        Assert.Throws<ArgumentException>(() => DicomUid.Generate(new DicomUid(new string('1', 44))));
    }
}
