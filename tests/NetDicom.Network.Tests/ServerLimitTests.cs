using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Limits at their ends, and a server's own end.</summary>
public class ServerLimitTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    public static TheoryData<TimeSpan> Limits => [TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromDays(100), TimeSpan.MaxValue];

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task No_limit_and_a_very_long_one_are_limits_that_do_not_pass(TimeSpan limit)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            ArtimTimeout = limit, NetworkTimeout = limit, DrainTimeout = limit, TlsHandshakeTimeout = limit,
        });
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions
        {
            AcseTimeout = limit, ArtimTimeout = limit, ConnectTimeout = limit, DimseTimeout = limit, NetworkTimeout = limit, ReleaseTimeout = limit,
        });
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        await association.ReleaseAsync().WaitAsync(RawPeer.Patience);
        await server.StopAsync().WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task A_server_can_be_disposed_twice()
    {
        DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        await server.DisposeAsync();
        await server.DisposeAsync();
        await server.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_peer_that_never_reads_does_not_hold_up_the_stop_of_the_server()
    {
        // No limit of the association's own can help: its clock stands still.
        DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { TimeProvider = new FakeTimeProvider() });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        byte[] echo = RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        byte[] many = [.. Enumerable.Repeat(echo, 500).SelectMany(bytes => bytes)];
        int offset = 0;
        while (!peer.IsStuck())
            offset = (offset + peer.SendSome(many[offset..])) % many.Length;
        await server.DisposeAsync().AsTask().WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task Of_a_crowd_of_silent_peers_no_more_are_kept_than_the_limit_says()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxPendingConnections = 3 });
        var crowd = new List<RawPeer>();
        for (int i = 0; i < 200; i++)
            crowd.Add(await RawPeer.ConnectAsync(server.Port));
        foreach (RawPeer peer in crowd.Take(197))
            await peer.ExpectCloseAsync();
        crowd.ForEach(peer => peer.Dispose());
    }
}
