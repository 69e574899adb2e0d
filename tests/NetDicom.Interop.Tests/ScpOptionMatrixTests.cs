using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The options that every server tool has, each tool run with each of them, and DCMTK's echoscu at the other end.</summary>
public sealed class ScpOptionMatrixTests : IDisposable
{
    // For OptionAuditTests: what these tests give to every tool in Tools.
    internal static readonly string[] Covered =
        ["-aet", "-ba", "-pdu", "-to", "-ta", "-td", "-tn", "--quirks", "--log-format", "-ll", "-v", "-d", "-q", "--tls-key-cert", "--ca", "--tls-profile", "-rc", "-ic"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tools => ["echoscp", "storescp", "qrscp"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Tools))]
    public async Task Title_interface_length_and_log_are_as_asked_and_silence_ends_an_association(string tool)
    {
        string echoscu = Peers.Dcmtk("echoscu");
        string[] options = [.. Place(tool), "-aet", "TITLE", "-ba", "127.0.0.1", "-pdu", "20480", "-to", "20", "-ta", "20", "-td", "20", "--quirks", "cautious", "--log-format", "json", "-ll", "info"];
        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(tool, options))
            await ExpectAsAskedAsync(echoscu, server);

        // An association that is silent longer than -tn is aborted: after the A-ASSOCIATE-AC comes an A-ABORT, type 7. Not with a client beside it that a busy machine makes silent.
        await using NetDicomProgram.Server impatient = await NetDicomProgram.StartServerAsync(tool, [.. options, "-tn", "0.3"]);
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, int.Parse(impatient.Port, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        NetworkStream stream = silent.GetStream();
        await stream.WriteAsync(VerificationRequest(), TestContext.Current.CancellationToken);
        Assert.Equal(2, await PduTypeAsync(stream));
        Assert.Equal(7, await PduTypeAsync(stream));
    }

    private static async Task ExpectAsAskedAsync(string echoscu, NetDicomProgram.Server server)
    {
        Ended ended = await ChildProcess.RunAsync(echoscu, ["-d", "-aec", "TITLE", "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0 && ended.Said("Their Max PDU Receive Size:  20480") == 1, ended.ToString());
        Assert.StartsWith("{\"time\":", await server.Process.WaitForLineAsync("Accepting Association"), StringComparison.Ordinal);
        // 127.0.0.2 is this machine too, and not what -ba names.
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => elsewhere.ConnectAsync(IPAddress.Parse("127.0.0.2"), int.Parse(server.Port, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken).AsTask());
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task With_TLS_a_client_of_DCMTK_needs_the_certificate_that_is_asked_for(string tool)
    {
        string echoscu = Peers.Dcmtk("echoscu");
        var own = new TestCertificate(_folder, "server");
        var client = new TestCertificate(_folder, "client");
        Ended ended;
        // One after the other: an archive is of one program at a time.
        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(tool,
            [.. Place(tool), "-d", "-pdu", "20480", "--tls-key-cert", own.Key, own.Certificate, "--ca", client.Certificate, "--tls-profile", "bcp195", "-rc"]))
        {
            ended = await ChildProcess.RunAsync(echoscu, ["-d", "+tls", client.Key, client.Certificate, "+cf", own.Certificate, "127.0.0.1", server.Port], Peers.NoDelay);
            Assert.True(ended.ExitCode == 0 && ended.Said("Their Max PDU Receive Size:  20480") == 1, ended.ToString());
            await server.Process.WaitForLineAsync("D: ");
            Assert.NotEqual(0, (await ChildProcess.RunAsync(echoscu, ["+tla", "+cf", own.Certificate, "127.0.0.1", server.Port], Peers.NoDelay)).ExitCode);
        }

        await using NetDicomProgram.Server open = await NetDicomProgram.StartServerAsync(tool, [.. Place(tool), "-v", "--tls-key-cert", own.Key, own.Certificate, "-ic"]);
        ended = await ChildProcess.RunAsync(echoscu, ["+tla", "+cf", own.Certificate, "127.0.0.1", open.Port], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        await open.Process.WaitForLineAsync("I: ");
    }

    [Theory, MemberData(nameof(Tools))]
    public async Task A_quiet_server_says_nothing(string tool)
    {
        int port = Ports.Free();
        await using ChildProcess server = NetDicomProgram.Start([tool, port.ToString(CultureInfo.InvariantCulture), .. Place(tool), "-q"]);
        await Ports.WaitUntilListeningAsync(port, server);
        server.Signal(Signals.Terminate);
        Ended ended = await server.EndAsync();
        Assert.True(ended.ExitCode == 143 && ended.Output.Length == 0 && ended.Error.Length == 0, ended.ToString());
    }

    [Theory]
    [InlineData("echoscp", "-x=", "LittleEndianExplicit")]
    [InlineData("echoscp", "-xe", "LittleEndianExplicit")]
    [InlineData("echoscp", "-xb", "BigEndianExplicit")]
    [InlineData("echoscp", "-xi", "LittleEndianImplicit")]
    [InlineData("storescp", "-x=", "LittleEndianExplicit")]
    [InlineData("storescp", "-xe", "LittleEndianExplicit")]
    [InlineData("storescp", "-xb", "BigEndianExplicit")]
    [InlineData("storescp", "-xi", "LittleEndianImplicit")]
    public async Task The_syntax_that_is_preferred_is_taken(string tool, string option, string accepted)
    {
        string echoscu = Peers.Dcmtk("echoscu");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync(tool, [.. Place(tool), option]);
        // Explicit VR Little Endian, Explicit VR Big Endian and Implicit, in one context.
        Ended ended = await ChildProcess.RunAsync(echoscu, ["-d", "-pts", "3", "127.0.0.1", server.Port], Peers.NoDelay);
        string said = (ended.Output + ended.Error).Split('\n').Last(line => line.Contains("Accepted Transfer Syntax", StringComparison.Ordinal));
        Assert.True(ended.ExitCode == 0 && said.Contains(accepted, StringComparison.Ordinal), $"{said}\n{ended}");
    }

    private string[] Place(string tool) => tool switch
    {
        "storescp" => ["-od", _folder.Folder("in")],
        "qrscp" => new ArchiveServer(_folder).Location,
        _ => [],
    };

    private static async Task<int> PduTypeAsync(NetworkStream stream)
    {
        byte[] head = new byte[6];
        await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        await stream.ReadExactlyAsync(new byte[(head[4] << 8) | head[5]], TestContext.Current.CancellationToken);
        return head[0];
    }

    // PS3.8 section 9.3.2: Verification in Implicit VR Little Endian, 16 KiB, and an implementation class.
    private static byte[] VerificationRequest()
    {
        byte[] context = [1, 0, 0, 0, .. Item(0x30, "1.2.840.10008.1.1"), .. Item(0x40, "1.2.840.10008.1.2")];
        byte[] user = [0x51, 0, 0, 4, 0, 0, 0x40, 0, .. Item(0x52, "1.2.3")];
        byte[] body =
        [
            0, 1, 0, 0, .. Encoding.ASCII.GetBytes("TITLE           SILENT          "), .. new byte[32],
            .. Item(0x10, "1.2.840.10008.3.1.1.1"), 0x20, 0, 0, (byte)context.Length, .. context, 0x50, 0, 0, (byte)user.Length, .. user,
        ];
        return [1, 0, 0, 0, 0, (byte)body.Length, .. body];
    }

    private static byte[] Item(byte type, string text) => [type, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
