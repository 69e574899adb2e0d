using NetDicom.Cli.Invocation;
using NetDicom.Cli.Receiving;

namespace NetDicom.Cli.Tests;

public class InstanceLayoutTests
{
    private static readonly InstanceIdentity s_identity = new(new DicomUid("1.2.840.10008.5.1.4.1.1.2"), new DicomUid("1.2.3"), new DicomUid("1.2.4"), new DicomUid("1.2.5"));

    [Theory]
    [InlineData("flat", "CT.1.2.3", false)]
    [InlineData("study", "1.2.4/1.2.5/1.2.3.dcm", true)]
    [InlineData("in/{SOPClassUID}/{SOPInstanceUID}", "in/1.2.840.10008.5.1.4.1.1.2/1.2.3", false)]
    [InlineData("{StudyInstanceUID}_{SOPInstanceUID}.dcm", "1.2.4_1.2.3.dcm", true)]
    public void A_path_is_made_of_UIDs(string layout, string path, bool needsStudy)
    {
        InstanceLayout parsed = InstanceLayout.Parse(layout);
        Assert.Equal(path, parsed.PathOf(s_identity));
        Assert.Equal(needsStudy, parsed.NeedsStudy);
    }

    [Fact]
    public void An_object_without_a_study_has_a_path_too() =>
        Assert.Equal("none/none/1.2.3.dcm", InstanceLayout.Parse("study").PathOf(s_identity with { Study = default, Series = default }));

    [Theory]
    [InlineData("deep", "flat, study or a template")]
    [InlineData("{PatientName}/{SOPInstanceUID}", "{PatientName}")]
    [InlineData("{StudyInstanceUID}", "needs {SOPInstanceUID}")]
    [InlineData("/tmp/{SOPInstanceUID}", "stay within")]
    [InlineData("../{SOPInstanceUID}", "stay within")]
    [InlineData("a//{SOPInstanceUID}", "stay within")]
    [InlineData("a\\{SOPInstanceUID}", "stay within")]
    [InlineData("{SOPInstanceUID", "needs a }")]
    [InlineData("}SOPInstanceUID{", "needs a }")]
    public void What_could_leave_the_folder_or_collide_is_refused(string layout, string why) =>
        Assert.Contains(why, Assert.Throws<UsageException>(() => InstanceLayout.Parse(layout)).Message, StringComparison.Ordinal);
}
