using System.Globalization;
using System.Text.Json;
using NetDicom.Interop.Tests.Support;
using NetDicom.TestSupport;

namespace NetDicom.Interop.Tests;

/// <summary>
/// The archive is killed while several associations send to it. Whatever it acknowledged is there afterwards, indexed and byte for byte the same. NETDICOM_KILLS says how often
/// (bench/kill-archive.sh: 100); what came of it is in docs/reliability.md.
/// </summary>
public class ArchiveKillTests
{
    private const int ObjectsPerRound = 120;

    [Fact]
    public async Task What_was_acknowledged_outlives_the_process()
    {
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("NETDICOM_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) ? wanted : 4;
        int seed = Seed.Value;
        var random = new Random(seed);
        byte[] template = await File.ReadAllBytesAsync(RealFiles.CtSmall);
        using var folder = new TemporaryFolder();
        var archive = new ArchiveServer(folder);
        var acknowledged = new Dictionary<string, byte[]>();
        int offered = 0;
        for (int round = 0; round < rounds; round++)
        {
            string source = folder.Folder($"round{round}");
            Dictionary<string, byte[]> sources = await MakeAsync(template, source, round);
            await using (NetDicomProgram.Server server = await archive.StartAsync("--open", "--json"))
            {
                await using ChildProcess sender = NetDicomProgram.Start("storescu", "--json", "--parallel", "4", "--retry", "0", "127.0.0.1", server.Port, source);
                // From the very first byte of the first object to somewhere among the last ones.
                int after = random.Next(ObjectsPerRound);
                if (after > 0)
                    await server.Process.WaitForLinesAsync("\"type\":\"stored\"", after);
                server.Process.Signal(Signals.Kill);
                Ended sent = await sender.EndAsync();
                foreach (string uid in Acknowledged(sent))
                    acknowledged.Add(uid, sources[uid]);
                offered += sources.Count;
            }

            // The next start mends; a clean end then leaves nothing to find.
            await using (NetDicomProgram.Server server = await archive.StartAsync("--open"))
                await ArchiveServer.StopAsync(server);
            Ended verified = await archive.CareAsync("verify");
            Assert.True(verified.ExitCode == 0, $"seed {seed}, round {round}: {verified}");
            Dictionary<string, byte[]> stored = archive.Stored();
            foreach ((string uid, byte[] file) in acknowledged)
            {
                Assert.True(stored.TryGetValue(uid, out byte[]? there), $"seed {seed}, round {round}: {uid} was acknowledged and is not there");
                Assert.True(Part10.DataSet(file).Span.SequenceEqual(Part10.DataSet(there).Span), $"seed {seed}, round {round}: {uid} is not what was sent");
            }

            Assert.Empty(Directory.EnumerateFiles(Path.Combine(archive.Instances, ".incoming")));
            Directory.Delete(source, recursive: true);
        }

        Assert.True(acknowledged.Count > 0, "nothing was acknowledged: nothing was tested");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} kills, seed {seed}: {acknowledged.Count} of {offered} objects were acknowledged, all of them there");
    }

    private static IEnumerable<string> Acknowledged(Ended sent) =>
        from line in sent.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let json = JsonDocument.Parse(line).RootElement
        where json.GetProperty("type").GetString() == "store" && json.GetProperty("outcome").GetString() == "stored"
        select json.GetProperty("sopInstanceUid").GetString()!;

    // Three series with their own UIDs; each object differs in its identity and so in its bytes.
    private static async Task<Dictionary<string, byte[]>> MakeAsync(byte[] template, string into, int round)
    {
        var made = new Dictionary<string, byte[]>();
        for (int i = 0; i < ObjectsPerRound; i++)
        {
            DicomFile file = DicomFile.Read(template);
            string series = string.Create(CultureInfo.InvariantCulture, $"2.25.{round + 1}.{i % 3 + 1}");
            string uid = $"{series}.{(i + 1).ToString(CultureInfo.InvariantCulture)}";
            file.DataSet.Set(DicomTags.StudyInstanceUID, $"2.25.{round + 1}").Set(DicomTags.SeriesInstanceUID, series).Set(DicomTags.SOPInstanceUID, uid);
            string path = Path.Combine(into, uid);
            await new DicomFile(file.DataSet, file.TransferSyntax).SaveAsync(path);
            made.Add(uid, await File.ReadAllBytesAsync(path));
        }

        return made;
    }
}
