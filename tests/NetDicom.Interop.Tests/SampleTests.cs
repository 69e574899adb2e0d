using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>Samples of storage and queries, as processes: each provider with its user, and with DCMTK's.</summary>
public class SampleTests
{
    private const string Study = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322", Object = "1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322";

    [Fact]
    public async Task Receive_answers_echo_and_keeps_what_send_and_storescu_send()
    {
        string dcmtkEcho = Peers.Dcmtk("echoscu"), dcmtkStore = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        string sent = folder.Folder("sent");
        File.Copy(RealFiles.CtSmall, Path.Combine(sent, "ct.dcm"));
        File.Copy(RealFiles.MrSmall, Path.Combine(sent, "mr.dcm"));
        await using SampleProgram.Provider receive = await SampleProgram.ServeAsync("receive", folder.Folder("in"));
        Assert.Contains("Success", Assert.Single(await SampleProgram.RunAsync("echo", receive.Port)), StringComparison.Ordinal);
        Assert.Equal(2, (await SampleProgram.RunAsync("send", receive.Port, sent)).Length);
        AssertSame(RealFiles.CtSmall, folder.File($"in/{Object}.dcm"));
        File.Delete(folder.File($"in/{Object}.dcm"));
        Ended echo = await ChildProcess.RunAsync(dcmtkEcho, ["127.0.0.1", receive.PortText]), store = await ChildProcess.RunAsync(dcmtkStore, ["127.0.0.1", receive.PortText, RealFiles.CtSmall], Peers.NoDelay);
        Assert.True((echo.ExitCode, store.ExitCode) == (0, 0), $"{echo} {store}");
        AssertSame(RealFiles.CtSmall, folder.File($"in/{Object}.dcm"));
        await receive.StopAsync();
    }

    [Fact]
    public async Task Host_has_a_receiver_for_each_association_of_storescu()
    {
        string dcmtk = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        await using SampleProgram.Provider host = await SampleProgram.ServeAsync("host", folder.Path, folder.Folder("in"));
        Ended store = await ChildProcess.RunAsync(dcmtk, ["127.0.0.1", host.PortText, RealFiles.CtSmall, RealFiles.MrSmall], Peers.NoDelay);
        Assert.True(store.ExitCode == 0, store.ToString());
        await host.Process.WaitForLineAsync("2 objects in this association");
        AssertSame(RealFiles.CtSmall, folder.File($"in/{Object}.dcm"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Archive_is_queried_by_find_and_by_findscu_and_refuses_a_destination_that_it_does_not_know()
    {
        string find = Peers.Dcmtk("findscu"), move = Peers.Dcmtk("movescu");
        using var folder = new TemporaryFolder();
        await using SampleProgram.Provider archive = await SampleProgram.ServeAsync("archive", folder.Path, RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.Equal([$"20040119 {Study}"], await SampleProgram.RunAsync("find", archive.Port, "1CT1"));
        Ended found = await ChildProcess.RunAsync(find, ["-S", "127.0.0.1", archive.PortText, "-k", "0008,0052=STUDY", "-k", "0010,0020=4MR1", "-k", "0020,000D"], Peers.NoDelay);
        Assert.True(found.Said("1.3.6.1.4.1.5962.1.2.4.20040826185059.5457") == 1 && found.Said(Study) == 0, found.ToString());
        Ended moved = await ChildProcess.RunAsync(move, ["-v", "-S", "-aem", "NOBODY", "127.0.0.1", archive.PortText, "-k", "0008,0052=STUDY", "-k", $"0020,000D={Study}"], Peers.NoDelay);
        // PS3.4 table C.4-2: A801 is a destination that is not known.
        Assert.True(moved.ExitCode != 0 && moved.Said("MoveDestinationUnknown") > 0, moved.ToString());
        await archive.StopAsync();
    }

    [Fact]
    public async Task Find_and_retrieve_get_from_dcmqrscp_what_it_has()
    {
        using var folder = new TemporaryFolder();
        await using DcmQrScp peer = await DcmQrScp.StartAsAsync("ARCHIVE", RealFiles.CtSmall);
        int port = int.Parse(peer.Port, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([$"20040119 {Study}"], await SampleProgram.RunAsync("find", port, "1CT1"));
        string[] said = await SampleProgram.RunAsync("retrieve", port, Study, folder.Path);
        Assert.Equal(["1 of 1", "0x0000 Success, 0 failed"], [said[^2], said[^1]]);
        AssertSame(RealFiles.CtSmall, folder.File($"{Object}.dcm"));
    }

    [Fact]
    public async Task Worklist_is_queried_by_its_user_and_by_findscu()
    {
        string find = Peers.Dcmtk("findscu");
        using var folder = new TemporaryFolder();
        await using SampleProgram.Provider worklist = await SampleProgram.ServeAsync("worklist", folder.Path);
        Assert.Equal(["A1"], await SampleProgram.RunAsync("worklist-user", worklist.Port));
        Ended found = await ChildProcess.RunAsync(find, ["-W", "127.0.0.1", worklist.PortText, "-k", "0010,0010", "-k", "(0040,0100)[0].Modality=CT"], Peers.NoDelay);
        Assert.True(found.Said("Doe^Jane") == 1, found.ToString());
        await worklist.StopAsync();
    }

    [Fact]
    public async Task Protocols_takes_a_hanging_protocol_from_storescu_and_its_user_finds_and_gets_it()
    {
        string dcmtk = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        string file = folder.File("protocol.dcm");
        using (var protocol = new DicomFile(new DicomDataSet().Set(DicomTags.SOPClassUID, SopClasses.HangingProtocolStorage).Set(DicomTags.SOPInstanceUID, "1.2.826.0.1.1")
            .Set(DicomTags.HangingProtocolName, "CT1").Set(DicomTags.HangingProtocolDescription, "two by two")
            .Set(DicomTags.HangingProtocolDefinitionSequence, new DicomDataSet().Set(DicomTags.Modality, "CT")), TransferSyntax.ExplicitVRLittleEndian))
            await protocol.SaveAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        await using SampleProgram.Provider protocols = await SampleProgram.ServeAsync("protocols", folder.Path);
        Ended store = await ChildProcess.RunAsync(dcmtk, ["-R", "127.0.0.1", protocols.PortText, file], Peers.NoDelay);
        Assert.True(store.ExitCode == 0, store.ToString());
        Assert.Equal(["CT1: two by two"], await SampleProgram.RunAsync("protocols-user", protocols.Port, "CT*", folder.Folder("got")));
        AssertSame(file, folder.File("got/1.2.826.0.1.1.dcm"));
        await protocols.StopAsync();
    }

    // DCMTK leaves Data Set Trailing Padding out.
    private static void AssertSame(string source, string file)
    {
        ReadOnlyMemory<byte> sent = Part10.DataSet(File.ReadAllBytes(source)), came = Part10.DataSet(File.ReadAllBytes(file));
        Assert.Equal(sent[..came.Length].ToArray(), came.ToArray());
        Assert.True(came.Length == sent.Length || sent.Span[came.Length..].StartsWith<byte>([0xFC, 0xFF, 0xFC, 0xFF]), $"{file} is cut off");
    }
}
