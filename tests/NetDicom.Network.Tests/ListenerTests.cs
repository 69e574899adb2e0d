using System.Net;
using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Where servers listen, for whom, and how they share a process.</summary>
public class ListenerTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    [Theory]
    [InlineData(null, "127.0.0.1", true)]
    [InlineData(null, "::1", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "::1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "127.0.0.1", false)]
    public async Task An_address_is_listened_at_and_no_other(string? bind, string asked, bool answers)
    {
        Assert.SkipUnless(Loopback6.IsThere, "this machine has no IPv6 loopback");
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { BindAddress = bind is null ? null : IPAddress.Parse(bind) });
        Assert.NotEqual(0, server.Port);
        if (!answers)
        {
            await Assert.ThrowsAsync<ConnectionFailedException>(() => s_scu.AssociateAsync(asked, server.Port));
            return;
        }

        await using Association association = await s_scu.AssociateAsync(asked, server.Port).WaitAsync(RawPeer.Patience);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_the_start()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        await using DicomServer first = await entity.StartServerAsync(0);
        SocketException error = await Assert.ThrowsAsync<SocketException>(() => entity.StartServerAsync(first.Port));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_can_be_had_again_at_once_though_connections_of_ours_linger_on_it()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        int port = 0;
        for (int i = 0; i < 3; i++)
        {
            DicomServer server = await entity.StartServerAsync(port);
            port = server.Port;
            using RawPeer peer = await RawPeer.AssociateAsync(port);
            // The server closes first: its end of the connection stays in TIME_WAIT, or in FIN_WAIT while the peer does not close.
            await server.DisposeAsync();
            await peer.ExpectAbortAsync();
        }
    }

    [Fact]
    public async Task Two_entities_on_two_ports_have_their_own_contexts_and_handlers()
    {
        var answered = new List<string>();
        ApplicationEntity one = Named("ONE", answered), two = Named("TWO", answered);
        await using DicomServer first = await one.StartServerAsync(0);
        await using DicomServer second = await two.StartServerAsync(0);
        await EchoAsync(first, "ONE");
        await EchoAsync(second, "TWO");
        Assert.Equal(["ONE", "TWO"], answered);
    }

    [Fact]
    public async Task Several_titles_on_one_port_are_served_each_by_its_own_entity()
    {
        var answered = new List<string>();
        ApplicationEntity one = Named("ONE", answered), two = Named("TWO", answered);
        var store = new ApplicationEntity("STORE");
        store.AddSupportedContext(SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian);
        await using DicomServer server = await one.StartServerAsync(0, new DicomServerOptions { AlsoServe = [two, store], RequireCalledAETitle = true });
        Assert.Equal(["ONE", "TWO", "STORE"], server.Titles.Select(title => title.ToString()));
        await EchoAsync(server, "ONE");
        await EchoAsync(server, "TWO");
        Assert.Equal(["ONE", "TWO"], answered);
        // Its contexts are its own: verification is not among them.
        await using Association ct = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "STORE" });
        Assert.False(Assert.Single(ct.Contexts).IsAccepted);
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => EchoAsync(server, "OTHER"));
        Assert.Equal((byte)7, error.Reason);
    }

    [Fact]
    public async Task Titles_that_are_the_same_cannot_share_a_port()
    {
        var entity = new ApplicationEntity("ONE");
        await Assert.ThrowsAsync<ArgumentException>(() => entity.StartServerAsync(0, new DicomServerOptions { AlsoServe = [new ApplicationEntity("ONE")] }));
        await Assert.ThrowsAsync<ArgumentException>(() => entity.StartServerAsync(0, new DicomServerOptions { AlsoServe = [new ApplicationEntity("TWO"), new ApplicationEntity("TWO")] }));
    }

    [Fact]
    public async Task An_entity_stops_all_that_it_started_and_can_start_again()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        DicomServer[] servers = [await entity.StartServerAsync(0), await entity.StartServerAsync(0), await entity.StartServerAsync(0)];
        await servers[0].DisposeAsync();
        await entity.StopServersAsync().WaitAsync(RawPeer.Patience);
        foreach (DicomServer server in servers)
            await Assert.ThrowsAsync<ConnectionFailedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
        await using DicomServer again = await entity.StartServerAsync(servers[1].Port);
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", again.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    private static ApplicationEntity Named(string title, List<string> answered)
    {
        ApplicationEntity entity = new ApplicationEntity(title).WithVerification();
        entity.OnEcho((_, _) =>
        {
            answered.Add(title);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        return entity;
    }

    private static async Task EchoAsync(DicomServer server, string called)
    {
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = called }).WaitAsync(RawPeer.Patience);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }
}
