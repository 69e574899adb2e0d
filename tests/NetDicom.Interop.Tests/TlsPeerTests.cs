using System.Globalization;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>TLS with DCMTK and OpenSSL at the other end, where it does not work out: who refuses, what is told, and that the server goes on.</summary>
public sealed class TlsPeerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _server, _client, _stranger;

    public TlsPeerTests() =>
        (_server, _client, _stranger) = (new TestCertificate(_folder, "server"), new TestCertificate(_folder, "client"), new TestCertificate(_folder, "stranger"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("none", "handshake")]
    [InlineData("stranger", "certificate")]
    [InlineData("plain", "does not speak TLS (its first byte is 01H)")]
    public async Task A_client_of_DCMTK_that_is_not_let_in_is_told_of_and_the_next_one_is_served(string client, string told)
    {
        string echo = Peers.Dcmtk("echoscu");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "-v", "+tls", _server.Key, _server.Certificate, "-rc", "+cf", _client.Certificate);
        string[] wrong = client switch
        {
            "none" => ["+tla", "+cf", _server.Certificate],
            "stranger" => ["+tls", _stranger.Key, _stranger.Certificate, "+cf", _server.Certificate],
            _ => [],
        };
        Assert.NotEqual(0, (await ChildProcess.RunAsync(echo, [.. wrong, "127.0.0.1", server.Port], Peers.NoDelay)).ExitCode);
        string line = await server.Process.WaitForLineAsync("W: The TLS handshake with ");
        Assert.Contains(told, line, StringComparison.Ordinal);
        Ended right = await ChildProcess.RunAsync(echo, ["+tls", _client.Key, _client.Certificate, "+cf", _server.Certificate, "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(right.ExitCode == 0, right.ToString());
    }

    [Fact]
    public async Task A_TLS_client_of_DCMTK_at_a_plain_port_is_told_of_and_a_plain_one_is_served()
    {
        string echo = Peers.Dcmtk("echoscu");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "-v");
        Assert.NotEqual(0, (await ChildProcess.RunAsync(echo, ["+tla", "-ic", "127.0.0.1", server.Port], Peers.NoDelay)).ExitCode);
        Assert.Contains("no PDU has the type 16H", await server.Process.WaitForLineAsync("came to no association"), StringComparison.Ordinal);
        Ended plain = await ChildProcess.RunAsync(echo, ["127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(plain.ExitCode == 0, plain.ToString());
    }

    [Fact]
    public async Task Our_client_says_in_one_line_that_a_plain_server_of_DCMTK_speaks_no_TLS()
    {
        await using Peers.Receiver peer = await Peers.StoreScpAsync(_folder.Folder("in"));
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-tls", "-ic", "127.0.0.1", peer.Port);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("not speak TLS", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        ended = await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", peer.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [Fact]
    public async Task Our_plain_client_at_a_TLS_server_of_DCMTK_fails_in_one_line_and_the_right_one_gets_through()
    {
        await using Peers.Receiver peer = await Peers.StoreScpAsync(_folder.Folder("in"), noDelay: true, "+tls", _server.Key, _server.Certificate, "-ic");
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-ta", "0.5", "127.0.0.1", peer.Port);
        Assert.Equal(1, ended.ExitCode);
        Assert.Single(ended.ErrorLines);
        ended = await NetDicomProgram.RunAsync("echoscu", "-tls", "+cf", _server.Certificate, "127.0.0.1", peer.Port);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [Fact]
    public async Task Our_client_without_the_certificate_that_DCMTK_wants_fails_in_one_line()
    {
        await using Peers.Receiver peer = await Peers.StoreScpAsync(_folder.Folder("in"), noDelay: true, "+tls", _server.Key, _server.Certificate, "-rc", "+cf", _client.Certificate);
        string[] trusting = ["+cf", _server.Certificate, "127.0.0.1", peer.Port];
        foreach (string[] own in (string[][])[["-tls"], ["+tls", _stranger.Key, _stranger.Certificate]])
        {
            Ended ended = await NetDicomProgram.RunAsync(["echoscu", .. own, .. trusting]);
            Assert.Equal(1, ended.ExitCode);
            Assert.Single(ended.ErrorLines);
        }

        Ended right = await NetDicomProgram.RunAsync(["echoscu", "+tls", _client.Key, _client.Certificate, .. trusting]);
        Assert.True(right.ExitCode == 0, right.ToString());
    }

    [Theory]
    [InlineData("unknown authority", "UntrustedRoot", "PartialChain")]
    [InlineData("expired", "NotTimeValid", "NotTimeValid")]
    [InlineData("wrong name", "NameMismatch", "NameMismatch")]
    public async Task A_server_of_OpenSSL_that_is_not_to_be_believed_is_refused_with_the_reason_in_one_line(string what, string reason, string otherReason)
    {
        TestCertificate shown = what switch
        {
            "expired" => new TestCertificate(_folder, "expired", isExpired: true),
            "wrong name" => new TestCertificate(_folder, "elsewhere", dnsName: "elsewhere.example"),
            _ => _server,
        };
        await using OpenSslServer peer = await OpenSslServer.StartAsync(shown);
        string trusted = what == "unknown authority" ? _stranger.Certificate : shown.Certificate;
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-tls", "+cf", trusted, "127.0.0.1", peer.Port);
        Assert.Equal(1, ended.ExitCode);
        string line = Assert.Single(ended.ErrorLines);
        Assert.True(line.Contains(reason, StringComparison.Ordinal) || line.Contains(otherReason, StringComparison.Ordinal), line);
        // With the name that it is for, it is the right one.
        if (what == "wrong name")
        {
            ended = await NetDicomProgram.RunAsync("echoscu", "-ta", "0.3", "-tls", "+cf", trusted, "--sni", "elsewhere.example", "127.0.0.1", peer.Port);
            Assert.Contains("ACSE timeout", ended.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenSSL_is_refused_with_TLS_1_1_and_served_with_1_2_and_1_3()
    {
        string client = Peers.Require("openssl", "openssl");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "-v", "+tls", _server.Key, _server.Certificate);
        string[] connect = ["s_client", "-connect", $"127.0.0.1:{server.Port}", "-CAfile", _server.Certificate];
        Ended old = await ChildProcess.RunAsync(client, [.. connect, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], input: "");
        Assert.NotEqual(0, old.ExitCode);
        await server.Process.WaitForLineAsync("W: The TLS handshake with ");
        foreach ((string option, string name) in ((string, string)[])[("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
        {
            Ended ended = await ChildProcess.RunAsync(client, [.. connect, option], input: "");
            Assert.True(ended.ExitCode == 0, ended.ToString());
            Assert.Contains($"New, {name}", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OpenSSL_sees_our_servers_close_notify_after_its_last_PDU()
    {
        string client = Peers.Require("openssl", "openssl");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "+tls", _server.Key, _server.Certificate);
        // No PDU begins with this: A-ABORT, and the end. Without close_notify OpenSSL reports an unexpected end of file.
        Ended ended = await ChildProcess.RunAsync(client, ["s_client", "-quiet", "-connect", $"127.0.0.1:{server.Port}", "-CAfile", _server.Certificate], input: "hello\n");
        Assert.DoesNotContain("unexpected eof", ended.Error, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("\u0007\0\0\0\0\u0004", ended.Output, StringComparison.Ordinal);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [Fact]
    public async Task OpenSSL_sees_our_clients_close_notify_after_its_last_PDU()
    {
        await using OpenSslServer peer = await OpenSslServer.StartAsync(_server);
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-ta", "0.3", "-tls", "+cf", _server.Certificate, "127.0.0.1", peer.Port);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("ACSE timeout", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        // s_server says this when close_notify has come, and ERROR at any other end.
        await peer.Process.WaitForLineAsync("DONE");
        Assert.DoesNotContain("unexpected eof", peer.Process.Said, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>OpenSSL's s_server: TLS, and silence above it.</summary>
    private sealed class OpenSslServer(ChildProcess process, string port) : IAsyncDisposable
    {
        public ChildProcess Process => process;

        public string Port => port;

        public static async Task<OpenSslServer> StartAsync(TestCertificate certificate)
        {
            int port = Ports.Free();
            string text = port.ToString(CultureInfo.InvariantCulture);
            ChildProcess process = ChildProcess.Start(
                Peers.Require("openssl", "openssl"), ["s_server", "-accept", $"127.0.0.1:{text}", "-key", certificate.Key, "-cert", certificate.Certificate], keepInput: true);
            await Ports.WaitUntilListeningAsync(port, process);
            return new OpenSslServer(process, text);
        }

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
