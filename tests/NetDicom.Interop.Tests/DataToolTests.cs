using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>dump, modify, convert and diff on real files, run as a user runs them.</summary>
public partial class DataToolTests
{
    private static async Task<Ended> RunAsync(int exitCode, params string[] arguments)
    {
        Ended ended = await NetDicomProgram.RunAsync(arguments);
        Assert.True(ended.ExitCode == exitCode, $"{string.Join(' ', arguments)}: expected {exitCode}: {ended}");
        return ended;
    }

    [Theory]
    [InlineData("CT_small.dcm"), InlineData("rtplan.dcm"), InlineData("JPEG2000.dcm"), InlineData("test-SR.dcm"), InlineData("MR_small.dcm"), InlineData("MR_small_bigendian.dcm"), InlineData("SC_rgb_rle_2frame.dcm")]
    public async Task Dump_is_line_by_line_what_dcmdump_prints(string name)
    {
        string dcmdump = Peers.Dcmtk("dcmdump");
        string[] theirs = Lines((await ChildProcess.RunAsync(dcmdump, [RealFiles.File(name)])).Output);
        string[] ours = Lines((await RunAsync(0, "dump", RealFiles.File(name))).Output);
        Assert.NotEmpty(ours);
        Assert.Equal(theirs, ours);
    }

    // The first line of every element: tag, VR, the start of text. Names of private elements, of syntaxes and of retired ones are DCMTK's own,
    // and binary floating point numbers are shown shorter here.
    private static string[] Lines(string output) => [.. output.Split('\n')
        .Where(line => ElementLine().IsMatch(line) && !line.Contains("(0002,0010)", StringComparison.Ordinal))
        .Select(line => ElementLine().Match(line).Value is var head && head.TrimEnd()[^2..] is "FL" or "FD" or "OF" or "UN" ? head : line[..Math.Min(line.Length, head.Length + 20)])
        .Select(line => line.Any(c => c > '~') ? line[..20] : line)
        .Select(line => line.Replace("\\n", "", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal))
        .Select(line => line.Contains("] ", StringComparison.Ordinal) ? line[..line.IndexOf("] ", StringComparison.Ordinal)] : line)
        .Where(line => !line.Contains(" UT ", StringComparison.Ordinal))];

    [GeneratedRegex(@"^ *\([0-9a-f]{4},[0-9a-f]{4}\) \S\S ")]
    private static partial Regex ElementLine();

    [Fact]
    public async Task Dump_shows_the_chosen_tags_at_every_level_and_stops_before_pixels()
    {
        Ended chosen = await RunAsync(0, "dump", "--tag", "PatientID", "--tag", "(0008,0060)", RealFiles.CtSmall);
        string[] lines = chosen.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(@"(PatientID|Modality)$", line));
        Assert.Equal(4, lines.Length);
        Assert.Contains("PixelData", (await RunAsync(0, "dump", RealFiles.CtSmall)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PixelData", (await RunAsync(0, "dump", "-sp", RealFiles.CtSmall)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_writes_DICOM_JSON_and_XML()
    {
        JsonElement json = JsonDocument.Parse((await RunAsync(0, "dump", "--json", "-sp", RealFiles.CtSmall)).Output).RootElement;
        Assert.Equal("1CT1", json.GetProperty("00100020").GetProperty("Value")[0].GetString());
        Assert.False(json.TryGetProperty("7FE00010", out _));
        XDocument xml = XDocument.Parse((await RunAsync(0, "dump", "--xml", "--tag", "PatientID", RealFiles.CtSmall)).Output);
        Assert.Equal("1CT1", xml.Root!.Value.Trim());
        await RunAsync(2, "dump", "--xml", "--json", RealFiles.CtSmall);
    }

    [Fact]
    public async Task Dump_of_a_folder_shows_its_files_in_order_and_the_unreadable_ones_are_3()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 30; i++)
            File.Copy(RealFiles.MrSmall, folder.File($"{i:00}.dcm"));
        string[] files = [.. Enumerable.Range(0, 30).Select(i => folder.File($"{i:00}.dcm"))];
        Ended all = await RunAsync(0, ["dump", "--tag", "PatientID", .. files]);
        Assert.Equal(files, all.Output.Split('\n').Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[2..]));
        File.WriteAllText(folder.File("notes.txt"), "not DICOM");
        Ended some = await RunAsync(3, "dump", "--json", folder.Path);
        Assert.Equal(30, some.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("notes.txt", Assert.Single(some.ErrorLines), StringComparison.Ordinal);
        await RunAsync(3, "dump", folder.File("absent"));
        await RunAsync(2, "dump");
        await RunAsync(2, "dump", "--tag", "NoSuchKeyword", RealFiles.CtSmall);
    }

    [Fact]
    public async Task Dump_validates_with_4_when_something_is_found()
    {
        Ended found = await RunAsync(4, "dump", "-sp", "--validate", RealFiles.File("badVR.dcm"));
        Assert.Contains(found.ErrorLines, line => line.Contains("PS3.5", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Modify_changes_in_place_and_keeps_the_old_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("ct.dcm");
        File.Copy(RealFiles.CtSmall, file);
        byte[] before = File.ReadAllBytes(file);
        await RunAsync(0, "modify", "-m", "PatientID=P2", "-e", "PatientSex", "-i", "RequestAttributesSequence[0].ScheduledProcedureStepID=S1",
            "-i", "(0009,\"ACME 1\",01)=x", "-e", "(0043,\"GEMS_PARM_01\",10)", "-i", "(0010,1010)=031Y", file);
        Assert.Equal(before, File.ReadAllBytes(file + ".bak"));
        string dump = (await RunAsync(0, "dump", file)).Output;
        Assert.Matches(@"\(0010,0020\) LO \[P2\]", dump);
        Assert.DoesNotContain("PatientSex", dump, StringComparison.Ordinal);
        Assert.Matches(@"\(0040,0009\) SH \[S1\]", dump);
        Assert.Matches(@"\(0009,0011\) LO \[ACME 1\]", dump);
        Assert.Matches(@"\(0009,1101\) LO \[x\]", dump);
        Assert.DoesNotContain("(0043,1010)", dump, StringComparison.Ordinal);
        Assert.Equal(0, (await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), ["-q", file])).ExitCode);

        File.Delete(file + ".bak");
        await RunAsync(0, "modify", "-nb", "-ep", file);
        Assert.False(File.Exists(file + ".bak"));
        Assert.DoesNotContain("PrivateCreator", (await RunAsync(0, "dump", file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Modify_leaves_a_file_alone_when_a_change_cannot_be_made()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("ct.dcm");
        File.Copy(RealFiles.CtSmall, file);
        Ended absent = await RunAsync(4, "modify", "-m", "RequestingPhysician=X", file);
        Assert.Contains("RequestingPhysician", Assert.Single(absent.ErrorLines), StringComparison.Ordinal);
        await RunAsync(2, "modify", "-i", "Rows=many", file);
        await RunAsync(2, "modify", "-i", "NoKeyword=1", file);
        await RunAsync(2, "modify", "-i", "PatientID", file);
        await RunAsync(2, "modify", "-o", folder.File("x"), file, file);
        await RunAsync(3, "modify", "-i", "PatientID=1", folder.File("absent"));
        Assert.Equal(File.ReadAllBytes(RealFiles.CtSmall), File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Modify_gives_new_UIDs_that_files_of_one_series_share()
    {
        using var folder = new TemporaryFolder();
        string one = folder.File("1.dcm"), two = folder.File("2.dcm");
        File.Copy(RealFiles.CtSmall, one);
        File.Copy(RealFiles.CtSmall, two);
        await RunAsync(0, "modify", "-gst", "-gse", "-gin", one, two);
        Ended same = await RunAsync(4, "diff", one, two);
        Assert.StartsWith("SOPInstanceUID", Assert.Single(same.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Ended changed = await RunAsync(4, "diff", RealFiles.CtSmall, one);
        Assert.Equal(3, changed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(changed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(@"^(Study|Series|SOP)InstanceUID: .*\| .*: 2\.25\.\d+$", line));
    }

    [Theory]
    [InlineData("CT_small.dcm", "implicit"), InlineData("CT_small.dcm", "big"), InlineData("CT_small.dcm", "deflated"), InlineData("MR_small_bigendian.dcm", "explicit"), InlineData("rtplan.dcm", "ExplicitVRLittleEndian"), InlineData("test-SR.dcm", "1.2.840.10008.1.2")]
    public async Task Convert_writes_what_dcmdump_reads_and_back_it_is_the_same(string name, string syntax)
    {
        using var folder = new TemporaryFolder();
        string there = folder.File("there.dcm"), back = folder.File("back.dcm");
        await RunAsync(0, "convert", "-t", syntax, "--group-lengths", "add", "--sequence-lengths", "undefined", "--clear-preamble", RealFiles.File(name), there);
        Assert.All(File.ReadAllBytes(there)[..128], value => Assert.Equal(0, value));
        Ended dcmdump = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), [there]);
        Assert.Equal(0, dcmdump.ExitCode);
        Assert.Contains("GenericGroupLength", dcmdump.Output, StringComparison.Ordinal);
        await RunAsync(0, "diff", RealFiles.File(name), there);
        await RunAsync(0, "convert", "-t", "explicit", "--group-lengths", "remove", "--sequence-lengths", "defined", there, back);
        await RunAsync(0, "diff", RealFiles.File(name), back);
    }

    [Fact]
    public async Task Convert_says_what_it_cannot_do()
    {
        using var folder = new TemporaryFolder();
        string output = folder.File("out.dcm");
        Ended compressed = await RunAsync(4, "convert", "-t", "implicit", RealFiles.File("JPEG2000.dcm"), output);
        Assert.Contains("JPEG 2000", Assert.Single(compressed.ErrorLines), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        await RunAsync(2, "convert", "-t", "nonsense", RealFiles.CtSmall, output);
        await RunAsync(2, "convert", "--group-lengths", "some", RealFiles.CtSmall, output);
        await RunAsync(3, "convert", folder.File("absent"), output);
        await RunAsync(0, "convert", RealFiles.CtSmall, output);
        Assert.Equal(File.ReadAllBytes(RealFiles.CtSmall), File.ReadAllBytes(output));
    }

    [Fact]
    public async Task Diff_answers_0_for_the_same_content_4_for_another_and_3_for_no_file()
    {
        Assert.Equal("", (await RunAsync(0, "diff", RealFiles.CtSmall, RealFiles.CtSmall)).Output);
        Assert.Equal("", (await RunAsync(0, "diff", RealFiles.MrSmall, RealFiles.File("MR_small_bigendian.dcm"), "--ignore", "SOPInstanceUID")).Output);
        Ended other = await RunAsync(4, "diff", "--json", RealFiles.CtSmall, RealFiles.MrSmall);
        JsonElement[] lines = [.. other.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(lines.Length - 1, lines[^1].GetProperty("differences").GetInt32());
        await RunAsync(3, "diff", RealFiles.CtSmall, "absent.dcm");
        await RunAsync(2, "diff", RealFiles.CtSmall);
    }
}
