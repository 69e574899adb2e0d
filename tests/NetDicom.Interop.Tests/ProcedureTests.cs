using System.Collections.Concurrent;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>mppsscu, upsscu and ianscu. No peer for them is at hand, so the server is ours; what they sent is written to files that DCMTK reads and checks.</summary>
public class ProcedureTests
{
    private sealed record Seen(string Operation, DicomUid SopClass, DicomUid Instance, ushort Type, DicomDataSet? DataSet, IReadOnlyList<DicomTag> Tags);

    private static async Task<(DicomServer Server, ConcurrentQueue<Seen> Seen)> ServeAsync(IReadOnlyList<PresentationContext> contexts, Func<Seen, NResponse>? answer = null)
    {
        var seen = new ConcurrentQueue<Seen>();
        var entity = new ApplicationEntity("RIS");
        entity.AddSupportedContexts(contexts);
        entity.OnNCreate((r, _) => Take(new Seen("N-CREATE", r.AffectedSopClassUid, r.AffectedSopInstanceUid, 0, r.AttributeList, [])));
        entity.OnNSet((r, _) => Take(new Seen("N-SET", r.RequestedSopClassUid, r.RequestedSopInstanceUid, 0, r.ModificationList, [])));
        entity.OnNAction((r, _) => Take(new Seen("N-ACTION", r.RequestedSopClassUid, r.RequestedSopInstanceUid, r.ActionTypeId, r.ActionInformation, [])));
        entity.OnNGet((r, _) => Take(new Seen("N-GET", r.RequestedSopClassUid, r.RequestedSopInstanceUid, 0, null, r.AttributeIdentifierList)));
        return (await entity.StartServerAsync(0), seen);

        ValueTask<NResponse> Take(Seen request)
        {
            seen.Enqueue(request);
            return ValueTask.FromResult(answer?.Invoke(request) ?? DimseStatus.Success);
        }
    }

    private static async Task<string> DumpAsync(DicomDataSet set, TemporaryFolder folder)
    {
        string file = folder.File("sent.bin");
        await File.WriteAllBytesAsync(file, set.ToArray(TransferSyntax.ExplicitVRLittleEndian));
        Ended dump = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), ["-f", "-te", file]);
        Assert.True(dump.ExitCode == 0 && !dump.Error.Contains("E:", StringComparison.Ordinal), dump.ToString());
        return dump.Output;
    }

    [Fact]
    public async Task A_step_that_is_broken_off_before_there_is_an_object_is_ended_at_a_strict_peer_and_series_it_has_are_kept()
    {
        var entity = new ApplicationEntity("RIS");
        var steps = new MppsStore();
        entity.AddMppsProvider(steps);
        await using DicomServer server = await entity.StartServerAsync(0);
        await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "create", "1.2.3", "-k", "Modality=CT");
        Lines ended = await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "discontinue", "1.2.3");
        Assert.Equal("0000", Assert.Single(ended.Of("response")).GetProperty("status").GetString());

        await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "create", "1.2.4", "-k", "Modality=CT");
        string[] series = ["ProtocolName=HEAD", "SeriesInstanceUID=1.2.4.1", "RetrieveAETitle", "SeriesDescription", "PerformingPhysicianName", "OperatorsName", "ReferencedImageSequence=", "ReferencedNonImageCompositeSOPInstanceSequence="];
        await Lines.RunAsync(0, "mppsscu", ["127.0.0.1", $"{server.Port}", "set", "1.2.4", .. series.SelectMany(key => (string[])["-k", $"PerformedSeriesSequence[0].{key}"])]);
        await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "discontinue", "1.2.4");
        Assert.Equal("1.2.4.1", steps.Get(new DicomUid("1.2.4"), []).Attributes!.GetString("PerformedSeriesSequence[0].SeriesInstanceUID"));
    }

    [Fact]
    public async Task A_performed_procedure_step_is_created_and_completed_with_the_objects_of_files()
    {
        (DicomServer server, ConcurrentQueue<Seen> seen) = await ServeAsync(PresentationContexts.ProcedureStep);
        await using DicomServer _ = server;
        using var folder = new TemporaryFolder();
        Lines created = await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "create", "-k", "Modality=CT", "-k", "PatientID=1CT1", "-k", "PatientName=Müller^Änne");
        Assert.True(seen.TryDequeue(out Seen? create));
        string uid = Assert.Single(created.Of("response")).GetProperty("sopInstanceUid").GetString()!;
        Assert.Equal(("N-CREATE", SopClasses.ModalityPerformedProcedureStep, uid), (create.Operation, create.SopClass, create.Instance.ToString()));
        string dump = await DumpAsync(create.DataSet!, folder);
        Assert.Contains("[IN PROGRESS]", dump, StringComparison.Ordinal);
        Assert.Contains("[ISO_IR 192]", dump, StringComparison.Ordinal);
        Assert.Contains("PerformedSeriesSequence", dump, StringComparison.Ordinal);

        await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "complete", uid, RealFiles.CtSmall, RealFiles.MrSmall);
        Assert.True(seen.TryDequeue(out Seen? set));
        Assert.Equal(("N-SET", uid), (set.Operation, set.Instance.ToString()));
        dump = await DumpAsync(set.DataSet!, folder);
        Assert.Contains("[COMPLETED]", dump, StringComparison.Ordinal);
        Assert.Contains("=CTImageStorage", dump, StringComparison.Ordinal);
        Assert.Contains("=MRImageStorage", dump, StringComparison.Ordinal);
        Assert.Equal(2, set.DataSet!.GetSequence(DicomTags.PerformedSeriesSequence)!.Count);

        await Lines.RunAsync(0, "mppsscu", "127.0.0.1", $"{server.Port}", "discontinue", uid);
        Assert.True(seen.TryDequeue(out Seen? discontinued));
        Assert.Equal("DISCONTINUED", discontinued.DataSet!.GetString(DicomTags.PerformedProcedureStepStatus));
    }

    [Fact]
    public async Task A_refused_step_is_4_with_what_the_peer_says()
    {
        (DicomServer server, _) = await ServeAsync(PresentationContexts.ProcedureStep, _ => new NResponse { Status = DimseStatus.MissingAttributeValue, ErrorComment = "no patient" });
        await using DicomServer running = server;
        Lines lines = await Lines.RunAsync(4, "mppsscu", "127.0.0.1", $"{server.Port}", "create", "-k", "Modality=CT");
        Assert.Contains("0x0121", Assert.Single(lines.Ended.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("no patient", lines.Ended.Error, StringComparison.Ordinal);
        Assert.Equal("0121", Assert.Single(lines.Of("response")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_unified_procedure_step_goes_from_creation_to_its_end()
    {
        // A manager that offers only one class a time: the class of the messages is Push in any case.
        (DicomServer server, ConcurrentQueue<Seen> seen) = await ServeAsync(PresentationContexts.UnifiedProcedureStep,
            request => request.Operation == "N-GET" ? new NResponse { DataSet = new DicomDataSet { { DicomTags.ProcedureStepState, "SCHEDULED" } } } : DimseStatus.Success);
        await using DicomServer _ = server;
        string[] address = ["127.0.0.1", $"{server.Port}"];
        Lines created = await Lines.RunAsync(0, "upsscu", [.. address, "create", "-k", "ProcedureStepLabel=Segment"]);
        string uid = created.Of("response")[0].GetProperty("sopInstanceUid").GetString()!;
        Lines got = await Lines.RunAsync(0, "upsscu", [.. address, "get", uid, "-k", "ProcedureStepState"]);
        Assert.Equal("SCHEDULED", Lines.Value(got.Of("response")[0], "00741000"));
        Lines claimed = await Lines.RunAsync(0, "upsscu", [.. address, "claim", uid]);
        string transaction = Assert.Single(claimed.Of("value")).GetProperty("value").GetString()!;
        await Lines.RunAsync(0, "upsscu", [.. address, "set", uid, "--transaction", transaction, "-k", "WorklistLabel=A"]);
        await Lines.RunAsync(0, "upsscu", [.. address, "complete", uid, "--transaction", transaction]);
        await Lines.RunAsync(0, "upsscu", [.. address, "cancel", uid, "--reason", "not needed"]);
        await Lines.RunAsync(0, "upsscu", [.. address, "subscribe", "--deletion-lock"]);
        await Lines.RunAsync(0, "upsscu", [.. address, "unsubscribe"]);

        Seen[] all = [.. seen];
        Assert.All(all, s => Assert.Equal(SopClasses.UnifiedProcedureStepPush, s.SopClass));
        Assert.Equal(["N-CREATE 0", "N-GET 0", "N-ACTION 1", "N-SET 0", "N-ACTION 1", "N-ACTION 2", "N-ACTION 3", "N-ACTION 4"], all.Select(s => $"{s.Operation} {s.Type}"));
        Assert.Equal([DicomTags.ProcedureStepState], all[1].Tags);
        Assert.Equal(("IN PROGRESS", transaction), (all[2].DataSet!.GetString(DicomTags.ProcedureStepState), all[2].DataSet!.GetString(DicomTags.TransactionUID)));
        Assert.Equal(transaction, all[3].DataSet!.GetString(DicomTags.TransactionUID));
        Assert.Equal("COMPLETED", all[4].DataSet!.GetString(DicomTags.ProcedureStepState));
        Assert.Equal("not needed", all[5].DataSet!.GetString(DicomTags.ReasonForCancellation));
        Assert.Equal((Uids.UPSGlobalSubscriptionInstance, "UPSSCU", "TRUE"), (all[6].Instance, all[6].DataSet!.GetString(DicomTags.ReceivingAE), all[6].DataSet!.GetString(DicomTags.DeletionLock)));
    }

    [Fact]
    public async Task Watch_subscribes_takes_events_on_an_association_of_the_managers_and_unsubscribes()
    {
        int port = Ports.Free();
        (DicomServer server, ConcurrentQueue<Seen> seen) = await ServeAsync(PresentationContexts.UnifiedProcedureStep);
        await using DicomServer _ = server;
        await using ChildProcess watch = NetDicomProgram.Start("upsscu", "--json", "-v", "127.0.0.1", $"{server.Port}", "watch", "--report-port", $"{port}", "--events", "1");
        // Its association for the subscription is over when it says so.
        await watch.WaitForLineAsync("Association Released");
        DicomUid step = DicomUid.Generate();
        var manager = new ApplicationEntity("MANAGER");
        var roles = PresentationContexts.WithRoles([new PresentationContext(SopClasses.UnifiedProcedureStepEvent, [TransferSyntax.ExplicitVRLittleEndian.Uid])], scu: false, scp: true);
        await using (Association association = await manager.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "UPSSCU", RequestedContexts = roles }))
        {
            NResponse answer = await association.NEventReportAsync(SopClasses.UnifiedProcedureStepPush, step, 1,
                new DicomDataSet { { DicomTags.ProcedureStepState, "COMPLETED" }, { DicomTags.InputReadinessState, "READY" } }, new NServiceOptions { AbstractSyntax = SopClasses.UnifiedProcedureStepEvent });
            Assert.Equal(DimseStatus.Success, answer.Status);
            // It has what it was to wait for, and has unsubscribed: the manager may still release.
            await watch.WaitForLinesAsync("Association Released", 2);
            await association.ReleaseAsync();
        }

        Lines lines = Lines.Read(await watch.EndAsync());
        Assert.Equal(0, lines.Ended.ExitCode);
        Assert.Equal(("state-report", step.ToString()), (lines.Of("event")[0].GetProperty("event").GetString(), lines.Of("event")[0].GetProperty("sopInstanceUid").GetString()));
        Assert.Equal([3, 4], seen.Select(s => (int)s.Type));
    }

    [Fact]
    public async Task A_signal_ends_watching_and_the_subscription()
    {
        (DicomServer server, ConcurrentQueue<Seen> seen) = await ServeAsync(PresentationContexts.UnifiedProcedureStep);
        await using DicomServer _ = server;
        await using ChildProcess watch = NetDicomProgram.Start("upsscu", "-v", "127.0.0.1", $"{server.Port}", "watch", "1.2.3", "--report-port", $"{Ports.Free()}");
        await watch.WaitForLineAsync("Association Released");
        watch.Signal(Signals.Interrupt);
        Assert.Equal(130, (await watch.EndAsync()).ExitCode);
        Assert.Equal([("1.2.3", 3), ("1.2.3", 4)], seen.Select(s => (s.Instance.ToString(), (int)s.Type)));
    }

    [Fact]
    public async Task An_availability_notification_is_sent_for_each_study()
    {
        (DicomServer server, ConcurrentQueue<Seen> seen) = await ServeAsync(PresentationContexts.InstanceAvailability);
        await using DicomServer _ = server;
        using var folder = new TemporaryFolder();
        await Lines.RunAsync(0, "ianscu", "127.0.0.1", $"{server.Port}", RealFiles.CtSmall, RealFiles.MrSmall, "--availability", "NEARLINE", "--retrieve-aet", "ARCHIVE", "--mpps", "1.2.3");
        Assert.Equal(2, seen.Count);
        foreach (Seen notification in seen)
        {
            string dump = await DumpAsync(notification.DataSet!, folder);
            Assert.Contains("[NEARLINE]", dump, StringComparison.Ordinal);
            Assert.Contains("[ARCHIVE]", dump, StringComparison.Ordinal);
            Assert.Contains("=ModalityPerformedProcedureStep", dump, StringComparison.Ordinal);
        }
    }
}
