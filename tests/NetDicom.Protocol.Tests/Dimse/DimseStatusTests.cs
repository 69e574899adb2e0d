namespace NetDicom.Protocol.Tests;

public class DimseStatusTests
{
    /// <summary>Every code and range of statuses.tsv, with its ends and middle.</summary>
    public static TheoryData<ushort, DimseStatusCategory> Codes()
    {
        var rows = new Dictionary<ushort, DimseStatusCategory>();
        foreach (string[] row in Facts.Read("statuses.tsv").OrderBy(row => row[0] == "Code classes"))
        {
            if (!Enum.TryParse(row[3], out DimseStatusCategory category))
                continue;
            foreach (char digit in "0F7")
            {
                // The code classes come last: 0107 within 01xx has its own row.
                rows.TryAdd(Convert.ToUInt16(row[2].Replace('x', digit), 16), category);
            }
        }

        return [.. rows.Select(r => new TheoryDataRow<ushort, DimseStatusCategory>(r.Key, r.Value))];
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_has_the_category_the_standard_lists(ushort code, DimseStatusCategory category)
    {
        var status = new DimseStatus(code);
        Assert.Equal(category, status.Category);
        Assert.Equal(
            (category == DimseStatusCategory.Success, category == DimseStatusCategory.Pending, category == DimseStatusCategory.Warning, category == DimseStatusCategory.Cancel, category == DimseStatusCategory.Failure),
            (status.IsSuccess, status.IsPending, status.IsWarning, status.IsCancel, status.IsFailure));
    }

    [Theory]
    [InlineData(0x0002), InlineData(0x1234), InlineData(0xD000), InlineData(0xFE01), InlineData(0xFF02), InlineData(0xFFFF)]
    public void A_code_outside_all_classes_is_a_failure(int code) => Assert.True(new DimseStatus((ushort)code).IsFailure);

    [Theory]
    [InlineData(0x0000, "0x0000 Success")]
    [InlineData(0xA700, "0xA700 Failure (Refused: Out of Resources)")]
    [InlineData(0xA7FF, "0xA7FF Failure (Refused: Out of Resources)")]
    [InlineData(0x0122, "0x0122 Failure (Refused: SOP Class Not Supported)")]
    [InlineData(0xFF00, "0xFF00 Pending")]
    [InlineData(0xFE00, "0xFE00 Cancel")]
    [InlineData(0xB000, "0xB000 Warning")]
    [InlineData(0xC123, "0xC123 Failure (Cannot Understand or Process)")]
    public void A_status_prints_its_code_category_and_meaning(int code, string text) => Assert.Equal(text, new DimseStatus((ushort)code).ToString());

    [Fact]
    public void Only_a_failure_and_Cancel_throw()
    {
        DimseStatus.Success.EnsureSuccess();
        DimseStatus.Coercion.EnsureSuccess();
        DimseStatus.Pending.EnsureSuccess();
        Assert.Equal(DimseStatus.OutOfResources, Assert.Throws<DimseStatusException>(DimseStatus.OutOfResources.EnsureSuccess).Status);
        Assert.Throws<DimseStatusException>(DimseStatus.Cancel.EnsureSuccess);
        Assert.Equal("the peer answered 0xC000 Failure (Cannot Understand or Process): no such study", new DimseStatusException(DimseStatus.CannotUnderstand, "no such study").Message);
    }
}
