using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary><c>netdicom fault</c> as a user runs it: every scenario against storescp, its exit codes, and our own client tools against its servers.</summary>
public class FaultTests
{
    [Fact]
    public async Task Storescp_stands_every_scenario_in_bounded_memory_with_every_handle_given_back()
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Folder("in"), "--layout", "study");
        string process = $"/proc/{server.Process.Id}";
        Assert.SkipUnless(Directory.Exists(process), "memory and handles are read from /proc");
        await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port);
        int handles = Directory.GetFileSystemEntries($"{process}/fd").Length;
        Ended ended = await NetDicomProgram.RunAsync("fault", "connect", "127.0.0.1", server.Port, "all", "--json", "--patience", "60");
        JsonElement[] lines = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Empty(lines.Where(line => line.TryGetProperty("reaction", out JsonElement reaction) && reaction.GetString() != "right").Select(line => line.ToString()));
        Assert.Equal(0, ended.ExitCode);
        Assert.InRange(lines[^1].GetProperty("right").GetInt32(), 260, 10_000);

        // The most that was ever resident, by the system's own count: no length of a peer was believed.
        string most = File.ReadLines($"{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.InRange(int.Parse(most.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture), 1, 400_000);
        Assert.InRange(Directory.GetFileSystemEntries($"{process}/fd").Length, 1, handles + 20);
        Assert.All(Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories), path => Assert.DoesNotContain(".part", path, StringComparison.Ordinal));
        Assert.Equal(["in"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Reactions_that_are_not_the_standards_are_4_a_peer_that_is_not_there_1_and_a_scenario_that_is_none_2()
    {
        using var folder = new TemporaryFolder();
        string own = folder.File("own.fault");
        await File.WriteAllTextAsync(own, "client own/wrong\n  send A-ASSOCIATE-RQ\n  expect A-ASSOCIATE-RJ\n", TestContext.Current.CancellationToken);
        string port;
        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp"))
        {
            port = server.Port;
            Ended wrong = await NetDicomProgram.RunAsync("fault", "connect", "127.0.0.1", port, own, "state/sta2-close");
            Assert.Equal(4, wrong.ExitCode);
            Assert.Contains("other   own/wrong: line 3, 'expect A-ASSOCIATE-RJ', but A-ASSOCIATE-AC results=0,3", wrong.Output, StringComparison.Ordinal);
            Assert.Contains("2 scenarios: 1 right, 1 other, 0 silent, 0 gone", wrong.Output, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await NetDicomProgram.RunAsync("fault", "connect", "127.0.0.1", port, "state/sta2-close")).ExitCode);
        Assert.Equal(2, (await NetDicomProgram.RunAsync("fault", "connect", "127.0.0.1", port, "no/such")).ExitCode);
    }

    [Fact]
    public async Task Titles_are_those_of_the_options_whatever_the_log_is()
    {
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "--ignore", "-aet", "WANTED", "--require-called-aet", "--require-calling-aet", "KNOWN");
        string[] scenario = ["fault", "connect", "127.0.0.1", server.Port, "data/one-byte-fragments"];
        Assert.Equal(1, (await NetDicomProgram.RunAsync(scenario)).ExitCode);
        Ended known = await NetDicomProgram.RunAsync([.. scenario, "--calling-aet", "KNOWN", "--called-aet", "WANTED", "-d", "--log-format", "json"]);
        Assert.True(known.ExitCode == 0, known.ToString());
        foreach (string[] log in (string[][])[["-q"], ["-v"], ["-ll", "error"]])
        {
            Ended ended = await NetDicomProgram.RunAsync([.. scenario, "-aet", "KNOWN", "-aec", "WANTED", .. log]);
            Assert.Equal((0, log[0] == "-q" ? 0 : 1), (ended.ExitCode, ended.Said("right   data/one-byte-fragments")));
        }
    }

    [Fact]
    public async Task A_hostile_server_goes_on_with_the_next_client_when_asked_to_on_the_interface_it_was_given()
    {
        await using ChildProcess peer = NetDicomProgram.Start("fault", "listen", "0", "scu-echo/another-message-id", "--loop", "-ba", "127.0.0.1");
        string port = (await peer.WaitForLineAsync("Listening on port ")).Split(' ')[^1];
        for (int i = 0; i < 3; i++)
            Assert.Equal(5, (await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", port)).ExitCode);
    }

    [Fact]
    public async Task A_client_program_meets_a_hostile_server()
    {
        await using ChildProcess peer = NetDicomProgram.Start("fault", "listen", "0", "scu-echo/another-message-id");
        string port = (await peer.WaitForLineAsync("Listening on port ")).Split(' ')[^1];
        Assert.Equal(5, (await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", port)).ExitCode);
        Ended ended = await peer.EndAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("right   scu-echo/another-message-id", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_archive_answers_a_service_only_on_contexts_of_its_own_classes()
    {
        using var folder = new TemporaryFolder();
        string own = folder.File("own.fault");
        const string Find = "1.2.840.10008.5.1.4.1.2.2.1", Move = "1.2.840.10008.5.1.4.1.2.2.2";
        const string Study = "data (0008,0052 \"STUDY \") (0020,000D \"1.2.3\")";
        await File.WriteAllTextAsync(own, $"""
            client own/services-on-contexts-of-others
              send A-ASSOCIATE-RQ [application-context] [context 1 "{Find}"] [context 3 "{Move}"] [context 5 CTImageStorage] [user]
              expect A-ASSOCIATE-AC results=0,0,0
              send C-FIND-RQ context=3 id=1 {Study}
              expect C-FIND-RSP id=1 status=0122 or C-FIND-RSP id=1 status=0211
              send C-MOVE-RQ context=1 id=2 {Study}
              expect C-MOVE-RSP id=2 status=0122 or C-MOVE-RSP id=2 status=0211
              send C-FIND-RQ context=5 id=3 {Study}
              expect C-FIND-RSP id=3 status=0122 or C-FIND-RSP id=3 status=0211
              send C-FIND-RQ context=1 id=4 {Study}
              expect C-FIND-RSP id=4 status=0000
            """, TestContext.Current.CancellationToken);
        await using NetDicomProgram.Server server = await new ArchiveServer(folder).StartAsync("--open");
        Ended ended = await NetDicomProgram.RunAsync("fault", "connect", "127.0.0.1", server.Port, own);
        Assert.Contains("right   own/services-on-contexts-of-others", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_disk_slows_the_sender_and_costs_nothing()
    {
        const string Strace = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed");
        using var folder = new TemporaryFolder();
        string received = folder.Folder("in");
        // Each write takes 0.1 s more, each flush 0.4 s.
        await using ChildProcess server = ChildProcess.Start(
            Strace, ["-f", "-qq", "-o", "/dev/null", "-e", "trace=pwritev,fsync", "-e", "inject=pwritev:delay_enter=100000", "-e", "inject=fsync:delay_enter=400000", NetDicomProgram.File, "storescp", "0", "-od", received, "--durability", "file"]);
        string port = (await server.WaitForLineAsync("Listening on port ")).Split(' ')[^1];
        Sent sent = await Sent.RunAsync("-tn", "5", "127.0.0.1", port, RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.True(sent.Ended.ExitCode == 0 && sent.AssertReceived(received) == 2, sent.Ended.ToString());
    }

    [Fact]
    public async Task A_destination_of_a_move_that_vanishes_in_mid_object_is_a_failed_object_and_the_archive_serves_on()
    {
        using var folder = new TemporaryFolder();
        await using ChildProcess gone = NetDicomProgram.Start("fault", "listen", "0", "scu-store/gone-in-mid-object", "--loop");
        string port = (await gone.WaitForLineAsync("Listening on port ")).Split(' ')[^1];
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("-c", archive.Configure("GONE", port));
        Assert.Equal(0, (await NetDicomProgram.RunAsync("storescu", "-aet", "KNOWN", "127.0.0.1", server.Port, RealFiles.CtSmall)).ExitCode);
        Lines moved = await Lines.RunAsync(4, "movescu", "-S", "-aet", "READER", "-aem", "GONE", "127.0.0.1", server.Port, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.3.6.1.4.1.5962.1.2.1.20040119072730.12322");
        Assert.Equal((0, 1), (moved.Summary.GetProperty("completed").GetInt32(), moved.Summary.GetProperty("failed").GetInt32()));
        Assert.Single(moved.Of("failed"));
        await gone.WaitForLineAsync("right   scu-store/gone-in-mid-object");
        Assert.Equal(0, (await NetDicomProgram.RunAsync("echoscu", "-aet", "KNOWN", "127.0.0.1", server.Port)).ExitCode);
    }

    [Fact]
    public async Task A_name_that_no_DNS_knows_is_1_and_says_so()
    {
        // RFC 6761 6.4: names below "invalid" never resolve.
        Ended ended = await NetDicomProgram.RunAsync("echoscu", "pacs.invalid", "104");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("pacs.invalid", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_killed_in_mid_work_leaves_no_half_object_under_a_name_and_its_sender_knows()
    {
        using var folder = new TemporaryFolder();
        string received = folder.Folder("in");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", received, "--delay-response", "0.5");
        await using ChildProcess sender = NetDicomProgram.Start("storescu", "--json", "-r", "127.0.0.1", server.Port, RealFiles.Series);
        await sender.WaitForLineAsync("\"outcome\":\"stored\"");
        server.Process.Signal(Signals.Kill);
        Ended ended = await sender.EndAsync();
        Assert.Equal(5, ended.ExitCode);
        int acknowledged = ended.Output.Split('\n').Count(line => line.Contains("\"outcome\":\"stored\"", StringComparison.Ordinal));
        string[] named = [.. Directory.EnumerateFiles(received).Where(path => !Path.GetFileName(path).StartsWith(".netdicom-", StringComparison.Ordinal))];
        Assert.InRange(named.Length, acknowledged, acknowledged + 1);
        long[] lengths = [.. Directory.EnumerateFiles(RealFiles.Series, "*", SearchOption.AllDirectories).Select(path => new FileInfo(path).Length)];
        Assert.All(named, path => Assert.InRange(new FileInfo(path).Length, lengths.Min() - 2000, lengths.Max() + 2000));
    }
}
