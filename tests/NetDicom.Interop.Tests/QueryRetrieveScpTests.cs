using System.Globalization;
using System.Runtime.CompilerServices;
using NetDicom.Interop.Tests.Support;
using NetDicom.Network;
using NetDicom.Protocol;

namespace NetDicom.Interop.Tests;

/// <summary>DCMTK's findscu, getscu and movescu against our handlers.</summary>
public class QueryRetrieveScpTests
{
    private const string Level = "QueryRetrieveLevel=SERIES";

    [Fact]
    [Interop("Query/Retrieve: C-FIND", "SCP", "DCMTK")]
    public async Task Findscu_gets_all_matches_and_the_cancel_of_findscu_is_honoured()
    {
        Instances instances = await Instances.LoadAsync();
        int yielded = 0;
        var cause = new TaskCompletionSource<CancellationCause>();
        ApplicationEntity entity = Entity(instances);
        entity.OnFind((request, cancellationToken) => request.Identifier.GetString(DicomTags.QueryRetrieveLevel) == "SERIES" ? Series() : ForEver(request, cancellationToken));
        await using DicomServer server = await entity.StartServerAsync(0);
        string program = Peers.Dcmtk("findscu");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        Ended found = await ChildProcess.RunAsync(program, ["-v", "-S", "-k", Level, "-k", "SeriesInstanceUID", "-k", "PatientName", "127.0.0.1", port], Peers.NoDelay);
        Assert.Equal(0, found.ExitCode);
        Assert.Equal(3, found.Said("(Pending)"));
        Assert.Equal(3, found.Said("1.2.826.0.1.7."));
        // The name is in ISO 8859-1: it is sent as it was read.
        Assert.Equal(3, found.Said("M\u00FCller") + found.Said("M\uFFFDller"));
        Assert.Equal(1, found.Said("(Success)"));

        Ended cancelled = await ChildProcess.RunAsync(program, ["-v", "-S", "--cancel", "5", "-k", "QueryRetrieveLevel=STUDY", "127.0.0.1", port], Peers.NoDelay);
        Assert.Equal(0, cancelled.ExitCode);
        Assert.Equal(CancellationCause.CancelRequested, await cause.Task);
        Assert.True(yielded >= 5);

        async IAsyncEnumerable<FindMatch> Series()
        {
            await Task.Yield();
            for (int i = 0; i < 3; i++)
            {
                yield return new DicomDataSet
                {
                    { DicomTags.SpecificCharacterSet, "ISO_IR 100" }, { DicomTags.QueryRetrieveLevel, "SERIES" }, { DicomTags.SeriesInstanceUID, $"1.2.826.0.1.7.{i}" }, { DicomTags.PatientName, "Müller" },
                };
            }
        }

        async IAsyncEnumerable<FindMatch> ForEver(FindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                while (true)
                {
                    yielded++;
                    yield return new DicomDataSet { { DicomTags.QueryRetrieveLevel, "STUDY" }, { DicomTags.StudyInstanceUID, $"1.2.826.0.1.8.{yielded}" } };
                    await Task.Yield();
                }
            }
            finally
            {
                cause.SetResult(request.CancellationCause);
            }
        }
    }

    [Fact]
    [Interop("Query/Retrieve: C-GET", "SCP", "DCMTK")]
    public async Task Getscu_fetches_the_objects_byte_for_byte()
    {
        Instances instances = await Instances.LoadAsync();
        await using DicomServer server = await Entity(instances).StartServerAsync(0);
        using var folder = new TemporaryFolder();
        Ended got = await ChildProcess.RunAsync(
            Peers.Dcmtk("getscu"), ["-v", "-S", "+B", "-od", folder.Path, "-k", Level, "-k", $"SeriesInstanceUID={instances.Series}", "127.0.0.1", server.Port.ToString(CultureInfo.InvariantCulture)], Peers.NoDelay);
        Assert.True(got.ExitCode == 0, got.ToString());
        Assert.True(got.Said("Completed Suboperations       : 7") + got.Said("Number of Completed Suboperations : 7") > 0, got.ToString());
        instances.AssertAre(Received(folder.Path));
    }

    [Fact]
    [Interop("Query/Retrieve: C-MOVE", "SCP", "DCMTK")]
    public async Task Movescu_receives_what_we_move_to_it()
    {
        Instances instances = await Instances.LoadAsync();
        int receiver = Ports.Free();
        ApplicationEntity entity = Entity(instances);
        entity.OnMove(
            (_, _) => ValueTask.FromResult<RetrieveObjects>(instances.Files.ToArray<StorageObject>()),
            (request, _) => ValueTask.FromResult(request.MoveDestination.ToString() == "MOVESCU" ? new MoveDestination("127.0.0.1", receiver) : null));
        await using DicomServer server = await entity.StartServerAsync(0);
        using var folder = new TemporaryFolder();
        string program = Peers.Dcmtk("movescu");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        Ended moved = await ChildProcess.RunAsync(program,
            ["-v", "-S", "+B", "+xa", "-aem", "MOVESCU", "+P", receiver.ToString(CultureInfo.InvariantCulture), "-od", folder.Path, "-k", Level, "-k", $"SeriesInstanceUID={instances.Series}", "127.0.0.1", port],
            Peers.NoDelay, folder.Path); // with +B movescu writes to where it runs, whatever -od says
        Assert.True(moved.ExitCode == 0 && Directory.EnumerateFiles(folder.Path).Any(), moved.ToString());
        instances.AssertAre(Received(folder.Path));
        Ended nowhere = await ChildProcess.RunAsync(program, ["-v", "-S", "-aem", "NOBODY", "-k", Level, "127.0.0.1", port], Peers.NoDelay);
        Assert.True(nowhere.Said("MoveDestinationUnknown") > 0, nowhere.ToString());
    }

    private static ApplicationEntity Entity(Instances instances)
    {
        var entity = new ApplicationEntity("NETDICOM");
        entity.AddSupportedContext(SopClasses.StudyRootQueryRetrieveInformationModelFind);
        entity.AddSupportedContext(SopClasses.StudyRootQueryRetrieveInformationModelGet);
        entity.AddSupportedContext(SopClasses.StudyRootQueryRetrieveInformationModelMove);
        entity.AddSupportedContexts(PresentationContexts.Storage.Select(context => new PresentationContext(context.AbstractSyntax, context.TransferSyntaxes) { ScuRole = true, ScpRole = true }));
        entity.OnGet((_, _) => ValueTask.FromResult<RetrieveObjects>(instances.Files.ToArray<StorageObject>()));
        return entity;
    }

    private static Dictionary<string, byte[]> Received(string folder) => Directory.EnumerateFiles(folder)
        .Select(File.ReadAllBytes).ToDictionary(file => Part10.MetaUid(file, 0x0003), file => Part10.DataSet(file).ToArray());
}
