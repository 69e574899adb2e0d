using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>The smaller normalized services with dcmjs-dimse, in both roles.</summary>
public class NormalizedProviderTests
{
    private const string Media = "1.2.826.0.1.21", Machine = "1.2.826.0.1.22";

    private static readonly DicomUid s_conventional = SopClasses.RTConventionalMachineVerification;
    private static readonly SopReference s_image = new(SopClasses.CTImageStorage, new DicomUid("1.2.826.0.1.20"));

    [Fact]
    [Interop("Media Creation", "SCP", "dcmjs-dimse")]
    [Interop("RT Machine Verification", "SCP", "dcmjs-dimse")]
    [Interop("Application Event Logging", "SCP", "dcmjs-dimse")]
    [Interop("Display System", "SCP", "dcmjs-dimse")]
    [Interop("Storage Management", "SCP", "dcmjs-dimse")]
    [Interop("Instance Availability Notification", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_gets_the_statuses_of_the_standard_from_each_provider()
    {
        var media = new MediaCreationStore();
        var log = new ProceduralEventLog();
        log.Begin(new CurrentProcedure(new DicomUid("1.2.826.0.1.30")) { PatientId = "P1" });
        var substances = new SubstanceAdministrationLog((patient, _) => patient == "P1", _ => true);
        var provider = new ApplicationEntity("TEST");
        provider.AddMediaCreationProvider(media);
        provider.AddMachineVerificationProvider(new MachineVerificationStore(
            uid => uid == s_image.SopInstanceUid ? new MachineVerificationPlan(new Dictionary<int, IReadOnlyList<int>> { [1] = [1] }) : null, (_, _) => ValueTask.FromResult(MachineVerificationOutcome.Verified)));
        provider.AddProceduralEventLoggingProvider(log);
        provider.AddSubstanceAdministrationLoggingProvider(substances);
        provider.AddDisplaySystemProvider(_ => ValueTask.FromResult(new DicomDataSet().Set(DicomTags.Manufacturer, "MAKER")));
        await using InventoryCreationProvider inventory = provider.AddInventoryCreationProvider((_, _) => throw new InvalidOperationException("no inventory was to be made"));
        provider.AddInstanceAvailabilityProvider(new InstanceAvailabilityStore());
        await using DicomServer server = await provider.StartServerAsync(0);
        string mediaClass = SopClasses.MediaCreationManagement.ToString(), machineClass = s_conventional.ToString(), events = SopClasses.ProceduralEventLogging.ToString(),
            substance = SopClasses.SubstanceAdministrationLogging.ToString(), display = SopClasses.DisplaySystem.ToString(), inventoryClass = SopClasses.InventoryCreation.ToString(),
            eventLog = Uids.ProceduralEventLoggingInstance.ToString(), storage = Uids.StorageManagementInstance.ToString();
        object reference = new { ReferencedSOPClassUID = s_image.SopClassUid.ToString(), ReferencedSOPInstanceUID = s_image.SopInstanceUid.ToString() };
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { service = "NCreate", sopClass = mediaClass, instance = Media, data = new { BarcodeValue = "1" } },
            new { service = "NCreate", sopClass = mediaClass, instance = Media, data = new { ReferencedSOPSequence = new[] { reference } } },
            new { service = "NAction", sopClass = mediaClass, instance = Media, type = 1, data = new { NumberOfCopies = 2 } },
            new { service = "NAction", sopClass = mediaClass, instance = Media, type = 1, data = new { NumberOfCopies = 2 } },
            new { service = "NGet", sopClass = mediaClass, instance = Media, tags = new[] { "ExecutionStatus" } },
            new { service = "NCreate", sopClass = machineClass, instance = Machine, data = new { PatientID = "P1", ReferencedRTPlanSequence = new[] { reference } } },
            new { service = "NGet", sopClass = machineClass, instance = Machine, tags = new[] { "TreatmentVerificationStatus" } },
            new { service = "NAction", sopClass = machineClass, instance = Machine, type = 1 },
            new { service = "NDelete", sopClass = machineClass, instance = Machine },
            new { service = "NAction", sopClass = events, instance = eventLog, type = 1, data = new { PatientID = "P1" } },
            new { service = "NAction", sopClass = events, instance = eventLog, type = 2, data = new { PatientID = "P1" } },
            new { service = "NAction", sopClass = substance, instance = Uids.SubstanceAdministrationLoggingInstance.ToString(), type = 1, data = new { PatientName = "A^B" } },
            new
            {
                service = "NAction", sopClass = substance, instance = Uids.SubstanceAdministrationLoggingInstance.ToString(), type = 1,
                data = new { PatientID = "P1", ProductName = "GADOX", OperatorIdentificationSequence = new[] { new { InstitutionName = "CLINIC" } } },
            },
            new { service = "NGet", sopClass = display, instance = Uids.DisplaySystemInstance.ToString(), tags = new[] { "Manufacturer" } },
            new { service = "NGet", sopClass = display, instance = Media, tags = new[] { "Manufacturer" } },
            new { service = "NAction", sopClass = inventoryClass, instance = storage, type = 14, data = new { TransactionUID = "1.2.826.0.1.40" } },
            new { service = "NAction", sopClass = inventoryClass, instance = storage, type = 11, data = new { TransactionUID = "1.2.826.0.1.40" } },
            new { service = "NCreate", sopClass = SopClasses.InstanceAvailabilityNotification.ToString(), instance = Media, data = new { StudyInstanceUID = "1.2.826.0.1.30" } },
        });
        JsonElement[] answers = [.. said.Where(line => line.GetProperty("event").GetString() == "answered")];
        Assert.Equal(
            [
                "NCreate 0120", "NCreate 0000", "NAction 0000", "NAction A510", "NGet 0000", "NCreate 0120", "NGet C112", "NAction C112", "NDelete 0112", "NAction 0114", "NAction 0123",
                "NAction C110", "NAction 0000", "NGet 0000", "NGet 0112", "NAction 0115", "NAction 0114", "NCreate 0120",
            ],
            answers.Select(line => $"{line.GetProperty("service").GetString()} {line.GetProperty("status").GetInt32():X4}"));
        Assert.Equal("PENDING", answers[4].GetProperty("data").GetProperty("ExecutionStatus").GetString());
        Assert.Equal("MAKER", answers[13].GetProperty("data").GetProperty("Manufacturer").GetString());
        Assert.Equal("2", media.Find(new DicomUid(Media))!.GetString(DicomTags.NumberOfCopies));
        Assert.Equal("GADOX", Assert.Single(substances.Entries).GetString(DicomTags.ProductName));
    }

    [Fact]
    [Interop("Media Creation", "SCU", "dcmjs-dimse")]
    [Interop("RT Machine Verification", "SCU", "dcmjs-dimse")]
    [Interop("Application Event Logging", "SCU", "dcmjs-dimse")]
    [Interop("Display System", "SCU", "dcmjs-dimse")]
    [Interop("Storage Management", "SCU", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_understands_what_a_user_of_each_service_sends()
    {
        await using NodePeer peer = await NodePeer.StartServerAsync("services.cjs");
        var user = new ApplicationEntity("NETDICOM");
        foreach (DicomUid sopClass in (DicomUid[])[
            SopClasses.MediaCreationManagement, s_conventional, SopClasses.ProceduralEventLogging, SopClasses.SubstanceAdministrationLogging, SopClasses.DisplaySystem, SopClasses.InventoryCreation])
            user.AddRequestedContext(sopClass);
        await using Association association = await user.AssociateAsync("127.0.0.1", int.Parse(peer.Port, CultureInfo.InvariantCulture));
        DicomUid media = new(Media), machine = new(Machine), transaction = new("1.2.826.0.1.40");

        Assert.Equal(DimseStatus.Success, (await association.CreateMediaRequestAsync(media, MediaCreationOperations.MediaRequest([s_image], "STD-GEN-CD"))).Status);
        JsonElement item = Data(await SeenAsync("NCreate", media)).GetProperty("ReferencedSOPSequence")[0];
        Assert.Equal((s_image.SopInstanceUid.ToString(), "STD-GEN-CD"), (item.GetProperty("ReferencedSOPInstanceUID").GetString(), item.GetProperty("RequestedMediaApplicationProfile").GetString()));
        Assert.Equal(DimseStatus.Success, (await association.InitiateMediaCreationAsync(media, 3, "HIGH")).Status);
        JsonElement action = await SeenAsync("NAction", media);
        Assert.Equal((1, "HIGH"), (action.GetProperty("type").GetInt32(), Data(action).GetProperty("RequestPriority").GetString()));
        Assert.Equal(DimseStatus.Success, (await association.CancelMediaCreationAsync(transaction)).Status);
        Assert.Equal(2, (await SeenAsync("NAction", transaction)).GetProperty("type").GetInt32());

        Assert.Equal(DimseStatus.Success, (await association.CreateMachineVerificationAsync(
            s_conventional, machine, MachineVerificationOperations.NewMachineVerification(s_conventional, s_image, "P1", 1))).Status);
        Assert.Equal("P1", Data(await SeenAsync("NCreate", machine)).GetProperty("PatientID").GetString());
        Assert.Equal(DimseStatus.Success, (await association.RequestBeamVerificationAsync(s_conventional, machine)).Status);
        Assert.Equal(1, (await SeenAsync("NAction", machine)).GetProperty("type").GetInt32());
        Assert.Equal(DimseStatus.Success, (await association.DeleteMachineVerificationAsync(s_conventional, machine)).Status);
        await SeenAsync("NDelete", machine);

        Assert.Equal(DimseStatus.Success, (await association.LogProceduralEventAsync(new DicomDataSet().Set(DicomTags.PatientID, "P1"))).Status);
        JsonElement logged = await SeenAsync("NAction", Uids.ProceduralEventLoggingInstance);
        Assert.Equal((1, "P1"), (logged.GetProperty("type").GetInt32(), Data(logged).GetProperty("PatientID").GetString()));
        Assert.Equal(DimseStatus.Success, (await association.LogSubstanceAdministrationAsync(new DicomDataSet().Set(DicomTags.ProductName, "GADOX"))).Status);
        Assert.Equal(1, (await SeenAsync("NAction", Uids.SubstanceAdministrationLoggingInstance)).GetProperty("type").GetInt32());

        Assert.Equal("P1", (await association.GetDisplaySystemAsync([DicomTags.PatientID])).EnsureSuccess().DataSet!.GetString(DicomTags.PatientID));
        await SeenAsync("NGet", Uids.DisplaySystemInstance);

        Assert.Equal(DimseStatus.Success, (await association.InitiateInventoryAsync(new InventoryRequest { TransactionUid = transaction, Level = InventoryLevel.Study })).Status);
        JsonElement initiated = await SeenAsync("NAction", Uids.StorageManagementInstance);
        Assert.Equal((11, transaction.ToString(), "STUDY"),
            (initiated.GetProperty("type").GetInt32(), Data(initiated).GetProperty("TransactionUID").GetString(), Data(initiated).GetProperty("InventoryLevel").GetString()));
        await association.ReleaseAsync();

        static JsonElement Data(JsonElement line) => line.GetProperty("data");

        // The first line about an instance: each is asked about once for each service.
        Task<JsonElement> SeenAsync(string service, DicomUid instance) => peer.EventAsync($"{service}\",\"sopInstance\":\"{instance}");
    }
}
