using System.Text;
using NetDicom.TestSupport;

namespace NetDicom.Archive.Tests;

/// <summary>A worklist out of a folder: what is read, what is passed over, and that changes show.</summary>
public sealed class WorklistFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("netdicom-worklist-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static DicomDataSet Entry(string id, params string[] modalities) => Ask.Of((DicomTags.PatientID, id), (DicomTags.PatientName, "Müller^Änne"))
        .Set(DicomTags.ScheduledProcedureStepSequence, [.. modalities.Select(modality => Ask.Of((DicomTags.Modality, modality)))]);

    private string Put(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string PutJson(string name, params DicomDataSet[] entries) => Put(name, Encoding.UTF8.GetBytes($"[{string.Join(',', entries.Select(entry => Encoding.UTF8.GetString(DicomJson.ToUtf8(entry))))}]"));

    // The clock stands still, so that an hour to settle does not pass: the folder's own watch reads nothing, and what a reading tells is told to the test.
    private WorklistFolder Open(Action<WorklistReading>? onReading = null, TimeSpan? settleTime = null) => WorklistFolder.Open(new WorklistFolderOptions
    {
        Folder = _folder, SettleTime = settleTime ?? TimeSpan.FromHours(1), MaxFileLength = 100_000, OnReading = onReading, TimeProvider = new FakeTimeProvider(),
    });

    private static string[] Ids(WorklistFolder folder) =>
        [.. folder.Worklist.Find(Ask.Of((DicomTags.PatientID, ""))).Select(match => match.GetString(DicomTags.PatientID)!).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task JSON_and_DICOM_files_of_all_folders_are_read()
    {
        Put("a.json", DicomJson.ToUtf8(Entry("A", "CT", "MR")));
        PutJson("below/b.json", Entry("B1", "CT"), Entry("B2", "US"));
        Put("c.wl", await new DicomFile(Entry("C", "CT").Set(DicomTags.SOPClassUID, SopClasses.ModalityWorklistInformationModelFind).Set(DicomTags.SOPInstanceUID, new DicomUid("1.2.3")), TransferSyntax.ExplicitVRLittleEndian).ToArrayAsync());
        Put("lockfile", []);
        Put("half.json.tmp", "{"u8.ToArray());
        Put(".hidden.json", "{"u8.ToArray());
        var readings = new List<WorklistReading>();
        await using WorklistFolder folder = Open(readings.Add);
        Assert.Equal(["A", "A", "B1", "B2", "C"], Ids(folder));
        WorklistReading reading = Assert.Single(readings);
        Assert.Equal((3, 5, true, 0), (reading.Files, reading.Steps, reading.IsChanged, reading.Problems.Count));
        Assert.False(folder.Read().IsChanged);
        Assert.Single(readings);
    }

    [Fact]
    public async Task A_file_that_changes_or_goes_shows_and_leaves_nothing_behind()
    {
        string path = PutJson("a.json", Entry("A1", "CT"), Entry("A2", "CT", "MR"));
        await using WorklistFolder folder = Open();
        PutJson("a.json", Entry("A3", "CT"));
        Assert.True(folder.Read().IsChanged);
        Assert.Equal(["A3"], Ids(folder));
        File.Delete(path);
        Assert.Equal((0, 0, true), folder.Read() is var reading ? (reading.Files, reading.Steps, reading.IsChanged) : default);
        Assert.Empty(Ids(folder));
    }

    [Theory]
    [InlineData("no JSON", "{ \"00100010\": ")]
    [InlineData("no data set", "[ 7 ]")]
    [InlineData("no step", """{ "00100020": { "vr": "LO", "Value": ["P"] } }""")]
    [InlineData("too long", null)]
    public async Task A_file_that_cannot_be_used_is_told_once_and_what_it_held_stays(string why, string? text)
    {
        PutJson("a.json", Entry("A", "CT"));
        PutJson("b.json", Entry("B", "CT"));
        await using WorklistFolder folder = Open();
        string path = Put("a.json", Encoding.UTF8.GetBytes(text ?? new string(' ', 100_001)));
        WorklistReading reading = folder.Read();
        Assert.True(Assert.Single(reading.Problems).Path == path, why);
        Assert.DoesNotContain("Müller", reading.Problems[0].Problem, StringComparison.Ordinal);
        Assert.Empty(folder.Read().Problems);
        Assert.Equal(["A", "B"], Ids(folder));
        PutJson("a.json", Entry("A9", "CT"));
        Assert.Empty(folder.Read().Problems);
        Assert.Equal(["A9", "B"], Ids(folder));
    }

    [Fact]
    public async Task A_file_of_no_kind_is_a_problem_and_the_rest_is_read()
    {
        Put("note.txt", "remember the milk"u8.ToArray());
        PutJson("a.json", Entry("A", "CT"));
        var readings = new List<WorklistReading>();
        await using WorklistFolder folder = Open(readings.Add);
        Assert.Equal("note.txt", Path.GetFileName(Assert.Single(Assert.Single(readings).Problems).Path));
        Assert.Equal(["A"], Ids(folder));
    }

    [Fact]
    public async Task A_folder_that_is_away_leaves_the_worklist_as_it_was()
    {
        PutJson("a.json", Entry("A", "CT"));
        await using WorklistFolder folder = Open();
        Directory.Move(_folder, _folder + "-away");
        Assert.Equal(_folder, Assert.Single(folder.Read().Problems).Path);
        Assert.Empty(folder.Read().Problems);
        Assert.Equal(["A"], Ids(folder));
        Directory.Move(_folder + "-away", _folder);
        Assert.False(folder.Read().IsChanged);
    }

    [Fact]
    public async Task The_system_tells_of_a_change()
    {
        var seen = new TaskCompletionSource<WorklistReading>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WorklistFolder folder = Open(reading =>
        {
            if (reading.Steps == 1)
                seen.TrySetResult(reading);
        }, TimeSpan.Zero);
        Assert.SkipUnless(folder.IsWatching, "the system does not watch folders");
        PutJson("a.json", Entry("A", "CT"));
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_hook_that_throws_is_told_and_the_folder_is_followed_on()
    {
        var clock = new FakeTimeProvider();
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var folder = WorklistFolder.Open(new WorklistFolderOptions
        {
            Folder = _folder, SettleTime = TimeSpan.Zero, TimeProvider = clock, OnError = error => failed.TrySetResult(error),
            OnReading = reading =>
            {
                if (reading.Files == 1)
                    throw new InvalidOperationException("a defect of the hook");
                seen.TrySetResult();
            },
        });
        PutJson("a.json", Entry("A", "CT"));
        await AdvanceUntilAsync(clock, failed.Task);
        Assert.Equal("a defect of the hook", (await failed.Task).Message);
        PutJson("b.json", Entry("B", "CT"));
        await AdvanceUntilAsync(clock, seen.Task);
        Assert.Equal(["A", "B"], Ids(folder));
    }

    [Fact]
    public async Task Without_being_told_it_looks_when_the_interval_is_over()
    {
        var clock = new FakeTimeProvider();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var folder = WorklistFolder.Open(new WorklistFolderOptions
        {
            // An hour to settle: what the system tells does not lead to a reading before the interval does.
            Folder = _folder, PollInterval = TimeSpan.FromSeconds(10), SettleTime = TimeSpan.FromHours(1), TimeProvider = clock, OnReading = _ => seen.TrySetResult(),
        });
        await clock.WhenTimerWithin(TimeSpan.FromSeconds(10));
        Directory.SetLastWriteTimeUtc(_folder, DateTime.UtcNow);
        clock.Advance(TimeSpan.FromSeconds(10));
        await clock.WhenTimerWithin(TimeSpan.FromSeconds(10));
        Assert.False(seen.Task.IsCompleted);
        PutJson("a.json", Entry("A", "CT"));
        await AdvanceUntilAsync(clock, seen.Task);
        Assert.Equal(["A"], Ids(folder));
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Task end)
    {
        while (!end.IsCompleted)
        {
            await Task.WhenAny(clock.WhenTimerWithin(TimeSpan.FromHours(1)), end);
            clock.Advance(TimeSpan.FromHours(1));
        }
    }
}
