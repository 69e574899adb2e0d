using System.Text;
using System.Text.Json;
using NetDicom.Tests.Support;

namespace NetDicom.Tests.Formats;

public class DicomJsonTests
{
    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public void A_real_file_is_element_by_element_what_pydicom_reads(string name)
    {
        Assert.SkipUnless(PydicomJson.Files.TryGetValue(name, out JsonElement line), "pydicom cannot be run");
        Assert.True(line.TryGetProperty("json", out JsonElement theirs), line.GetRawText());
        DicomFile file = DicomFile.Read(RealFiles.Bytes(name));
        using JsonDocument ours = JsonDocument.Parse(DicomJson.ToUtf8(file.DataSet), new JsonDocumentOptions { MaxDepth = 1000 });
        Assert.Equal([], PydicomJson.Differences(theirs, ours.RootElement, file.TransferSyntax.IsBigEndian));
    }

    [Theory, MemberData(nameof(RealFiles.Rows), MemberType = typeof(RealFiles))]
    public void JSON_of_a_real_file_is_read_back_to_the_same_data_set(string name)
    {
        DicomDataSet set = DicomFile.Read(RealFiles.Bytes(name)).DataSet;
        DicomDataSet back = Assert.Single(DicomJson.Read(DicomJson.ToUtf8(set, new DicomJsonOptions { NumbersAsStrings = true })));
        back.Remove(DicomTags.PixelData);
        set.Remove(DicomTags.PixelData);
        Assert.Empty(set.Diff(back).Select(difference => difference.ToString()));
    }
}
