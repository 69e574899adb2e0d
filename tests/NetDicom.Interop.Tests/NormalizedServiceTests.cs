using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>The DIMSE-N services with dcmjs-dimse, in both roles.</summary>
public class NormalizedServiceTests
{
    private static readonly DicomUid s_mpps = SopClasses.ModalityPerformedProcedureStep;
    private static readonly DicomUid s_step = new("1.2.826.0.1.5");

    [Fact]
    [Interop("Modality Performed Procedure Step", "SCU", "dcmjs-dimse")]
    [Interop("N-CREATE, N-SET, N-GET, N-ACTION, N-DELETE, N-EVENT-REPORT", "SCU", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_answers_each_of_our_requests()
    {
        await using NodePeer peer = await NodePeer.StartServerAsync("services.cjs");
        var user = new ApplicationEntity("NETDICOM");
        foreach (DicomUid sopClass in (DicomUid[])[s_mpps, SopClasses.ModalityPerformedProcedureStepRetrieve, SopClasses.MediaCreationManagement, SopClasses.BasicFilmSession])
            user.AddRequestedContext(sopClass);
        await using Association association = await user.AssociateAsync("127.0.0.1", int.Parse(peer.Port, CultureInfo.InvariantCulture));
        NResponse created = await association.CreateMppsAsync(s_step, new DicomDataSet().Set(DicomTags.PatientID, "P7"));
        Assert.Equal((DimseStatus.Success, s_step, "NODE"), (created.Status, created.AffectedSopInstanceUid, created.DataSet!.GetString(DicomTags.PerformedStationName)));
        JsonElement create = await peer.EventAsync("NCreate");
        Assert.Equal(("P7", "IN PROGRESS"), (Text(create, "PatientID"), Text(create, "PerformedProcedureStepStatus")));
        Assert.Equal(DimseStatus.Success, (await association.CompleteMppsAsync(s_step, [])).Status);
        Assert.Equal("COMPLETED", Text(await peer.EventAsync("NSet"), "PerformedProcedureStepStatus"));
        NResponse got = await association.GetMppsAsync(s_step, [DicomTags.PatientID]);
        Assert.Equal((DimseStatus.Success, "P1"), (got.Status, got.DataSet!.GetString(DicomTags.PatientID)));
        Assert.Equal(s_step.ToString(), (await peer.EventAsync("NGet")).GetProperty("sopInstance").GetString());
        NResponse acted = await association.NActionAsync(SopClasses.MediaCreationManagement, s_step, 1, new DicomDataSet().Set(DicomTags.NumberOfCopies, 2L));
        Assert.Equal((DimseStatus.Success, (ushort?)1), (acted.Status, acted.ActionTypeId));
        Assert.Equal(1, (await peer.EventAsync("NAction")).GetProperty("type").GetInt32());
        Assert.Equal(DimseStatus.Success, (await association.NDeleteAsync(SopClasses.BasicFilmSession, s_step)).Status);
        Assert.Equal(s_step.ToString(), (await peer.EventAsync("NDelete")).GetProperty("sopInstance").GetString());
        await association.ReleaseAsync();

        static string? Text(JsonElement line, string keyword) => line.GetProperty("data").GetProperty(keyword).GetString();
    }

    [Fact]
    [Interop("Modality Performed Procedure Step", "SCP", "dcmjs-dimse")]
    [Interop("Print Management", "SCP", "dcmjs-dimse")]
    [Interop("N-CREATE, N-SET, N-GET, N-ACTION, N-DELETE, N-EVENT-REPORT", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_gets_from_our_providers_what_the_rules_say()
    {
        var provider = new ApplicationEntity("TEST");
        provider.AddMppsProvider(new MppsStore());
        provider.AddPrintProvider(new PrintQueue(_ => true, "LASER1"));
        await using DicomServer server = await provider.StartServerAsync(0);
        string meta = SopClasses.BasicGrayscalePrintManagementMeta.ToString(), session = "1.2.826.0.1.6";
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { service = "NCreate", sopClass = s_mpps.ToString(), instance = s_step.ToString(), data = new { PerformedProcedureStepStatus = "COMPLETED" } },
            new { service = "NCreate", sopClass = s_mpps.ToString(), instance = s_step.ToString(), data = new { PerformedProcedureStepStatus = "IN PROGRESS", Modality = "CT" } },
            new { service = "NSet", sopClass = s_mpps.ToString(), instance = s_step.ToString(), data = new { PerformedProcedureStepStatus = "COMPLETED" } },
            new { service = "NGet", sopClass = SopClasses.Printer.ToString(), instance = Uids.PrinterInstance.ToString(), tags = new[] { "PrinterStatus" }, meta },
            new { service = "NCreate", sopClass = SopClasses.BasicFilmSession.ToString(), instance = session, data = new { NumberOfCopies = "1" }, meta },
            new { service = "NAction", sopClass = SopClasses.BasicFilmSession.ToString(), instance = session, type = 1, meta },
            new { service = "NDelete", sopClass = SopClasses.BasicFilmSession.ToString(), instance = session, meta },
            new { service = "NDelete", sopClass = SopClasses.BasicFilmSession.ToString(), instance = session, meta },
        });
        JsonElement[] answers = [.. said.Where(line => line.GetProperty("event").GetString() == "answered")];
        Assert.Equal(
            ["NCreate 0106", "NCreate 0120", "NSet 0112", "NGet 0000", "NCreate 0000", "NAction C600", "NDelete 0000", "NDelete 0112"],
            answers.Select(line => $"{line.GetProperty("service").GetString()} {line.GetProperty("status").GetInt32():X4}"));
        Assert.Equal("NORMAL", answers[3].GetProperty("data").GetProperty("PrinterStatus").GetString());
    }

    [Fact]
    [Interop("Unified Procedure Step", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_changes_the_state_of_a_step_on_the_contexts_of_its_own_making()
    {
        var store = new UpsStore();
        var provider = new ApplicationEntity("TEST");
        await using UpsProvider ups = provider.AddUpsProvider(store);
        await using DicomServer server = await provider.StartServerAsync(0);
        string push = SopClasses.UnifiedProcedureStepPush.ToString(), instance = "1.2.826.0.1.9";
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { service = "NCreate", sopClass = push, instance, data = new { ProcedureStepState = "COMPLETED" } },
            new { service = "NAction", sopClass = push, instance, type = 1, data = new { ProcedureStepState = "IN PROGRESS", TransactionUID = "1.2.826.0.1.10" } },
            new { service = "NAction", sopClass = push, instance = Uids.UPSGlobalSubscriptionInstance.ToString(), type = 3, data = new { ReceivingAE = "DCMJS", DeletionLock = "TRUE" } },
        });
        Assert.Equal(["C309", "C307", "0000"], said.Where(line => line.GetProperty("event").GetString() == "answered").Select(line => line.GetProperty("status").GetInt32().ToString("X4", CultureInfo.InvariantCulture)));
        Assert.Equal(UpsSubscription.WithLock, store.GlobalSubscriptionOf("DCMJS"));
    }

    [Fact]
    [Interop("Unified Procedure Step", "SCU", "dcmjs-dimse")]
    [Interop("Unified Procedure Step", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_is_asked_as_provider_and_told_as_subscriber_on_an_association_of_ours()
    {
        await using NodePeer peer = await NodePeer.StartServerAsync("services.cjs");
        int port = int.Parse(peer.Port, CultureInfo.InvariantCulture);
        var user = new ApplicationEntity("NETDICOM");
        user.AddRequestedContexts(PresentationContexts.UnifiedProcedureStep);
        await using Association association = await user.AssociateAsync("127.0.0.1", port);
        Assert.Equal(DimseStatus.Success, (await association.ChangeUpsStateAsync(s_step, UpsState.InProgress, new DicomUid("1.2.826.0.1.10"))).Status);
        JsonElement action = await peer.EventAsync("NAction");
        Assert.Equal((1, "IN PROGRESS", "1.2.826.0.1.10"),
            (action.GetProperty("type").GetInt32(), action.GetProperty("data").GetProperty("ProcedureStepState").GetString(), action.GetProperty("data").GetProperty("TransactionUID").GetString()));
        await association.ReleaseAsync();

        var lost = new List<DimseStatus?>();
        await using UpsProvider provider = new ApplicationEntity("TEST").AddUpsProvider(new UpsStore(), new UpsProviderOptions
        {
            Resolve = (title, _) => ValueTask.FromResult<EntityAddress?>(title.ToString() == "DCMJS" ? new("127.0.0.1", port) : null),
            OnUndelivered = (_, status) => lost.Add(status),
        });
        Assert.True(provider.Apply(store => store.Subscribe(Uids.UPSGlobalSubscriptionInstance, new DicomDataSet().Set(DicomTags.ReceivingAE, "DCMJS").Set(DicomTags.DeletionLock, "FALSE"))).IsDone);
        provider.ReportStatusChange(isRestarted: false, subscriptionsKept: true, stepsKept: true);
        await provider.WhenEventsSentAsync();
        Assert.Empty(lost);
        JsonElement told = await peer.EventAsync("NEventReport");
        Assert.Equal((4, "GOING DOWN"), (told.GetProperty("type").GetInt32(), told.GetProperty("data").GetProperty("SCPStatus").GetString()));
    }
}
