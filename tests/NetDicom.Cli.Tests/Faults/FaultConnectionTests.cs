using System.Net;
using System.Net.Sockets;
using NetDicom.Cli.Faults;

namespace NetDicom.Cli.Tests.Faults;

/// <summary>The scripted peer does not believe the other side either: whatever comes is an outcome, no exception and no heap of memory.</summary>
public class FaultConnectionTests
{
    [Theory]
    // A PDV (PS3.8 9.3.5.1) whose length of 32 bits, added to anything, is no number of ours any more.
    [InlineData("04000000000A 7FFFFFFF 01 03 0000 0000", "do not fill it")]
    [InlineData("04000000000A FFFFFFFF 01 03 0000 0000", "do not fill it")]
    [InlineData("040000000004 00000001", "do not fill it")]
    [InlineData("040000000006 00000002 01 03", "or C-ECHO-RSP, but command 0000H")]
    public async Task Lengths_that_cannot_be_are_told(string answer, string says)
    {
        FaultOutcome outcome = await AnswerAsync([Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal))]);
        Assert.Equal(FaultReaction.Other, outcome.Reaction);
        Assert.Contains(says, $"{outcome.Expected}, but {outcome.Received}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_set_without_end_is_not_collected()
    {
        // Fragments of 16,000 bytes, none of them the last: 1.6 MB of them.
        byte[] pdu = [4, 0, 0, 0, 0x3E, 0x86, 0, 0, 0x3E, 0x82, 1, 1, .. new byte[16_000]];
        FaultOutcome outcome = await AnswerAsync(Enumerable.Repeat(pdu, 100));
        Assert.Contains("a command set of more than", outcome.Received, StringComparison.Ordinal);
    }

    private static async Task<FaultOutcome> AnswerAsync(IEnumerable<byte[]> answer)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        FaultScenario scenario = ScenarioParser.Parse("my.fault", "client my/own\n  send A-ASSOCIATE-RQ maximum=0\n  expect C-FIND-RSP or C-ECHO-RSP\n").Single();
        var settings = new FaultSettings("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, "PEER", "FAULT", TimeSpan.FromSeconds(60));
        Task<FaultOutcome> playing = FaultRunner.RunAsync(scenario, settings, null, TestContext.Current.CancellationToken);
        using Socket peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        try
        {
            foreach (byte[] bytes in answer)
                await peer.SendAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // It has seen enough.
        }

        return await playing;
    }
}
