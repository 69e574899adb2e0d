using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>Answers to requests that came together leave together; none of them waits for anything but the handlers that are at work on the loop's own stack.</summary>
public class GatheredAnswersTests
{
    [Fact]
    public async Task Answers_to_requests_that_came_together_leave_in_one_write_each_with_its_own_status()
    {
        var writes = new WriteCount();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((request, _) => ValueTask.FromResult(new DimseStatus((ushort)(0xB000 + request.MessageId))));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { Observer = writes });
        using RawPeer peer = await AssociateAsync(server.Port);
        await peer.SendAsync(Stores(1, 10));
        for (ushort id = 1; id <= 10; id++)
        {
            CommandSet answer = await peer.ReadCommandAsync();
            Assert.Equal((id, 0xB000 + id), (answer.MessageIdBeingRespondedTo, answer.Status.Code));
        }

        Assert.Equal(1, writes.OfPData);
        await peer.SendAsync(new AReleaseRQ());
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    [Fact]
    public async Task No_answer_waits_for_a_handler_that_waits()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore(async (request, _) =>
        {
            if (request.MessageId == 3)
                await goOn.Task;
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await AssociateAsync(server.Port);
        await peer.SendAsync(Stores(1, 3));
        Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        Assert.Equal(2, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        goOn.SetResult();
        Assert.Equal(3, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
    }

    [Fact]
    public async Task No_answer_waits_for_the_rest_of_the_next_object()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await AssociateAsync(server.Port);
        byte[] two = Stores(1, 2);
        await peer.SendAsync(two[..^20]);
        Assert.Equal(1, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.SendAsync(two[^20..]);
        Assert.Equal(2, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
    }

    [Fact]
    public async Task A_release_that_came_with_the_requests_is_agreed_to_behind_their_answers()
    {
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await AssociateAsync(server.Port);
        await peer.SendAsync([.. Stores(1, 5), .. RawMessages.Of(new AReleaseRQ())]);
        for (ushort id = 1; id <= 5; id++)
            Assert.Equal(id, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        await peer.ExpectAsync(PduType.AReleaseRP);
    }

    [Fact]
    public async Task More_answers_than_are_kept_leave_in_several_writes_in_order()
    {
        var writes = new WriteCount();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { Observer = writes });
        using RawPeer peer = await AssociateAsync(server.Port);
        await peer.SendAsync(Stores(1, 100));
        for (ushort id = 1; id <= 100; id++)
            Assert.Equal(id, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        Assert.InRange(writes.OfPData, 2, 50);
    }

    [Fact]
    public async Task Without_a_window_each_answer_leaves_by_itself()
    {
        var writes = new WriteCount();
        ApplicationEntity entity = new ApplicationEntity("TEST").WithStorage();
        entity.OnStore((_, _) => ValueTask.FromResult(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0, new DicomServerOptions { Observer = writes });
        using RawPeer peer = await RawPeer.AssociateAsync(server.Port);
        await peer.SendAsync(Stores(1, 4));
        for (ushort id = 1; id <= 4; id++)
            Assert.Equal(id, (await peer.ReadCommandAsync()).MessageIdBeingRespondedTo);
        Assert.Equal(4, writes.OfPData);
    }

    private static async Task<RawPeer> AssociateAsync(int port)
    {
        RawPeer peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync(Negotiation.BuildRequest(
            AETitle.Parse("TEST"),
            AETitle.Parse("RAW"),
            [new PresentationContext(SopClasses.Verification, [TransferSyntax.ImplicitVRLittleEndian.Uid]), new PresentationContext(SopClasses.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian.Uid])],
            new UserInformation { MaximumLength = 16_384, ImplementationClassUid = new DicomUid("1.2.3"), AsynchronousOperationsWindow = new AsynchronousOperationsWindow(16, 1) }));
        Assert.Equal(new AsynchronousOperationsWindow(16, 1), (await peer.ReadAssociateAsync(PduType.AAssociateAC)).UserInformation.AsynchronousOperationsWindow);
        return peer;
    }

    private static byte[] Stores(ushort first, int count) =>
    [
        .. Enumerable.Range(first, count).SelectMany(id => (IEnumerable<byte>)
        [
            .. RawMessages.Of(3, new CStoreRequest { MessageId = (ushort)id, AffectedSopClassUid = SopClasses.CTImageStorage, AffectedSopInstanceUid = new DicomUid($"1.2.{id}") }),
            .. RawMessages.Data(3, new byte[64]),
        ]),
    ];

    private sealed class WriteCount : AssociationObserver
    {
        private int _ofPData;

        public int OfPData => Volatile.Read(ref _ofPData);

        public override void DataSent(ObservedAssociation at, ReadOnlySpan<byte> bytes)
        {
            if (bytes[0] == (byte)PduType.PDataTF)
                Interlocked.Increment(ref _ofPData);
        }
    }
}
