using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Orthanc as the user of our services, asked by its REST interface.</summary>
public class OrthancUserTests
{
    [Fact]
    [Interop("Verification", "SCP", "Orthanc")]
    [Interop("Storage", "SCP", "Orthanc")]
    [Interop("Query/Retrieve: C-FIND", "SCP", "Orthanc")]
    [Interop("Query/Retrieve: C-MOVE", "SCP", "Orthanc")]
    public async Task Orthanc_echoes_stores_queries_and_retrieves()
    {
        Instances instances = await Instances.LoadAsync();
        Orthanc? peer = null;
        var received = new Receiving();
        var entity = new ApplicationEntity("NETDICOM");
        entity.AddSupportedContexts(PresentationContexts.Verification);
        entity.AddSupportedContexts(PresentationContexts.Storage);
        entity.AddSupportedContexts(PresentationContexts.QueryRetrieve);
        entity.OnStore(received.TakeAsync);
        entity.OnFind((_, _) => Study());
        entity.OnMove(
            (_, _) => ValueTask.FromResult<RetrieveObjects>(instances.Files.ToArray<StorageObject>()),
            (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "ORTHANC" ? new MoveDestination("127.0.0.1", int.Parse(peer!.Port, System.Globalization.CultureInfo.InvariantCulture)) : null));
        await using DicomServer server = await entity.StartServerAsync(0);
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["netdicom"] = new object[] { "NETDICOM", "127.0.0.1", server.Port } },
        });
        peer = orthanc;
        await orthanc.PostAsync("modalities/netdicom/echo", new { });
        JsonElement query = await orthanc.PostAsync("modalities/netdicom/query", new { Level = "Study", Query = new { PatientID = "*" } });
        string path = query.GetProperty("Path").GetString()!.TrimStart('/');
        Assert.Single((await orthanc.GetAsync($"{path}/answers")).EnumerateArray());
        await orthanc.PostAsync($"{path}/retrieve", new { TargetAet = "ORTHANC", Synchronous = true });
        IReadOnlyList<string> there = await orthanc.InstancesAsync();
        Assert.Equal(instances.Files.Count, there.Count);
        await orthanc.PostAsync("modalities/netdicom/store", there);
        instances.AssertAre(received.DataSets);

        async IAsyncEnumerable<FindMatch> Study()
        {
            await Task.Yield();
            yield return new DicomDataSet { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.StudyInstanceUID, instances.Study.ToString() }, { DicomTags.PatientID, "P1" } };
        }
    }
}
