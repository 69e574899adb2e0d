namespace NetDicom.Protocol.Tests;

public class StatusDefinitionTests
{
    /// <summary>Every row of statuses.tsv that is a status of a DIMSE response.</summary>
    public static TheoryData<string, string, string, string, string> Rows() => [.. Facts.Read("statuses.tsv")
        .Where(row => row[1] != "HTTP" && row[2] is not ("general" or "other") && !row[2].StartsWith("as ", StringComparison.Ordinal))
        .Select(row => new TheoryDataRow<string, string, string, string, string>(row[0], row[1], row[2], row[3], row[5]))];

    [Theory, MemberData(nameof(Rows))]
    public void A_status_of_the_standard_is_listed_with_its_category_and_fields(string scope, string service, string code, string category, string fields)
    {
        ushort lowest = Convert.ToUInt16(code.Replace('x', '0'), 16), highest = Convert.ToUInt16(code.Replace('x', 'F'), 16);
        StatusDefinition one = Assert.Single(StatusDefinition.All, one => one.ServiceClass == scope && one.Service == service && one.Code == lowest && one.Covers(new DimseStatus(highest)));
        Assert.Equal(category, one.Category.ToString());
        Assert.False(one.Covers(new DimseStatus((ushort)(highest + 1))));
        foreach (DicomTag tag in one.RelatedFields)
            Assert.Contains(tag.ToString(), fields, StringComparison.Ordinal);
        Assert.Equal(fields.Split("(0000,").Length - 1, one.RelatedFields.Count);
    }

    [Theory]
    [InlineData("Color Palette Query/Retrieve", "C-FIND", 7)]
    [InlineData("Color Palette Query/Retrieve", "C-MOVE", 9)]
    [InlineData("Unified Procedure Step", "N-ACTION", 21)]
    [InlineData("Storage", "C-STORE", 7)]
    [InlineData("Storage", "C-FIND", 0)]
    public void A_class_that_takes_over_anothers_statuses_has_them(string serviceClass, string service, int count) => Assert.Equal(count, StatusDefinition.For(serviceClass, service).Count());

    [Theory]
    [InlineData(0xA7FE, DimseStatusCategory.Failure)]
    [InlineData(0xB123, DimseStatusCategory.Warning)]
    [InlineData(0xCFFF, DimseStatusCategory.Failure)]
    public void A_code_of_a_providers_own_has_the_category_of_its_range(int code, DimseStatusCategory category)
    {
        var status = new DimseStatus((ushort)code);
        Assert.Equal(category, status.Category);
        Assert.Contains(StatusDefinition.All, one => one.ServiceClass == "Code classes" && one.Covers(status) && one.Category == category);
    }

    [Theory]
    [InlineData(0xC303, "SCHEDULED can only come from N-CREATE")]
    [InlineData(0xC312, "performer cannot be reached")]
    [InlineData(0xB301, "subscribed, but without deletion lock")]
    public void The_statuses_of_an_action_with_a_type_have_their_meaning(int code, string meaning) =>
        Assert.Equal(meaning, DimseStatusMeaning.Find(new DimseStatus((ushort)code), CommandField.NActionResponse, "Unified Procedure Step"));
}
