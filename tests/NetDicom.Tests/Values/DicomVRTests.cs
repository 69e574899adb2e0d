using NetDicom.Tables;

namespace NetDicom.Tests.Values;

public class DicomVRTests
{
    [Fact]
    public void Every_VR_has_the_traits_of_the_table()
    {
        int rows = 0;
        foreach (TsvRow row in Tsv.Read(Repository.Find(AppContext.BaseDirectory), "vrs.tsv").Rows)
        {
            rows++;
            Assert.True(DicomVR.TryParse(row["vr"], out DicomVR vr));
            Assert.True(vr.IsKnown);
            Assert.Equal(row["vr"], vr.ToString());
            Assert.Equal(row["name"], vr.Name);
            Assert.Equal(row["length_field"] == "32", vr.IsLongForm);
            Assert.Equal(row["pad"] == "space" ? (byte)' ' : (byte)0, vr.Padding);
            Assert.Equal(row["charset"] == "specific", vr.UsesSpecificCharacterSet);
            Assert.Equal(row["swap_unit"] switch { "" => 1, "2+2" => 2, var unit => unit[0] - '0' }, vr.SwapUnit);
            Assert.Equal(row["multi_value"] is "backslash" or "concatenated", vr.AllowsSeveralValues);
        }

        Assert.Equal(34, rows);
    }

    [Fact]
    public void A_VR_the_standard_does_not_know_is_long_and_never_swapped()
    {
        DicomVR vr = DicomVR.FromBytes("ZZ"u8);
        Assert.False(vr.IsKnown);
        Assert.True(vr.IsLongForm);
        Assert.Equal(1, vr.SwapUnit);
        Assert.Equal("ZZ", vr.ToString());
        Assert.False(vr.IsText);
    }

    [Theory]
    [InlineData("US", 2), InlineData("AT", 4), InlineData("FD", 8), InlineData("OL", 4), InlineData("OB", 0), InlineData("PN", 0), InlineData("SV", 8)]
    public void Values_of_one_size_say_which(string vr, int size)
    {
        Assert.True(DicomVR.TryParse(vr, out DicomVR parsed));
        Assert.Equal(size, parsed.ValueSize);
    }

    [Fact]
    public void UI_is_padded_with_NUL_and_the_default_is_none()
    {
        Assert.Equal(0, DicomVR.UI.Padding);
        Assert.True(DicomVR.UI.IsText);
        Assert.True(default(DicomVR).IsNone);
        Assert.Equal("", default(DicomVR).ToString());
    }
}
