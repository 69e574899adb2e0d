using System.Globalization;
using NetDicom.Archive;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Modality Worklist with DCMTK: our query to wlmscpfs, findscu's query to our provider.</summary>
public class WorklistServiceTests
{
    private static readonly DicomUid s_worklist = SopClasses.ModalityWorklistInformationModelFind;

    private static DicomDataSet Entry(int number) => new DicomDataSet()
        .Set(DicomTags.PatientName, $"SMITH^J{number}").Set(DicomTags.PatientID, $"P{number}").Set(DicomTags.AccessionNumber, $"A{number}").Set(DicomTags.StudyInstanceUID, $"1.2.3.{number}")
        .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, number == 3 ? "MR" : "CT").Set(DicomTags.ScheduledStationAETitle, "CT1")
            .Set(DicomTags.ScheduledProcedureStepStartDate, "20200101").Set(DicomTags.ScheduledProcedureStepStartTime, "090000")
            .Set(DicomTags.ScheduledPerformingPhysicianName, "HOUSE^GREG").Set(DicomTags.ScheduledProcedureStepID, $"S{number}"));

    private static DicomDataSet Keys(string modality) => new DicomDataSet().Set(DicomTags.PatientName, "SMITH*").Set(DicomTags.PatientID, "")
        .Set(DicomTags.ScheduledProcedureStepSequence, new DicomDataSet().Set(DicomTags.Modality, modality).Set(DicomTags.ScheduledProcedureStepStartDate, "20200101"));

    [Fact]
    [Interop("Modality Worklist", "SCU", "DCMTK")]
    public async Task We_find_the_steps_of_wlmscpfs()
    {
        string program = Peers.Dcmtk("wlmscpfs");
        using var folder = new TemporaryFolder();
        string list = folder.Folder("lists/WORK");
        await File.WriteAllTextAsync(Path.Combine(list, "lockfile"), "");
        for (int i = 1; i <= 3; i++)
            await File.WriteAllBytesAsync(Path.Combine(list, $"{i}.wl"), Entry(i).ToArray(TransferSyntax.ExplicitVRLittleEndian));
        int port = Ports.Free();
        await using ChildProcess provider = ChildProcess.Start(program, ["-v", "-s", "-dfr", "-dfp", folder.File("lists"), port.ToString(CultureInfo.InvariantCulture)], Peers.NoDelay);
        await Ports.WaitUntilListeningAsync(port, provider);
        var user = new ApplicationEntity("NETDICOM");
        user.AddRequestedContext(s_worklist);
        await using Association association = await user.AssociateAsync("127.0.0.1", port, new AssociationOptions { CalledAETitle = "WORK" });
        var found = new List<string>();
        await foreach (DicomDataSet match in association.FindAsync(s_worklist, Keys("CT")))
            found.Add(match.GetString(DicomTags.PatientID));
        Assert.Equal(["P1", "P2"], found.Order(StringComparer.Ordinal));
        await association.ReleaseAsync();
    }

    [Fact]
    [Interop("Modality Worklist", "SCP", "DCMTK")]
    public async Task Findscu_finds_the_steps_of_our_worklist()
    {
        string program = Peers.Dcmtk("findscu");
        var worklist = new WorklistStore();
        for (int i = 1; i <= 3; i++)
            worklist.Set($"A{i}", Entry(i));
        var entity = new ApplicationEntity("NETDICOM");
        entity.AddWorklistProvider(identifier => worklist.Find(identifier));
        await using DicomServer server = await entity.StartServerAsync(0);
        using var folder = new TemporaryFolder();
        string query = folder.File("query");
        await File.WriteAllBytesAsync(query, Keys("CT").ToArray(TransferSyntax.ImplicitVRLittleEndian));
        Ended ended = await ChildProcess.RunAsync(
            program, ["-v", "-W", "-X", "-od", folder.Folder("answers"), "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture), query], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(["P1", "P2"], Directory.GetFiles(folder.File("answers")).Select(file => DicomFile.Read(File.ReadAllBytes(file)).DataSet.GetString(DicomTags.PatientID)).Order(StringComparer.Ordinal));
    }
}
