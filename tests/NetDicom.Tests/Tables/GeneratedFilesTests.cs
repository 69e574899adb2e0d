using NetDicom.Tables;

namespace NetDicom.Tests.Tables;

public class GeneratedFilesTests
{
    private static readonly string _root = Repository.Find(AppContext.BaseDirectory);

    public static TheoryData<string> Files => [.. Generator.All(_root).Select(file => file.Path)];

    [Theory, MemberData(nameof(Files))]
    public void A_checked_in_table_is_what_the_generator_makes(string path)
    {
        string expected = Generator.All(_root).Single(file => file.Path == path).Content;
        Assert.True(expected == File.ReadAllText(Path.Combine(_root, path)), $"{path} is stale: dotnet run --project eng/Tables");
    }
}
