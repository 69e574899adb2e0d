using System.Text.Json;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>mwlscu and findscu -W against DCMTK's worklist server, which reads its entries from files.</summary>
public class WorklistTests
{
    private const string Entry = """
        (0008,0005) CS [ISO_IR 100]
        (0008,0050) SH [A1]
        (0008,1110) SQ
        (fffe,e0dd) na
        (0008,1120) SQ
        (fffe,e0dd) na
        (0010,0010) PN [TEST^WORKLIST]
        (0010,0020) LO [WL1]
        (0010,0030) DA [19700101]
        (0010,0040) CS [F]
        (0020,000d) UI [1.2.826.0.1.3680043.2.1.1]
        (0032,1060) LO [CT HEAD]
        (0040,0100) SQ
        (fffe,e000) na
        (0008,0060) CS [CT]
        (0040,0001) AE [CT1]
        (0040,0002) DA [20260304]
        (0040,0003) TM [100000]
        (0040,0006) PN [DR^A]
        (0040,0007) LO [HEAD]
        (0040,0009) SH [S1]
        (fffe,e00d) na
        (fffe,e0dd) na
        (0040,1001) SH [R1]
        (0040,1003) SH [LOW]

        """;

    [Fact]
    public async Task The_worklist_of_DCMTK_is_read_filtered_and_kept_for_MPPS()
    {
        string server = Peers.Dcmtk("wlmscpfs"), dump2dcm = Peers.Dcmtk("dump2dcm");
        using var folder = new TemporaryFolder();
        string entries = folder.Folder("RIS");
        File.WriteAllText(Path.Combine(entries, "lockfile"), "");
        File.WriteAllText(folder.File("entry.dump"), Entry);
        Ended made = await ChildProcess.RunAsync(dump2dcm, [folder.File("entry.dump"), Path.Combine(entries, "entry.wl")]);
        Assert.True(made.ExitCode == 0, made.ToString());
        int port = Ports.Free();
        await using ChildProcess peer = ChildProcess.Start(server, ["-v", "-csk", "-dfp", folder.Path, $"{port}"], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, peer);
        string[] address = ["127.0.0.1", $"{port}", "-aec", "RIS"];

        Lines all = await Lines.RunAsync(0, "mwlscu", ["-w", "-od", folder.Folder("answers"), .. address]);
        JsonElement match = Assert.Single(all.Of("match"));
        Assert.Equal("WL1", Lines.Value(match, "00100020"));
        Assert.Equal("CT", match.GetProperty("dataSet").GetProperty("00400100").GetProperty("Value")[0].GetProperty("00080060").GetProperty("Value")[0].GetString());
        Assert.True(File.Exists(match.GetProperty("path").GetString()));

        Assert.Empty((await Lines.RunAsync(0, "mwlscu", [.. address, "-k", "PatientName", "-k", "ScheduledProcedureStepSequence[0].Modality=MR"])).Of("match"));
        Assert.Single((await Lines.RunAsync(0, "findscu", ["-W", .. address, "-k", "PatientName=TEST*", "-k", "(0040,0100)[0].0008,0060=CT"])).Of("match"));
        Ended table = await NetDicomProgram.RunAsync(["mwlscu", "--csv", "-ll", "error", .. address, "-k", "PatientID", "-k", "ScheduledProcedureStepSequence[0].Modality"]);
        Assert.Equal("PatientID,ScheduledProcedureStepSequence[0].Modality\nWL1,CT\n", table.Output);
    }

    [Fact]
    public async Task A_worklist_that_does_not_exist_is_refused_and_1()
    {
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        await using ChildProcess peer = ChildProcess.Start(Peers.Dcmtk("wlmscpfs"), ["-dfp", folder.Path, $"{port}"], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, peer);
        Ended ended = await NetDicomProgram.RunAsync("mwlscu", "127.0.0.1", $"{port}", "-aec", "NOWHERE", "-ll", "error");
        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Contains("Association rejected", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }
}
