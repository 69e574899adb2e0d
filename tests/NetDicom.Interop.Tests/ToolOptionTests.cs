using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>--quirks, --progress, --halt and the servers' time limits, as a user calls them.</summary>
public partial class ToolOptionTests
{
    [Theory]
    [InlineData("echoscu 127.0.0.1 1 --quirks nobody", "'nobody' for --quirks is no file and no name; there are ge-619.6.55, conquest")]
    [InlineData("echoscu 127.0.0.1 1 --quirks FILE", "for --quirks: rule 1: 'evenItems' is one of true, false")]
    [InlineData("storescu 127.0.0.1 1 x.dcm --quirks FILE", "for --quirks: rule 1: 'evenItems' is one of true, false")]
    [InlineData("echoscp 0 --quirks FILE", "for --quirks: rule 1: 'evenItems' is one of true, false")]
    [InlineData("storescp 0 --quirks nobody", "'nobody' for --quirks is no file and no name")]
    public async Task Quirks_that_are_none_are_2_and_one_line(string command, string says)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("quirks.json"), """{ "rules": [ { "name": "old", "everyPeer": true, "evenItems": 1 } ] }""", TestContext.Current.CancellationToken);
        Ended ended = await NetDicomProgram.RunAsync(command.Replace("FILE", folder.File("quirks.json"), StringComparison.Ordinal).Split(' '));
        Assert.True(ended.ExitCode == 2, ended.ToString());
        Assert.Contains(says, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_quirks_is_heeded_by_client_and_server_and_the_log_says_so()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("quirks.json");
        await File.WriteAllTextAsync(file, """
            { "rules": [ { "name": "us", "aeTitle": "SMALL", "maxPduLength": 8192, "noAsynchronousWindow": true } ] }
            """, TestContext.Current.CancellationToken);
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Folder("in"), "-v", "--quirks", file);
        Ended known = await NetDicomProgram.RunAsync("echoscu", "-v", "--quirks", file, "--async", "4", "-aec", "SMALL", "-aet", "SMALL", "127.0.0.1", server.Port);
        Assert.True(known.ExitCode == 0, known.ToString());
        Assert.Contains("for this peer: noAsynchronousWindow, maxPduLength 8192", known.Error, StringComparison.Ordinal);
        await server.Process.WaitForLineAsync("for this peer: noAsynchronousWindow, maxPduLength 8192");
        Ended other = await NetDicomProgram.RunAsync("echoscu", "-v", "--quirks", file, "-aec", "LARGE", "127.0.0.1", server.Port);
        Assert.True(other.ExitCode == 0, other.ToString());
        Assert.DoesNotContain("for this peer", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bar_shows_count_bytes_and_rate_on_a_terminal()
    {
        string script = Peers.Require("script", "bsdutils");
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--delay-response", "0.3");
        string[] files = [RealFiles.CtSmall, RealFiles.MrSmall, RealFiles.File("rtplan.dcm")];
        string command = $"stty cols 120; '{NetDicomProgram.File}' storescu 127.0.0.1 {server.Port} '{string.Join("' '", files)}'";
        Ended ended = await ChildProcess.RunAsync(script, ["-qec", command, folder.File("typescript")], new Dictionary<string, string> { ["TERM"] = "xterm", ["NO_COLOR"] = "" });
        Assert.True(ended.ExitCode == 0, ended.ToString());
        string shown = Escape().Replace(ended.Output, "");
        Assert.Contains($"1/{files.Length} files", shown, StringComparison.Ordinal);
        Assert.Matches(@"[0-9.]+/[0-9.]+ KB", shown);
        Assert.Matches(@"[0-9.]+ K?B/s", shown);
    }

    [Theory]
    [InlineData("never, on a terminal")]
    [InlineData("no terminal")]
    public async Task No_bar_is_drawn_when_it_is_not_wanted_or_nobody_sees_it(string why)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path);
        Ended ended;
        if (why == "no terminal")
        {
            ended = await NetDicomProgram.RunAsync("storescu", "127.0.0.1", server.Port, RealFiles.CtSmall);
        }
        else
        {
            string script = Peers.Require("script", "bsdutils");
            ended = await ChildProcess.RunAsync(
                script, ["-qec", $"'{NetDicomProgram.File}' storescu --progress never 127.0.0.1 {server.Port} '{RealFiles.CtSmall}'", folder.File("typescript")],
                new Dictionary<string, string> { ["TERM"] = "xterm" });
        }

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal("", ended.Output + ended.Error);
    }

    [Fact]
    public async Task Modify_shows_a_bar_for_several_files()
    {
        string script = Peers.Require("script", "bsdutils");
        using var folder = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(0, 40).Select(i => folder.File($"{i}.dcm"))];
        Array.ForEach(files, file => File.Copy(RealFiles.CtSmall, file));
        Ended ended = await ChildProcess.RunAsync(
            script, ["-qec", $"stty cols 120; '{NetDicomProgram.File}' modify -nb -m PatientID=X {string.Join(' ', files)}", folder.File("typescript")], new Dictionary<string, string> { ["TERM"] = "xterm" });
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("/40 files", Escape().Replace(ended.Output, ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 3, 0)]
    [InlineData("-nh", 3, 0)]
    [InlineData("--no-halt", 3, 0)]
    [InlineData("--halt", 1, 2)]
    public async Task Going_on_after_a_refused_file_is_the_default_and_halt_stops(string option, int refused, int notSent)
    {
        using var folder = new TemporaryFolder();
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", folder.Path, "--refuse");
        Sent sent = await Sent.RunAsync([.. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", server.Port, RealFiles.CtSmall, RealFiles.MrSmall, RealFiles.File("rtplan.dcm")]);
        Assert.Equal(4, sent.Ended.ExitCode);
        Assert.Equal((refused, notSent), (sent.Count("refused"), sent.Count("not-sent")));
    }

    [Fact]
    public async Task A_servers_connection_timeout_ends_a_TLS_handshake_that_does_not_come()
    {
        using var folder = new TemporaryFolder();
        var certificate = new TestCertificate(folder, "server");
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "-ll", "warn", "-to", "0.3", "-ta", "600", "-td", "5", "+tls", certificate.Key, certificate.Certificate);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync("127.0.0.1", int.Parse(server.Port, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        Assert.Equal(0, await silent.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken));
    }

    [GeneratedRegex(@"\x1B\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escape();
}
