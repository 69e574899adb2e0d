using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

public class ServerTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    [Fact]
    public async Task Silent_peers_do_not_hold_up_an_honest_one()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxAssociations = 2 });
        var silent = new List<RawPeer>();
        for (int i = 0; i < 100; i++)
            silent.Add(await RawPeer.ConnectAsync(server.Port));
        await using (Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port).WaitAsync(RawPeer.Patience))
            Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        silent.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task When_too_many_are_silent_the_oldest_is_closed_and_the_newcomer_served()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxPendingConnections = 3 });
        RawPeer oldest = await RawPeer.ConnectAsync(server.Port);
        RawPeer[] others = [await RawPeer.ConnectAsync(server.Port), await RawPeer.ConnectAsync(server.Port)];
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port).WaitAsync(RawPeer.Patience);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        RawPeer one = await RawPeer.ConnectAsync(server.Port);
        RawPeer two = await RawPeer.ConnectAsync(server.Port);
        await oldest.ExpectCloseAsync();
        foreach (RawPeer peer in others.Append(one).Append(two).Append(oldest))
            peer.Dispose();
    }

    [Fact]
    public async Task ARTIM_closes_a_peer_that_connects_and_says_nothing()
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { ArtimTimeout = TimeSpan.FromSeconds(10), NetworkTimeout = TimeSpan.FromHours(1), TimeProvider = clock });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(11), peer.ExpectCloseAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(70)]
    public async Task ARTIM_closes_a_peer_that_stops_in_the_middle_of_its_request(int sent)
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { ArtimTimeout = TimeSpan.FromSeconds(10), NetworkTimeout = TimeSpan.FromHours(1), TimeProvider = clock });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        RawPeer.Request().Write(bytes);
        await peer.SendAsync(bytes.WrittenSpan[..sent].ToArray());
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(11), peer.ExpectCloseAsync());
    }

    [Fact]
    public async Task A_peer_that_stops_in_mid_PDU_is_aborted_after_the_network_limit()
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { NetworkTimeout = TimeSpan.FromSeconds(20), TimeProvider = clock });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(4, 0, 0);
        Task<(AbortSource Source, AbortReason)> aborted = peer.ExpectAbortAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(21), aborted);
        Assert.Equal(AbortSource.ServiceUser, (await aborted).Source);
    }

    [Fact]
    public async Task A_peer_with_nothing_to_say_is_aborted_after_the_network_limit_but_not_while_a_handler_works()
    {
        var clock = new FakeTimeProvider();
        var work = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (_, _) =>
        {
            entered.SetResult();
            await work.Task;
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { NetworkTimeout = TimeSpan.FromSeconds(20), TimeProvider = clock });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromHours(5));
        work.SetResult();
        Assert.Equal(DimseStatus.Success, (await peer.ReadCommandAsync()).Status);
        // The answer is here before the handler's end is noted, which starts the limit anew: the clock moves as often as a limit is set.
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(21), peer.ExpectAbortAsync());
    }

    [Fact]
    public async Task Noise_is_aborted_and_the_next_peer_is_served()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        foreach (byte[] noise in new[] { "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], [4, 0, 0, 0, 0, 4, 0, 0, 0, 0] })
        {
            using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(noise);
            // AA-1: before an association there is no provider to blame, so the source is the service user (PS3.8 table 9-10, Sta2).
            Assert.Equal(AbortSource.ServiceUser, (await peer.ExpectAbortAsync()).Source);
            peer.CloseSending();
            await peer.ExpectCloseAsync();
        }

        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    [Fact]
    public async Task Protocol_version_without_bit_0_is_rejected_by_the_provider()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        RawPeer.Request().Write(bytes);
        byte[] request = bytes.WrittenSpan.ToArray();
        request[7] = 2;
        await peer.SendAsync(request);
        byte[] body = await peer.ExpectAsync(PduType.AAssociateRJ);
        Assert.Equal([1, 2, 2], body[1..4]);
    }

    [Fact]
    public async Task A_second_request_on_an_open_association_is_an_unexpected_PDU()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        Assert.Equal((AbortSource.ServiceProvider, AbortReason.UnexpectedPdu), await peer.ExpectAbortAsync());
    }

    [Fact]
    public async Task A_PDU_longer_than_agreed_is_refused_before_its_body_arrives()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxPduLength = 16_384 });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(4, 0, 0x7F, 0xFF, 0xFF, 0xFF);
        Assert.Equal((AbortSource.ServiceProvider, AbortReason.InvalidPduParameterValue), await peer.ExpectAbortAsync());
    }

    [Fact]
    public async Task A_release_in_mid_message_is_aborted()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(3, new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") });
        await peer.SendAsync(AReleaseRQ.Instance);
        Assert.Equal((AbortSource.ServiceProvider, AbortReason.UnexpectedPdu), await peer.ExpectAbortAsync());
    }

    [Fact]
    public async Task What_was_asked_before_the_release_is_answered_before_the_release_is()
    {
        var work = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (_, _) =>
        {
            await work.Task;
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 5, AffectedSopClassUid = SopClasses.Verification });
        await peer.SendAsync(AReleaseRQ.Instance);
        work.SetResult();
        Assert.Equal(5, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    [Fact]
    public async Task A_stopping_server_lets_a_handler_finish()
    {
        var work = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (_, _) =>
        {
            entered.SetResult();
            await work.Task;
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Task<DimseStatus> echo = association.EchoAsync();
        await entered.Task.WaitAsync(RawPeer.Patience);
        Task stop = server.StopAsync();
        await Assert.ThrowsAsync<ConnectionFailedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
        Assert.False(stop.IsCompleted);
        work.SetResult();
        Assert.Equal(DimseStatus.Success, await echo.WaitAsync(RawPeer.Patience));
        await association.ReleaseAsync();
        await stop.WaitAsync(RawPeer.Patience);
        Assert.Equal(0, server.AssociationCount);
    }

    [Fact]
    public async Task A_stopping_server_aborts_what_is_left_when_its_time_is_over()
    {
        var clock = new FakeTimeProvider();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { DrainTimeout = TimeSpan.FromSeconds(5), NetworkTimeout = TimeSpan.FromHours(1), TimeProvider = clock });
        Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Task stop = server.StopAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(6), stop);
        await association.Completion.WaitAsync(RawPeer.Patience);
        Assert.Equal(AssociationEndKind.AbortedByPeer, association.End!.Kind);
    }

    [Fact]
    public async Task A_stopped_port_can_be_listened_at_again()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        DicomServer first = await entity.StartServerAsync(0);
        int port = first.Port;
        await using (Association association = await s_scu.AssociateAsync("127.0.0.1", port))
            await association.EchoAsync();
        await first.DisposeAsync();
        await using DicomServer second = await entity.StartServerAsync(port);
        await using Association again = await s_scu.AssociateAsync("127.0.0.1", port);
        Assert.Equal(DimseStatus.Success, await again.EchoAsync());
    }

    [Fact]
    public async Task Running_a_server_ends_when_its_token_fires()
    {
        using var stop = new CancellationTokenSource();
        Task running = new ApplicationEntity("TEST").WithVerification().RunServerAsync(0, null, stop.Token);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running.WaitAsync(RawPeer.Patience);
    }
}
