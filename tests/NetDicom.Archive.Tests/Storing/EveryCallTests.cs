using NetDicom.Archive.Tests.Index;

namespace NetDicom.Archive.Tests.Storing;

/// <summary>Every call that storing, replacing and deleting make of the file system and the index fails once, and the power goes at each: what is acknowledged is there, what is not is not seen half.</summary>
public class EveryCallTests
{
    /// <summary>What the store is asked to do: each of them for itself.</summary>
    public static TheoryData<string> Works => ["store", "group", "replace", "delete"];

    /// <summary>What the system says.</summary>
    public static TheoryData<string, string, bool> Faults
    {
        get
        {
            var faults = new TheoryData<string, string, bool>();
            foreach (string work in (string[])["store", "group", "replace", "delete"])
            {
                faults.Add(work, "disk full", false);
                faults.Add(work, "disk full", true);
                faults.Add(work, "read-only", true);
                faults.Add(work, "device error", false);
            }

            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_call_that_fails_is_told_and_nothing_half_is_seen(string work, string fault, bool staysBroken)
    {
        int calls = await CallsOfAsync(work);
        Assert.True(calls >= 5, $"{calls} calls: the work does not do what it is for");
        for (int call = 0; call < calls; call++)
        {
            await using var fixture = new ArchiveFixture();
            var files = new CountingFiles();
            var told = new List<DicomUid>();
            string where;
            await using (DicomArchive archive = await OpenAsync(fixture, files, () => files.Step("index")))
            {
                await StoreAsync(archive, 1, 9, told);
                int before = files.Calls.Count;
                files.Error = fault == "read-only" ? new UnauthorizedAccessException("Read-only file system") : new IOException(fault);
                files.StaysBroken = staysBroken;
                files.FailAt = before + call;
                bool failed = false;
                try
                {
                    await DoAsync(archive, work, told);
                }
                catch (Exception error)
                {
                    // What a server turns into A700H; nothing else may come out.
                    Assert.True(error is IOException or UnauthorizedAccessException or ArchiveIndexException, error.ToString());
                    failed = true;
                }

                where = $"{work}, {fault}, call {call}: {files.Calls[Math.Min(before + call, files.Calls.Count - 1)]}, {(failed ? "failed" : "done")}";
                files.FailAt = -1;
                // Beside a running server: what the index has is whole.
                foreach (ArchiveFinding finding in await archive.VerifyAsync().ToListAsync())
                    Assert.True(finding.Kind is FindingKind.NotIndexed, $"{where}: {finding}");
                await AssertThereAsync(archive, told, where);
                // And it goes on.
                await StoreAsync(archive, 3, 1, told);
                if (work != "delete")
                    await DoAsync(archive, work, told);
            }

            await using DicomArchive again = await OpenAsync(fixture, new ArchiveFiles(), () => { });
            // A file whose deletion failed with its instance unacknowledged may be found by a look at all folders: never one that the index is without for good, and never half.
            MendReport report = await again.IndexFilesAsync();
            Assert.All(report.Findings, finding => Assert.True(finding.Kind is FindingKind.Superseded, $"{where}: {finding}"));
            await AssertThereAsync(again, told, where);
            Assert.Empty(await again.VerifyAsync().ToListAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Works))]
    public async Task When_the_power_goes_what_was_acknowledged_is_there_and_nothing_is_half(string work)
    {
        int calls;
        await using (var fixture = new ArchiveFixture())
        {
            var files = new LosingFiles();
            await using DicomArchive archive = await OpenAsync(fixture, files, files.Step);
            await StoreAsync(archive, 1, 9, []);
            int before = files.Calls;
            await DoAsync(archive, work, []);
            calls = files.Calls - before;
        }

        Assert.True(calls >= 5);
        for (int call = 0; call <= calls; call++)
        {
            foreach (bool keepsNames in (bool[])[false, true])
            {
                await using var fixture = new ArchiveFixture();
                var files = new LosingFiles();
                var told = new List<DicomUid>();
                string where = $"{work}, power gone at call {call}, names {(keepsNames ? "kept" : "lost")}";
                DicomArchive archive = await OpenAsync(fixture, files, files.Step);
                await StoreAsync(archive, 1, 9, told);
                files.LoseAt = files.Calls + call;
                try
                {
                    await DoAsync(archive, work, told);
                }
                catch (Exception error) when (error is IOException or ArchiveIndexException)
                {
                    // Nobody was told.
                }

                files.LoseAt = files.Calls;
                await archive.DisposeAsync().AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
                files.LosePower(keepsNames);
                await using DicomArchive again = await OpenAsync(fixture, new ArchiveFiles(), () => { });
                Assert.Empty(again.Mended.Findings.Where(finding => finding.Kind is not FindingKind.Superseded).Select(finding => $"{where}: {finding}"));
                await AssertThereAsync(again, told, where);
                Assert.Empty((await again.VerifyAsync().ToListAsync()).Select(finding => $"{where}: {finding}"));
                Assert.Empty(Directory.EnumerateFiles(Path.Combine(fixture.Folder, ".incoming")));
            }
        }
    }

    private static async Task<int> CallsOfAsync(string work)
    {
        await using var fixture = new ArchiveFixture();
        var files = new CountingFiles();
        await using DicomArchive archive = await OpenAsync(fixture, files, () => files.Step("index"));
        await StoreAsync(archive, 1, 9, []);
        int before = files.Calls.Count;
        await DoAsync(archive, work, []);
        return files.Calls.Count - before;
    }

    private static Task<DicomArchive> OpenAsync(ArchiveFixture fixture, ArchiveFiles files, Action step) => DicomArchive.OpenAsync(
        new ArchiveOptions { Folder = fixture.Folder, Conflict = ConflictPolicy.Replace }, new SteppedIndex(fixture.Index, () => StepIndex(step)), files, CancellationToken.None);

    // The power takes the index along; a full disk it tells in its own words.
    private static void StepIndex(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveIndexException(error.Message, innerException: error);
        }
    }

    private static async Task DoAsync(DicomArchive archive, string work, List<DicomUid> told)
    {
        switch (work)
        {
            case "store":
                await StoreAsync(archive, 1, 1, told);
                break;
            case "group":
                // Of two studies: new folders, and more files than are flushed one by one.
                Task[] all = [.. Enumerable.Range(1, 5).Select(i => StoreAsync(archive, i % 2 + 4, i, told))];
                await Task.WhenAll(all);
                break;
            case "replace":
                DicomDataSet other = Made.DataSet(1, 1, 9, (DicomTags.ImageComments, Guid.NewGuid().ToString("n")));
                await ArchiveFixture.StoreAsync(archive, other);
                break;
            default:
                // What was acknowledged as stored, and then asked to go, is nobody's promise any more from the moment it is asked.
                lock (told)
                    told.Remove(Made.Uid(1, 1, 9));
                DeleteReport report = await archive.DeleteAsync(new InstanceSelection { Studies = [new DicomUid("1.2.3.1")] });
                if (await archive.Index.FindInstanceAsync(Made.Uid(1, 1, 9)) is not null)
                    throw new InvalidOperationException($"told deleted ({report}) and there");
                break;
        }
    }

    private static async Task StoreAsync(DicomArchive archive, int study, int instance, List<DicomUid> told)
    {
        StoreResult result = await ArchiveFixture.StoreAsync(archive, Made.DataSet(study, 1, instance));
        if (result.Kind is StoreOutcomeKind.Stored or StoreOutcomeKind.AlreadyStored)
        {
            lock (told)
                told.Add(Made.Uid(study, 1, instance));
        }
    }

    private static async Task AssertThereAsync(DicomArchive archive, List<DicomUid> told, string where)
    {
        foreach (DicomUid uid in told)
        {
            IndexedInstance? instance = await archive.Index.FindInstanceAsync(uid);
            Assert.True(instance is not null, $"{where}: {uid} was acknowledged and is not in the index");
            Assert.True(StoredFile.Check(archive.PathOf(instance), instance, CancellationToken.None) is null, $"{where}: {uid} is not as it was stored");
        }
    }
}
