using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Each limit with a peer that stops at that very point: before the first byte, in the header of its answer, in the body.</summary>
public class TimeLimitTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_past = TimeSpan.FromSeconds(4);
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    private readonly FakeTimeProvider _clock = new();

    /// <summary>Bytes of an answer after which the peer stops.</summary>
    public static TheoryData<int> Stops => [0, 1, 5, 6, 9];

    [Fact]
    public async Task A_caller_whose_peer_does_not_answer_does_not_wait_for_ARTIM_too()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { AcseTimeout = s_limit, ArtimTimeout = TimeSpan.FromHours(1), TimeProvider = _clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            _clock.Advance(s_past);
            // The peer neither answers nor closes, and the clock stands still from here on.
            Assert.Equal(TimeoutKind.Acse, (await Assert.ThrowsAsync<AssociationEndedException>(() => asking.WaitAsync(RawPeer.Patience))).End.Timeout);
            await peer.ExpectAsync(PduType.AAbort);
        }
    }

    [Fact]
    public async Task Connect_ends_when_nobody_takes_the_connection()
    {
        // A queue of one place, and nobody takes from it: further connections are not answered.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var waiting = new List<Socket>();
        do
        {
            waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false });
            Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => waiting[^1].Connect(listener.LocalEndPoint!)).SocketErrorCode);
        }
        while (waiting[^1].Poll(200_000, SelectMode.SelectWrite) && waiting.Count < 20);
        Assert.SkipWhen(waiting.Count == 20, "this system's queue takes any number");
        Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, new AssociationOptions { ConnectTimeout = s_limit, TimeProvider = _clock });
        ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => _clock.AdvanceUntilAsync(s_past, asking));
        Assert.EndsWith("no answer within 3 s", error.Message, StringComparison.Ordinal);
        waiting.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_TLS_handshake_ends_for_the_requestor(int sent)
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { ConnectTimeout = s_limit, TimeProvider = _clock, Tls = new SslClientAuthenticationOptions() });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            // Its ClientHello: the connection's own limit is over.
            await peer.ReceiveSomeAsync();
            // The head of a record: handshake, TLS 1.2, 100 bytes.
            await peer.SendAsync(((byte[])[0x16, 3, 3, 0, 100])[..sent]);
            ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => _clock.AdvanceUntilAsync(s_past, asking));
            Assert.EndsWith("no TLS handshake within 3 s", error.Message, StringComparison.Ordinal);
            await peer.ExpectCloseAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_TLS_handshake_ends_for_the_acceptor_and_the_next_peer_is_served(int sent)
    {
        using var certificate = new TlsTests.Certificate("test");
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            TlsHandshakeTimeout = s_limit, ArtimTimeout = TimeSpan.FromHours(1), TimeProvider = _clock, Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate.Own },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(((byte[])[0x16, 3, 3, 0, 100])[..sent]);
        await _clock.AdvanceUntilAsync(s_past, peer.ExpectCloseAsync());
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { Tls = certificate.Trusting() });
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task The_ACSE_limit_ends_the_wait_for_the_answer(int sent)
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { AcseTimeout = s_limit, TimeProvider = _clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            await peer.SendAsync(RawItems.Associate(2, RawItems.ApplicationContext, RawItems.Result(1, 0, RawItems.ImplicitVR), RawItems.UserInformation)[..sent]);
            await _clock.AdvanceUntilAsync(s_past, peer.ExpectAbortAsync());
            peer.Dispose();
            Assert.Equal(TimeoutKind.Acse, (await Assert.ThrowsAsync<AssociationEndedException>(() => asking.WaitAsync(RawPeer.Patience))).End.Timeout);
        }
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task The_DIMSE_limit_ends_the_wait_for_the_response(int sent)
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(s_scu, new AssociationOptions { DimseTimeout = s_limit, TimeProvider = _clock });
        Task<DimseStatus> echo = association.EchoAsync();
        CommandSet request = await peer.ReadCommandAsync();
        byte[] response = RawMessages.Of(1, new CEchoResponse { MessageIdBeingRespondedTo = request.MessageId, AffectedSopClassUid = SopClasses.Verification, Status = DimseStatus.Success });
        await peer.SendAsync(response[..sent]);
        await _clock.AdvanceUntilAsync(s_past, peer.ExpectAbortAsync());
        peer.Dispose();
        Assert.Equal(TimeoutKind.DimseResponse, (await Assert.ThrowsAsync<AssociationEndedException>(() => echo.WaitAsync(RawPeer.Patience))).End.Timeout);
        await association.Completion.WaitAsync(RawPeer.Patience);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(13)]
    public async Task The_network_limit_ends_the_wait_for_the_rest_of_a_message(int sent)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { NetworkTimeout = s_limit, TimeProvider = _clock });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification })[..sent]);
        await _clock.AdvanceUntilAsync(s_past, peer.ExpectAbortAsync());
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task The_release_limit_ends_the_wait_for_A_RELEASE_RP(int sent)
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(s_scu, new AssociationOptions { ReleaseTimeout = s_limit, TimeProvider = _clock });
        Task release = association.ReleaseAsync();
        await peer.ExpectAsync(PduType.AReleaseRQ);
        await peer.SendAsync(RawMessages.Of(AReleaseRP.Instance)[..sent]);
        await _clock.AdvanceUntilAsync(s_past, peer.ExpectAbortAsync());
        peer.Dispose();
        Assert.Equal(TimeoutKind.Release, (await Assert.ThrowsAsync<AssociationEndedException>(() => release.WaitAsync(RawPeer.Patience))).End.Timeout);
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("release")]
    [InlineData("abort")]
    public async Task ARTIM_closes_on_a_peer_that_does_not_close_after_our_last_PDU(string last)
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification()
            .StartServerAsync(0, new DicomServerOptions { ArtimTimeout = s_limit, TimeProvider = _clock, AllowedCallingAETitles = ["RAW"] });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request(calling: last == "reject" ? "NOBODY" : "RAW"));
        await peer.ExpectAsync(last == "reject" ? PduType.AAssociateRJ : PduType.AAssociateAC);
        if (last == "release")
        {
            await peer.SendAsync(AReleaseRQ.Instance);
            await peer.ExpectAsync(PduType.AReleaseRP);
        }
        else if (last == "abort")
        {
            await peer.SendAsync(0xEE, 0, 0, 0, 0, 0);
            await peer.ExpectAbortAsync();
        }

        // The server has ended its direction; the connection itself goes when writing to it fails.
        await peer.ExpectCloseAsync();
        await _clock.AdvanceUntilAsync(s_past, peer.WhenResetAsync());
    }
}
