using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>Each way in which a run can end: its exit code, and one line that says what happened.</summary>
public class ExitCodeTests
{
    private static void AssertEnded(Ended ended, int exitCode, params string[] says)
    {
        Assert.True(ended.ExitCode == exitCode, $"expected {exitCode}: {ended}");
        foreach (string text in says)
            Assert.Contains(ended.ErrorLines, l => l.StartsWith("E: ", StringComparison.Ordinal) && l.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("echoscu")]
    [InlineData("storescu")]
    public async Task A_refused_connection_is_1_and_one_line(string tool)
    {
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        Ended ended = await NetDicomProgram.RunAsync([tool, "127.0.0.1", port, .. tool == "storescu" ? [RealFiles.CtSmall] : Array.Empty<string>()]);
        AssertEnded(ended, 1, "Association request failed: unable to connect to remote", "TCP Initialisation Error");
        if (tool == "echoscu")
            Assert.Single(ended.ErrorLines);
    }

    [Fact]
    public async Task A_connect_that_nobody_answers_ends_with_the_connection_timeout()
    {
        // A listener whose queue is full does not answer: the second connection stays half made.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var crowd = new List<Socket>();
        try
        {
            for (int i = 0; i < 2; i++)
            {
                var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                crowd.Add(one);
                Assert.Throws<SocketException>(() => one.Connect(listener.LocalEndPoint!));
            }

            Ended ended = await NetDicomProgram.RunAsync("echoscu", "-to", "0.3", "127.0.0.1", Port(listener));
            AssertEnded(ended, 1, "unable to connect to remote");
        }
        finally
        {
            crowd.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task A_peer_that_never_answers_the_association_request_is_1_after_the_ACSE_timeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "-ta", "0.3", "127.0.0.1", Port(listener));
        AssertEnded(ended, 1, "ACSE timeout reached while waiting for response");
    }

    [Fact]
    public async Task A_rejection_by_DCMTK_is_1_and_says_who_and_why()
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay: true, "--refuse");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", peer.Port), 1, "Association rejected");
    }

    [Fact]
    public async Task A_wrong_called_title_is_1_with_the_advice_to_give_another()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--require-called-aet", "-aet", "ARCHIVE");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port, "-aec", "OTHER"), 1, "-aec");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port, "-aec", "ARCHIVE"), 0);
    }

    [Fact]
    public async Task A_calling_title_that_is_not_let_in_is_1_with_the_advice_to_give_another()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--require-calling-aet", "FRIEND", "--ignore");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port), 1, "-aet");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port, "-aet", "FRIEND"), 0);
    }

    [Fact]
    public async Task No_accepted_context_is_1()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--no-echo");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port), 1, "No presentation context");
        await using NetDicomProgram.Server echo = await NetDicomProgram.StartServerAsync("echoscp");
        AssertEnded(await NetDicomProgram.RunAsync("storescu", "127.0.0.1", echo.Port, RealFiles.CtSmall), 1, RealFiles.CtSmall);
    }

    [Theory]
    [InlineData("--abort-during")]
    [InlineData("--abort-after 2")]
    public async Task An_abort_in_the_middle_is_5_and_every_file_has_its_outcome(string fault)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", ["-od", folder.Path, .. fault.Split(' ')]);
        Sent sent = await Sent.RunAsync("-r", "127.0.0.1", server.Port, RealFiles.Series);
        AssertEnded(sent.Ended, 5, "aborted by the peer");
        int files = Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Count();
        Assert.Equal(files, sent.Files.Count);
        Assert.Equal(fault.EndsWith('2') ? 2 : 0, sent.Stored.Count());
        Assert.Equal(1, sent.Count("lost"));
        Assert.Equal(files - sent.Stored.Count() - 1, sent.Count("not-sent"));
    }

    [Theory]
    [InlineData("--abort-during")]
    [InlineData("--abort-after")]
    public async Task An_abort_by_DCMTKs_storescp_is_5(string fault)
    {
        using var folder = new TemporaryFolder();
        await using Peers.Receiver peer = await Peers.StoreScpAsync(folder.Path, noDelay: true, fault);
        Sent sent = await Sent.RunAsync("127.0.0.1", peer.Port, RealFiles.CtSmall, RealFiles.MrSmall);
        AssertEnded(sent.Ended, 5, RealFiles.CtSmall);
        Assert.Equal(1, sent.Count("lost"));
    }

    [Fact]
    public async Task A_peer_that_never_answers_a_request_is_5_after_the_DIMSE_timeout()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--delay-response", "60");
        AssertEnded(await NetDicomProgram.RunAsync("storescu", "-td", "0.3", "127.0.0.1", server.Port, RealFiles.CtSmall), 5, "DIMSE timeout reached while waiting for message");
    }

    [Theory]
    [InlineData("--refuse", 4, "refused")]
    [InlineData("--status C123", 4, "refused")]
    [InlineData("--status B000", 0, "warning")]
    // The peer has it already: no reason to call the job failed.
    [InlineData("--status 0111", 0, "warning")]
    public async Task A_failure_status_is_4_and_a_warning_is_0(string fault, int exitCode, string outcome)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", ["-od", folder.Path, .. fault.Split(' ')]);
        Sent sent = await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall, RealFiles.MrSmall);
        AssertEnded(sent.Ended, exitCode);
        Assert.Equal([outcome, outcome], sent.Files.Select(f => f.Outcome));
        Assert.Equal(fault.EndsWith("B000", StringComparison.Ordinal) ? 2 : 0, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task An_unreadable_file_is_3_and_the_rest_is_sent()
    {
        using var folder = new TemporaryFolder();
        using var input = new TemporaryFolder();
        File.WriteAllText(input.File("notes.txt"), "not DICOM");
        File.Copy(RealFiles.CtSmall, input.File("ct.dcm"));
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path);
        Sent sent = await Sent.RunAsync("127.0.0.1", server.Port, input.Path, input.File("missing"));
        AssertEnded(sent.Ended, 3, $"Cannot read input file {input.File("notes.txt")}", $"Cannot access path: {input.File("missing")}");
        Assert.Equal(1, sent.AssertReceived(folder.Path));
    }

    [Fact]
    public async Task Nothing_to_send_is_3_and_says_so()
    {
        using var input = new TemporaryFolder();
        AssertEnded(await NetDicomProgram.RunAsync("storescu", "127.0.0.1", "104", input.Path), 3, "No suitable DICOM files found");
    }

    [Fact]
    public async Task Stopping_at_the_first_failure_leaves_the_rest_unsent()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--refuse");
        Sent sent = await Sent.RunAsync("--halt", "-r", "127.0.0.1", server.Port, RealFiles.Series);
        AssertEnded(sent.Ended, 4);
        Assert.Equal(1, sent.Count("refused"));
        Assert.Equal(Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Count() - 1, sent.Count("not-sent"));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_2()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("taken"), "");
        AssertEnded(await NetDicomProgram.RunAsync("storescp", "0", "-od", folder.File("taken")), 2, "Cannot write to the output folder");
    }

    [Fact]
    public async Task A_folder_that_becomes_unwritable_refuses_objects_with_out_of_resources_and_serves_on()
    {
        using var folder = new TemporaryFolder();
        string output = folder.Folder("out");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", output);
        // Root may write anywhere, so the folder is taken away instead.
        Directory.Delete(output);
        File.WriteAllText(output, "");
        Sent sent = await Sent.RunAsync("127.0.0.1", server.Port, RealFiles.CtSmall);
        AssertEnded(sent.Ended, 4, "A700");
        AssertEnded(await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port), 0);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_2()
    {
        await using NetDicomProgram.Server first = await NetDicomProgram.StartServerAsync("echoscp");
        AssertEnded(await NetDicomProgram.RunAsync("echoscp", first.Port), 2, $"Cannot listen on port {first.Port}");
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Terminate, 143)]
    public async Task A_signal_ends_a_server_cleanly(int signal, int exitCode)
    {
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp");
        server.Process.Signal(signal);
        AssertEnded(await server.Process.EndAsync(), exitCode);
    }

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Terminate, 143)]
    public async Task A_signal_ends_a_sender_with_the_journal_true(int signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--delay-response", "0.5");
        await using ChildProcess sender = NetDicomProgram.Start("storescu", "--json", "-r", "--resume", folder.File("journal"), "127.0.0.1", server.Port, RealFiles.Series);
        await sender.WaitForLineAsync("\"outcome\":\"stored\"");
        sender.Signal(signal);
        Sent sent = ReadInterrupted(await sender.EndAsync(), exitCode);
        int journalled = File.ReadAllLines(folder.File("journal")).Length - 1;
        Assert.InRange(journalled, 1, Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Count() - 1);
        Assert.Equal(sent.Stored.Count(), journalled);
    }

    [Fact]
    public async Task A_second_run_with_the_journal_sends_the_rest()
    {
        using var folder = new TemporaryFolder();
        string journal = folder.File("journal"), received = folder.Folder("in");
        // Not one that the system chooses: between the two servers it could be another's.
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        await using (await NetDicomProgram.RestartServerAsync("storescp", port, "-od", received, "--abort-after", "3"))
        {
            Sent first = await Sent.RunAsync("-r", "--resume", journal, "127.0.0.1", port, RealFiles.Series);
            AssertEnded(first.Ended, 5);
            Assert.Equal(3, first.Stored.Count());
        }

        await using NetDicomProgram.Server server = await NetDicomProgram.RestartServerAsync("storescp", port, "-od", received);
        Sent second = await Sent.RunAsync("-r", "--resume", journal, "127.0.0.1", port, RealFiles.Series);
        AssertEnded(second.Ended, 0);
        Assert.Equal(3, second.Count("skipped"));
        Assert.Equal(second.Files.Count - 3, second.Stored.Count());
        Sent third = await Sent.RunAsync("-r", "--resume", journal, "127.0.0.1", port, RealFiles.Series);
        Assert.Equal(third.Files.Count, third.Count("skipped"));
        Assert.Equal(0, third.Ended.ExitCode);
    }

    [Fact]
    public async Task With_repetitions_a_lost_line_is_survived_and_every_object_arrives()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--abort-after", "4");
        Sent sent = await Sent.RunAsync("-r", "--retry", "3", "127.0.0.1", server.Port, RealFiles.Series);
        AssertEnded(sent.Ended, 0);
        Assert.Equal(sent.Files.Count, sent.Stored.Count());
        Assert.Equal(sent.Files.Count, sent.AssertReceived(folder.Path));
    }

    [Fact]
    public async Task Paths_come_from_standard_input_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path);
        Ended ended = await ChildProcess.RunAsync(NetDicomProgram.File, ["storescu", "--json", "--stdin", "127.0.0.1", server.Port], input: $"{RealFiles.CtSmall}\n{RealFiles.MrSmall}\n");
        AssertEnded(ended, 0);
        Assert.Equal(2, Sent.Read(ended).AssertReceived(folder.Path));
    }

    [Fact]
    public async Task A_standard_input_that_cannot_be_read_is_3_and_the_rest_is_sent()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path);
        // A folder can be opened, and not be read.
        Ended ended = await ChildProcess.RunAsync("/bin/sh", ["-c", "exec \"$0\" storescu --json --stdin 127.0.0.1 \"$1\" \"$2\" < /", NetDicomProgram.File, server.Port, RealFiles.CtSmall]);
        AssertEnded(ended, 3, "Cannot read standard input");
        Assert.Equal(1, Sent.Read(ended).AssertReceived(folder.Path));
    }

    [Theory]
    [InlineData("echoscu"), InlineData("echoscu --json"), InlineData("--help"), InlineData("findscu -h")]
    public async Task A_standard_output_that_takes_nothing_is_2_and_one_line(string words)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "a device that is always full is Linux's");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp");
        string[] address = words.StartsWith("echoscu", StringComparison.Ordinal) ? ["127.0.0.1", server.Port] : [];
        Ended ended = await ChildProcess.RunAsync("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", NetDicomProgram.File, .. words.Split(' '), .. address]);
        AssertEnded(ended, 2, "No space left on device");
        Assert.All(ended.ErrorLines, line => Assert.StartsWith("E: ", line, StringComparison.Ordinal));
    }

    private static Sent ReadInterrupted(Ended ended, int exitCode)
    {
        Assert.True(ended.ExitCode == exitCode, ended.ToString());
        return Sent.Read(ended);
    }

    private static string Port(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
}
