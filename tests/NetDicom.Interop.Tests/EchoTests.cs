using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

public class EchoTests
{
    [Theory]
    [InlineData("echoscp")]
    [InlineData("storescp")]
    [Interop("Verification", "SCP", "DCMTK")]
    public async Task DCMTKs_echoscu_reaches_our_server(string tool)
    {
        string echoscu = Peers.Dcmtk("echoscu");
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(tool, tool == "storescp" ? ["-od", folder.Path, "-v"] : ["-v"]);
        Ended ended = await ChildProcess.RunAsync(echoscu, ["-v", "--repeat", "3", "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        // echoscu exits with 0 whatever the answer is: what it says must be looked at.
        Assert.Equal(3, ended.Said("Received Echo Response (Success)"));
        await server.Process.WaitForLineAsync("Received Echo Request");
    }

    [Fact]
    public async Task DCMTKs_echoscu_is_refused_verification_when_we_do_not_offer_it()
    {
        string echoscu = Peers.Dcmtk("echoscu");
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--no-echo");
        Ended ended = await ChildProcess.RunAsync(echoscu, ["127.0.0.1", server.Port], Peers.NoDelay);
        Assert.Contains("No Acceptable Presentation Contexts", ended.Output + ended.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Interop("Verification", "SCU", "DCMTK")]
    public async Task Our_echoscu_reaches_DCMTKs_storescp_and_tells_the_round_trips()
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path);
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", peer.Port, "--repeat", "5", "-v");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(6, ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches("^5 answers, 0 failed; round trip min [0-9.]+, median [0-9.]+, max [0-9.]+ ms$", ended.Output.Split('\n')[5]);
        foreach (string said in (string[])["I: Requesting Association", "I: Association Accepted", "I: Sending Echo Request", "I: Received Echo Response", "I: Releasing Association", "I: Association Released"])
            Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        await peer.Process.WaitForLineAsync("Association Release");
    }

    [Theory]
    [InlineData("-xe", "LittleEndianExplicit")]
    [InlineData("-xb", "BigEndianExplicit")]
    [InlineData("-xi", "LittleEndianImplicit")]
    public async Task Our_echoscu_proposes_only_the_syntax_that_is_asked_for(string option, string name)
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay: true, "-d");
        Ended ended = await NetDicomProgram.RunAsync("echoscu", option, "127.0.0.1", peer.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        await peer.Process.WaitForLineAsync("Association Release");
        Assert.Contains($"={name}", peer.Process.Said, StringComparison.Ordinal);
        Assert.Single(peer.Process.Said.Split('\n').SkipWhile(l => !l.Contains("Proposed Transfer Syntax", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(l => l.Contains("D:       =", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Our_echoscu_ends_with_an_abort_when_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path);
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "--abort", "127.0.0.1", peer.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        await peer.Process.WaitForLineAsync("Association Abort");
    }

    [Fact]
    [Interop("Verification", "SCU", "Orthanc")]
    public async Task Our_echoscu_reaches_Orthanc()
    {
        await using Orthanc orthanc = await Orthanc.StartAsync();
        Ended ended = await NetDicomProgram.RunAsync("echoscu", $"ORTHANC@127.0.0.1:{orthanc.Port}");
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [Fact]
    public async Task Our_echoscu_reaches_our_echoscp_over_IPv6()
    {
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "-ba", "::1");
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "::1", server.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }
}
