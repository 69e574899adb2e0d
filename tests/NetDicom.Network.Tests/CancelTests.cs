using System.Runtime.CompilerServices;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>C-CANCEL both ways (PS3.7 section 9.3.2.3), and what happens between it and the final response.</summary>
public class CancelTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_is_cancelled_in_the_middle_of_ten_million_results(bool byLeaving)
    {
        int yielded = 0;
        CancellationCause cause = default;
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind(Many);
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(Queries.Find, SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port);
        FindOperation find = association.FindAsync(Queries.Find, Queries.StudyKeys);
        int taken = 0;
        await foreach (DicomDataSet match in find)
        {
            if (++taken != 1000)
                continue;
            if (byLeaving)
                break;
            await find.CancelAsync();
        }

        Assert.Equal(DimseStatus.Cancel, find.Status);
        Assert.Equal(CancellationCause.CancelRequested, cause);
        Assert.InRange(yielded, 1000, 9_999_999);
        // Without an exception, and with all that was sent before the provider had seen the request.
        Assert.InRange(taken, byLeaving ? 1000 : yielded - 1, byLeaving ? 1000 : yielded);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());

        async IAsyncEnumerable<FindMatch> Many(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (int i = 0; i < 10_000_000 && !cancellationToken.IsCancellationRequested; i++)
                {
                    yielded++;
                    yield return Queries.Match(i);
                }
            }
            finally
            {
                cause = request.CancellationCause;
            }

            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_handler_that_pays_no_heed_is_stopped_at_its_next_match()
    {
        var cancelled = new TaskCompletionSource();
        int yielded = 0;
        bool disposed = false;
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind((_, cancellationToken) =>
        {
            cancellationToken.Register(cancelled.SetResult);
            return ForEver();
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        await peer.SendAsync(1, Queries.Request(9), Queries.StudyKeys.Bytes());
        Assert.Equal(DimseStatus.Pending, (await peer.ReadMessageAsync()).Command.Status);
        await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 9 });
        (CommandSet final, byte[]? dataSet) = await peer.ReadMessageAsync();
        Assert.Equal((DimseStatus.Cancel, true), (final.Status, dataSet is null));
        Assert.True(disposed);
        Assert.Equal(2, yielded);

        async IAsyncEnumerable<FindMatch> ForEver()
        {
            try
            {
                while (true)
                {
                    yielded++;
                    yield return Queries.Match(yielded);
                    await cancelled.Task;
                }
            }
            finally
            {
                disposed = true;
            }
        }
    }

    [Fact]
    public async Task A_move_that_is_cancelled_while_its_destination_is_asked_and_its_source_looks_on_is_answered_with_Cancel()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            var go = new TaskCompletionSource();
            var disposed = new TaskCompletionSource();
            ApplicationEntity entity = Queries.Scp(Queries.Move);
            entity.OnMove(
                (_, _) => ValueTask.FromResult(RetrieveObjects.From(Objects(), 2)),
                (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", port)));
            await using DicomServer server = await entity.StartServerAsync(0);
            await using Association association = await Queries.Scu(Queries.Move, SopClasses.Verification).AssociateAsync("127.0.0.1", server.Port);
            RetrieveOperation move = association.MoveAsync(Queries.Move, Queries.StudyKeys, AETitle.Parse("DESTINATION"));
            Task<RetrieveResult> moving = move.CompleteAsync();
            using RawPeer destination = await RawPeer.AcceptAsync(listener);
            await destination.ExpectAsync(PduType.AAssociateRQ);
            await move.CancelAsync();
            RetrieveResult result = await moving.WaitAsync(RawPeer.Patience);
            Assert.Equal((DimseStatus.Cancel, new SubOperationProgress(2, 0, 0, 0)), (result.Status, result.Progress));
            Assert.False(disposed.Task.IsCompleted);
            go.SetResult();
            await disposed.Task.WaitAsync(RawPeer.Patience);
            Assert.Equal(DimseStatus.Success, await association.EchoAsync());

            async IAsyncEnumerable<StorageObject> Objects()
            {
                try
                {
                    yield return Queries.Instance(1);
                    await go.Task;
                    yield return Queries.Instance(2);
                }
                finally
                {
                    disposed.SetResult();
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_retrieve_whose_source_pays_no_heed_to_its_token_is_answered_with_Cancel_all_the_same(bool isGet)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PresentationContext[] storage = [PresentationContexts.Create(SopClasses.CTImageStorage, [])];
        ApplicationEntity entity = Queries.Scp(Queries.Get, Queries.Move);
        entity.AddSupportedContexts(PresentationContexts.WithRoles(storage, scu: false, scp: true));
        entity.OnGet((_, _) => ValueTask.FromResult(RetrieveObjects.From(Objects(), 3)));
        entity.OnMove((_, _) => ValueTask.FromResult(RetrieveObjects.From(Objects(), 3)), (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", 1)));
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity user = Queries.Scu(Queries.Get, Queries.Move, SopClasses.Verification);
        user.AddRequestedContexts(PresentationContexts.WithRoles(storage, scu: false, scp: true));
        await using Association association = await user.AssociateAsync("127.0.0.1", server.Port);
        RetrieveOperation retrieve = isGet ? association.GetAsync(Queries.Get, Queries.StudyKeys, (_, _) => ValueTask.FromResult(DimseStatus.Success)) : association.MoveAsync(Queries.Move, Queries.StudyKeys, AETitle.Parse("DESTINATION"));
        Task<RetrieveResult> retrieving = retrieve.CompleteAsync();
        await waits.Task.WaitAsync(RawPeer.Patience);
        await retrieve.CancelAsync();
        RetrieveResult result = await retrieving.WaitAsync(RawPeer.Patience);
        Assert.Equal((DimseStatus.Cancel, 3), (result.Status, (int)result.Progress.Remaining!));
        Assert.False(disposed.Task.IsCompleted);
        go.SetResult();
        await disposed.Task.WaitAsync(RawPeer.Patience);
        Assert.Equal(DimseStatus.Success, await association.EchoAsync());

        async IAsyncEnumerable<StorageObject> Objects()
        {
            try
            {
                waits.SetResult();
                await go.Task;
                yield return Queries.Instance(1);
            }
            finally
            {
                disposed.SetResult();
            }
        }
    }

    [Fact]
    public async Task A_second_C_GET_that_waits_for_the_first_can_be_cancelled_and_ends_with_the_association()
    {
        (System.Net.Sockets.Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            ApplicationEntity scu = Queries.Scu(Queries.Get);
            scu.AddRequestedContexts([new PresentationContext(SopClasses.CTImageStorage, [Queries.Explicit.Uid]) { ScuRole = false, ScpRole = true }]);
            Task<Association> asking = scu.AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(roles: [new RoleSelection(SopClasses.CTImageStorage, false, true)]);
            Association association = await asking;
            // It is held where it is: its consumer has the first progress, and asks for no more.
            await using IAsyncEnumerator<SubOperationProgress> first = association.GetAsync(Queries.Get, Queries.StudyKeys, Taken).GetAsyncEnumerator();
            ValueTask<bool> moving = first.MoveNextAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(1, new CGetResponse { MessageIdBeingRespondedTo = request.MessageId, Status = DimseStatus.Pending, NumberOfRemainingSuboperations = 1 });
            Assert.True(await moving);
            using var cancel = new CancellationTokenSource();
            Task<RetrieveResult> second = association.GetAsync(Queries.Get, Queries.StudyKeys, Taken, null, cancel.Token).CompleteAsync();
            Task<RetrieveResult> third = association.GetAsync(Queries.Get, Queries.StudyKeys, Taken).CompleteAsync();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(RawPeer.Patience));
            await association.AbortAsync();
            await Assert.ThrowsAsync<AssociationEndedException>(() => third.WaitAsync(RawPeer.Patience));
        }

        static ValueTask<DimseStatus> Taken(StoreRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(DimseStatus.Success);
    }

    [Theory]
    [InlineData("cancel", CancellationCause.CancelRequested)]
    [InlineData("abort", CancellationCause.AbortedByPeer)]
    [InlineData("close", CancellationCause.ConnectionLost)]
    [InlineData("stop", CancellationCause.AbortedLocally)]
    public async Task A_handler_learns_why_its_token_has_fired(string what, CancellationCause expected)
    {
        var entered = new TaskCompletionSource();
        var cause = new TaskCompletionSource<CancellationCause>();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind(Waiting);
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { DrainTimeout = TimeSpan.Zero });
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find);
        await peer.SendAsync(1, Queries.Request(1), Queries.StudyKeys.Bytes());
        await entered.Task.WaitAsync(RawPeer.Patience);
        Task stopping = Task.CompletedTask;
        switch (what)
        {
            case "cancel":
                await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 1 });
                break;
            case "abort":
                await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
                break;
            case "close":
                peer.CloseSending();
                break;
            default:
                stopping = server.StopAsync();
                break;
        }

        Assert.Equal(expected, await cause.Task.WaitAsync(RawPeer.Patience));
        if (what == "cancel")
            Assert.Equal(DimseStatus.Cancel, (await peer.ReadMessageAsync()).Command.Status);
        await stopping.WaitAsync(RawPeer.Patience);

        async IAsyncEnumerable<FindMatch> Waiting(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Assert.Equal(CancellationCause.None, request.CancellationCause);
            entered.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            finally
            {
                cause.SetResult(request.CancellationCause);
            }

            yield break;
        }
    }

    [Fact]
    public async Task A_cancel_for_nothing_or_on_another_context_is_ignored()
    {
        var go = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind(Waiting);
        var last = new TaskCompletionSource();
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = new EventLog(1203, 5, last) });
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find, Queries.Find);
        await peer.SendAsync(1, Queries.Request(1), Queries.StudyKeys.Bytes());
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 2 });
        await peer.SendAsync(3, new CCancelRequest { MessageIdBeingRespondedTo = 1 });
        await peer.SendAsync(1, Queries.Request(1), Queries.StudyKeys.Bytes());
        // When this one is read, that before it waits for its turn.
        await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 3 });
        await last.Task.WaitAsync(RawPeer.Patience);
        go.SetResult();
        Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);
        // Its Message ID was in use when it came.
        Assert.Equal(DimseStatus.DuplicateInvocation, (await peer.ReadMessageAsync()).Command.Status);

        async IAsyncEnumerable<FindMatch> Waiting(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            entered.SetResult();
            await go.Task.WaitAsync(cancellationToken);
            yield break;
        }
    }

    [Fact]
    public async Task Cancelling_the_call_sends_C_CANCEL_and_waits_for_the_final_response()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find));
        using (peer)
        using (var cancel = new CancellationTokenSource())
        {
            FindOperation find = association.FindAsync(Queries.Find, Queries.StudyKeys, null, cancel.Token);
            Task<List<DicomDataSet>> finding = find.ToListAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await cancel.CancelAsync();
            CommandSet cancelled = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((CommandField.CCancelRequest, request.MessageId, false), (cancelled.Command, cancelled.MessageIdBeingRespondedTo, cancelled.HasDataSet));
            RawCommand.AssertInOrder("C-CANCEL-RQ", cancelled);
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Pending, true), Queries.Match(1).Bytes());
            Assert.False(finding.IsCompleted);
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Cancel));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding.WaitAsync(RawPeer.Patience));
            Assert.Equal(DimseStatus.Cancel, find.Status);
            Assert.True(association.IsOpen);
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task A_peer_that_goes_on_after_C_CANCEL_is_waited_for_no_longer_than_the_DIMSE_limit()
    {
        var clock = new FakeTimeProvider();
        using var read = new MessagesRead();
        var options = new AssociationOptions { DimseTimeout = TimeSpan.FromSeconds(30), TimeProvider = clock, Observer = read };
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find, SopClasses.Verification), options);
        using (peer)
        {
            IAsyncEnumerator<DicomDataSet> matches = association.FindAsync(Queries.Find, Queries.StudyKeys).GetAsyncEnumerator();
            Task<bool> first = matches.MoveNextAsync().AsTask();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Pending, true), Queries.Match(1).Bytes());
            Assert.True(await first.WaitAsync(RawPeer.Patience));
            await read.NextAsync();
            Task leaving = matches.DisposeAsync().AsTask();
            Assert.Equal(CommandField.CCancelRequest, (await peer.ReadMessageAsync()).Command.Command);
            // Each match is a sign of life, so the association is not given up; but the caller has waited long enough.
            while (!leaving.IsCompleted)
            {
                await peer.SendAsync(1, Queries.Response(request, DimseStatus.Pending, true), Queries.Match(1).Bytes());
                // Not before it has come: what is still on its way is no sign of life.
                await read.NextAsync();
                clock.Advance(TimeSpan.FromSeconds(5));
            }

            await leaving;
            // Its place in the window is taken until the peer has said the last word.
            Task<DimseStatus> echo = association.EchoAsync();
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Success));
            CommandSet next = (await peer.ReadMessageAsync()).Command;
            Assert.Equal(CommandField.CEchoRequest, next.Command);
            await peer.SendAsync(3, new CEchoResponse { MessageIdBeingRespondedTo = next.MessageId });
            Assert.Equal(DimseStatus.Success, await echo.WaitAsync(RawPeer.Patience));
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task A_cancel_that_was_not_asked_for_is_an_exception()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(Queries.Find));
        using (peer)
        {
            Task<List<DicomDataSet>> finding = association.FindAsync(Queries.Find, Queries.StudyKeys).ToListAsync();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(1, Queries.Response(request, DimseStatus.Cancel));
            Assert.Equal(DimseStatus.Cancel, (await Assert.ThrowsAsync<DimseStatusException>(() => finding.WaitAsync(RawPeer.Patience))).Status);
            await association.AbortAsync();
        }
    }

    /// <summary>Tells when a message of the peer was read.</summary>
    private sealed class MessagesRead : AssociationObserver, IDisposable
    {
        private readonly SemaphoreSlim _read = new(0);

        public override void DimseReceived(ObservedAssociation at, CommandSet command, NegotiatedContext context) => _read.Release();

        public async Task NextAsync() => Assert.True(await _read.WaitAsync(RawPeer.Patience), "nothing was read");

        public void Dispose() => _read.Dispose();
    }
}
