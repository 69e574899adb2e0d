using System.Buffers.Binary;
using System.Text;
using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>The providers as a peer sees them that is not ours: data sets written by hand, the order of messages, an end in the middle.</summary>
public class ProviderWireTests
{
    private static readonly DicomUid s_push = SopClasses.UnifiedProcedureStepPush;
    private static readonly DicomUid s_commitment = SopClasses.StorageCommitmentPushModel;

    /// <summary>An element in Explicit VR Little Endian (PS3.5 section 7.1.2).</summary>
    private static byte[] Element(ushort group, ushort element, string vr, byte[] value)
    {
        var head = new byte[vr == "SQ" ? 12 : 8];
        BinaryPrimitives.WriteUInt16LittleEndian(head, group);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), element);
        Encoding.ASCII.GetBytes(vr, head.AsSpan(4));
        if (vr == "SQ")
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), value.Length);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(6), (ushort)value.Length);
        return [.. head, .. value];
    }

    private static byte[] Uid(ushort group, ushort element, string uid) => Element(group, element, "UI", Encoding.ASCII.GetBytes(uid.Length % 2 == 0 ? uid : uid + "\0"));

    /// <summary>An item of a sequence (PS3.5 section 7.5).</summary>
    private static byte[] Item(params byte[][] elements)
    {
        byte[] content = [.. elements.SelectMany(bytes => bytes)];
        byte[] head = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), content.Length);
        return [.. head, .. content];
    }

    [Fact]
    public async Task An_event_follows_the_response_it_came_from_on_the_context_of_the_event_class()
    {
        var ups = new DicomUid("1.2.3.4");
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore());
        Assert.True(provider.Apply(store => store.Create(ups, ProviderFacts.NewUps())).IsDone);
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, SopClasses.UnifiedProcedureStepWatch, SopClasses.UnifiedProcedureStepEvent);
        // Deletion Lock (0074,1230), Receiving AE (0074,1234).
        byte[] information = [.. Element(0x0074, 0x1230, "LO", "TRUE"u8.ToArray()), .. Element(0x0074, 0x1234, "AE", "RAW "u8.ToArray())];
        for (ushort id = 1; id <= 20; id++)
        {
            await peer.SendAsync(1, new NActionRequest { MessageId = id, RequestedSopClassUid = s_push, RequestedSopInstanceUid = ups, ActionTypeId = 3, HasDataSet = true }, information);
            CommandSet response = (await peer.ReadMessageAsync()).Command;
            Assert.Equal((CommandField.NActionResponse, id, DimseStatus.Success), (response.Command, response.MessageIdBeingRespondedTo, response.Status));
            (CommandSet report, byte[]? data) = await peer.ReadMessageAsync();
            Assert.Equal((CommandField.NEventReportRequest, s_push, ups, (ushort?)1), (report.Command, report.AffectedSopClassUid, report.AffectedSopInstanceUid, report.EventTypeId));
            // Procedure Step State (0074,1000), then Input Readiness State (0040,4041), which sorts before it.
            byte[] state = Element(0x0074, 0x1000, "CS", "SCHEDULED "u8.ToArray());
            Assert.True(data.AsSpan().EndsWith(state), Convert.ToHexString(data!));
            Assert.Equal([0x40, 0x00, 0x41, 0x40], data![..4]);
            await peer.SendAsync(3, new NEventReportResponse { MessageIdBeingRespondedTo = report.MessageId });
        }
    }

    [Fact]
    public async Task What_waits_for_the_response_waits_until_it_is_sent()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        ApplicationEntity entity = Queries.Scp(s_commitment);
        entity.OnNAction(async (request, _) =>
        {
            handled.SetResult(request.WhenAnswered);
            await gate.Task;
            return DimseStatus.Success;
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, s_commitment);
        await peer.SendAsync(1, new NActionRequest { MessageId = 1, RequestedSopClassUid = s_commitment, RequestedSopInstanceUid = Uids.StorageCommitmentPushModelInstance, ActionTypeId = 1 });
        Task answered = await handled.Task.WaitAsync(RawPeer.Patience);
        Assert.False(answered.IsCompleted || peer.HasMore);
        gate.SetResult();
        Assert.Equal(CommandField.NActionResponse, (await peer.ReadMessageAsync()).Command.Command);
        await answered.WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task A_user_that_releases_instead_of_answering_is_reported_to_on_a_new_association()
    {
        var user = new ApplicationEntity("RAW");
        var reported = new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = new StorageCommitmentClient(user, new StorageCommitmentClientOptions
        {
            OnUnknownReport = (_, result, _) =>
            {
                reported.SetResult(result);
                return ValueTask.FromResult(DimseStatus.Success);
            },
        });
        await using DicomServer receiver = await user.StartServerAsync(0);
        ApplicationEntity entity = Queries.Scp();
        await using StorageCommitmentProvider provider = entity.AddStorageCommitmentProvider(
            (request, _) => ValueTask.FromResult(StorageCommitmentRules.Judge(request, _ => SopClasses.CTImageStorage)),
            new StorageCommitmentProviderOptions { Resolve = (_, _) => ValueTask.FromResult<EntityAddress?>(new("127.0.0.1", receiver.Port)) });
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, s_commitment);
        // Transaction UID (0008,1195) and Referenced SOP Sequence (0008,1199) of one item, as PS3.4 table J.3-1 has them.
        byte[] information =
        [
            .. Uid(0x0008, 0x1195, "1.2.77"),
            .. Element(0x0008, 0x1199, "SQ", Item(Uid(0x0008, 0x1150, SopClasses.CTImageStorage.ToString()), Uid(0x0008, 0x1155, "1.2.3.1"))),
        ];
        await peer.SendAsync(1, new NActionRequest
        {
            MessageId = 7, RequestedSopClassUid = s_commitment, RequestedSopInstanceUid = Uids.StorageCommitmentPushModelInstance, ActionTypeId = 1, HasDataSet = true,
        }, information);
        CommandSet response = (await peer.ReadMessageAsync()).Command;
        Assert.Equal((CommandField.NActionResponse, DimseStatus.Success), (response.Command, response.Status));
        (CommandSet report, byte[]? data) = await peer.ReadMessageAsync();
        Assert.Equal((CommandField.NEventReportRequest, (ushort?)1), (report.Command, report.EventTypeId));
        // The same transaction, and the same item as it was asked for.
        Assert.True(data.AsSpan().IndexOf(Uid(0x0008, 0x1195, "1.2.77")) >= 0 && data.AsSpan().IndexOf(Uid(0x0008, 0x1155, "1.2.3.1")) >= 0, Convert.ToHexString(data!));
        await peer.SendAsync(new AReleaseRQ());
        StorageCommitmentResult result = await reported.Task.WaitAsync(RawPeer.Patience);
        Assert.Equal(("1.2.77", "1.2.3.1"), (result.TransactionUid.ToString(), Assert.Single(result.Committed).SopInstanceUid.ToString()));
        await provider.WhenReportedAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(0, provider.PendingCount);
    }

    [Fact]
    public async Task A_hook_of_the_owner_that_throws_does_not_stop_the_events_after_it()
    {
        int lost = 0;
        using var log = new ListLog();
        ApplicationEntity entity = Queries.Scp();
        await using UpsProvider provider = entity.AddUpsProvider(new UpsStore(), new UpsProviderOptions
        {
            LoggerFactory = log,
            OnUndelivered = (_, _) =>
            {
                lost++;
                throw new InvalidOperationException("hook");
            },
        });
        provider.Apply(store => store.Subscribe(Uids.UPSGlobalSubscriptionInstance, new DicomDataSet().Set(DicomTags.ReceivingAE, "NOBODY").Set(DicomTags.DeletionLock, "FALSE")));
        for (int i = 0; i < 3; i++)
            provider.ReportStatusChange(isRestarted: true, subscriptionsKept: true, stepsKept: true);
        await provider.WhenEventsSentAsync().WaitAsync(RawPeer.Patience);
        Assert.Equal(3, lost);
        Assert.Equal(3, log.Lines.Count(line => line.EndsWith("hook", StringComparison.Ordinal)));
    }
}
