using System.Globalization;
using NetDicom.Fuzz;
using NetDicom.Interop.Tests.Support;
using NetDicom.TestSupport;

namespace NetDicom.Interop.Tests;

/// <summary>
/// The fuzzer of fuzz/, for a short time, in a process of its own: it measures that process's memory. NETDICOM_FUZZ_SECONDS says how long (5; on a build machine, with CI=true, 30) and
/// NETDICOM_FUZZ_SEED with which seed (that of all tests; test.sh gives a fresh one with CI=true, and prints it); fuzz/run.sh is the long run. What was found once is in Regressions and tried each time.
/// </summary>
public class FuzzTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Regressions");

    private static readonly int s_seconds = int.TryParse(Environment.GetEnvironmentVariable("NETDICOM_FUZZ_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) ? wanted
        : Environment.GetEnvironmentVariable("CI") == "true" ? 30 : 5;

    private static readonly string s_seed = Environment.GetEnvironmentVariable("NETDICOM_FUZZ_SEED") ?? Seed.Value.ToString(CultureInfo.InvariantCulture);

    public static TheoryData<string> Regressions() => [.. Directory.EnumerateFiles(s_folder, "*.hex").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Regressions))]
    public void What_the_fuzzer_found_once_is_found_no_more(string file)
    {
        Finding finding = Finding.Read(Path.Combine(s_folder, file));
        using FuzzTarget target = FuzzTargets.Create(finding.Target);
        target.Run(finding.Input);
    }

    [Fact]
    public void Every_job_that_may_be_asked_for_has_a_place_for_its_notes()
    {
        using var folder = new TemporaryFolder();
        int most = CrashNotes.Count;
        Assert.Equal(most, FuzzOptions.Parse(["--jobs", most.ToString(CultureInfo.InvariantCulture)])!.Jobs);
        Assert.Null(FuzzOptions.Parse(["--jobs", (most + 1).ToString(CultureInfo.InvariantCulture)]));
        CrashNotes.Open(folder.File("notes.txt"));
        CrashNotes.Write(most - 1, "pdu", long.MaxValue);
    }

    [Fact]
    public async Task Damaged_input_of_every_kind_breaks_no_promise()
    {
        using var folder = new TemporaryFolder();
        Ended ended = await ChildProcess.RunAsync(Path.Combine(AppContext.BaseDirectory, "NetDicom.Fuzz"), ["--duration", s_seconds.ToString(CultureInfo.InvariantCulture), "--seed", s_seed, "--output", folder.Folder("found")]);
        TestContext.Current.TestOutputHelper?.WriteLine(ended.Output);
        // The seed, the number of the turn and the input are in the text; and so is what ran when the process itself died.
        string running = File.ReadAllText(folder.File("found/running.txt")).Replace("\0", "", StringComparison.Ordinal).Trim();
        string found = string.Join('\n', Directory.EnumerateFiles(folder.File("found"), "*.hex").Select(File.ReadAllText));
        Assert.True(ended.ExitCode == 0, $"{ended}\n{running}\n{found}");
        Assert.Contains(" 0 findings", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_a_target_and_a_turn_are_an_input()
    {
        using FuzzTarget one = FuzzTargets.Create("dataset"), other = FuzzTargets.Create("dataset");
        for (long turn = 0; turn < 50; turn++)
            Assert.Equal(Fuzzer.Input(one, 4711, turn), Fuzzer.Input(other, 4711, turn));
        Assert.NotEqual(Fuzzer.Input(one, 4711, 1), Fuzzer.Input(one, 4712, 1));
    }

    [Fact]
    public void A_finding_gets_smaller_as_long_as_it_is_one()
    {
        byte[] input = [.. Enumerable.Range(0, 255).Select(i => (byte)i)];
        byte[] small = Minimizer.Minimize(input, bytes => bytes.Contains((byte)42) && bytes.Contains((byte)200) ? "fault" : null, TimeSpan.FromMinutes(1));
        Assert.Equal([42, 200], small);
    }
}
