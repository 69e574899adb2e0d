using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>What the archive answers besides storing: storage commitment, worklist, performed procedure steps, and the retrievals of Orthanc and dcmjs-dimse.</summary>
public class ArchiveServicesTests
{
    private const string Missing = "1.2.826.0.1.99";

    private static readonly string s_mpps = SopClasses.ModalityPerformedProcedureStep.ToString();

    private static DicomDataSet CtSmall() => DicomFile.Read(File.ReadAllBytes(RealFiles.CtSmall)).DataSet;

    private static async Task SendAsync(string port, params string[] files)
    {
        Ended ended = await NetDicomProgram.RunAsync(["storescu", "127.0.0.1", port, .. files]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    [Fact]
    [Interop("Query/Retrieve: C-FIND", "SCP", "Orthanc")]
    [Interop("Query/Retrieve: C-MOVE", "SCP", "Orthanc")]
    [Interop("Storage Commitment", "SCP", "Orthanc")]
    public async Task Orthanc_queries_moves_and_has_its_request_for_commitment_answered_on_a_new_association()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        int port = Ports.Free();
        await using Orthanc orthanc = await Orthanc.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["archive"] = new object[] { "QRSCP", "127.0.0.1", port } },
        });
        await using NetDicomProgram.Server server = await archive.StartAtAsync(
            port, $$"""{ "open": true, "peers": [ { "title": "ORTHANC", "host": "127.0.0.1", "port": {{orthanc.Port}}, "rights": ["query", "retrieve", "commit"] } ] }""", "-v");
        await SendAsync(server.Port, RealFiles.CtSmall, RealFiles.MrSmall);

        JsonElement query = await orthanc.PostAsync("modalities/archive/query", new { Level = "Study", Query = new { PatientName = "*CT1", StudyInstanceUID = "" } });
        string path = query.GetProperty("Path").GetString()!.TrimStart('/');
        Assert.Single((await orthanc.GetAsync($"{path}/answers")).EnumerateArray());
        await orthanc.PostAsync($"{path}/retrieve", new { TargetAet = "ORTHANC", Synchronous = true });
        Assert.Single(await orthanc.InstancesAsync());

        JsonElement asked = await orthanc.PostAsync("modalities/archive/storage-commitment", new
        {
            DicomInstances = new[]
            {
                new { SOPClassUID = SopClasses.CTImageStorage.ToString(), SOPInstanceUID = CtSmall().GetString(DicomTags.SOPInstanceUID)! },
                new { SOPClassUID = SopClasses.CTImageStorage.ToString(), SOPInstanceUID = DicomFile.Read(File.ReadAllBytes(RealFiles.MrSmall)).DataSet.GetString(DicomTags.SOPInstanceUID)! },
                new { SOPClassUID = SopClasses.CTImageStorage.ToString(), SOPInstanceUID = Missing },
            },
        });
        await server.Process.WaitForLineAsync("is reported");
        JsonElement report = await orthanc.GetAsync(asked.GetProperty("Path").GetString()!.TrimStart('/'));
        Assert.Equal(CtSmall().GetString(DicomTags.SOPInstanceUID), Assert.Single(report.GetProperty("Success").EnumerateArray()).GetProperty("SOPInstanceUID").GetString());
        // PS3.3 section C.14.1.1: 0119H is another class than the instance has, 0112H no such instance.
        Assert.Equal([0x0112, 0x0119], report.GetProperty("Failures").EnumerateArray().Select(one => one.GetProperty("FailureReason").GetInt32()).Order());
    }

    [Fact]
    [Interop("Query/Retrieve: C-FIND", "SCP", "dcmjs-dimse")]
    [Interop("Query/Retrieve: C-GET", "SCP", "dcmjs-dimse")]
    [Interop("Query/Retrieve: C-GET without bulk data", "SCP", "dcmjs-dimse")]
    [Interop("Storage Commitment", "SCP", "dcmjs-dimse")]
    public async Task Dcmjs_dimse_finds_and_gets_with_pixels_and_without_and_is_told_what_is_kept_on_the_same_association()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        await using NetDicomProgram.Server server = await archive.StartAsync("--open");
        await SendAsync(server.Port, RealFiles.CtSmall, RealFiles.MrSmall);
        DicomDataSet ct = CtSmall();
        string[] uids = [ct.GetString(DicomTags.StudyInstanceUID)!, ct.GetString(DicomTags.SeriesInstanceUID)!, ct.GetString(DicomTags.SOPInstanceUID)!];
        IReadOnlyList<JsonElement> said = await NodePeer.RetrieveAsync(server.Port, new object[]
        {
            new { find = new { PatientID = "1CT1", PatientName = "", StudyInstanceUID = "" } },
            new { get = uids[..1] },
            new { get = uids, sopClass = SopClasses.CompositeInstanceRetrieveWithoutBulkDataGet.ToString() },
        });
        Assert.Equal(uids[0], said.First(line => Event(line) == "found").GetProperty("data").GetProperty("StudyInstanceUID").GetString());
        JsonElement[] stored = [.. said.Where(line => Event(line) == "stored")];
        Assert.Equal([true, false], stored.Select(line => line.GetProperty("hasPixels").GetBoolean()));
        Assert.All(stored, line => Assert.Equal((uids[2], 128), (line.GetProperty("sopInstanceUid").GetString(), line.GetProperty("rows").GetInt32())));
        Assert.Equal([0, 0], said.Where(line => Event(line) == "got" && line.GetProperty("status").GetInt32() != 0xFF00).Select(line => line.GetProperty("status").GetInt32()));

        said = await NodePeer.RequestAsync(int.Parse(server.Port, CultureInfo.InvariantCulture), new object[]
        {
            new
            {
                service = "NAction", sopClass = SopClasses.StorageCommitmentPushModel.ToString(), instance = Uids.StorageCommitmentPushModelInstance.ToString(), type = 1,
                data = new
                {
                    TransactionUID = "1.2.826.0.1.97",
                    ReferencedSOPSequence = new[] { new { ReferencedSOPClassUID = SopClasses.CTImageStorage.ToString(), ReferencedSOPInstanceUID = uids[2] } },
                },
            },
        });
        JsonElement report = said.Single(line => Event(line) == "report");
        Assert.Equal((1, "1.2.826.0.1.97", "QRSCP"),
            (report.GetProperty("type").GetInt32(), report.GetProperty("data").GetProperty("TransactionUID").GetString(), report.GetProperty("data").GetProperty("RetrieveAETitle").GetString()));
    }

    [Fact]
    public async Task A_file_that_is_gone_or_changed_is_not_committed_and_a_report_that_is_owed_survives_the_end_of_the_process()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        int port = Ports.Free(), reportPort = Ports.Free();
        string configuration = $$"""
            { "open": true, "commitment": { "checkContent": true, "onSameAssociation": false, "retryInterval": 0.2 },
              "peers": [ { "title": "ASKER", "host": "127.0.0.1", "port": {{reportPort}} } ] }
            """;
        SopReference[] references = [.. ((string[])[RealFiles.CtSmall, RealFiles.MrSmall]).Select(StorageFile.Read).Select(file => new SopReference(file.SopClassUid, file.SopInstanceUid))];
        var request = StorageCommitmentRequest.For(references);
        var reported = new TaskCompletionSource<StorageCommitmentResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var user = new ApplicationEntity("ASKER");
        _ = new StorageCommitmentClient(user, new StorageCommitmentClientOptions
        {
            OnUnknownReport = (_, result, _) =>
            {
                reported.TrySetResult(result);
                return ValueTask.FromResult(DimseStatus.Success);
            },
        });
        await using (NetDicomProgram.Server server = await archive.StartAtAsync(port, configuration))
        {
            await SendAsync(server.Port, RealFiles.CtSmall, RealFiles.MrSmall);
            await using Association association = await user.AssociateAsync("127.0.0.1", port);
            (await association.NActionAsync(SopClasses.StorageCommitmentPushModel, Uids.StorageCommitmentPushModelInstance, 1, request.ToDataSet())).EnsureSuccess();
            await association.ReleaseAsync();
            server.Process.Signal(Signals.Kill);
            await server.Process.EndAsync();
        }

        // One byte of its pixels: length and head are as before.
        string changed = Directory.EnumerateFiles(archive.Instances, references[1].SopInstanceUid + ".dcm", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(changed);
        bytes[^5] ^= 0x10;
        File.WriteAllBytes(changed, bytes);
        await using (NetDicomProgram.Server server = await archive.StartAtAsync(port, configuration, "-v"))
        {
            await using DicomServer receiver = await user.StartServerAsync(reportPort);
            StorageCommitmentResult result = await reported.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal((request.TransactionUid, references[0]), (result.TransactionUid, Assert.Single(result.Committed)));
            Assert.Equal((references[1], CommitmentFailureReason.NoSuchObjectInstance), (Assert.Single(result.Failed).Reference, result.Failed[0].Reason));
            await server.Process.WaitForLineAsync("is reported");
            await ArchiveServer.StopAsync(server);
        }

        Assert.Empty(Directory.EnumerateFiles(folder.File("archive/commitments")));
    }

    [Fact]
    [Interop("Modality Performed Procedure Step", "SCP", "dcmjs-dimse")]
    public async Task Performed_steps_of_dcmjs_dimse_and_of_mppsscu_are_kept_over_a_restart_and_end_once()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        const string step = "1.2.826.0.1.70";
        string ours;
        await using (NetDicomProgram.Server server = await archive.StartAsync("--open"))
        {
            Assert.Equal(["NCreate 0106", "NCreate 0000", "NCreate 0111", "NSet 0112"], await AskAsync(
                server,
                new { service = "NCreate", sopClass = s_mpps, instance = step, data = new { PerformedProcedureStepStatus = "COMPLETED" } },
                new { service = "NCreate", sopClass = s_mpps, instance = step, data = NewStep },
                new { service = "NCreate", sopClass = s_mpps, instance = step, data = NewStep },
                new { service = "NSet", sopClass = s_mpps, instance = Missing, data = new { PerformedProcedureStepStatus = "COMPLETED" } }));
            Lines created = await Lines.RunAsync(0, "mppsscu", "127.0.0.1", server.Port, "create", "-k", "Modality=CT", "-k", "PatientName=Müller^Änne");
            ours = DicomUid.Parse(Directory.EnumerateFiles(folder.File("archive/procedures"), "*.dcm", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Single(name => name != step)!).ToString();
            Assert.Contains(ours, created.Ended.Output, StringComparison.Ordinal);
            await ArchiveServer.StopAsync(server);
        }

        await using (NetDicomProgram.Server server = await archive.StartAsync("--open"))
        {
            var end = new
            {
                PerformedProcedureStepStatus = "COMPLETED", PerformedProcedureStepEndDate = "20260304", PerformedProcedureStepEndTime = "110000",
                PerformedSeriesSequence = new[]
                {
                    new
                    {
                        RetrieveAETitle = "QRSCP", SeriesDescription = "", PerformingPhysicianName = "", OperatorsName = "", ProtocolName = "HEAD", SeriesInstanceUID = "1.2.826.0.1.71",
                        ReferencedImageSequence = new[] { new { ReferencedSOPClassUID = SopClasses.CTImageStorage.ToString(), ReferencedSOPInstanceUID = "1.2.826.0.1.72" } },
                        ReferencedNonImageCompositeSOPInstanceSequence = Array.Empty<object>(),
                    },
                },
            };
            Assert.Equal(["NSet 0000", "NSet 0110"], await AskAsync(
                server,
                new { service = "NSet", sopClass = s_mpps, instance = step, data = end },
                new { service = "NSet", sopClass = s_mpps, instance = step, data = end }));
            await Lines.RunAsync(0, "mppsscu", "127.0.0.1", server.Port, "complete", ours, RealFiles.CtSmall);
        }

        // DCMTK reads what was kept.
        string[] kept = Directory.GetFiles(folder.File("archive/procedures"), "*.dcm", SearchOption.AllDirectories);
        Ended dump = await ChildProcess.RunAsync(Peers.Dcmtk("dcmdump"), ["-q", "+P", "0040,0252", "+P", "0008,0018", .. kept]);
        Assert.Equal((0, 2, 2, 1), (dump.ExitCode, kept.Length, dump.Said("[COMPLETED]"), dump.Said($"[{step}]")));
    }

    private static async Task<string[]> AskAsync(NetDicomProgram.Server server, params object[] requests)
    {
        IReadOnlyList<JsonElement> said = await NodePeer.RequestAsync(int.Parse(server.Port, CultureInfo.InvariantCulture), requests);
        return [.. said.Where(line => Event(line) == "answered").Select(line => $"{line.GetProperty("service").GetString()} {line.GetProperty("status").GetInt32():X4}")];
    }

    // PS3.4 table F.7.2-1, column N-CREATE: what is of type 1 or 2.
    private static object NewStep => new
    {
        Modality = "CT", ProcedureCodeSequence = Array.Empty<object>(), ReferencedPatientSequence = Array.Empty<object>(), PatientName = "TEST^STEP", PatientID = "P1", PatientBirthDate = "", PatientSex = "",
        StudyID = "", PerformedStationAETitle = "DCMJS", PerformedStationName = "", PerformedLocation = "", PerformedProcedureStepStartDate = "20260304", PerformedProcedureStepStartTime = "100000",
        PerformedProcedureStepEndDate = "", PerformedProcedureStepEndTime = "", PerformedProcedureStepStatus = "IN PROGRESS", PerformedProcedureStepID = "S1", PerformedProcedureStepDescription = "",
        PerformedProcedureTypeDescription = "", PerformedProtocolCodeSequence = Array.Empty<object>(), PerformedSeriesSequence = Array.Empty<object>(),
        ScheduledStepAttributesSequence = new[]
        {
            new
            {
                AccessionNumber = "", ReferencedStudySequence = Array.Empty<object>(), StudyInstanceUID = "1.2.826.0.1.73", RequestedProcedureDescription = "", ScheduledProcedureStepDescription = "",
                ScheduledProtocolCodeSequence = Array.Empty<object>(), ScheduledProcedureStepID = "", RequestedProcedureID = "",
            },
        },
    };

    [Fact]
    [Interop("Modality Worklist", "SCP", "DCMTK")]
    public async Task The_worklist_folder_is_answered_from_and_a_change_shows_without_a_restart()
    {
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        string entries = folder.Folder("archive/worklist");
        File.WriteAllText(Path.Combine(entries, "one.json"), Entry("WL1", "CT"));
        File.WriteAllText(Path.Combine(entries, "broken.json"), "{ \"00100010\": ");
        await using NetDicomProgram.Server server = await archive.StartAsync("--open", "-v");
        await server.Process.WaitForLineAsync("Not in the worklist: ");
        Assert.Equal((1, 1), (await FindAsync(server, "CT"), await FindAsync(server, "*")));

        // Another file, made by DCMTK; and the broken one mended.
        File.WriteAllText(folder.File("two.dump"), """
            (0010,0010) PN [TEST^TWO]
            (0010,0020) LO [WL2]
            (0040,0100) SQ
            (fffe,e000) na
            (0008,0060) CS [MR]
            (0040,0001) AE [MR1]
            (0040,0002) DA [20260304]
            (0040,0003) TM [100000]
            (fffe,e00d) na
            (fffe,e0dd) na

            """);
        Ended made = await ChildProcess.RunAsync(Peers.Dcmtk("dump2dcm"), [folder.File("two.dump"), folder.File("two.wl")]);
        Assert.True(made.ExitCode == 0, made.ToString());
        File.Move(folder.File("two.wl"), Path.Combine(entries, "two.wl"));
        await server.Process.WaitForLineAsync("Worklist: 2 scheduled");
        Assert.Equal((1, 1, 2), (await FindAsync(server, "CT"), await FindAsync(server, "MR"), await FindAsync(server, "*")));
        File.WriteAllText(folder.File("mended"), Entry("WL3", "US"));
        File.Move(folder.File("mended"), Path.Combine(entries, "broken.json"), overwrite: true);
        await server.Process.WaitForLineAsync("Worklist: 3 scheduled");
        Assert.Equal(1, await FindAsync(server, "US"));
        File.Delete(Path.Combine(entries, "one.json"));
        await server.Process.WaitForLinesAsync("Worklist: 2 scheduled", 2);
        Assert.Equal(0, await FindAsync(server, "CT"));
    }

    private static string Entry(string id, string modality) => $$"""
        [ { "00100010": { "vr": "PN", "Value": [ { "Alphabetic": "TEST^{{id}}" } ] }, "00100020": { "vr": "LO", "Value": ["{{id}}"] },
            "00400100": { "vr": "SQ", "Value": [ { "00080060": { "vr": "CS", "Value": ["{{modality}}"] }, "00400001": { "vr": "AE", "Value": ["{{modality}}1"] },
              "00400002": { "vr": "DA", "Value": ["20260304"] }, "00400003": { "vr": "TM", "Value": ["100000"] } } ] } } ]
        """;

    private static async Task<int> FindAsync(NetDicomProgram.Server server, string modality)
    {
        Ended ended = await ChildProcess.RunAsync(
            Peers.Dcmtk("findscu"), ["-v", "-W", "-k", "PatientName", "-k", "PatientID", "-k", $"(0040,0100)[0].Modality={modality}", "127.0.0.1", server.Port], Peers.NoDelay);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended.Said("Find Response: ");
    }

    [Fact]
    public async Task Several_titles_and_ports_one_of_them_with_TLS_and_limits_by_file_and_environment()
    {
        using var folder = new TemporaryFolder();
        var certificate = new TestCertificate(folder, "server");
        int plain = Ports.Free(), encrypted = Ports.Free();
        File.WriteAllText(folder.File("archive.json"), $$"""
            { // comments are allowed
              "title": "FIRST", "titles": ["SECOND"], "requireCalledTitle": true, "peers": [ { "title": "KNOWN", "rights": ["store", "query"], "quirks": ["one-pdu-per-write"] } ],
              "listeners": [ { "port": {{plain}} }, { "port": {{encrypted}}, "tls": { "key": "{{certificate.Key}}", "certificate": "{{certificate.Certificate}}" } } ] }
            """);
        await using ChildProcess server = ChildProcess.Start(
            NetDicomProgram.File, ["qrscp", "-c", folder.File("archive.json"), "-v"], new Dictionary<string, string> { ["NETDICOM_ARCHIVE_DATABASE"] = folder.File("i.sqlite"), ["NETDICOM_ARCHIVE_LIMITS__MAXPDU"] = "20000" });
        await server.WaitForLinesAsync("Listening on port ", 2);
        string echo = Peers.Dcmtk("echoscu");
        foreach (string title in (string[])["FIRST", "SECOND"])
        {
            Ended known = await ChildProcess.RunAsync(echo, ["-d", "-aec", title, "127.0.0.1", $"{plain}"], Peers.NoDelay);
            Assert.True(known.ExitCode == 0 && known.Said("20000") > 0, known.ToString());
        }

        Assert.NotEqual(0, (await ChildProcess.RunAsync(echo, ["-aec", "THIRD", "127.0.0.1", $"{plain}"], Peers.NoDelay)).ExitCode);
        Assert.NotEqual(0, (await ChildProcess.RunAsync(echo, ["-aec", "FIRST", "127.0.0.1", $"{encrypted}"], Peers.NoDelay)).ExitCode);
        Ended secure = await ChildProcess.RunAsync(echo, ["+tla", "+cf", certificate.Certificate, "-aec", "SECOND", "127.0.0.1", $"{encrypted}"], Peers.NoDelay);
        Assert.True(secure.ExitCode == 0, secure.ToString());
        Ended stored = await ChildProcess.RunAsync(Peers.Dcmtk("storescu"), ["-aet", "KNOWN", "-aec", "SECOND", "127.0.0.1", $"{plain}", RealFiles.CtSmall], Peers.NoDelay);
        Assert.True(stored.ExitCode == 0, stored.ToString());
        // It may not ask for what it has no right to.
        Assert.NotEqual(0, (await ChildProcess.RunAsync(Peers.Dcmtk("findscu"), ["-W", "-aet", "KNOWN", "-aec", "FIRST", "-k", "PatientName", "127.0.0.1", $"{plain}"], Peers.NoDelay)).ExitCode);
    }

    [Fact]
    public async Task The_configuration_of_pynetdicoms_qrscp_is_converted_and_starts()
    {
        using var folder = new TemporaryFolder();
        int port = Ports.Free();
        File.WriteAllText(folder.File("qrscp.ini"), $"""
            ## Application settings
            [DEFAULT]
                # Our AE Title
                ae_title: PACS
                port: {port}
                max_pdu: 16382
                instance_location: instances
                database_location: instances.sqlite
                bind_address: 127.0.0.1

            [STORESCP]
                address: localhost
                port: 11113

            """);
        Ended converted = await NetDicomProgram.RunAsync("qrscp", "import", folder.File("qrscp.ini"), "-o", folder.File("archive.json"));
        Assert.True(converted is { ExitCode: 0, Output: "", Error: "" }, converted.ToString());
        Assert.Contains("// the objects in 'instances'", File.ReadAllText(folder.File("archive.json")), StringComparison.Ordinal);
        await using ChildProcess server = ChildProcess.Start(NetDicomProgram.File, ["qrscp", "-c", folder.File("archive.json")]);
        await server.WaitForLineAsync($"Listening on port {port}");
        Assert.Equal(0, (await NetDicomProgram.RunAsync("storescu", "127.0.0.1", $"{port}", RealFiles.CtSmall)).ExitCode);
        Assert.Equal(2, (await NetDicomProgram.RunAsync("qrscp", "import", RealFiles.CtSmall)).ExitCode);
    }

    private static string Event(JsonElement line) => line.GetProperty("event").GetString()!;
}
