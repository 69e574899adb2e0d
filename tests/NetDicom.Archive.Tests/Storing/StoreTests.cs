using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

public class StoreTests
{
    [Fact]
    public async Task An_instance_lies_under_its_uids_byte_for_byte_and_is_indexed()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        DicomDataSet set = Made.DataSet(1, 1, 1);
        StoreResult result = await ArchiveFixture.StoreAsync(archive, set);
        Assert.Equal(StoreOutcomeKind.Stored, result.Kind);
        Assert.Equal(["1.2.3.1/1.2.3.1.1/1.2.3.1.1.1.dcm"], fixture.Names());
        byte[] file = await File.ReadAllBytesAsync(archive.PathOf(result.Instance));
        Assert.Equal([.. ArchiveFixture.Meta(set).GetBytes(), .. ArchiveFixture.Bytes(set)], file);
        Assert.NotNull(await fixture.Index.FindInstanceAsync(Made.Uid(1, 1, 1)));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task Bytes_are_safe_before_the_name_and_the_name_before_the_answer()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        fixture.Files.Done.Clear();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        // The file, its name, and three folders that changed: those are more than are flushed one by one.
        Assert.Equal("flush", fixture.Files.Done[0]);
        Assert.Equal("rename", fixture.Files.Done[1]);
        Assert.Contains(fixture.Files.Done[2], (string[])["folder", "volume"]);
        fixture.Files.Done.Clear();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 2));
        Assert.Equal(["flush", "rename", "folder"], fixture.Files.Done);
    }

    [Theory]
    [InlineData(Durability.None, "rename")]
    [InlineData(Durability.File, "flush rename")]
    public async Task Less_is_flushed_where_less_is_asked_for(Durability durability, string done)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(durability: durability);
        fixture.Files.Done.Clear();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        Assert.Equal(done.Split(' '), fixture.Files.Done);
    }

    [Fact]
    public async Task What_comes_while_others_are_made_safe_shares_one_flush()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        using var hold = new ManualResetEventSlim();
        fixture.Files.HoldFlush = hold;
        var stores = new List<Task<StoreResult>> { ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1)).AsTask() };
        for (int i = 2; i <= 40; i++)
            stores.Add(ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i)).AsTask());
        hold.Set();
        await Task.WhenAll(stores);
        Assert.Equal(40, fixture.Names().Length);
        // One by one they would be forty; of the folders made for the first one come two more.
        Assert.InRange(fixture.Files.Done.Count(done => done is "volume" or "folder"), 1, 10);
    }

    [Fact]
    public async Task The_same_instance_again_is_recognised_and_kept_once()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(ConflictPolicy.Reject);
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        Assert.Equal(StoreOutcomeKind.AlreadyStored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
        Assert.Single(fixture.Names());
    }

    [Theory]
    [InlineData(ConflictPolicy.Keep, StoreOutcomeKind.KeptExisting, "CT")]
    [InlineData(ConflictPolicy.Reject, StoreOutcomeKind.Rejected, "CT")]
    [InlineData(ConflictPolicy.Replace, StoreOutcomeKind.Replaced, "MR")]
    public async Task Another_instance_of_the_same_uid_is_treated_by_the_policy(ConflictPolicy policy, StoreOutcomeKind kind, string modality)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(policy);
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        StoreResult result = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1, (DicomTags.Modality, "MR")));
        Assert.Equal(kind, result.Kind);
        Assert.Single(fixture.Names());
        await using DicomFile file = await DicomFile.OpenAsync(archive.PathOf((await fixture.Index.FindInstanceAsync(Made.Uid(1, 1, 1)))!));
        Assert.Equal(modality, file.DataSet.GetString(DicomTags.Modality));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Theory]
    [InlineData(ConflictPolicy.Keep, 1)]
    [InlineData(ConflictPolicy.Replace, 2)]
    public async Task Two_contents_of_one_uid_at_one_moment_are_decided_one_after_the_other(ConflictPolicy policy, int stored)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(policy);
        using var hold = new ManualResetEventSlim();
        fixture.Files.HoldFlush = hold;
        Task<StoreResult> first = ArchiveFixture.StoreAsync(archive, Made.DataSet(9, 1, 1)).AsTask();
        Task<StoreResult>[] two = [.. new[] { "CT", "MR" }.Select(modality => ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1, (DicomTags.Modality, modality))).AsTask())];
        hold.Set();
        await first;
        StoreResult[] results = await Task.WhenAll(two);
        Assert.Equal(StoreOutcomeKind.Stored, results[0].Kind);
        Assert.Equal(stored == 2 ? StoreOutcomeKind.Replaced : StoreOutcomeKind.KeptExisting, results[1].Kind);
        Assert.Equal(2, fixture.Names().Length);
    }

    [Theory]
    [InlineData("../../../etc", "1.2")]
    [InlineData("1..2", "a/b")]
    [InlineData("", "")]
    public async Task What_is_no_uid_does_not_become_a_path(string study, string series)
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1, (DicomTags.StudyInstanceUID, study), (DicomTags.SeriesInstanceUID, series)));
        string name = Assert.Single(fixture.Names());
        Assert.Matches(@"^(none|[0-9.]+|x[0-9a-f]{32})/(none|[0-9.]+|x[0-9a-f]{32})/1\.2\.3\.1\.1\.1\.dcm$", name);
        Assert.DoesNotContain("..", name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_that_is_another_than_announced_is_refused()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        FileMetaInformation other = FileMetaInformation.Create(Made.Ct, new DicomUid("1.2.999"), TransferSyntax.ExplicitVRLittleEndian);
        DicomDataException error = await Assert.ThrowsAsync<DicomDataException>(async () => await archive.StoreAsync(other, ArchiveFixture.Bytes(Made.DataSet(1, 1, 1))));
        Assert.Equal(DicomTags.SOPInstanceUID, error.Tag);
        Assert.Empty(fixture.Names());
    }

    [Fact]
    public async Task Noise_is_refused_and_leaves_nothing()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        byte[] noise = new byte[4096];
        new Random(7).NextBytes(noise);
        await Assert.ThrowsAsync<DicomDataException>(async () => await archive.StoreAsync(ArchiveFixture.Meta(Made.DataSet(1, 1, 1)), noise));
        Assert.Empty(fixture.Names());
    }

    [Fact]
    public async Task One_program_at_a_time_has_an_archive_open()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        await Assert.ThrowsAsync<ArchiveInUseException>(() => fixture.OpenAsync(index: new ReferenceIndex()));
    }
}
