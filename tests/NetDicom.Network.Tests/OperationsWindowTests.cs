using System.Net.Sockets;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

public class OperationsWindowTests
{
    private static readonly TransferSyntax s_explicit = TransferSyntax.ExplicitVRLittleEndian;

    [Fact]
    public async Task Without_negotiation_the_next_request_waits_for_the_answer()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync();
            Association association = await asking;
            Task<DimseStatus>[] echoes = [association.EchoAsync(), association.EchoAsync(), association.EchoAsync()];
            for (int i = 0; i < 3; i++)
            {
                ushort id = (await peer.ReadCommandAsync()).MessageId;
                Assert.False(peer.HasMore);
                await peer.SendAsync(1, new CEchoResponse { MessageIdBeingRespondedTo = id, AffectedSopClassUid = SopClasses.Verification });
            }

            await Task.WhenAll(echoes).WaitAsync(RawPeer.Patience);
            await association.AbortAsync();
        }
    }

    [Theory]
    [InlineData(4, 3, 3)]
    [InlineData(4, 9, 4)]
    [InlineData(0, 5, 5)]
    public async Task As_many_requests_as_were_granted_are_outstanding_and_answers_come_in_any_order(ushort proposed, ushort granted, int outstanding)
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, s_explicit).AssociateAsync(
                "127.0.0.1", port, new AssociationOptions { AsynchronousOperationsWindow = new(proposed, 1) });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(window: new AsynchronousOperationsWindow(granted, 1));
            Association association = await asking;
            Assert.Equal(outstanding, association.AsynchronousOperationsWindow.Invoked);
            Task<List<StoreOutcome>> storing = CollectAsync(association.StoreAsync(Instances(20)));
            var open = new List<ushort>();
            for (int answered = 0; answered < 20;)
            {
                while (open.Count < outstanding && open.Count + answered < 20)
                    open.Add(await peer.ReadStoreAsync());
                // The last request first, with its number as status, so that a mix-up would show.
                ushort id = open[^1];
                open.RemoveAt(open.Count - 1);
                answered++;
                await peer.SendAsync(1, new CStoreResponse
                {
                    MessageIdBeingRespondedTo = id,
                    AffectedSopClassUid = SopClasses.CTImageStorage,
                    Status = new DimseStatus((ushort)(0xB000 + id)),
                });
            }

            List<StoreOutcome> outcomes = await storing.WaitAsync(RawPeer.Patience);
            Assert.Equal(Enumerable.Range(0, 20).Select(i => $"1.2.{i}"), outcomes.Select(outcome => outcome.SopInstanceUid.ToString()));
            Assert.Equal(Enumerable.Range(1, 20).Select(i => 0xB000 + i), outcomes.Select(outcome => (int)outcome.Status!.Value.Code));
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task An_answer_nobody_asked_for_grants_nothing()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync("127.0.0.1", port);
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(window: new AsynchronousOperationsWindow(0, 0));
            Association association = await asking;
            Assert.Equal(new AsynchronousOperationsWindow(1, 1), association.AsynchronousOperationsWindow);
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task An_acceptor_works_on_as_many_requests_side_by_side_as_it_grants()
    {
        int running = 0, most = 0;
        var all = new TaskCompletionSource();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithVerification();
        entity.OnEcho(async (_, _) =>
        {
            int now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            if (now == 3)
                all.TrySetResult();
            await all.Task.WaitAsync(RawPeer.Patience, CancellationToken.None);
            Interlocked.Decrement(ref running);
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { MaxOperationsPerformed = 3 });
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.Verification).AssociateAsync(
            "127.0.0.1", server.Port, new AssociationOptions { AsynchronousOperationsWindow = new(8, 1) });
        Assert.Equal(3, association.AsynchronousOperationsWindow.Invoked);
        await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => association.EchoAsync())).WaitAsync(RawPeer.Patience);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_lost_association_gives_each_object_one_outcome_and_says_which_may_have_arrived()
    {
        (Socket listener, int port) = RawPeer.Listen();
        using (listener)
        {
            Task<Association> asking = new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, s_explicit).AssociateAsync(
                "127.0.0.1", port, new AssociationOptions { AsynchronousOperationsWindow = new(2, 1) });
            using RawPeer peer = await RawPeer.AcceptAsync(listener);
            await peer.AcceptAssociationAsync(window: new AsynchronousOperationsWindow(2, 1));
            Association association = await asking;
            Task<List<StoreOutcome>> storing = CollectAsync(association.StoreAsync(Instances(10)));
            await peer.ReadStoreAsync();
            await peer.ReadStoreAsync();
            peer.Dispose();
            List<StoreOutcome> outcomes = await storing.WaitAsync(RawPeer.Patience);
            Assert.Equal(10, outcomes.Count);
            Assert.All(outcomes.Take(2), outcome => Assert.Equal(StoreFailure.AssociationLost, outcome.Failure));
            Assert.All(outcomes.Skip(2), outcome => Assert.Equal(StoreFailure.NotSent, outcome.Failure));
        }
    }

    [Fact]
    public async Task Leaving_the_loop_sends_nothing_more_and_leaves_the_association_fit_for_use()
    {
        int received = 0;
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage().WithVerification();
        entity.OnStore((_, _) =>
        {
            Interlocked.Increment(ref received);
            return ValueTask.FromResult(DimseStatus.Success);
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await new ApplicationEntity("SCU").WithRequested(SopClasses.CTImageStorage, s_explicit).WithRequested(SopClasses.Verification)
            .AssociateAsync("127.0.0.1", server.Port);
        await foreach (StoreOutcome outcome in association.StoreAsync(Instances(1_000)))
        {
            Assert.True(outcome.IsStored);
            break;
        }

        Assert.Equal(DimseStatus.Success, await association.EchoAsync());
        Assert.InRange(received, 1, 3);
    }

    private static IEnumerable<StorageObject> Instances(int count) => Enumerable.Range(0, count)
        .Select(i => StorageObject.FromStream($"object {i}", new MemoryStream([1, 2, 3, 4]), SopClasses.CTImageStorage, new DicomUid($"1.2.{i}"), s_explicit));

    private static async Task<List<StoreOutcome>> CollectAsync(IAsyncEnumerable<StoreOutcome> outcomes)
    {
        var list = new List<StoreOutcome>();
        await foreach (StoreOutcome outcome in outcomes)
            list.Add(outcome);
        return list;
    }
}
