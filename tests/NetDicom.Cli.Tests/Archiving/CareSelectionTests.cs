using NetDicom.Archive;
using NetDicom.Archive.Sqlite;
using NetDicom.Cli.Archiving.Care;
using NetDicom.Cli.Invocation;

namespace NetDicom.Cli.Tests;

/// <summary>What export and delete take for chosen.</summary>
public sealed class CareSelectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-selection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<List<InstanceSelection>> ResolveAsync(string? patient, string? date)
    {
        await using SqliteArchiveIndex index = SqliteArchiveIndex.Open(new SqliteIndexOptions { Path = Path.Combine(_folder, "index.sqlite") });
        return await new CareSelection.Chosen(patient, null, null, date, false).ResolveAsync(index, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("*", null)]
    [InlineData("4711", "")]
    [InlineData("", "20260101")]
    [InlineData(null, "")]
    [InlineData(null, "*")]
    public async Task An_empty_key_is_not_everything(string? patient, string? date) =>
        Assert.Contains("everything", (await Assert.ThrowsAsync<UsageException>(() => ResolveAsync(patient, date))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("47*", null)]
    [InlineData("4711", "-20260101")]
    public async Task A_key_that_asks_for_something_is_taken(string? patient, string? date) => Assert.Empty(await ResolveAsync(patient, date));
}
