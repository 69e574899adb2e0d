using NetDicom.Cli.Commands.Data;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

/// <summary>The syntax of -k, as a table.</summary>
public class QueryKeyTests
{
    [Theory]
    [InlineData("PatientID=1CT1", "(0010,0020)", "LO", "1CT1")]
    [InlineData("(0010,0020)=1CT1", "(0010,0020)", "LO", "1CT1")]
    [InlineData("0010,0020=1CT1", "(0010,0020)", "LO", "1CT1")]
    [InlineData("PatientName", "(0010,0010)", "PN", "")]
    [InlineData("PatientName=", "(0010,0010)", "PN", "")]
    [InlineData("PatientName=A=B", "(0010,0010)", "PN", "A=B")]
    [InlineData(@"ModalitiesInStudy=CT\MR", "(0008,0061)", "CS", @"CT\MR")]
    [InlineData("StudyDate=20260101-", "(0008,0020)", "DA", "20260101-")]
    [InlineData("Rows=512", "(0028,0010)", "US", "512")]
    [InlineData("ScheduledProcedureStepSequence=", "(0040,0100)", "SQ", "")]
    [InlineData("ScheduledProcedureStepSequence", "(0040,0100)", "SQ", "")]
    [InlineData("ScheduledProcedureStepSequence[0].Modality=CT", "(0040,0100)[0].(0008,0060)", "CS", "CT")]
    [InlineData("ScheduledProcedureStepSequence.Modality=CT", "(0040,0100)[0].(0008,0060)", "CS", "CT")]
    [InlineData("(0040,0100)[1].(0008,0060)=CT", "(0040,0100)[1].(0008,0060)", "CS", "CT")]
    [InlineData("0009,1001=text", "(0009,1001)", "LO", "text")]
    [InlineData("0009,0010=ACME", "(0009,0010)", "LO", "ACME")]
    public void A_key_becomes_an_element(string text, string path, string vr, string value)
    {
        DicomDataSet set = [];
        ElementEdit.ParseKey(text).Insert(set);
        DicomElement element = set[path];
        Assert.Equal(vr, element.VR.ToString());
        Assert.Equal(value, string.Join('\\', element.GetStrings()));
    }

    [Fact]
    public void An_item_without_elements_is_made()
    {
        DicomDataSet set = [];
        ElementEdit.ParseKey("ScheduledProcedureStepSequence[0]=").Insert(set);
        Assert.Empty(Assert.Single(set.GetSequence(DicomTags.ScheduledProcedureStepSequence)!));
        ElementEdit.ParseKey("ScheduledProcedureStepSequence[2]").Insert(set);
        Assert.Equal(3, set.GetSequence(DicomTags.ScheduledProcedureStepSequence)!.Count);
    }

    [Theory]
    [InlineData("ICCProfile=0A0b FF", new byte[] { 0x0A, 0x0B, 0xFF })]
    [InlineData(@"ICCProfile=0A\0B", new byte[] { 0x0A, 0x0B })]
    public void Bytes_are_written_in_hexadecimal(string text, byte[] bytes)
    {
        DicomDataSet set = [];
        ElementEdit.ParseKey(text).Insert(set);
        Assert.Equal(bytes, set.GetBytes(DicomTags.ICCProfile).ToArray());
    }

    [Fact]
    public void A_private_element_by_its_creator_gets_a_block_even_with_an_equals_sign_in_the_name()
    {
        DicomDataSet set = [];
        ElementEdit.ParseKey("(0009,\"ACME=1\",01)=a=b").Insert(set);
        Assert.Equal("ACME=1", set.GetString("(0009,0010)"));
        Assert.Equal("a=b", set.GetString("(0009,1001)"));
    }

    [Theory]
    [InlineData("NoSuchKeyword=1")]
    [InlineData("=1")]
    [InlineData("")]
    [InlineData("PatientID[0]=")]
    [InlineData("ScheduledProcedureStepSequence[0]=CT")]
    [InlineData("ScheduledProcedureStepSequence[x]=")]
    [InlineData("ScheduledProcedureStepSequence[2000000000]=")]
    [InlineData("ScheduledProcedureStepSequence[2000000000].Modality=CT")]
    [InlineData("ScheduledProcedureStepSequence=CT")]
    [InlineData("ICCProfile=0A0")]
    [InlineData("ICCProfile=zz")]
    [InlineData("Rows=many")]
    [InlineData("Rows=70000")]
    public void What_is_no_key_is_a_usage_error(string text) => Assert.Throws<UsageException>(() => ElementEdit.ParseKey(text).Insert([]));
}
