using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>What becomes of an association, its place and its connection when a handler or its peer does not do as expected.</summary>
public class HandlerLifetimeTests
{
    private static readonly ApplicationEntity s_scu = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification);
    private static readonly DicomServerOptions s_onePlace = new() { MaxAssociations = 1 };

    [Fact]
    public async Task A_connection_that_breaks_in_mid_object_gives_its_place_back()
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            // The loop waits for the data set by now.
            await Task.Yield();
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
                half.TrySetResult();
            return DimseStatus.Success;
        }).StartServerAsync(0, s_onePlace);
        using (RawPeer peer = await RawPeer.AssociateAsync(server.Port))
        {
            await SendHalfAnObjectAsync(peer);
            await half.Task.WaitAsync(RawPeer.Patience);
        }

        await ExpectPlaceAsync(server);
    }

    [Fact]
    public async Task A_handler_that_aborts_and_leaves_without_reading_gives_the_connection_back()
    {
        await using DicomServer server = await Receiver(async (request, cancellationToken) =>
        {
            // The loop waits for the data set by now.
            await Task.Yield();
            await request.Association.AbortAsync();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return DimseStatus.Success;
        }).StartServerAsync(0, s_onePlace);
        using (RawPeer peer = await RawPeer.AssociateAsync(server.Port))
        {
            await SendHalfAnObjectAsync(peer);
            Assert.Equal(AbortSource.ServiceUser, (await peer.ExpectAbortAsync()).Source);
        }

        await ExpectPlaceAsync(server);
    }

    [Fact]
    public async Task The_end_of_another_association_in_a_handler_is_a_failure_of_that_handler()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            await using DicomServer server = await Receiver(async (_, cancellationToken) =>
            {
                Task<Association> next = s_scu.AssociateAsync("127.0.0.1", port, null, cancellationToken);
                using (RawPeer peer = await RawPeer.AcceptAsync(listener))
                    await peer.ExpectAsync(PduType.AAssociateRQ);
                await next;
                return DimseStatus.Success;
            }).StartServerAsync(0);
            ApplicationEntity sender = new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, TransferSyntax.ExplicitVRLittleEndian);
            await using Association association = await sender.AssociateAsync("127.0.0.1", server.Port);
            StoreOutcome outcome = await association.StoreAsync(StorageObject.FromStream(
                "object", new MemoryStream(new byte[1_000_000]), SopClasses.CTImageStorage, new DicomUid("1.2"), TransferSyntax.ExplicitVRLittleEndian)).WaitAsync(RawPeer.Patience);
            Assert.Equal((StoreFailure.Refused, DimseStatus.CannotUnderstand), (outcome.Failure, outcome.Status));
            Assert.True(association.IsOpen);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_at_work_sees_the_end_of_a_peer_that_had_asked_for_release(bool aborts)
    {
        var entered = new TaskCompletionSource();
        var seen = new TaskCompletionSource<AssociationEndKind>();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (request, cancellationToken) =>
        {
            entered.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            finally
            {
                seen.SetResult(request.Association.End!.Kind);
            }

            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(AReleaseRQ.Instance);
        if (aborts)
            await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
        else
            peer.CloseSending();
        Assert.Equal(aborts ? AssociationEndKind.AbortedByPeer : AssociationEndKind.ConnectionLost, await seen.Task.WaitAsync(RawPeer.Patience));
    }

    [Fact]
    public async Task A_handler_that_works_on_after_the_end_keeps_its_place_until_it_is_done()
    {
        var entered = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (_, cancellationToken) =>
        {
            if (entered.TrySetResult())
            {
                await using CancellationTokenRegistration end = cancellationToken.Register(aborted.SetResult);
                await work.Task;
            }

            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0, s_onePlace);
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
        await aborted.Task.WaitAsync(RawPeer.Patience);
        await peer.ExpectCloseAsync();
        for (int i = 0; i < 50; i++)
            Assert.True((await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port))).IsTransient);
        Task stop = server.StopAsync();
        work.SetResult();
        await stop.WaitAsync(RawPeer.Patience);
        Assert.Equal(0, server.AssociationCount);
    }

    [Fact]
    public async Task A_handler_that_is_slow_in_mid_object_is_not_taken_for_a_silent_peer()
    {
        var clock = new FakeTimeProvider();
        var entered = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        ApplicationEntity entity = Receiver(async (request, cancellationToken) =>
        {
            entered.SetResult();
            await work.Task;
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            return DimseStatus.Success;
        }).WithVerification();
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { NetworkTimeout = TimeSpan.FromSeconds(20), TimeProvider = clock });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        // In one segment, so that the second message is there when the handler of the first ends and the peer's silence begins to count.
        await peer.SendAsync(
        [
            .. RawMessages.Of(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification }),
            .. RawMessages.Of(3, new CStoreRequest { MessageId = 2, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2") }),
        ]);
        await entered.Task.WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromHours(1));
        work.SetResult();
        await peer.SendAsync(RawMessages.Data(3, [1, 2, 3, 4]));
        Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        Assert.Equal(2, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(0)]
    public async Task Requests_that_wait_for_their_turn_when_the_association_ends_come_to_no_handler(int inMemory)
    {
        int calls = 0;
        var entered = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        ApplicationEntity entity = Queries.Scp();
        entity.ServiceOptions = new ServiceOptions { MaxWaitingRequests = inMemory };
        entity.OnEcho(async (_, _) =>
        {
            Interlocked.Increment(ref calls);
            entered.TrySetResult();
            await go.Task;
            return DimseStatus.Success;
        });
        entity.OnFind(Counting);
        entity.AddSupportedContext(Queries.Find);
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { MaxAssociations = 1 });
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.Verification, Queries.Find);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 2, AffectedSopClassUid = SopClasses.Verification });
        await peer.SendAsync(3, Queries.Request(3), Queries.StudyKeys.Bytes());
        await peer.SendAsync(3, Queries.Request(4), Queries.StudyKeys.Bytes());
        await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
        await peer.ExpectCloseAsync();
        go.SetResult();
        // The place is there when all are done with.
        await ExpectPlaceAsync(server);
        // One echo before the end, one of the new association.
        Assert.Equal(2, calls);

        async IAsyncEnumerable<FindMatch> Counting(FindRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref calls);
            await go.Task;
            yield break;
        }
    }

    [Fact]
    public async Task An_acceptor_that_asks_does_not_wait_for_ever()
    {
        var clock = new FakeTimeProvider();
        var failed = new TaskCompletionSource<TimeoutKind>();
        var entity = new ApplicationEntity("TEST");
        entity.AddSupportedContexts([new PresentationContext(SopClasses.Verification, [TransferSyntax.ImplicitVRLittleEndian.Uid]) { ScuRole = true, ScpRole = true }]);
        entity.OnEcho(async (request, cancellationToken) =>
        {
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => request.Association.EchoAsync(CancellationToken.None));
            failed.SetResult(error.End.Timeout);
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { NetworkTimeout = TimeSpan.FromSeconds(20), TimeProvider = clock });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Negotiation.BuildRequest(
            AETitle.Parse("TEST"),
            AETitle.Parse("RAW"),
            [new PresentationContext(SopClasses.Verification, [TransferSyntax.ImplicitVRLittleEndian.Uid]) { ScuRole = true, ScpRole = true }],
            new UserInformation { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3") }));
        await peer.ExpectAsync(PduType.AAssociateAC);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        Assert.Equal(CommandField.CEchoRequest, (await peer.ReadCommandAsync()).Command);
        // The request is read before its sender has set the limit; with the idle limit the clock has a timer at the same time.
        while (!failed.Task.IsCompleted && !peer.HasMore)
        {
            await clock.WhenTimerWithin(TimeSpan.FromSeconds(21)).WaitAsync(RawPeer.Patience);
            clock.Advance(TimeSpan.FromSeconds(21));
        }

        Assert.Equal(TimeoutKind.DimseResponse, await failed.Task.WaitAsync(RawPeer.Patience));
        await peer.ExpectAbortAsync();
    }

    [Fact]
    public async Task A_hook_at_work_learns_that_its_peer_is_gone()
    {
        var entered = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            OnNegotiate = async (_, cancellationToken) =>
            {
                entered.SetResult();
                await using CancellationTokenRegistration end = cancellationToken.Register(gone.SetResult);
                await gone.Task;
            },
        });
        using (RawPeer peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendAsync(RawPeer.Request());
            await entered.Task.WaitAsync(RawPeer.Patience);
        }

        await gone.Task.WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task A_hook_without_a_limit_is_waited_for_longer_than_any_limit_of_the_peer()
    {
        var clock = new FakeTimeProvider();
        var entered = new TaskCompletionSource();
        var work = new TaskCompletionSource();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            TimeProvider = clock,
            NegotiationTimeout = TimeSpan.Zero,
            OnNegotiate = async (_, _) =>
            {
                entered.SetResult();
                await work.Task;
            },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        await entered.Task.WaitAsync(RawPeer.Patience);
        clock.Advance(TimeSpan.FromHours(1));
        work.SetResult();
        await peer.ExpectAsync(PduType.AAssociateAC);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        Assert.Equal(DimseStatus.Success, (await peer.ReadCommandAsync()).Status);
    }

    [Fact]
    public async Task A_hook_that_never_decides_is_a_rejection_for_now_when_its_time_is_over_and_learns_it()
    {
        var clock = new FakeTimeProvider();
        var told = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            TimeProvider = clock,
            NegotiationTimeout = TimeSpan.FromSeconds(10),
            OnNegotiate = async (negotiation, cancellationToken) =>
            {
                if (negotiation.CallingAETitle.ToString() != "RAW")
                    return;
                cancellationToken.Register(told.SetResult);
                // It does not even heed its token.
                await never.Task;
            },
        });
        using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(RawPeer.Request());
        Task<byte[]> answer = peer.ExpectAsync(PduType.AAssociateRJ);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(11), answer);
        // Transient, service provider (presentation), temporary congestion.
        Assert.Equal([2, 3, 1], (await answer)[1..4]);
        await told.Task.WaitAsync(RawPeer.Patience);
        peer.CloseSending();
        await peer.ExpectCloseAsync();
        await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        never.SetResult();
    }

    [Fact]
    public async Task A_hook_that_blocks_its_thread_is_late_like_any_other()
    {
        var clock = new FakeTimeProvider();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var never = new ManualResetEventSlim();
        await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
        {
            TimeProvider = clock,
            NegotiationTimeout = TimeSpan.FromSeconds(10),
            OnNegotiate = (_, _) =>
            {
                entered.SetResult();
                never.Wait(CancellationToken.None);
                return default;
            },
        });
        try
        {
            using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync(RawPeer.Request());
            await entered.Task.WaitAsync(RawPeer.Patience);
            Task<byte[]> answer = peer.ExpectAsync(PduType.AAssociateRJ);
            await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(11), answer);
            Assert.Equal([2, 3, 1], (await answer)[1..4]);
        }
        finally
        {
            never.Set();
        }
    }

    [Fact]
    public async Task A_hook_that_fails_with_the_end_of_another_association_rejects()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            await using DicomServer server = await new ApplicationEntity("TEST").WithVerification().StartServerAsync(0, new DicomServerOptions
            {
                OnNegotiate = async (_, cancellationToken) =>
                {
                    Task<Association> next = s_scu.AssociateAsync("127.0.0.1", port, null, cancellationToken);
                    using (RawPeer other = await RawPeer.AcceptAsync(listener))
                        await other.ExpectAsync(PduType.AAssociateRQ);
                    await next;
                },
            });
            AssociationRejectedException error = await Assert.ThrowsAsync<AssociationRejectedException>(() => s_scu.AssociateAsync("127.0.0.1", server.Port).WaitAsync(RawPeer.Patience));
            Assert.True(error.IsTransient);
        }
    }

    private static ApplicationEntity Receiver(Func<StoreRequest, CancellationToken, ValueTask<DimseStatus>> handler)
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage().WithVerification();
        entity.OnStore(handler);
        return entity;
    }

    private static async Task SendHalfAnObjectAsync(RawPeer peer)
    {
        await peer.SendAsync(3, new CStoreRequest { MessageId = 1, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid("1.2.3") });
        await peer.SendAsync(RawMessages.Data(3, new byte[1000], isLast: false));
    }

    // A place comes back when the server has seen the end, not when the test has: until then the answer is "not now".
    private static async Task ExpectPlaceAsync(DicomServer server)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using Association association = await s_scu.AssociateAsync("127.0.0.1", server.Port);
                Assert.Equal(DimseStatus.Success, await association.EchoAsync());
                return;
            }
            catch (AssociationRejectedException busy) when (busy.IsTransient)
            {
                Assert.True(patience.Elapsed < RawPeer.Patience, "the place did not come back");
            }
        }
    }
}
