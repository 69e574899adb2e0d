using System.Buffers;
using System.Runtime.CompilerServices;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;
using NetDicom.TestSupport;

namespace NetDicom.Network.Tests;

/// <summary>An acceptor whose transport and clock are moved by hand: what happens between two steps that a socket cannot keep apart.</summary>
public sealed class AcceptorTests : IDisposable
{
    private static readonly DicomUid s_commitment = SopClasses.StorageCommitmentPushModel;

    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Fact]
    public async Task A_Message_ID_is_free_again_when_the_peer_has_the_final_response()
    {
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.OnFind(Nothing);
        await AcceptAsync(entity, Queries.Find);
        var leaving = new TaskCompletionSource();
        _transport.Hold = new TaskCompletionSource();
        _transport.OnSend = () => leaving.TrySetResult();
        Give(Queries.Request(7));
        await leaving.Task.WaitAsync(RawPeer.Patience);
        // The peer has the response and asks again, as peers do that have one Message ID; our send has not returned yet.
        var answered = new TaskCompletionSource();
        int sent = _transport.Sent.Count;
        _transport.OnSend = () => answered.TrySetResult();
        Give(Queries.Request(7));
        _transport.Hold.SetResult();
        _transport.Hold = null;
        await answered.Task.WaitAsync(RawPeer.Patience);
        byte[] pdu = [.. _transport.Sent.Skip(sent)];
        Assert.Equal(DimseStatus.Success, CommandSet.Decode(new ReadOnlySequence<byte>(pdu, 12, pdu.Length - 12)).Status);

        static async IAsyncEnumerable<FindMatch> Nothing(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield break;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_happens_while_the_answer_is_on_its_way_is_reported_behind_it(bool arrives)
    {
        DicomUid notification = SopClasses.ModalityPerformedProcedureStepNotification;
        var store = new MppsStore();
        ApplicationEntity entity = Queries.Scp();
        entity.AddMppsProvider(store);
        // The peer has the answer, or will not get it; our send has not returned yet.
        var hold = new TaskCompletionSource();
        _transport.Hold = hold;
        var answered = new TaskCompletionSource();
        _transport.OnSend = () => answered.TrySetResult();
        Task<(UpperLayer UpperLayer, Association Association)> accepting = AcceptAsync(entity, notification);
        await answered.Task.WaitAsync(RawPeer.Patience);
        Assert.False(accepting.IsCompleted);
        int sent = _transport.Sent.Count;
        var reported = new TaskCompletionSource();
        _transport.OnSend = () => reported.TrySetResult();
        Assert.True(store.Create(new DicomUid("1.2.3.4"), ProviderFacts.NewStep()).IsDone);
        if (!arrives)
        {
            _transport.Dispose();
            (UpperLayer upperLayer, Association? none) = await accepting.WaitAsync(RawPeer.Patience);
            upperLayer.Dispose();
            Assert.Null(none);
            Assert.Equal(sent, _transport.Sent.Count);
            return;
        }

        _transport.Hold = null;
        hold.SetResult();
        await accepting.WaitAsync(RawPeer.Patience);
        await reported.Task.WaitAsync(RawPeer.Patience);
        byte[] pdu = [.. _transport.Sent.Skip(sent)];
        CommandSet report = CommandSet.Decode(new ReadOnlySequence<byte>(pdu, 12, pdu.Length - 12));
        Assert.Equal((CommandField.NEventReportRequest, new DicomUid("1.2.3.4")), (report.Command, report.AffectedSopInstanceUid));
    }

    [Fact]
    public async Task The_idle_limit_does_not_run_while_the_peer_has_longer_to_answer_a_request_of_ours()
    {
        (UpperLayer upperLayer, Association association) = await AcceptAsync(Queries.Scp(s_commitment), s_commitment);
        Task<NResponse> reporting = association.NEventReportAsync(
            s_commitment, new DicomUid("1.2.3"), 1, null, new NServiceOptions { ResponseTimeout = TimeSpan.FromMinutes(10) });
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(upperLayer.Ended);
        _transport.Give(RawMessages.Of(1, new NEventReportResponse { MessageIdBeingRespondedTo = 1, AffectedSopClassUid = s_commitment, EventTypeId = 1 }));
        Assert.Equal(DimseStatus.Success, (await reporting.WaitAsync(RawPeer.Patience)).Status);
        // From here on the peer is the one that may ask.
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TimeoutKind.NetworkIdle, upperLayer.Ended?.Timeout);
    }

    [Fact]
    public async Task Requests_that_wait_in_memory_hold_together_no_more_than_the_limit_of_one()
    {
        var go = new TaskCompletionSource();
        var seen = new Seen();
        ApplicationEntity entity = Queries.Scp(Queries.Find);
        entity.ServiceOptions = new ServiceOptions { MaxDataSetLength = 2 * Queries.StudyKeys.Bytes().Length };
        entity.OnFind(Waiting);
        await AcceptAsync(entity, Queries.Find, seen);
        var all = new TaskCompletionSource();
        int sent = 0;
        _transport.OnSend = () =>
        {
            if (Interlocked.Increment(ref sent) == 4)
                all.TrySetResult();
        };
        for (ushort id = 1; id <= 4; id++)
            Give(Queries.Request(id));
        // One at work, two in memory; the fourth is read, and waits on the connection with what is behind it.
        _transport.Give(RawMessages.Of(1, new CCancelRequest { MessageIdBeingRespondedTo = 9 }));
        Assert.Equal(4, seen.Messages);
        go.SetResult();
        await all.Task.WaitAsync(RawPeer.Patience);

        async IAsyncEnumerable<FindMatch> Waiting(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await go.Task;
            yield break;
        }
    }

    private sealed class Seen : AssociationObserver
    {
        public int Messages { get; private set; }

        public override void DimseReceived(ObservedAssociation association, CommandSet command, NegotiatedContext context) => Messages++;
    }

    private void Give(DimseMessage message) => _transport.Give([.. RawMessages.Of(1, message), .. RawMessages.Data(1, Queries.StudyKeys.Bytes())]);

    private async Task<(UpperLayer UpperLayer, Association Association)> AcceptAsync(ApplicationEntity entity, DicomUid sopClass, AssociationObserver? observer = null)
    {
        var upperLayer = new UpperLayer(_transport, AssociationRole.Acceptor, new UpperLayerOptions
        {
            ArtimTimeout = TimeSpan.FromSeconds(30),
            NetworkTimeout = TimeSpan.FromSeconds(60),
            MaxPduLength = 65_536,
            TimeProvider = _clock,
            Log = new AssociationLog(null),
            Observer = observer,
        }, AssociationAcceptor.CheckAsProvider);
        Task<Association?> accepting = entity.CreateAcceptor(new DicomServerOptions { TimeProvider = _clock }).AcceptAsync(upperLayer, static () => true);
        _transport.Give(RawMessages.Of(RawPeer.Request(contexts: (sopClass, Queries.Explicit.Uid))));
        return (upperLayer, (await accepting.WaitAsync(RawPeer.Patience))!);
    }
}
