using System.Runtime.CompilerServices;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>Who is slow slows the other side, and costs no memory; and the end is seen all the same.</summary>
public class FlowTests
{
    [Fact]
    public async Task A_slow_consumer_slows_the_provider_and_no_limit_runs_meanwhile()
    {
        var clock = new FakeTimeProvider();
        int yielded = 0;
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        byte[] padding = new byte[100_000];
        entity.OnFind((_, _) => Many());
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity scu = Queries.Scu(Queries.Find);
        scu.ServiceOptions = new ServiceOptions { MaxWaitingMatches = 10 };
        var options = new AssociationOptions { TimeProvider = clock };
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port, options);
        var taken = new List<string>();
        await foreach (DicomDataSet match in association.FindAsync(Queries.Find, Queries.StudyKeys))
        {
            taken.Add(match.GetString(DicomTags.PatientID));
            if (taken.Count == 1)
            {
                // Our side reads until as many wait as may: from there on no limit runs.
                var patience = System.Diagnostics.Stopwatch.StartNew();
                while (!association.IsPaused)
                {
                    Assert.True(patience.Elapsed < RawPeer.Patience, "the slow consumer stops nobody");
                    await Task.Yield();
                }

                // The provider runs until what it writes is not taken any more: then it stands still.
                int before;
                do
                {
                    before = Volatile.Read(ref yielded);
                    await NextAsync(before);
                }
                while (Volatile.Read(ref yielded) != before);

                clock.Advance(TimeSpan.FromHours(1));
            }
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"P{i}"), taken);
        Assert.InRange(_standing, 10, 1500);

        // Waits for the next match to be asked for, or until none was for a while; the only way to see that nothing happens.
        async Task NextAsync(int before)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
            await timer.WaitForNextTickAsync();
            _standing = Volatile.Read(ref yielded);
        }

        async IAsyncEnumerable<FindMatch> Many()
        {
            for (int i = 0; i < 2000; i++)
            {
                Interlocked.Increment(ref yielded);
                yield return Queries.Match(i).Set(DicomTags.PixelData, padding);
            }

            await Task.Yield();
        }
    }

    private int _standing;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_consumer_that_takes_nothing_does_not_hide_the_end_of_the_association(bool abort)
    {
        ApplicationEntity scu = Queries.Scu(Queries.Find);
        scu.ServiceOptions = new ServiceOptions { MaxWaitingMatches = 10 };
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(scu);
        using (peer)
        {
            IAsyncEnumerator<DicomDataSet> matches = association.FindAsync(Queries.Find, Queries.StudyKeys).GetAsyncEnumerator();
            Task<bool> first = matches.MoveNextAsync().AsTask();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            for (int i = 0; i < 500; i++)
                await peer.SendAsync(1, Queries.Response(request, DimseStatus.Pending, true), Queries.Match(i).Bytes());
            Assert.True(await first.WaitAsync(RawPeer.Patience));
            if (abort)
                await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
            else
                peer.Dispose();
            await association.Completion.WaitAsync(RawPeer.Patience);
            Assert.Equal(abort ? AssociationEndKind.AbortedByPeer : AssociationEndKind.ConnectionLost, association.End!.Kind);
            // What came before is not lost.
            for (int i = 1; i < 500; i++)
                Assert.True(await matches.MoveNextAsync());
            await Assert.ThrowsAsync<AssociationEndedException>(() => matches.MoveNextAsync().AsTask());
        }
    }

    [Fact]
    public async Task Bytes_that_look_like_an_abort_do_not_open_the_gates()
    {
        ApplicationEntity scu = Queries.Scu(Queries.Find);
        scu.ServiceOptions = new ServiceOptions { MaxWaitingMatches = 4 };
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(scu, maximumLength: 0);
        using (peer)
        {
            IAsyncEnumerator<DicomDataSet> matches = association.FindAsync(Queries.Find, Queries.StudyKeys).GetAsyncEnumerator();
            Task<bool> first = matches.MoveNextAsync().AsTask();
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            byte[] disguised = new DicomDataSet().Set(DicomTags.PixelData, [.. new byte[12_000], 7, 0, 0, 0, 0, 4, 0, 0, 0, 0]).Bytes();
            byte[] one = [.. RawMessages.Of(1, Queries.Response(request, DimseStatus.Pending, true)), .. RawMessages.Data(1, disguised)];
            long sent = 0;
            // 256 MB, or less when it is not taken any more.
            while (sent < 256_000_000 && !peer.IsFull())
            {
                await peer.SendAsync(one);
                sent += one.Length;
            }

            Assert.InRange(sent, 1, 64_000_000);
            Assert.True(await first.WaitAsync(RawPeer.Patience));
            Assert.True(association.IsOpen);
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task A_request_beyond_the_window_waits_and_what_is_behind_it_is_seen()
    {
        var entered = new TaskCompletionSource();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        var order = new List<int>();
        entity.OnFind(Waiting);
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, Queries.Find, SopClasses.Verification);
        await peer.SendAsync(1, Queries.Request(1), Queries.StudyKeys.Bytes());
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(1, Queries.Request(2), Queries.StudyKeys.Bytes());
        await peer.SendAsync(3, new CEchoRequest { MessageId = 3, AffectedSopClassUid = SopClasses.Verification });
        await peer.SendAsync(1, Queries.Request(4), Queries.StudyKeys.Bytes());
        await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 4 });
        await peer.SendAsync(1, new CCancelRequest { MessageIdBeingRespondedTo = 1 });
        foreach ((ushort id, DimseStatus status) in new[] { ((ushort)1, DimseStatus.Cancel), ((ushort)2, DimseStatus.Success), ((ushort)3, DimseStatus.Success), ((ushort)4, DimseStatus.Cancel) })
        {
            CommandSet response = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((id, status), (response.MessageIdBeingRespondedTo, response.Status));
        }

        Assert.Equal([1, 2], order);

        async IAsyncEnumerable<FindMatch> Waiting(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            order.Add(request.MessageId);
            if (request.MessageId == 1)
            {
                entered.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            yield break;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_object_beyond_the_window_waits_on_the_connection_and_the_end_is_seen_all_the_same(bool abort)
    {
        var entered = new TaskCompletionSource();
        var ended = new TaskCompletionSource<CancellationCause>();
        int stored = 0;
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(async (request, cancellationToken) =>
        {
            while (!(await request.ReadAsync(cancellationToken)).IsEmpty)
            {
            }

            if (Interlocked.Increment(ref stored) == 1)
            {
                entered.SetResult();
                try
                {
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                }
                finally
                {
                    ended.SetResult(request.CancellationCause);
                }
            }

            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.CTImageStorage);
        for (ushort id = 1; id <= 3; id++)
            await peer.SendAsync(1, new CStoreRequest { MessageId = id, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid($"1.2.{id}") }, Queries.StudyKeys.Bytes());
        await entered.Task.WaitAsync(RawPeer.Patience);
        if (abort)
            await peer.SendAsync(new AAbort(AbortSource.ServiceUser, AbortReason.NotSpecified));
        else
            peer.CloseSending();
        Assert.Equal(abort ? CancellationCause.AbortedByPeer : CancellationCause.ConnectionLost, await ended.Task.WaitAsync(RawPeer.Patience));
        Assert.Equal(1, stored);
    }

    [Fact]
    public async Task A_handler_that_awaits_the_release_its_peer_asked_for_does_not_wait_for_itself()
    {
        var entered = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        var asked = new TaskCompletionSource();
        entity.OnEcho(async (request, cancellationToken) =>
        {
            entered.SetResult();
            await asked.Task.WaitAsync(cancellationToken);
            await request.Association.ReleaseAsync(cancellationToken);
            return DimseStatus.Success;
        });
        var log = new EventLog(1108, 1, asked); // the release of the peer was seen
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { LoggerFactory = log });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(1, new CEchoRequest { MessageId = 1, AffectedSopClassUid = SopClasses.Verification });
        await entered.Task.WaitAsync(RawPeer.Patience);
        await peer.SendAsync(AReleaseRQ.Instance);
        Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    [Fact]
    public async Task A_store_handler_answers_a_status_with_comment_and_elements_by_an_exception_and_one_class_has_its_own()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((_, _) => throw new DimseStatusException(new DimseStatus(0xB007), "as it is", [DicomTags.PatientID]));
        entity.OnStore(SopClasses.MRImageStorage, (_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(SopClasses.CTImageStorage, SopClasses.MRImageStorage).AssociateAsync("127.0.0.1", server.Port);
        StoreOutcome outcome = await association.StoreAsync(Queries.Instance(1));
        Assert.Equal((StoreFailure.None, 0xB007, "as it is"), (outcome.Failure, outcome.Status!.Value.Code, outcome.ErrorComment));
        Assert.Equal([DicomTags.PatientID], outcome.OffendingElements);
        Assert.Equal(DimseStatus.Success, (await association.StoreAsync(Queries.Instance(2, SopClasses.MRImageStorage))).Status);
    }
}
