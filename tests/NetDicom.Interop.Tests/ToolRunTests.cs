using System.Collections.Concurrent;
using System.Globalization;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>Options of single tools that no other test has to do with. What goes out is looked at as bytes or by DCMTK.</summary>
public sealed class ToolRunTests : IDisposable
{
    // For OptionAuditTests: what the first two tests give to every tool, and to those that work on files.
    internal static readonly string[] CoveredEverywhere = ["-h", "--version"];
    internal static readonly string[] CoveredForFiles = ["--log-format", "-ll", "-q", "-v", "-d"];

    private const string CtStudy = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322";

    private readonly TemporaryFolder _folder = new();

    internal static string[] FileTools => ["archive", "fault", "dump", "modify", "convert", "diff"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_tool_says_its_version_and_how_it_is_called_and_ends_with_0()
    {
        // Every tool does so in HelpTests of NetDicom.Cli.Tests, where no process is started for it.
        foreach (string tool in (string[])["storescu", "qrscp"])
        {
            Ended help = await NetDicomProgram.RunAsync(tool, "-h");
            Assert.True(help.ExitCode == 0 && help.Error.Length == 0 && help.Output.Contains($"netdicom {tool} ", StringComparison.Ordinal), help.ToString());
            Ended version = await NetDicomProgram.RunAsync(tool, "--version");
            Assert.True(version.ExitCode == 0 && version.Error.Length == 0 && version.Output.StartsWith($"netdicom {tool} ", StringComparison.Ordinal), version.ToString());
        }
    }

    [Theory]
    [InlineData("archive", "check --database-location NONE/a --instance-location NONE/b")]
    [InlineData("dump", "NONE")]
    [InlineData("modify", "-m PatientID=1 NONE")]
    [InlineData("convert", "NONE OUT")]
    [InlineData("diff", "NONE NONE")]
    public async Task A_tool_for_files_says_in_the_way_that_is_asked_for_that_a_file_is_missing(string tool, string words)
    {
        string[] arguments = [tool, .. words.Replace("NONE", _folder.File("none"), StringComparison.Ordinal).Replace("OUT", _folder.File("out"), StringComparison.Ordinal).Split(' ')];
        Ended plain = await NetDicomProgram.RunAsync([.. arguments, "-v"]);
        Assert.True(plain.ExitCode is 2 or 3, plain.ToString());
        Assert.Contains(plain.ErrorLines, l => l.StartsWith("E: ", StringComparison.Ordinal));
        Ended debug = await NetDicomProgram.RunAsync([.. arguments, "-d"]);
        Assert.Equal(plain.ExitCode, debug.ExitCode);
        Ended quiet = await NetDicomProgram.RunAsync([.. arguments, "-q"]);
        Assert.True(quiet.ExitCode == plain.ExitCode && quiet.Output.Length == 0, quiet.ToString());
        Ended json = await NetDicomProgram.RunAsync([.. arguments, "--log-format", "json", "-ll", "error"]);
        Assert.Equal(plain.ExitCode, json.ExitCode);
        // Wrong usage is said before there is a log, as text.
        if (plain.ExitCode == 3)
            Assert.All(json.ErrorLines, l => Assert.StartsWith("{\"time\":", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dump_goes_into_folders_and_shows_long_values_whole_when_asked()
    {
        string deep = _folder.Folder("images/below");
        File.Copy(RealFiles.CtSmall, Path.Combine(deep, "ct.dcm"));
        Ended flat = await NetDicomProgram.RunAsync("dump", _folder.File("images"));
        Assert.DoesNotContain("1CT1", flat.Output, StringComparison.Ordinal);
        Ended all = await NetDicomProgram.RunAsync("dump", "-r", _folder.File("images"));
        Assert.True(all.ExitCode == 0 && all.Output.Contains("1CT1", StringComparison.Ordinal), all.ToString());
        Ended whole = await NetDicomProgram.RunAsync("dump", "+L", "-r", _folder.File("images"));
        Assert.True(whole.ExitCode == 0 && whole.Output.Split('\n').Max(l => l.Length) > 1000 && all.Output.Split('\n').Max(l => l.Length) < 300, $"{whole.Output.Split('\n').Max(l => l.Length)}");
    }

    [Fact]
    public async Task Modify_and_convert_take_the_options_that_tools_with_results_have()
    {
        string result = _folder.File("result.dcm");
        Ended modified = await NetDicomProgram.RunAsync("modify", "--progress", "never", "-m", "PatientID=2", "-o", result, RealFiles.CtSmall);
        Assert.True(modified.ExitCode == 0 && modified.Output.Length == 0 && modified.Error.Length == 0, modified.ToString());
        Ended converted = await NetDicomProgram.RunAsync("convert", "--json", "-t", "implicit", result, _folder.File("converted.dcm"));
        Assert.True(converted.ExitCode == 0, converted.ToString());
        Ended same = await NetDicomProgram.RunAsync("diff", result, _folder.File("converted.dcm"));
        Assert.True(same.ExitCode == 0, same.ToString());
    }

    [Theory]
    [InlineData("findscu", "-O", "1.2.840.10008.5.1.4.1.2.3.1", "")]
    [InlineData("findscu", "-U", "1.2.840.10008.5.1.4.34.6.3", "")]
    [InlineData("findscu", "--dt-matching --timezone-adj --enhanced-conversion", "1.2.840.10008.5.1.4.1.2.1.1", "00 01 00 01 01")]
    [InlineData("getscu", "-O --relational-retrieval --enhanced-conversion --syntax 1.2.840.10008.1.2.4.50 --progress never", "1.2.840.10008.5.1.4.1.2.3.3", "01 01")]
    [InlineData("movescu", "-O --relational-retrieval --enhanced-conversion --progress never", "1.2.840.10008.5.1.4.1.2.3.2", "01 01")]
    [InlineData("mwlscu", "--fuzzy-names --timezone-adj --cancel 1 --json -f FILE", "1.2.840.10008.5.1.4.31", "01 01 01 01")]
    public async Task A_query_proposes_the_model_and_asks_for_what_its_options_say(string tool, string options, string sopClass, string wishes)
    {
        string file = _folder.File("query.json");
        File.WriteAllText(file, """{ "00100020": { "vr": "LO", "Value": ["1"] } }""");
        using var peer = new RequestRecorder(AfterRequest.Reject);
        Ended ended = await NetDicomProgram.RunAsync([tool, .. options.Replace("FILE", file, StringComparison.Ordinal).Split(' '), "-k", "PatientID=1", "127.0.0.1", peer.Port]);
        RecordedRequest request = await peer.Request;
        Assert.Contains(sopClass, request.AbstractSyntaxes);
        // PS3.4 annexes C.5.1.1, C.5.2.1, C.5.3.1 and K.5: a byte for each wish.
        Assert.Equal(wishes, request.Extended.TryGetValue(sopClass, out byte[]? bytes) ? BitConverter.ToString(bytes).Replace('-', ' ') : "");
        if (tool == "getscu")
            Assert.Contains(request.Contexts, c => c.Syntaxes.Contains("1.2.840.10008.1.2.4.50"));
        Assert.True(ended.ExitCode == 1, ended.ToString());
    }

    [Fact]
    public async Task Storescu_names_the_originator_of_a_move_and_leaves_compressed_data_as_it_is()
    {
        await using ChildProcess peer = await StartStoreScpAsync(out int port);
        Ended ended = await NetDicomProgram.RunAsync("storescu", "--move-originator", "WORKSTATION:7", "--decompress", "never", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), RealFiles.CtSmall);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("WORKSTATION", await peer.WaitForLineAsync("Move Originator AE"), StringComparison.Ordinal);
        Assert.EndsWith("7", await peer.WaitForLineAsync("Move Originator ID"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storescp_lets_in_so_many_knows_unknown_classes_when_asked_and_can_reject()
    {
        string odd = _folder.File("odd.dcm");
        Ended made = await ChildProcess.RunAsync(NetDicomProgram.File, ["modify", "-o", odd, "-m", "SOPClassUID=1.2.826.0.1.3680043.9.9999.1", RealFiles.CtSmall]);
        Assert.True(made.ExitCode == 0, made.ToString());
        await using (NetDicomProgram.Server strict = await NetDicomProgram.StartServerAsync("storescp", "-od", _folder.Folder("strict")))
            Assert.Equal(1, (await Sent.RunAsync("127.0.0.1", strict.Port, odd)).Ended.ExitCode);
        await using NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "-od", _folder.Folder("in"), "--accept-unknown", "--max-associations", "1");
        Assert.Equal(0, (await Sent.RunAsync("127.0.0.1", server.Port, odd)).Ended.ExitCode);
        await using ChildProcess sender = ChildProcess.Start(NetDicomProgram.File, ["storescu", "--json", "--stdin", "127.0.0.1", server.Port], input: RealFiles.CtSmall + "\n", keepInput: true);
        await sender.WaitForLineAsync("\"outcome\":\"stored\"");
        Ended second = await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port);
        Assert.True(second.ExitCode == 1 && second.Error.Contains("local limit", StringComparison.OrdinalIgnoreCase), second.ToString());
        sender.CloseInput();
        Assert.Equal(0, (await sender.EndAsync()).ExitCode);
        await using NetDicomProgram.Server closed = await NetDicomProgram.StartServerAsync("storescp", "-od", _folder.Path, "--reject");
        Assert.Equal(1, (await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", closed.Port)).ExitCode);
    }

    [Fact]
    public async Task What_comes_to_getscu_and_movescu_is_kept_made_safe_and_told_of_as_asked()
    {
        await using DcmQrScp peer = await DcmQrScp.StartAsync(RealFiles.CtSmall);
        string told = _folder.File("told"), studies = _folder.File("studies");
        string[] receiving =
        [
            "--durability", "full", "--existing", "both", "--study-quiet", "600", "--layout", "study",
            "--on-stored", "/bin/sh", "-c", "echo \"$1\" >> \"$0\"", told, "{path}",
            "--on-study", "/bin/sh", "-c", "echo \"$1 $2\" >> \"$0\"", studies, "{studyInstanceUid}", "{objects}",
        ];
        string[] query = ["-S", "127.0.0.1", peer.Port, "-aec", DcmQrScp.Title, "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={CtStudy}"];
        Lines got = await Lines.RunAsync(0, "getscu", ["-od", _folder.Folder("in"), .. query, .. receiving]);
        string[] store = ["--store", "--store-aet", DcmQrScp.Destination, "--store-port", peer.DestinationPort];
        Lines moved = await Lines.RunAsync(0, "movescu", [.. store, "-od", _folder.Folder("in"), .. query, .. receiving]);
        Assert.Equal(1, moved.Summary.GetProperty("stored").GetInt32());
        Assert.Equal(1, got.Summary.GetProperty("stored").GetInt32());
        // The same object twice, and --existing both: two files, of each of which the program was told.
        string[] files = Directory.GetFiles(_folder.File("in"), "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        Assert.Equal(files.Order(StringComparer.Ordinal), File.ReadLines(told).Order(StringComparer.Ordinal));
        Assert.Equal([$"{CtStudy} 1", $"{CtStudy} 1"], File.ReadLines(studies));

        await Lines.RunAsync(0, "getscu", ["--ignore", "-od", _folder.Folder("none"), .. query]);
        await Lines.RunAsync(0, "movescu", [.. store, "--ignore", "-od", _folder.Folder("none"), .. query]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("none")));
    }

    [Theory]
    [InlineData("movescu")]
    [InlineData("stgcmtscu")]
    [InlineData("upsscu")]
    public async Task What_the_peer_sends_on_an_association_of_its_own_comes_over_TLS_too_unless_that_is_not_wanted(string tool)
    {
        string echoscu = Peers.Dcmtk("echoscu");
        var own = new TestCertificate(_folder, "own");
        // The association to the peer never comes about: the listener is there before it.
        using var peer = new RequestRecorder(AfterRequest.StaySilent, new TestCertificate(_folder, "peer"));
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        string[] words = tool switch
        {
            "movescu" => ["-k", "PatientID=1", "--store", "--store-port", port, "--ignore"],
            "stgcmtscu" => [RealFiles.CtSmall, "--report-port", port],
            _ => ["watch", "--report-port", port],
        };
        string[] tls = ["--tls-key-cert", own.Key, own.Certificate, "-ic", "-ta", "0"];
        await using (ChildProcess client = NetDicomProgram.Start([tool, .. tls, "-v", "127.0.0.1", peer.Port, .. words]))
        {
            await client.WaitForLineAsync("Listening for ");
            Ended secure = await ChildProcess.RunAsync(echoscu, ["+tla", "+cf", own.Certificate, "127.0.0.1", port], Peers.NoDelay);
            Assert.True(secure.ExitCode == 0, secure.ToString());
            Assert.NotEqual(0, (await ChildProcess.RunAsync(echoscu, ["127.0.0.1", port], Peers.NoDelay)).ExitCode);
            client.Signal(Signals.Interrupt);
            await client.EndAsync();
        }

        using var again = new RequestRecorder(AfterRequest.StaySilent, new TestCertificate(_folder, "again"));
        await using ChildProcess plain = NetDicomProgram.Start([tool, .. tls, "-v", "--listen-plain", "127.0.0.1", again.Port, .. words]);
        await plain.WaitForLineAsync("Listening for ");
        Ended open = await ChildProcess.RunAsync(echoscu, ["127.0.0.1", port], Peers.NoDelay);
        Assert.True(open.ExitCode == 0, open.ToString());
    }

    [Fact]
    public async Task Folders_keys_files_and_lists_of_paths_make_the_requests_of_the_procedure_tools()
    {
        var seen = new ConcurrentQueue<(DicomUid SopClass, DicomDataSet? Set)>();
        var entity = new ApplicationEntity("RIS");
        entity.AddSupportedContexts([.. PresentationContexts.ProcedureStep, .. PresentationContexts.UnifiedProcedureStep, .. PresentationContexts.InstanceAvailability, .. PresentationContexts.PrintManagement]);
        entity.OnNCreate((r, _) => Take(r.AffectedSopClassUid, r.AttributeList, r.AffectedSopClassUid == SopClasses.BasicFilmBox ? ImageBox() : null));
        entity.OnNSet((r, _) => Take(r.RequestedSopClassUid, r.ModificationList));
        entity.OnNAction((r, _) => Take(r.RequestedSopClassUid, r.ActionInformation));
        entity.OnNDelete((r, _) => Take(r.RequestedSopClassUid, null));
        entity.OnNGet((r, _) => Take(r.RequestedSopClassUid, null));
        await using DicomServer server = await entity.StartServerAsync(0, cancellationToken: TestContext.Current.CancellationToken);
        string[] address = ["127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture)];
        string deep = _folder.Folder("images/below"), keys = _folder.File("keys.json");
        File.Copy(RealFiles.CtSmall, Path.Combine(deep, "ct.dcm"));
        File.WriteAllText(keys, """{ "00081080": { "vr": "LO", "Value": ["From a file"] } }""");

        await Lines.RunAsync(0, "mppsscu", [.. address, "create", "1.2.3", "-k", "Modality=CT", "--from-worklist", RealFiles.CtSmall]);
        Assert.Equal("1CT1", Next().Set!.GetString(DicomTags.PatientID));
        await Lines.RunAsync(0, "mppsscu", [.. address, "complete", "1.2.3", "-r", _folder.File("images")]);
        Assert.Single(Next().Set!.GetSequence(DicomTags.PerformedSeriesSequence)!);

        await Lines.RunAsync(0, "ianscu", [.. address, "-r", _folder.File("images"), "-k", "PatientID=9", "-f", keys]);
        DicomDataSet notice = Next().Set!;
        Assert.Equal(("9", "From a file"), (notice.GetString(DicomTags.PatientID), notice.GetString(DicomTags.AdmittingDiagnosesDescription)));
        Ended piped = await ChildProcess.RunAsync(NetDicomProgram.File, ["ianscu", "--stdin", .. address], input: RealFiles.CtSmall + "\n");
        Assert.True(piped.ExitCode == 0, piped.ToString());
        Assert.Equal(CtStudy, Next().Set!.GetString(DicomTags.StudyInstanceUID));

        await Lines.RunAsync(0, "upsscu", [.. address, "subscribe", "--receiving-aet", "OTHER"]);
        Assert.Equal("OTHER", Next().Set!.GetString(DicomTags.ReceivingAE));

        await Lines.RunAsync(0, "printscu",
        [
            .. address, "-r", _folder.File("images"), "--copies", "2", "--priority", "HIGH", "--destination", "BIN_1", "--label", "LABEL", "--orientation", "LANDSCAPE", "--magnification", "NONE",
            "--border-density", "WHITE", "--polarity", "REVERSE", "--frame", "1",
        ]);
        DicomDataSet session = First(DicomTags.NumberOfCopies), film = First(DicomTags.FilmOrientation), image = First(DicomTags.Polarity);
        Assert.Equal(("2", "HIGH", "BIN_1", "LABEL"), (session.GetString(DicomTags.NumberOfCopies), session.GetString(DicomTags.PrintPriority), session.GetString(DicomTags.FilmDestination), session.GetString(DicomTags.FilmSessionLabel)));
        Assert.Equal(("LANDSCAPE", "NONE", "WHITE"), (film.GetString(DicomTags.FilmOrientation), film.GetString(DicomTags.MagnificationType), film.GetString(DicomTags.BorderDensity)));
        Assert.Equal("REVERSE", image.GetString(DicomTags.Polarity));

        ValueTask<NResponse> Take(DicomUid sopClass, DicomDataSet? set, DicomDataSet? answer = null)
        {
            seen.Enqueue((sopClass, set));
            return ValueTask.FromResult(new NResponse { DataSet = answer });
        }

        // PS3.3 section C.13.3: the image boxes that the printer made for the film.
        static DicomDataSet ImageBox() => new()
        {
            { DicomTags.ReferencedImageBoxSequence, [new DicomDataSet { { DicomTags.ReferencedSOPClassUID, SopClasses.BasicGrayscaleImageBox }, { DicomTags.ReferencedSOPInstanceUID, new DicomUid("1.2.3.4") } }] },
        };

        (DicomUid SopClass, DicomDataSet? Set) Next() => seen.TryDequeue(out (DicomUid SopClass, DicomDataSet? Set) next) ? next : throw new InvalidOperationException("no request came");

        DicomDataSet First(DicomTag tag) => seen.Select(s => s.Set).First(set => set is not null && set.Contains(tag))!;
    }

    [Fact]
    public async Task Stgcmtscu_asks_for_the_objects_of_folders_and_of_standard_input()
    {
        var asked = new ConcurrentQueue<DicomDataSet>();
        var entity = new ApplicationEntity("ARCHIVE");
        entity.AddSupportedContexts(PresentationContexts.StorageCommitment);
        entity.OnNAction((r, _) =>
        {
            asked.Enqueue(r.ActionInformation!);
            return ValueTask.FromResult<NResponse>(DimseStatus.ProcessingFailure);
        });
        await using DicomServer server = await entity.StartServerAsync(0, cancellationToken: TestContext.Current.CancellationToken);
        string deep = _folder.Folder("images/below");
        File.Copy(RealFiles.CtSmall, Path.Combine(deep, "ct.dcm"));
        Ended ended = await ChildProcess.RunAsync(NetDicomProgram.File,
            ["stgcmtscu", "--json", "-r", "--stdin", "--report-port", Ports.Free().ToString(CultureInfo.InvariantCulture), "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture), _folder.File("images")], input: RealFiles.MrSmall + "\n");
        Assert.True(ended.ExitCode == 4, ended.ToString());
        Assert.True(asked.TryDequeue(out DicomDataSet? request));
        Assert.Equal(2, request.GetSequence(DicomTags.ReferencedSOPSequence)!.Count);
    }

    private static Task<ChildProcess> StartStoreScpAsync(out int port)
    {
        int free = port = Ports.Free();
        return StartAsync();

        async Task<ChildProcess> StartAsync()
        {
            ChildProcess peer = ChildProcess.Start(Peers.Dcmtk("storescp"), ["-d", "--ignore", free.ToString(CultureInfo.InvariantCulture)], Peers.NoDelay);
            await Ports.WaitUntilListeningAsync(free, peer);
            return peer;
        }
    }
}
