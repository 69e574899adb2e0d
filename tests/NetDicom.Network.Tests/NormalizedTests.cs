using NetDicom.Network.Tests.Support;
using NetDicom.Protocol;

namespace NetDicom.Network.Tests;

/// <summary>The DIMSE-N services (PS3.7 section 10.1) in both roles.</summary>
public class NormalizedTests
{
    private static readonly DicomUid s_mpps = SopClasses.ModalityPerformedProcedureStep;
    private static readonly DicomUid s_instance = new("1.2.3.4");

    [Fact]
    public async Task Each_service_brings_its_elements_to_the_handler_and_back()
    {
        var seen = new List<string>();
        ApplicationEntity entity = Queries.Scp(s_mpps);
        entity.OnNCreate((request, _) =>
        {
            seen.Add($"create {request.AffectedSopClassUid == s_mpps} {request.AffectedSopInstanceUid.IsNone} {request.AttributeList!.GetString(DicomTags.PatientID)}");
            return ValueTask.FromResult(new NResponse { AffectedSopInstanceUid = s_instance, DataSet = Queries.Match(1) });
        });
        entity.OnNGet((request, _) =>
        {
            seen.Add($"get {request.RequestedSopInstanceUid} {string.Join(' ', request.AttributeIdentifierList)}");
            return ValueTask.FromResult(new NResponse { DataSet = Queries.Match(2), Status = new DimseStatus(0x0107), AttributeIdentifierList = [DicomTags.PatientName] });
        });
        entity.OnNSet((request, _) =>
        {
            seen.Add($"set {request.RequestedSopInstanceUid} {request.ModificationList.GetString(DicomTags.PatientID)}");
            return ValueTask.FromResult(new NResponse { Status = DimseStatus.ProcessingFailure, ErrorId = 0xA710, ErrorComment = "over" });
        });
        entity.OnNAction((request, _) =>
        {
            seen.Add($"action {request.ActionTypeId} {request.ActionInformation is null}");
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        entity.OnNDelete((request, _) =>
        {
            seen.Add($"delete {request.RequestedSopClassUid == s_mpps} {request.RequestedSopInstanceUid}");
            throw new DimseStatusException(DimseStatus.NoSuchSopInstance);
        });
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(s_mpps).AssociateAsync("127.0.0.1", server.Port);
        NResponse created = await association.NCreateAsync(s_mpps, default, Queries.Match(7));
        Assert.Equal((DimseStatus.Success, s_instance, "P1"), (created.Status, created.AffectedSopInstanceUid, created.DataSet!.GetString(DicomTags.PatientID)));
        NResponse got = (await association.NGetAsync(s_mpps, s_instance, [DicomTags.PatientID, DicomTags.PatientName])).EnsureSuccess();
        Assert.Equal((0x0107, "P2"), (got.Status.Code, got.DataSet!.GetString(DicomTags.PatientID)));
        Assert.Equal([DicomTags.PatientName], got.AttributeIdentifierList);
        NResponse set = await association.NSetAsync(s_mpps, s_instance, Queries.Match(8));
        Assert.Equal((0x0110, (ushort?)0xA710, "over"), (set.Status.Code, set.ErrorId, set.ErrorComment));
        Assert.Throws<DimseStatusException>(() => set.EnsureSuccess());
        NResponse acted = await association.NActionAsync(s_mpps, s_instance, 3);
        Assert.Equal((DimseStatus.Success, (ushort?)3, s_instance), (acted.Status, acted.ActionTypeId, acted.AffectedSopInstanceUid));
        Assert.Equal(DimseStatus.NoSuchSopInstance, (await association.NDeleteAsync(s_mpps, s_instance)).Status);
        Assert.Equal(["create True True P7", "get 1.2.3.4 (0010,0020) (0010,0010)", "set 1.2.3.4 P8", "action 3 True", "delete True 1.2.3.4"], seen);
    }

    [Fact]
    public async Task Events_go_from_the_SCP_to_the_SCU_and_not_the_other_way()
    {
        DicomUid commitment = SopClasses.StorageCommitmentPushModel;
        var reported = new TaskCompletionSource<NResponse>();
        ApplicationEntity entity = Queries.Scp(commitment);
        entity.OnNAction((request, cancellationToken) =>
        {
            _ = ReportAsync(request.Association);
            return ValueTask.FromResult<NResponse>(DimseStatus.Success);
        });
        entity.OnNEventReport((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        ApplicationEntity scu = Queries.Scu(commitment);
        scu.OnNEventReport((request, _) => ValueTask.FromResult(new NResponse
        {
            Status = request.EventTypeId == 2 && request.AffectedSopInstanceUid == s_instance ? DimseStatus.Success : DimseStatus.NoSuchEventType,
            DataSet = request.EventInformation,
        }));
        await using Association association = await scu.AssociateAsync("127.0.0.1", server.Port);
        (await association.NActionAsync(commitment, s_instance, 1, Queries.Match(1))).EnsureSuccess();
        NResponse response = await reported.Task.WaitAsync(RawPeer.Patience);
        Assert.Equal((DimseStatus.Success, (ushort?)2, "P9"), (response.Status, response.EventTypeId, response.DataSet!.GetString(DicomTags.PatientID)));
        await Assert.ThrowsAsync<NoPresentationContextException>(() => association.NEventReportAsync(commitment, s_instance, 1));
        // A peer that sends one all the same.
        using RawPeer peer = await Queries.ConnectAsync(server, commitment);
        await peer.SendAsync(1, new NEventReportRequest { MessageId = 1, AffectedSopClassUid = commitment, AffectedSopInstanceUid = s_instance, EventTypeId = 1 });
        Assert.Equal(DimseStatus.NoSuchSopClass, (await peer.ReadMessageAsync()).Command.Status);

        async Task ReportAsync(Association back)
        {
            try
            {
                reported.SetResult(await back.NEventReportAsync(commitment, s_instance, 2, Queries.Match(9)));
            }
            catch (Exception error)
            {
                reported.SetException(error);
            }
        }
    }

    [Fact]
    public async Task A_UPS_message_names_UPS_Push_on_a_context_of_any_UPS_class_and_a_film_box_goes_on_the_meta_class()
    {
        DicomUid push = SopClasses.UnifiedProcedureStepPush, pull = SopClasses.UnifiedProcedureStepPull, watch = SopClasses.UnifiedProcedureStepWatch;
        DicomUid meta = SopClasses.BasicGrayscalePrintManagementMeta;
        ApplicationEntity entity = Queries.Scp(pull, watch, meta);
        entity.OnNGet((request, _) => ValueTask.FromResult(new NResponse { ErrorComment = Uids.NameOf(request.Context.AbstractSyntax), Status = new DimseStatus(0x0001) }));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Association association = await Queries.Scu(pull, watch, meta).AssociateAsync("127.0.0.1", server.Port);
        Assert.Equal(Uids.NameOf(pull), (await association.NGetAsync(push, s_instance)).ErrorComment);
        Assert.Equal(Uids.NameOf(watch), (await association.NGetAsync(push, s_instance, null, new NServiceOptions { AbstractSyntax = watch })).ErrorComment);
        Assert.Equal(Uids.NameOf(meta), (await association.NGetAsync(SopClasses.Printer, s_instance)).ErrorComment);
        await Assert.ThrowsAsync<NoPresentationContextException>(() => association.NGetAsync(SopClasses.BasicColorImageBox, s_instance));
        Assert.Equal(DimseStatus.NoSuchSopClass, (await association.NGetAsync(SopClasses.BasicColorImageBox, s_instance, null, new NServiceOptions { AbstractSyntax = meta })).Status);
    }

    [Theory]
    [InlineData(0x0211, "no handler for the service")]
    [InlineData(0x0118, "another class")]
    [InlineData(0x0117, "not a UID")]
    [InlineData(0x0213, "too long")]
    [InlineData(0x0110, "throws")]
    [InlineData(0x0110, "no instance")]
    public async Task A_request_that_cannot_be_served_gets_the_right_status_and_the_association_lives(int status, string why)
    {
        ApplicationEntity entity = Queries.Scp(s_mpps);
        entity.ServiceOptions = new ServiceOptions { MaxDataSetLength = 100 };
        if (why == "another class")
            entity.OnNCreate(SopClasses.Printer, (_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        else if (why == "throws")
            entity.OnNCreate((_, _) => throw new InvalidOperationException("secret"));
        else if (why != "no handler for the service")
            entity.OnNCreate((_, _) => ValueTask.FromResult<NResponse>(DimseStatus.Success));
        await using DicomServer server = await entity.StartServerAsync(0);
        using RawPeer peer = await Queries.ConnectAsync(server, s_mpps, SopClasses.Verification);
        var values = new Dictionary<string, object> { ["AffectedSOPClassUID"] = s_mpps.ToString(), ["MessageID"] = (ushort)5 };
        if (why != "no instance")
            values["AffectedSOPInstanceUID"] = why == "not a UID" ? "../etc" : "1.2.3.4";
        byte[] dataSet = why == "too long" ? new byte[102] : Queries.Match(1).Bytes();
        await peer.SendAsync([.. RawCommand.Pdu(1, "N-CREATE-RQ", values, hasDataSet: true), .. RawMessages.Data(1, dataSet)]);
        CommandSet response = (await peer.ReadMessageAsync()).Command;
        Assert.Equal((5, status), (response.MessageIdBeingRespondedTo, response.Status.Code));
        await peer.SendAsync(3, new CEchoRequest { MessageId = 6, AffectedSopClassUid = SopClasses.Verification });
        Assert.Equal(DimseStatus.Success, (await peer.ReadMessageAsync()).Command.Status);
    }

    [Fact]
    public async Task A_response_that_names_another_instance_is_a_violation()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(s_mpps));
        using (peer)
        {
            Task<NResponse> getting = association.NGetAsync(s_mpps, s_instance);
            CommandSet request = (await peer.ReadMessageAsync()).Command;
            await peer.SendAsync(1, new NGetResponse { MessageIdBeingRespondedTo = request.MessageId, AffectedSopInstanceUid = new DicomUid("1.2.3.5") });
            await peer.ExpectAbortAsync();
            Assert.Equal(AssociationEndKind.ProtocolViolation, (await Assert.ThrowsAsync<AssociationEndedException>(() => getting.WaitAsync(RawPeer.Patience))).End.Kind);
        }
    }

    [Fact]
    public async Task A_cancelled_call_gives_up_waiting_and_keeps_its_place_until_the_answer()
    {
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(s_mpps));
        using (peer)
        using (var cancel = new CancellationTokenSource())
        {
            Task<NResponse> getting = association.NGetAsync(s_mpps, s_instance, null, null, cancel.Token);
            CommandSet first = (await peer.ReadMessageAsync()).Command;
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting.WaitAsync(RawPeer.Patience));
            Task<NResponse> next = association.NDeleteAsync(s_mpps, s_instance);
            Assert.False(peer.HasMore);
            await peer.SendAsync(1, new NGetResponse { MessageIdBeingRespondedTo = first.MessageId });
            CommandSet second = (await peer.ReadMessageAsync()).Command;
            Assert.Equal(CommandField.NDeleteRequest, second.Command);
            await peer.SendAsync(1, new NDeleteResponse { MessageIdBeingRespondedTo = second.MessageId });
            Assert.Equal(DimseStatus.Success, (await next.WaitAsync(RawPeer.Patience)).Status);
            await association.AbortAsync();
        }
    }

    [Fact]
    public async Task A_call_has_a_time_limit_of_its_own()
    {
        var clock = new NetDicom.TestSupport.FakeTimeProvider();
        (Association association, RawPeer peer) = await RawPeer.AnswerAsync(Queries.Scu(s_mpps), new AssociationOptions { TimeProvider = clock });
        using (peer)
        {
            Task<NResponse> getting = association.NGetAsync(s_mpps, s_instance, null, new NServiceOptions { ResponseTimeout = TimeSpan.FromSeconds(300) });
            await peer.ReadMessageAsync();
            await clock.WhenTimerWithin(TimeSpan.FromSeconds(301)).WaitAsync(RawPeer.Patience);
            clock.Advance(TimeSpan.FromSeconds(299));
            Assert.True(association.IsOpen);
            clock.Advance(TimeSpan.FromSeconds(2));
            AssociationEndedException error = await Assert.ThrowsAsync<AssociationEndedException>(() => getting.WaitAsync(RawPeer.Patience));
            Assert.Equal(TimeoutKind.DimseResponse, error.End.Timeout);
        }
    }
}
