using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>TLS and user identity from the command line, with DCMTK at the other end.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _server, _client;

    public TlsTests() => (_server, _client) = (new TestCertificate(_folder, "server"), new TestCertificate(_folder, "client"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Interop("TLS", "SCP", "DCMTK")]
    public async Task DCMTKs_storescu_sends_over_TLS_to_our_storescp_which_wants_its_certificate()
    {
        string sender = Peers.Dcmtk("storescu");
        string output = _folder.Folder("in");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(
            "storescp", "-od", output, "+tls", _server.Key, _server.Certificate, "-rc", "+cf", _client.Certificate);
        string[] trusting = ["+cf", _server.Certificate, "127.0.0.1", server.Port, RealFiles.CtSmall];
        Assert.NotEqual(0, (await ChildProcess.RunAsync(sender, ["+tla", .. trusting], Peers.NoDelay)).ExitCode);
        Assert.Empty(Directory.GetFiles(output));
        Ended ended = await ChildProcess.RunAsync(sender, ["+tls", _client.Key, _client.Certificate, .. trusting], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Single(Directory.GetFiles(output));
    }

    [Fact]
    [Interop("TLS", "SCU", "DCMTK")]
    public async Task Our_storescu_sends_over_TLS_to_DCMTKs_storescp_which_wants_our_certificate()
    {
        string output = _folder.Folder("in");
        await using Peers.Receiver peer = await Peers.StoreScpAsync(output, noDelay: true, "+tls", _server.Key, _server.Certificate, "+cf", _client.Certificate);
        string[] address = ["127.0.0.1", peer.Port, RealFiles.CtSmall];
        Sent sent = await Sent.RunAsync(["+tls", _client.Key, _client.Certificate, "+cf", _server.Certificate, .. address]);
        Assert.True(sent.Ended.ExitCode == 0, sent.Ended.ToString());
        Assert.Equal(1, sent.AssertReceived(output));
    }

    [Theory]
    [InlineData("bcp195")]
    [InlineData("bcp195-modified")]
    public async Task Each_profile_finds_a_cipher_suite_with_DCMTK_both_ways(string profile)
    {
        string theirs = _folder.Folder("theirs"), ours = _folder.Folder("ours");
        await using Peers.Receiver peer = await Peers.StoreScpAsync(theirs, noDelay: true, "+tls", _server.Key, _server.Certificate, "-ic");
        Sent sent = await Sent.RunAsync(["-tls", "--tls-profile", profile, "+cf", _server.Certificate, "127.0.0.1", peer.Port, RealFiles.CtSmall]);
        Assert.True(sent.Ended.ExitCode == 0, sent.Ended.ToString());
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", ours, "+tls", _server.Key, _server.Certificate, "--tls-profile", profile);
        Ended ended = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["+tla", "+cf", _server.Certificate, "127.0.0.1", server.Port, RealFiles.CtSmall], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Single(Directory.GetFiles(ours));
    }

    [Theory]
    [InlineData("", "TLS handshake failed")]
    [InlineData("--sni other.example", "TLS handshake failed")]
    [InlineData("-ic", null)]
    [InlineData("+cf", null)]
    public async Task Our_client_believes_only_a_certificate_that_it_has_reason_to(string options, string? problem)
    {
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "+tls", _server.Key, _server.Certificate);
        string[] trust = options switch
        {
            "+cf" => ["+cf", _server.Certificate],
            "--sni other.example" => ["+cf", _server.Certificate, .. options.Split(' ')],
            _ => options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
        Ended ended = await NetDicomProgram.RunAsync(["echoscu", "-tls", .. trust, "127.0.0.1", server.Port]);
        Assert.Equal(problem is null ? 0 : 1, ended.ExitCode);
        if (problem is not null)
            Assert.Contains(problem, ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ca {cert}", "is of use with TLS only")]
    [InlineData("--tls-profile bcp195", "is of use with TLS only")]
    [InlineData("-tls --ca {missing}", "for TLS")]
    [InlineData("+tls {cert} {cert}", "for TLS")]
    [InlineData("-pwd secret", "needs a user name")]
    [InlineData("-rsp", "needs an identity")]
    [InlineData("--jwt {missing}", "Cannot read")]
    public async Task What_does_not_fit_together_is_2(string options, string why)
    {
        string[] words = [.. options.Split(' ').Select(w => w.Replace("{cert}", _server.Certificate, StringComparison.Ordinal).Replace("{missing}", _folder.File("missing"), StringComparison.Ordinal))];
        Ended ended = await NetDicomProgram.RunAsync(["echoscu", .. words, "127.0.0.1", "104"]);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(why, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_and_passcode_reach_DCMTK_and_are_in_none_of_our_lines()
    {
        await using Peers.Receiver peer = await Peers.StoreScpAsync(_folder.Folder("in"), noDelay: true, "-d");
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-d", "-usr", "somebody", "-pwd", "opensesame", "-rsp", "127.0.0.1", peer.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("W: The peer did not confirm the user identity", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("opensesame", ended.Error + ended.Output, StringComparison.Ordinal);
        await peer.Process.WaitForLineAsync("Association Release");
        Assert.Contains("somebody", peer.Process.Said, StringComparison.Ordinal);
    }
}
