using NetDicom.Archive.Sqlite;
using NetDicom.TestSupport;

namespace NetDicom.Archive.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_checked_in_one() => Assert.Equal("", PublicApi.Compare(typeof(AttributeQuery).Assembly));

    [Fact]
    public void That_of_the_index_in_SQLite_too() => Assert.Equal("", PublicApi.Compare(typeof(SqliteArchiveIndex).Assembly));
}
