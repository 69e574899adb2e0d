using System.Text;

namespace NetDicom.Tests.Formats;

public class DicomJsonDetailTests
{
    [Fact]
    public void Values_are_written_as_annex_F_says()
    {
        var set = new DicomDataSet
        {
            { DicomTags.PatientName, "A^B==C" },
            { DicomTags.PatientID, "" },
            { DicomTags.ImageType, "ORIGINAL", "", "AXIAL" },
            { DicomTags.PixelSpacing, "0.5", "+1.5" },
            { DicomTags.FrameIncrementPointer, DicomElementTag() },
            { DicomTags.EventTimeOffset, double.NaN, double.NegativeInfinity },
            { DicomTags.PixelData, new byte[] { 1, 2 } },
        };
        Assert.Equal("""
            {"00080008":{"vr":"CS","Value":["ORIGINAL",null,"AXIAL"]},"00082134":{"vr":"FD","Value":["NaN","-Infinity"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Phonetic":"C"}]},"00100020":{"vr":"LO"},"00280009":{"vr":"AT","Value":["00181063"]},"00280030":{"vr":"DS","Value":[0.5,"+1.5"]},"7FE00010":{"vr":"OB","InlineBinary":"AQI="}}
            """, Encoding.UTF8.GetString(DicomJson.ToUtf8(set)));
        Assert.Contains("\"BulkDataURI\":\"x/7FE00010\"", Encoding.UTF8.GetString(DicomJson.ToUtf8(set, new DicomJsonOptions { BulkDataUri = (path, _) => $"x/{path.Tag.Value:X8}" })));
        Assert.True(set.ContentEquals(DicomJson.Read(DicomJson.ToUtf8(set))[0]));

        static string DicomElementTag() => "(0018,1063)";
    }

    [Theory]
    [InlineData("""{"00100010":{"vr":"PN","Value":["Plain"]}}""", "Plain", "a name as a plain string")]
    [InlineData("""[{"00100010":{"Value":[{"Alphabetic":"Last"}],"vr":"PN"}}]""", "Last", "the VR after the value")]
    [InlineData("""{"PatientName":{"vr":"PN","Value":[{"Alphabetic":"Key"}]}}""", "Key", "a keyword as the name")]
    [InlineData("""{"00100010":{"vr":"PN","Value":null}}""", null, "null for an empty element")]
    [InlineData("""{"00100010":{"vr":"PN","Value":[]}}""", null, "an empty array")]
    public void What_others_write_is_read(string json, string? name, string why) =>
        Assert.True(DicomJson.Read(Encoding.UTF8.GetBytes(json))[0].GetStringOrDefault(DicomTags.PatientName) == name, why);

    [Theory]
    [InlineData("{"), InlineData("7"), InlineData("""{"xyz":{"vr":"CS"}}"""), InlineData("""{"00280010":{"vr":"US","Value":["many"]}}"""), InlineData("""{"00280010":{"vr":"US","Value":[70000]}}"""), InlineData("""{"7FE00010":{"vr":"OW","InlineBinary":"%%%"}}""")]
    public void Other_text_is_an_error(string json) => Assert.Throws<DicomDataException>(() => DicomJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bulk_data_are_asked_for_by_their_URI()
    {
        byte[] json = Encoding.UTF8.GetBytes("""{"7FE00010":{"vr":"OW","BulkDataURI":"a/b"}}""");
        var options = new DicomJsonOptions { ResolveBulkData = uri => uri == "a/b" ? new byte[] { 7, 8 } : default };
        Assert.Equal(new byte[] { 7, 8 }, DicomJson.Read(json, options)[0].GetBytes(DicomTags.PixelData).ToArray());
        Assert.True(DicomJson.Read(json)[0][DicomTags.PixelData].IsEmpty);
    }

    [Fact]
    public void Items_nested_deeper_than_the_limit_are_refused()
    {
        string Nested(int levels) => string.Concat(Enumerable.Repeat("{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", levels)) + "{}" + string.Concat(Enumerable.Repeat("]}}", levels));
        Assert.Single(DicomJson.Read(Encoding.UTF8.GetBytes(Nested(64))));
        Assert.Throws<DicomDataException>(() => DicomJson.Read(Encoding.UTF8.GetBytes(Nested(65))));
    }
}
