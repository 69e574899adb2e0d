using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>What one instance, file or row must not do to another one.</summary>
public class NeighbourTests
{
    private static readonly TransferSyntax[] s_syntaxes = [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.JPEGBaseline8Bit];

    [Fact]
    public async Task One_data_set_in_turn_in_two_transfer_syntaxes_takes_its_own_place_and_is_there()
    {
        // A structured report has no pixel data: its bytes are the same in every explicit little endian syntax.
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync(ConflictPolicy.Replace);
        DicomDataSet set = Made.DataSet(1, 1, 1);
        for (int i = 0; i < 5; i++)
        {
            FileMetaInformation meta = FileMetaInformation.Create(Made.Ct, Made.Uid(1, 1, 1), s_syntaxes[i % 2]);
            Assert.Equal(i == 0 ? StoreOutcomeKind.Stored : StoreOutcomeKind.Replaced, (await archive.StoreAsync(meta, ArchiveFixture.Bytes(set))).Kind);
            Assert.Single(fixture.Names());
            Assert.Empty(await archive.VerifyAsync().ToListAsync());
        }

        // And a failure leaves the one that was there.
        fixture.Index.Fault = new ArchiveIndexException("locked");
        await Assert.ThrowsAsync<ArchiveIndexException>(async () => await archive.StoreAsync(FileMetaInformation.Create(Made.Ct, Made.Uid(1, 1, 1), s_syntaxes[1]), ArchiveFixture.Bytes(set)));
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_not_what_was_stored_and_the_same_instance_takes_its_place()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        StoreResult stored = await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1));
        await using (FileStream file = File.OpenWrite(archive.PathOf(stored.Instance)))
            file.SetLength(0);
        Assert.Equal(StoreOutcomeKind.Stored, (await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, 1))).Kind);
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
        Assert.Single(fixture.Names());
    }

    [Fact]
    public async Task What_cannot_be_indexed_fails_alone_and_says_nothing_of_the_patient()
    {
        await using var fixture = new ArchiveFixture();
        await using DicomArchive archive = await fixture.OpenAsync();
        fixture.Index.Unfit = Made.Uid(1, 1, 2);
        using var hold = new ManualResetEventSlim();
        fixture.Files.HoldFlush = hold;
        Task<StoreResult>[] all = [.. Enumerable.Range(1, 4).Select(i => ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i)).AsTask())];
        hold.Set();
        DicomDataException error = await Assert.ThrowsAsync<DicomDataException>(() => all[1]);
        Assert.DoesNotContain("Smith", error.Message, StringComparison.Ordinal);
        foreach (int i in (int[])[0, 2, 3])
            Assert.Equal(StoreOutcomeKind.Stored, (await all[i]).Kind);
        Assert.Equal(3, fixture.Names().Length);
        Assert.Empty(await archive.VerifyAsync().ToListAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_indexed_does_not_keep_an_archive_from_starting()
    {
        await using var fixture = new ArchiveFixture();
        await using (DicomArchive archive = await fixture.OpenAsync())
        {
            for (int i = 1; i <= 3; i++)
                await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        }

        fixture.ForgetIndex();
        fixture.Index.Unfit = Made.Uid(1, 1, 2);
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal(2, again.Mended.FilesIndexed);
        Assert.Equal(new ArchiveFinding(FindingKind.NotAnInstance, "1.2.3.1/1.2.3.1.1/1.2.3.1.1.2.dcm"), Assert.Single(again.Mended.Findings));
        Assert.Contains(".orphans/1.2.3.1_1.2.3.1.1_1.2.3.1.1.2.dcm", fixture.Names());
    }

    [Fact]
    public async Task A_file_that_is_just_being_indexed_is_no_finding()
    {
        await using var fixture = new ArchiveFixture();
        using var named = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim(true);
        await using DicomArchive archive = await fixture.OpenAsync(index: new SteppedIndex(fixture.Index, () =>
        {
            named.Release();
            go.Wait();
        }));
        for (int study = 1; study <= 9; study++)
            await ArchiveFixture.StoreAsync(archive, Made.DataSet(study, 1, 1));
        while (named.CurrentCount > 0)
            await named.WaitAsync(TestContext.Current.CancellationToken);
        go.Reset();
        // In the folder that is looked at first. Its row is there when another one is.
        string first = Directory.EnumerateDirectories(fixture.Folder).Select(path => Path.GetFileName(path)).First(name => !name.StartsWith('.'));
        Task<StoreResult> stored = ArchiveFixture.StoreAsync(archive, Made.DataSet(first[^1] - '0', 1, 2)).AsTask();
        await named.WaitAsync(TestContext.Current.CancellationToken);
        fixture.Index.OnFolder = async folder =>
        {
            if (folder.StartsWith(first + "/", StringComparison.Ordinal))
                return;
            go.Set();
            await stored;
        };
        Assert.Empty(await archive.VerifyAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.True(stored.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Files_copied_in_under_any_names_get_their_own_and_are_found_there()
    {
        await using var fixture = new ArchiveFixture();
        await using (DicomArchive archive = await fixture.OpenAsync())
        {
            for (int i = 1; i <= 2; i++)
                await ArchiveFixture.StoreAsync(archive, Made.DataSet(1, 1, i));
        }

        for (int i = 1; i <= 2; i++)
        {
            // One series out of two folders, which sort behind and before its own.
            string into = Path.Combine(fixture.Folder, i == 1 ? "0" : "import", $"batch{i}");
            Directory.CreateDirectory(into);
            File.Move(Path.Combine(fixture.Folder, "1.2.3.1", "1.2.3.1.1", $"1.2.3.1.1.{i}.dcm"), Path.Combine(into, "file.dcm"));
        }

        fixture.ForgetIndex();
        await using DicomArchive again = await fixture.OpenAsync();
        Assert.Equal((2, 0), (again.Mended.FilesIndexed, again.Mended.Findings.Count));
        Assert.Equal(["1.2.3.1/1.2.3.1.1/1.2.3.1.1.1.dcm", "1.2.3.1/1.2.3.1.1/1.2.3.1.1.2.dcm"], fixture.Names());
        Assert.Empty(await again.VerifyAsync().ToListAsync());
    }
}
