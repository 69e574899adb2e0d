namespace NetDicom.Protocol.Tests;

public class DimseStatusMeaningTests
{
    [Theory]
    [InlineData(0xA900, CommandField.CStoreResponse, null, "data set does not match the SOP class")]
    [InlineData(0xA9FF, CommandField.CStoreRequest, null, "data set does not match the SOP class")]
    [InlineData(0xB000, CommandField.CStoreResponse, null, "stored, some elements were coerced")]
    [InlineData(0x0122, CommandField.CStoreResponse, null, "refused: SOP class is not supported")]
    [InlineData(0x0000, CommandField.CStoreResponse, null, "stored")]
    [InlineData(0xC000, CommandField.CStoreResponse, "Non-Patient Object Storage", "cannot understand the data set")]
    [InlineData(0xC001, CommandField.CFindResponse, "Basic Worklist", "unable to process")]
    [InlineData(0x0155, CommandField.CEchoResponse, null, "general failures reserved to the standard, except 0107 and 0116")]
    [InlineData(0x0112, CommandField.NGetResponse, null, "instance is not known")]
    [InlineData(0xD000, CommandField.CStoreResponse, null, null)]
    public void A_code_means_what_its_service_says(int code, CommandField command, string? serviceClass, string? meaning) =>
        Assert.Equal(meaning, DimseStatusMeaning.Find(new DimseStatus((ushort)code), command, serviceClass));

    [Fact]
    public void The_categories_by_range_are_those_of_the_generated_table()
    {
        string[] names = ["Success", "Pending", "Warning", "Failure", "Cancel"];
        for (int i = 0; i < StatusTable.Count; i++)
        {
            StatusTable.Row row = StatusTable.At(i);
            Assert.True(names[row.Category] == new DimseStatus(row.Code).Category.ToString(), $"{row.Code:X4}");
        }
    }
}
