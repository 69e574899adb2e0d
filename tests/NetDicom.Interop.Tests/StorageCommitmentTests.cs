using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Storage Commitment with Orthanc and with dcmjs-dimse, in both roles.</summary>
public class StorageCommitmentTests
{
    [Fact]
    [Interop("Storage Commitment", "SCU", "Orthanc")]
    public async Task Orthanc_commits_what_it_has_and_reports_to_our_server_on_a_new_association()
    {
        Instances instances = await Instances.LoadAsync();
        var user = new ApplicationEntity("NETDICOM");
        var client = new StorageCommitmentClient(user);
        await using DicomServer receiver = await user.StartServerAsync(0);
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["netdicom"] = new object[] { "NETDICOM", "127.0.0.1", receiver.Port } },
        });
        int port = int.Parse(orthanc.Port, CultureInfo.InvariantCulture);
        await instances.StoreAsync(port, "ORTHANC");
        Association association = await user.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "ORTHANC" });
        var missing = new SopReference(SopClasses.CTImageStorage, new DicomUid("1.2.826.0.1.99"));
        SopReference[] there = [.. instances.Files.Select(file => new SopReference(file.SopClassUid, file.SopInstanceUid))];
        Task<StorageCommitmentOutcome> all = client.CommitAsync(association, there);
        StorageCommitmentOutcome kept = await all;
        Assert.True(kept.IsCommitted);
        Assert.Equal(there.Length, kept.Result.Committed.Count);
        if (!association.IsOpen)
            association = await user.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "ORTHANC" });
        StorageCommitmentOutcome mixed = await client.CommitAsync(association, [there[0], missing]);
        Assert.Equal((there[0], missing, CommitmentFailureReason.NoSuchObjectInstance),
            (Assert.Single(mixed.Result.Committed), Assert.Single(mixed.Result.Failed).Reference, mixed.Result.Failed[0].Reason));
        Assert.Empty(mixed.Discrepancies);
        await association.DisposeAsync();
    }

    [Fact]
    [Interop("Storage Commitment", "SCP", "Orthanc")]
    public async Task Orthanc_asks_us_and_takes_our_report_on_a_new_association()
    {
        int orthancPort = 0;
        var provider = new ApplicationEntity("NETDICOM");
        var kept = new DicomUid("1.2.826.0.1.98");
        await using StorageCommitmentProvider commitment = provider.AddStorageCommitmentProvider(
            (request, _) => ValueTask.FromResult(StorageCommitmentRules.Judge(request, uid => uid == kept ? SopClasses.CTImageStorage : null)),
            new StorageCommitmentProviderOptions
            {
                Resolve = (title, _) => ValueTask.FromResult(title.ToString() == "ORTHANC" ? new EntityAddress("127.0.0.1", orthancPort) : null),
                RetryInterval = TimeSpan.FromSeconds(1),
            });
        await using DicomServer server = await provider.StartServerAsync(0);
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["netdicom"] = new object[] { "NETDICOM", "127.0.0.1", server.Port } },
        });
        orthancPort = int.Parse(orthanc.Port, CultureInfo.InvariantCulture);
        JsonElement asked = await orthanc.PostAsync("modalities/netdicom/storage-commitment", new
        {
            DicomInstances = new[]
            {
                new { SOPClassUID = SopClasses.CTImageStorage.ToString(), SOPInstanceUID = kept.ToString() },
                new { SOPClassUID = SopClasses.CTImageStorage.ToString(), SOPInstanceUID = "1.2.826.0.1.99" },
            },
        });
        await commitment.WhenReportedAsync();
        JsonElement report = await orthanc.GetAsync(asked.GetProperty("Path").GetString()!.TrimStart('/'));
        Assert.Equal("Failure", report.GetProperty("Status").GetString());
        Assert.Equal(kept.ToString(), Assert.Single(report.GetProperty("Success").EnumerateArray()).GetProperty("SOPInstanceUID").GetString());
        JsonElement failed = Assert.Single(report.GetProperty("Failures").EnumerateArray());
        Assert.Equal(("1.2.826.0.1.99", 0x0112), (failed.GetProperty("SOPInstanceUID").GetString(), failed.GetProperty("FailureReason").GetInt32()));
    }

    [Fact]
    [Interop("Storage Commitment", "SCU", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_reports_to_us_on_the_same_association()
    {
        await using NodePeer peer = await NodePeer.StartServerAsync("services.cjs");
        var user = new ApplicationEntity("NETDICOM");
        var client = new StorageCommitmentClient(user);
        await using Association association = await user.AssociateAsync("127.0.0.1", int.Parse(peer.Port, CultureInfo.InvariantCulture));
        StorageCommitmentOutcome outcome = await client.CommitAsync(association, [new SopReference(SopClasses.CTImageStorage, new DicomUid("1.2.826.0.1.98"))]);
        Assert.True(outcome.IsCommitted);
        Assert.Equal(0, (await peer.EventAsync("reported")).GetProperty("status").GetInt32());
        await association.ReleaseAsync();
    }

    [Fact]
    [Interop("Storage Commitment", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_asks_us_and_takes_our_report_on_the_same_association()
    {
        var provider = new ApplicationEntity("TEST");
        await using StorageCommitmentProvider commitment = provider.AddStorageCommitmentProvider(
            (request, _) => ValueTask.FromResult(StorageCommitmentRules.Judge(request, _ => SopClasses.CTImageStorage)));
        await using DicomServer server = await provider.StartServerAsync(0);
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(server.Port, new object[]
        {
            new
            {
                service = "NAction", sopClass = SopClasses.StorageCommitmentPushModel.ToString(), instance = Uids.StorageCommitmentPushModelInstance.ToString(), type = 1,
                data = new
                {
                    TransactionUID = "1.2.826.0.1.97",
                    ReferencedSOPSequence = new[] { new { ReferencedSOPClassUID = SopClasses.CTImageStorage.ToString(), ReferencedSOPInstanceUID = "1.2.826.0.1.98" } },
                },
            },
        });
        Assert.Equal(0, said.Single(line => line.GetProperty("event").GetString() == "answered").GetProperty("status").GetInt32());
        JsonElement report = said.Single(line => line.GetProperty("event").GetString() == "report");
        Assert.Equal((1, "1.2.826.0.1.97"), (report.GetProperty("type").GetInt32(), report.GetProperty("data").GetProperty("TransactionUID").GetString()));
    }
}
