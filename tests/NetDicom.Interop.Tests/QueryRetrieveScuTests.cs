using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Our C-FIND, C-GET and C-MOVE against providers that others wrote.</summary>
public class QueryRetrieveScuTests
{
    private static readonly DicomUid s_find = SopClasses.StudyRootQueryRetrieveInformationModelFind;
    private static readonly DicomUid s_get = SopClasses.StudyRootQueryRetrieveInformationModelGet;
    private static readonly DicomUid s_move = SopClasses.StudyRootQueryRetrieveInformationModelMove;

    [Fact]
    [Interop("Query/Retrieve: C-FIND", "SCU", "DCMTK")]
    [Interop("Query/Retrieve: C-GET", "SCU", "DCMTK")]
    [Interop("Query/Retrieve: C-MOVE", "SCU", "DCMTK")]
    public async Task Dcmqrscp_is_queried_and_its_objects_are_fetched_and_moved()
    {
        string program = Peers.Dcmtk("dcmqrscp");
        Instances instances = await Instances.LoadAsync();
        var moved = new Receiving();
        await using DicomServer destination = await DestinationAsync(moved);
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        string configuration = folder.File("dcmqrscp.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            NetworkTCPPort  = {port}
            MaxPDUSize      = 16384
            MaxAssociations = 16
            HostTable BEGIN
            us = (DESTINATION, 127.0.0.1, {destination.Port})
            HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            DCMQRSCP {folder.Folder("database")} RW (100, 1024mb) ANY
            AETable END

            """);
        await using ChildProcess peer = ChildProcess.Start(program, ["-v", "-c", configuration], Peers.NoDelay, folder.Path);
        await Ports.WaitUntilListeningAsync(port, peer);
        await instances.StoreAsync(port, "DCMQRSCP");
        await AskAsync(port, "DCMQRSCP", instances, moved);
    }

    [Fact]
    [Interop("Query/Retrieve: C-FIND", "SCU", "Orthanc")]
    [Interop("Query/Retrieve: C-GET", "SCU", "Orthanc")]
    [Interop("Query/Retrieve: C-MOVE", "SCU", "Orthanc")]
    public async Task Orthanc_is_queried_and_its_objects_are_fetched_and_moved()
    {
        Instances instances = await Instances.LoadAsync();
        var moved = new Receiving();
        await using DicomServer destination = await DestinationAsync(moved);
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["us"] = new object[] { "DESTINATION", "127.0.0.1", destination.Port } },
            ["DicomAlwaysAllowFind"] = true,
            ["DicomAlwaysAllowGet"] = true,
            ["DicomAlwaysAllowMove"] = true,
        });
        int port = int.Parse(orthanc.Port, CultureInfo.InvariantCulture);
        await instances.StoreAsync(port, "ORTHANC");
        await AskAsync(port, "ORTHANC", instances, moved);
    }

    private static Task<DicomServer> DestinationAsync(Receiving receiving)
    {
        var entity = new ApplicationEntity("DESTINATION");
        entity.AddSupportedContexts(PresentationContexts.Storage);
        entity.OnStore(receiving.TakeAsync);
        return entity.StartServerAsync(0);
    }

    private static async Task AskAsync(int port, string called, Instances instances, Receiving moved)
    {
        var entity = new ApplicationEntity("NETDICOM");
        foreach (DicomUid model in (DicomUid[])[s_find, s_get, s_move])
            entity.AddRequestedContext(model);
        entity.AddRequestedContexts(instances.Files.Select(file => (file.SopClassUid, file.TransferSyntax)).Distinct()
            .Select(pair => new PresentationContext(pair.SopClassUid, [pair.TransferSyntax.Uid]) { ScuRole = false, ScpRole = true }));
        await using Association association = await entity.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = called });

        var studies = new List<string>();
        FindOperation find = association.FindAsync(s_find, instances.StudyQuery);
        await foreach (DicomDataSet match in find)
            studies.Add(match.GetString(DicomTags.StudyInstanceUID));
        Assert.Equal([instances.Study.ToString()], studies);
        Assert.Equal(DimseStatus.Success, find.Status);

        // Leaving after the first of seven: whatever the peer makes of the C-CANCEL-RQ, the association is fit for the next request.
        FindOperation images = association.FindAsync(s_find, instances.ImageQuery);
        await foreach (DicomDataSet match in images)
        {
            Assert.Contains(instances.Files, file => file.SopInstanceUid.ToString() == match.GetString(DicomTags.SOPInstanceUID));
            break;
        }

        Assert.True(images.Status is { IsSuccess: true } or { IsCancel: true }, $"{images.Status}");

        var fetched = new Receiving();
        RetrieveResult got = await association.GetAsync(s_get, instances.SeriesRetrieval, fetched.TakeAsync).CompleteAsync();
        Assert.Equal((DimseStatus.Success, (int?)7), (got.Status, got.Progress.Completed));
        instances.AssertAre(fetched.DataSets);

        RetrieveOperation move = association.MoveAsync(s_move, instances.SeriesRetrieval, AETitle.Parse("DESTINATION"));
        await foreach (SubOperationProgress _ in move)
        {
        }

        Assert.Equal((DimseStatus.Success, (int?)7), (move.Result!.Status, move.Result.Progress.Completed));
        instances.AssertAre(moved.DataSets);

        RetrieveResult nowhere = await association.MoveAsync(s_move, instances.SeriesRetrieval, AETitle.Parse("NOBODY")).CompleteAsync();
        Assert.True(nowhere.Status.IsFailure, $"{nowhere.Status}");
        await association.ReleaseAsync();
    }
}
