using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using NetDicom.Tables;

namespace NetDicom.Tests.Dictionary;

public class DicomDictionaryTests
{
    private static readonly string _root = Repository.Find(AppContext.BaseDirectory);

    [Fact]
    public void Every_line_of_the_table_is_found_by_tag_and_by_keyword()
    {
        int lines = 0;
        foreach (TsvRow row in Tsv.Read(_root, "tags.tsv").Rows)
        {
            lines++;
            // Each x of a repeating group stands for 2, which makes even groups.
            var tag = new DicomTag(uint.Parse(row["tag"].Replace('x', '2'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            Assert.True(DicomDictionary.TryGet(tag, out DictionaryEntry entry), row["tag"]);
            Assert.Equal(row["keyword"], entry.Keyword);
            Assert.Equal(row["name"], entry.Name);
            Assert.Equal(row["vm"], entry.VM);
            Assert.Equal(row["retired"] == "Y", entry.IsRetired);
            Assert.Equal(row["vr"], string.Join('|', Enumerable.Range(0, entry.VRCount).Select(entry.GetVR)));
            Assert.Equal(entry.Keyword.Length > 0, DicomDictionary.TryGet(row["keyword"], out DictionaryEntry same) && same == entry);
        }

        Assert.Equal(5355, lines);
        Assert.Equal(lines, DicomDictionary.Count);
    }

    [Theory]
    [InlineData(0x00100021u, "IssuerOfPatientID")]
    [InlineData(0x60023000u, "OverlayData")]
    [InlineData(0x10100123u, "ZonalMap")]
    [InlineData(0x60013000u, "")]
    [InlineData(0x00091010u, "")]
    [InlineData(0x00080202u, "")]
    public void Repeating_groups_are_even(uint tag, string keyword) => Assert.Equal(keyword, DicomDictionary.KeywordOf(new DicomTag(tag)));

    [Theory]
    [InlineData("patientID")]
    [InlineData("Patient")]
    [InlineData("PatientIDX")]
    [InlineData("")]
    [InlineData("\u0150atientID")]
    public void A_keyword_is_found_only_as_it_is_spelt(string keyword) => Assert.False(DicomDictionary.TryGet(keyword, out _));

    [Theory]
    [InlineData(0x7FE00010u, "OW")]
    [InlineData(0x00283006u, "OW")]
    [InlineData(0x00280106u, "US")]
    [InlineData(0x00080000u, "UL")]
    [InlineData(0x00090010u, "LO")]
    [InlineData(0x00091001u, "UN")]
    [InlineData(0x00080202u, "UN")]
    [InlineData(0x00100010u, "PN")]
    public void An_element_without_VR_of_its_own_has_that_of_the_dictionary(uint tag, string vr) =>
        Assert.Equal(vr, DicomDictionary.ImplicitVR(new DicomTag(tag)).ToString());

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        // Unoptimised code calls RuntimeHelpers.CreateSpan instead of using the address of the data, and that call allocates.
        bool optimised = typeof(DicomTag).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
        Assert.SkipUnless(optimised, "allocations of look-ups are counted in Release builds only");
        LookUp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            LookUp();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        // The strings are made at first need and kept.
        static void LookUp()
        {
            _ = DicomDictionary.TryGet(DicomTags.OverlayData(3), out DictionaryEntry entry) && entry.VR == DicomVR.OW;
            _ = DicomDictionary.TryGet("PatientID", out _);
            _ = DicomDictionary.KeywordOf(DicomTags.PatientID);
            _ = NetDicom.Uids.TryGet(TransferSyntax.ExplicitVRLittleEndian.Uid, out _);
            _ = SopClasses.TryGet(SopClasses.CTImageStorage, out SopClassInfo info) && info.IsStorage;
            _ = new TransferSyntax(SopClasses.CTImageStorage).IsExplicitVR;
        }
    }

    [Fact]
    public void Tag_constants_are_the_tags_of_the_dictionary()
    {
        Assert.Equal(new DicomTag(0x00100020), DicomTags.PatientID);
        Assert.Equal(new DicomTag(0x60043000), DicomTags.OverlayData(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => DicomTags.OverlayData(16));
    }
}
