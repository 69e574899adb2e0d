using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The options that every client tool has, each tool run with each of them: what the peer sees of them, byte by byte, and how the tool ends.</summary>
public sealed class ScuOptionMatrixTests : IDisposable
{
    // For OptionAuditTests: the options that all of these tests give to every tool in s_tools.
    internal static readonly string[] Covered =
    [
        "-aet", "-aec", "-pdu", "--async", "-usr", "-pwd", "--password-file", "-rsp", "-xi", "-xe", "-xb", "-ta", "-td", "-tn", "-to", "--log-format", "-ll", "-d", "-q", "-v", "--quirks",
        "-tls", "--tls-key-cert", "--ca", "--sni", "--tls-profile", "-rc", "-ic", "--jwt", "--saml", "--kerberos",
    ];

    // What each tool needs beside its options to come as far as the association; FILE is CT_small.
    private static readonly Dictionary<string, string[]> s_tools = new()
    {
        ["echoscu"] = [],
        ["storescu"] = ["FILE"],
        ["findscu"] = ["-k", "PatientID=1"],
        ["getscu"] = ["-k", "PatientID=1"],
        ["movescu"] = ["-k", "PatientID=1"],
        ["mwlscu"] = ["-k", "PatientID=1"],
        ["mppsscu"] = ["complete", "1.2.3"],
        ["stgcmtscu"] = ["FILE"],
        ["upsscu"] = ["get", "1.2.3"],
        ["ianscu"] = ["FILE"],
        ["printscu"] = ["FILE"],
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tools => [.. s_tools.Keys];

    internal static IEnumerable<string> ToolNames => s_tools.Keys;

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Tools))]
    public async Task Titles_lengths_window_user_and_syntax_are_in_the_request_and_the_ACSE_timeout_ends_the_wait(string tool)
    {
        using var peer = new RequestRecorder(AfterRequest.StaySilent);
        Ended ended = await RunAsync(tool, peer, "-aet", "CALLER", "-aec", "CALLED", "-pdu", "20480", "--async", "3", "-usr", "user", "-pwd", "secret", "-rsp", "-xi",
            "-to", "20", "-tn", "20", "-td", "20", "-ta", "0.2", "--log-format", "json", "-ll", "error");
        RecordedRequest request = await peer.Request;
        Assert.Equal(("CALLER", "CALLED", 20480u), (request.CallingTitle, request.CalledTitle, request.MaxPduLength));
        Assert.Equal([0, 3, 0, 1], request.UserItems[0x53]);
        Assert.Equal((2, true, "user", "secret"), request.Identity);
        Assert.All(request.Contexts, c => Assert.Equal(["1.2.840.10008.1.2"], c.Syntaxes));
        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.All(ended.ErrorLines, line => Assert.Contains("\"level\":\"error\"", line, StringComparison.Ordinal));
        Assert.Contains("ACSE timeout reached while waiting for response", ended.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task With_TLS_the_name_the_certificates_and_the_profile_are_used_and_a_rejection_is_1(string tool)
    {
        var server = new TestCertificate(_folder, "server", dnsName: "pacs.test");
        var client = new TestCertificate(_folder, "client");
        string token = _folder.File("token"), password = _folder.File("password");
        File.WriteAllText(token, "a.b.c\n");
        File.WriteAllText(password, "hidden\n");
        using var peer = new RequestRecorder(AfterRequest.Reject, server);
        Ended ended = await RunAsync(tool, peer, "--tls-key-cert", client.Key, client.Certificate, "--ca", server.Certificate, "--sni", "pacs.test", "--tls-profile", "bcp195", "-rc", "--jwt", token, "-xe", "-q");
        RecordedRequest request = await peer.Request;
        Assert.Equal(("pacs.test", "CN=client"), (request.ServerName, request.ClientSubject));
        Assert.Equal((5, false, "a.b.c", ""), request.Identity);
        Assert.All(request.Contexts, c => Assert.Equal(["1.2.840.10008.1.2.1"], c.Syntaxes));
        Assert.True(ended.ExitCode == 1 && ended.Error.Length == 0 && ended.Output.Length == 0, ended.ToString());

        using var other = new RequestRecorder(AfterRequest.Reject, server);
        ended = await RunAsync(tool, other, "-tls", "-ic", "-usr", "user", "--password-file", password, "--async", "4", "--quirks", "cautious", "-v");
        request = await other.Request;
        Assert.Equal((2, false, "user", "hidden"), request.Identity);
        Assert.Null(request.ClientSubject);
        Assert.False(request.UserItems.ContainsKey(0x53), "a window was proposed though the quirk forbids it");
        Assert.True(ended.ExitCode == 1 && ended.Error.Contains("E: Association rejected", StringComparison.OrdinalIgnoreCase), ended.ToString());
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task Assertion_and_ticket_are_sent_and_a_peer_that_never_answers_is_5_after_the_DIMSE_timeout(string tool)
    {
        string assertion = _folder.File("assertion"), ticket = _folder.File("ticket");
        File.WriteAllText(assertion, "<saml/>");
        File.WriteAllText(ticket, "ticket");
        using var peer = new RequestRecorder(AfterRequest.AcceptAndStaySilent);
        Ended ended = await RunAsync(tool, peer, "--saml", assertion, "-xb", "-td", "0.2", "-d");
        RecordedRequest request = await peer.Request;
        Assert.Equal((4, false, "<saml/>", ""), request.Identity);
        Assert.All(request.Contexts, c => Assert.Equal(["1.2.840.10008.1.2.2"], c.Syntaxes));
        Assert.True(ended.ExitCode == 5, ended.ToString());
        Assert.Contains("D: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains("DIMSE timeout reached while waiting for message", ended.Error, StringComparison.Ordinal);

        using var other = new RequestRecorder(AfterRequest.Reject);
        ended = await RunAsync(tool, other, "--kerberos", ticket);
        Assert.Equal((3, false, "ticket", ""), (await other.Request).Identity);
        Assert.Equal(1, ended.ExitCode);
    }

    private static Task<Ended> RunAsync(string tool, RequestRecorder peer, params string[] options) =>
        NetDicomProgram.RunAsync([tool, .. options, "127.0.0.1", peer.Port, .. s_tools[tool].Select(word => word == "FILE" ? RealFiles.CtSmall : word), .. tool == "stgcmtscu" ? ["--report-port", Ports.Free().ToString(System.Globalization.CultureInfo.InvariantCulture)] : Array.Empty<string>()]);
}
