using System.Globalization;
using System.Text.Json;
using NetDicom.Archive;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Hanging protocols, color palettes and implant templates with DCMTK's storescu, and their queries with dcmjs-dimse.</summary>
public class NonPatientServiceTests
{
    private static readonly NonPatientModel[] s_models = [NonPatientModel.HangingProtocol, NonPatientModel.ColorPalette, NonPatientModel.GenericImplantTemplate];

    private static DicomDataSet Object(NonPatientModel model, int number) => new DicomDataSet()
        .Set(DicomTags.SOPClassUID, model.StorageClasses[0]).Set(DicomTags.SOPInstanceUID, $"1.2.826.0.1.{number}")
        .Set(DicomTags.HangingProtocolName, $"CT{number}").Set(DicomTags.ContentLabel, "RED").Set(DicomTags.Manufacturer, "MAKER")
        .Set(DicomTags.HangingProtocolDefinitionSequence, new DicomDataSet().Set(DicomTags.Modality, "CT").Set(DicomTags.Laterality, ""));

    private static ApplicationEntity Provider(NonPatientObjectStore store, int destination = 0)
    {
        var entity = new ApplicationEntity("TEST");
        foreach (NonPatientModel model in s_models)
        {
            entity.AddNonPatientProvider(model, new NonPatientProviderOptions
            {
                Find = (query, _) => store.Find(query.Identifier, model.StorageClasses).ToAsyncEnumerable(),
                Select = (uids, _) => ValueTask.FromResult<RetrieveObjects>(store.Select(uids).Select(one => StorageObject.FromDataSet(one)).ToArray()),
                Destination = (_, _) => ValueTask.FromResult<MoveDestination?>(new MoveDestination("127.0.0.1", destination)),
                Store = (dataSet, _) => ValueTask.FromResult(store.TrySet(dataSet) ? RuleResult.Success : new RuleResult(DimseStatus.OutOfResources)),
            });
        }

        return entity;
    }

    [Fact]
    [Interop("Non-Patient Object Storage", "SCP", "DCMTK")]
    public async Task What_storescu_stores_with_us_is_moved_as_it_was_stored()
    {
        string sender = Peers.Dcmtk("storescu");
        using var folder = new TemporaryFolder();
        // DCMTK's storescp refuses these classes, also with --promiscuous: it knows them, and not as storage.
        var destination = new ApplicationEntity("RECEIVER");
        destination.AddSupportedContexts(PresentationContexts.NonPatientObjectStorage);
        string received = folder.Folder("received");
        destination.OnStore(async (request, cancellationToken) =>
        {
            await request.SaveAsync(Path.Combine(received, $"{request.AffectedSopInstanceUid}.dcm"), cancellationToken: cancellationToken);
            return DimseStatus.Success;
        });
        await using DicomServer receiver = await destination.StartServerAsync(0);
        var store = new NonPatientObjectStore();
        await using DicomServer server = await Provider(store, receiver.Port).StartServerAsync(0);
        var files = new List<string>();
        for (int i = 0; i < s_models.Length; i++)
        {
            files.Add(folder.File($"{i}.dcm"));
            using var file = new DicomFile(Object(s_models[i], i + 1), TransferSyntax.ExplicitVRLittleEndian);
            await file.SaveAsync(files[^1]);
        }

        Ended sent = await ChildProcess.RunAsync(sender, ["-v", "-R", "-aec", "TEST", "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture), .. files], Peers.NoDelay);
        Assert.True(sent.ExitCode == 0 && store.Count == s_models.Length, sent.ToString());
        var user = new ApplicationEntity("USER");
        foreach (NonPatientModel model in s_models)
            user.AddRequestedContext(model.MoveClass);
        await using Association association = await user.AssociateAsync("127.0.0.1", server.Port);
        for (int i = 0; i < s_models.Length; i++)
        {
            RetrieveResult moved = await association.MoveAsync(s_models[i].MoveClass, NonPatientModel.CreateRetrieveIdentifier(new DicomUid($"1.2.826.0.1.{i + 1}")), AETitle.Parse("RECEIVER")).CompleteAsync();
            Assert.Equal((DimseStatus.Success, 1), (moved.Status, (int)moved.Progress.Completed!));
        }

        DicomDataSet[] objects = [.. Directory.GetFiles(received).Select(path => DicomFile.Read(File.ReadAllBytes(path)).DataSet)];
        Assert.Equal(s_models.Length, objects.Length);
        for (int i = 0; i < s_models.Length; i++)
            Assert.True(Assert.Single(objects, one => one.GetUid(DicomTags.SOPClassUID) == s_models[i].StorageClasses[0]).ContentEquals(Object(s_models[i], i + 1)));
    }

    [Fact]
    [Interop("Hanging Protocol Query/Retrieve", "SCP", "dcmjs-dimse")]
    [Interop("Color Palette Query/Retrieve", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_finds_our_hanging_protocols_and_color_palettes()
    {
        var store = new NonPatientObjectStore();
        store.TrySet(Object(NonPatientModel.HangingProtocol, 1));
        store.TrySet(Object(NonPatientModel.HangingProtocol, 2));
        store.TrySet(Object(NonPatientModel.ColorPalette, 3));
        await using DicomServer server = await Provider(store).StartServerAsync(0);
        string hanging = SopClasses.HangingProtocolInformationModelFind.ToString(), palette = SopClasses.ColorPaletteQueryRetrieveInformationModelFind.ToString();
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { sopClass = hanging, data = new { HangingProtocolName = "CT2", SOPInstanceUID = "" } },
            new { sopClass = hanging, data = new { HangingProtocolName = "CT*" } },
            new { sopClass = palette, data = new { ContentLabel = "RED", SOPInstanceUID = "" } },
            new { sopClass = palette, data = new { QueryRetrieveLevel = "IMAGE" } },
        }, "queries.cjs");
        Assert.Equal(
            ["FF00 1.2.826.0.1.2 CT2", "0000", "FF00 CT1", "FF00 CT2", "0000", "FF00 1.2.826.0.1.3", "0000", "A900"],
            said.Where(line => line.GetProperty("event").GetString() == "answered").Select(Text));

        static string Text(JsonElement line)
        {
            JsonElement data = line.GetProperty("data");
            string?[] values = data.ValueKind == JsonValueKind.Object
                ? [.. ((string[])["SOPInstanceUID", "HangingProtocolName"]).Select(name => data.TryGetProperty(name, out JsonElement value) ? value.GetString() : null)] : [];
            return string.Join(' ', [line.GetProperty("status").GetInt32().ToString("X4", CultureInfo.InvariantCulture), .. values.Where(value => value is not null)]);
        }
    }
}
