using System.Globalization;
using System.Text.Json;
using NetDicom.Archive;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Substance queries, inventories, implant templates and the retrieval of objects of no patient, asked for by dcmjs-dimse.</summary>
public class SingleLevelQueryTests
{
    private const string Patient = "P1", Product = "0123";

    [Fact]
    [Interop("Substance Administration Query", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_asks_about_a_product_and_an_approval()
    {
        var catalog = new SubstanceCatalog();
        catalog.AddProduct(new DicomDataSet().Set(DicomTags.ProductPackageIdentifier, Product).Set(DicomTags.ProductName, "GADOX"));
        catalog.AddApproval(new DicomDataSet().Set(DicomTags.PatientID, Patient).Set(DicomTags.ProductPackageIdentifier, Product).Set(DicomTags.SubstanceAdministrationApproval, "APPROVED")
            .Set(DicomTags.AdministrationRouteCodeSequence, new DicomDataSet().Set(DicomTags.CodeValue, "47625008").Set(DicomTags.CodingSchemeDesignator, "SCT").Set(DicomTags.CodeMeaning, "Intravenous route")));
        var entity = new ApplicationEntity("TEST");
        entity.AddProductCharacteristicsProvider(catalog.FindProducts);
        entity.AddSubstanceApprovalProvider(catalog.FindApprovals);
        await using DicomServer server = await entity.StartServerAsync(0);
        string product = SopClasses.ProductCharacteristicsQuery.ToString(), approval = SopClasses.SubstanceApprovalQuery.ToString();
        object[] route = [new { CodeValue = "47625008", CodingSchemeDesignator = "SCT" }];
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { sopClass = product, data = new { ProductPackageIdentifier = Product, ProductName = "" } },
            new { sopClass = product, data = new { ProductPackageIdentifier = "", ProductName = "" } },
            new { sopClass = approval, data = new { PatientID = Patient, ProductPackageIdentifier = Product, AdministrationRouteCodeSequence = route, SubstanceAdministrationApproval = "" } },
            new { sopClass = approval, data = new { PatientID = "P2", ProductPackageIdentifier = Product, AdministrationRouteCodeSequence = route, SubstanceAdministrationApproval = "" } },
        }, "queries.cjs");
        Assert.Equal(["FF00 GADOX", "0000", "A900", "FF00 APPROVED", "0000", "0000"], Answers(said, "ProductName", "SubstanceAdministrationApproval"));
    }

    [Fact]
    [Interop("Inventory Query/Retrieve", "SCP", "dcmjs-dimse")]
    [Interop("Implant Template Query/Retrieve", "SCP", "dcmjs-dimse")]
    [Interop("Hanging Protocol Query/Retrieve", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_finds_objects_of_no_patient_and_has_them_moved()
    {
        NonPatientModel[] models = [NonPatientModel.HangingProtocol, NonPatientModel.GenericImplantTemplate, NonPatientModel.Inventory];
        var received = new Receiving();
        var viewer = new ApplicationEntity("VIEWER");
        foreach (NonPatientModel model in models)
            viewer.AddSupportedContext(model.StorageClasses[0]);
        viewer.OnStore(received.TakeAsync);
        await using DicomServer destination = await viewer.StartServerAsync(0);
        var store = new NonPatientObjectStore();
        var entity = new ApplicationEntity("TEST");
        foreach (NonPatientModel model in models)
        {
            entity.AddNonPatientProvider(model, new NonPatientProviderOptions
            {
                Find = (query, _) => store.Find(query.Identifier, model.StorageClasses).ToAsyncEnumerable(),
                Select = (uids, _) => ValueTask.FromResult<RetrieveObjects>(store.Select(uids).Select(one => StorageObject.FromDataSet(one)).ToArray()),
                Destination = (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "VIEWER" ? new MoveDestination("127.0.0.1", destination.Port) : null),
            });
        }

        for (int i = 0; i < models.Length; i++)
        {
            store.TrySet(new DicomDataSet().Set(DicomTags.SOPClassUID, models[i].StorageClasses[0]).Set(DicomTags.SOPInstanceUID, $"1.2.826.0.1.{i + 1}")
                .Set(DicomTags.HangingProtocolName, "CT1").Set(DicomTags.Manufacturer, "MAKER").Set(DicomTags.InventoryPurpose, "migration"));
        }

        await using DicomServer server = await entity.StartServerAsync(0);
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new { sopClass = models[0].FindClass.ToString(), data = new { SOPInstanceUID = "", HangingProtocolName = "CT*" } },
            new { sopClass = models[1].FindClass.ToString(), data = new { SOPInstanceUID = "", Manufacturer = "MAKER" } },
            new { sopClass = models[2].FindClass.ToString(), data = new { SOPInstanceUID = "" } },
            new { sopClass = models[2].FindClass.ToString(), data = new { QueryRetrieveLevel = "STUDY", SOPInstanceUID = "" } },
        }, "queries.cjs");
        Assert.Equal(["FF00 1.2.826.0.1.1", "0000", "FF00 1.2.826.0.1.2", "0000", "FF00 1.2.826.0.1.3", "0000", "A900"], Answers(said, "SOPInstanceUID"));
        said = await NodePeer.RequestAsync(server.Port, models.Select((model, i) => new { sopClass = model.MoveClass.ToString(), destination = "VIEWER", data = new { SOPInstanceUID = $"1.2.826.0.1.{i + 1}" } })
            .Append(new { sopClass = models[0].MoveClass.ToString(), destination = "NOBODY", data = new { SOPInstanceUID = "1.2.826.0.1.1" } }), "queries.cjs");
        Assert.True(((string[])["0000", "0000", "0000", "A801"]).SequenceEqual(Answers(said).Where(line => line != "FF00")), string.Join('\n', said));
        Assert.Equal(["1.2.826.0.1.1", "1.2.826.0.1.2", "1.2.826.0.1.3"], received.DataSets.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Interop("Hanging Protocol Query/Retrieve", "SCP", "dcmjs-dimse")]
    [Interop("Color Palette Query/Retrieve", "SCP", "dcmjs-dimse")]
    [Interop("Implant Template Query/Retrieve", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_gets_objects_of_no_patient_whole()
    {
        NonPatientModel[] models = [NonPatientModel.HangingProtocol, NonPatientModel.ColorPalette, NonPatientModel.GenericImplantTemplate];
        var store = new NonPatientObjectStore();
        var entity = new ApplicationEntity("QRSCP");
        byte[] red = [.. Enumerable.Range(0, 512).Select(i => (byte)(i * 7))];
        for (int i = 0; i < models.Length; i++)
        {
            NonPatientModel model = models[i];
            entity.AddNonPatientProvider(model, new NonPatientProviderOptions
            {
                Select = (uids, _) => ValueTask.FromResult<RetrieveObjects>(store.Select(uids).Select(one => StorageObject.FromDataSet(one)).ToArray()),
            });
            store.TrySet(new DicomDataSet().Set(DicomTags.SOPClassUID, model.StorageClasses[0]).Set(DicomTags.SOPInstanceUID, $"1.2.826.0.1.{i + 1}").Set(DicomTags.HangingProtocolName, $"CT{i}")
                .Set(DicomTags.RedPaletteColorLookupTableData, red)
                .Set(DicomTags.HangingProtocolDefinitionSequence, new DicomDataSet().Set(DicomTags.Modality, "CT").Set(DicomTags.Laterality, "")));
        }

        await using DicomServer server = await entity.StartServerAsync(0);
        string[] classes = [.. models.Select(model => model.StorageClasses[0].ToString())];
        IReadOnlyList<JsonElement> said = await NodePeer.RetrieveAsync(server.Port.ToString(CultureInfo.InvariantCulture), models
            .Select((model, i) => new { get = new { SOPInstanceUID = $"1.2.826.0.1.{i + 1}" }, sopClass = model.GetClass.ToString(), classes })
            .Append(new { get = new { SOPInstanceUID = "1.2.826.0.1.9" }, sopClass = models[0].GetClass.ToString(), classes }));
        JsonElement[] stored = [.. said.Where(line => line.GetProperty("event").GetString() == "stored").Select(line => line.GetProperty("data"))];
        Assert.Equal(classes, stored.Select(data => data.GetProperty("SOPClassUID").GetString()));
        Assert.Equal(["1.2.826.0.1.1", "1.2.826.0.1.2", "1.2.826.0.1.3"], stored.Select(data => data.GetProperty("SOPInstanceUID").GetString()));
        Assert.Equal(["CT0", "CT1", "CT2"], stored.Select(data => data.GetProperty("HangingProtocolName").GetString()));
        Assert.All(stored, data => Assert.Equal(red, data.GetProperty("RedPaletteColorLookupTableData")[0].GetBytesFromBase64()));
        Assert.All(stored, data => Assert.Equal("CT", data.GetProperty("HangingProtocolDefinitionSequence")[0].GetProperty("Modality").GetString()));
        // An object that is not there is no failure: nothing is selected, nothing came.
        Assert.Equal([(0, 1), (0, 1), (0, 1), (0, 0)], said.Where(line => line.GetProperty("event").GetString() == "got" && line.GetProperty("status").GetInt32() != 0xFF00)
            .Select(line => (line.GetProperty("status").GetInt32(), line.GetProperty("completed").GetInt32())));
    }

    // The status of each response, and those of the elements that are there.
    private static IEnumerable<string> Answers(IReadOnlyList<JsonElement> said, params string[] names) => said.Where(line => line.GetProperty("event").GetString() == "answered").Select(line =>
    {
        JsonElement data = line.GetProperty("data");
        IEnumerable<string?> values = data.ValueKind == JsonValueKind.Object ? names.Select(name => data.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null) : [];
        return string.Join(' ', [line.GetProperty("status").GetInt32().ToString("X4", CultureInfo.InvariantCulture), .. values.Where(value => !string.IsNullOrEmpty(value))]);
    });
}
