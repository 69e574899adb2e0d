using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>The four answers to a request for an association, and the ways an open one ends.</summary>
public class AssociationOutcomeTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);

    [Fact]
    public async Task No_listener_is_no_connection()
    {
        (Socket listener, int port) = RawPeer.Listen();
        listener.Dispose();
        ConnectionFailedException error = await Assert.ThrowsAsync<ConnectionFailedException>(() => s_scu.AssociateAsync("127.0.0.1", port));
        Assert.True(error.IsTransient);
        Assert.Equal(port, error.Port);
    }

    [Fact]
    public async Task A_called_title_that_is_not_ours_is_rejected_for_good()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { RequireCalledAETitle = true });
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(
            () => s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "OTHER" }));
        Assert.Equal((RejectResult.Permanent, RejectSource.ServiceUser, (byte)7), (error.Result, error.RejectSource, error.Reason));
        Assert.False(error.IsTransient);
        await using Association right = await s_scu.AssociateAsync("127.0.0.1", server.Port, new AssociationOptions { CalledAETitle = "TEST" });
        Assert.True(right.IsOpen);
    }

    [Fact]
    public async Task A_calling_title_that_is_not_listed_is_rejected_for_good()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { AllowedCallingAETitles = ["FRIEND"] });
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
        Assert.Equal((RejectResult.Permanent, RejectSource.ServiceUser, (byte)3), (error.Result, error.RejectSource, error.Reason));
    }

    [Fact]
    public async Task One_association_too_many_is_rejected_for_now_and_its_place_comes_back()
    {
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions { MaxAssociations = 1 });
        Association first = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port));
        Assert.Equal((RejectResult.Transient, RejectSource.ServiceProviderPresentation, (byte)2), (error.Result, error.RejectSource, error.Reason));
        Assert.True(error.IsTransient);
        await first.DisposeAsync();
        // The server sees the end of the first when it has read the close; until then the answer is the same.
        Association? second = null;
        while (second is null)
        {
            try
            {
                second = await s_scu.AssociateAsync("127.0.0.1", server.Port);
            }
            catch (AssociationRejectedException again) when (again.IsTransient)
            {
            }
        }

        Assert.Equal(DimseStatus.Success, await second.EchoAsync());
        await second.DisposeAsync();
    }

    [Fact]
    public async Task An_abort_as_answer_is_told_with_its_source_and_reason()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            await peer.SendAsync(new AAbort(AbortSource.ServiceProvider, AbortReason.NotSpecified));
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => asking);
            Assert.Equal(AssociationEndKind.AbortedByPeer, error.End.Kind);
            Assert.Equal(AbortSource.ServiceProvider, error.End.AbortSource);
            await peer.ExpectCloseAsync();
        }
    }

    [Fact]
    public async Task A_close_as_answer_is_a_lost_connection()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using (RawPeer peer = await RawPeer.AcceptAsync(listener))
                await peer.ExpectAsync(PduType.AAssociateRQ);
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => asking);
            Assert.Equal(AssociationEndKind.ConnectionLost, error.End.Kind);
        }
    }

    [Fact]
    public async Task No_answer_within_the_ACSE_limit_is_aborted()
    {
        var clock = new FakeTimeProvider();
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { AcseTimeout = TimeSpan.FromSeconds(7), NetworkTimeout = TimeSpan.FromMinutes(5), TimeProvider = clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            clock.Advance(TimeSpan.FromSeconds(6));
            Assert.False(asking.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal((AbortSource.ServiceUser, AbortReason.NotSpecified), await peer.ExpectAbortAsync());
            peer.Dispose();
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => asking);
            Assert.Equal(TimeoutKind.Acse, error.End.Timeout);
            Assert.True(error.IsTransient);
        }
    }

    [Fact]
    public async Task Cancelling_while_the_answer_is_awaited_aborts()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            using var cancel = new CancellationTokenSource();
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, null, cancel.Token);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.ExpectAsync(PduType.AAssociateRQ);
            await cancel.CancelAsync();
            Assert.Equal(AbortSource.ServiceUser, (await peer.ExpectAbortAsync()).Source);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }
    }

    [Fact]
    public async Task No_response_within_the_DIMSE_limit_aborts_and_says_so()
    {
        var clock = new FakeTimeProvider();
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { DimseTimeout = TimeSpan.FromSeconds(5), TimeProvider = clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task<DimseStatus> echo = association.EchoAsync();
            await peer.ReadCommandAsync();
            await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(6), peer.ExpectAbortAsync());
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => echo.WaitAsync(RawPeer.Patience));
            Assert.Equal(TimeoutKind.DimseResponse, error.End.Timeout);
            Assert.Equal("DIMSE timeout reached while waiting for message", error.Message);
        }
    }

    [Fact]
    public async Task An_abort_of_the_peer_ends_what_waits()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task<DimseStatus> echo = association.EchoAsync();
            await peer.ReadCommandAsync();
            await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => echo.WaitAsync(RawPeer.Patience));
            Assert.Equal((AssociationEndKind.AbortedByPeer, AbortSource.ServiceUser), (error.End.Kind, error.End.AbortSource));
            await association.Completion.WaitAsync(RawPeer.Patience);
            await Assert.ThrowsAsync<AssociationEndedException>(() => association.EchoAsync());
            await Assert.ThrowsAsync<AssociationEndedException>(() => association.ReleaseAsync());
        }
    }

    [Fact]
    public async Task A_response_to_a_message_that_was_not_sent_is_aborted()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task<DimseStatus> echo = association.EchoAsync();
            ushort id = (await peer.ReadCommandAsync()).MessageId;
            await peer.SendAsync(1, new CEchoResponse { MessageIdBeingRespondedTo = (ushort)(id + 1), AffectedSopClassUid = SopClasses.Verification });
            Assert.Equal(AbortSource.ServiceProvider, (await peer.ExpectAbortAsync()).Source);
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => echo.WaitAsync(RawPeer.Patience));
            Assert.Equal(AssociationEndKind.ProtocolViolation, error.End.Kind);
        }
    }

    [Fact]
    public async Task A_release_collision_ends_in_order_for_the_requestor()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task release = association.ReleaseAsync();
            await peer.ExpectAsync(PduType.AReleaseRQ);
            await peer.SendAsync(AReleaseRQ.Instance);
            await peer.ExpectAsync(PduType.AReleaseRP);
            await peer.SendAsync(AReleaseRP.Instance);
            await release.WaitAsync(RawPeer.Patience);
            Assert.Equal(AssociationEndKind.Released, association.End!.Kind);
            await peer.ExpectCloseAsync();
        }
    }

    [Fact]
    public async Task A_release_that_is_not_answered_is_aborted_after_its_limit()
    {
        var clock = new FakeTimeProvider();
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = s_scu.AssociateAsync("127.0.0.1", port, new AssociationOptions { ReleaseTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task release = association.ReleaseAsync();
            await peer.ExpectAsync(PduType.AReleaseRQ);
            await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(4), peer.ExpectAbortAsync());
            peer.Dispose();
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => release.WaitAsync(RawPeer.Patience));
            Assert.Equal(TimeoutKind.Release, error.End.Timeout);
        }
    }

    [Fact]
    public async Task Nothing_asked_for_and_too_much_asked_for_are_wrong_arguments()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => new ApplicationEntity("SCU").AssociateAsync("127.0.0.1", 104));
        var greedy = new ApplicationEntity("SCU");
        foreach (DicomUid uid in SopClasses.Storage.Take(129))
            greedy.AddRequestedContext(uid);
        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(() => greedy.AssociateAsync("127.0.0.1", 104));
        Assert.Contains("128", error.Message, StringComparison.Ordinal);
    }
}
