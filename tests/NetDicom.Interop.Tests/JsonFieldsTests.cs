using System.Text.Json;
using NetDicom.Interop.Tests.Support;

namespace NetDicom.Interop.Tests;

/// <summary>The fields of --json are a promise: docs/promises/json-fields.txt lists them, NETDICOM_UPDATE_PROMISES=1 writes the list anew.</summary>
public class JsonFieldsTests
{
    [Fact]
    public async Task The_fields_that_the_tools_write_are_the_promised_ones()
    {
        using var folder = new TemporaryFolder();
        string notDicom = folder.File("notes.txt");
        File.WriteAllText(notDicom, "not DICOM");
        var fields = new SortedSet<string>(StringComparer.Ordinal);

        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("echoscp", "--json"))
        {
            Collect("echoscu", (await NetDicomProgram.RunAsync("echoscu", "--json", "127.0.0.1", server.Port)).Output, fields);
            string own = folder.File("own.fault");
            File.WriteAllText(own, "client own/wrong\n  about it\n  send A-ASSOCIATE-RQ\n  expect A-ASSOCIATE-RJ\n  echo\n");
            Collect("fault", (await NetDicomProgram.RunAsync("fault", "--json", "connect", "127.0.0.1", server.Port, own, "state/sta2-close")).Output, fields);
            Collect("fault", (await NetDicomProgram.RunAsync("fault", "--json", "show", "state/sta2-close")).Output, fields);
            await StopAsync("echoscp", server, fields);
        }

        await using (ChildProcess hostile = NetDicomProgram.Start("fault", "--json", "listen", "0", "scu-associate/aborted"))
        {
            string listening = await hostile.WaitForLineAsync("\"type\":\"listening\"");
            await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", JsonDocument.Parse(listening).RootElement.GetProperty("port").ToString());
            Collect("fault", (await hostile.EndAsync()).Output, fields);
        }

        await using (NetDicomProgram.Server server = await NetDicomProgram.StartServerAsync("storescp", "--json", "-od", folder.Folder("in")))
        {
            Collect("storescu", (await NetDicomProgram.RunAsync("storescu", "--json", "127.0.0.1", server.Port, RealFiles.CtSmall, notDicom)).Output, fields);
            await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port);
            await StopAsync("storescp", server, fields);
        }

        await using (EveryService every = await EveryService.StartAsync())
        {
            foreach ((string tool, string[] arguments) in every.Runs(folder, notDicom))
                Collect(tool, (await NetDicomProgram.RunAsync([tool, "--json", .. arguments])).Output, fields);
        }

        Collect("diff", (await NetDicomProgram.RunAsync("diff", "--json", RealFiles.CtSmall, RealFiles.MrSmall)).Output, fields);

        var archive = new ArchiveServer(folder);
        await using (NetDicomProgram.Server server = await archive.StartAsync("--json", "--open"))
        {
            await NetDicomProgram.RunAsync("storescu", "127.0.0.1", server.Port, RealFiles.CtSmall);
            await NetDicomProgram.RunAsync("echoscu", "127.0.0.1", server.Port);
            await StopAsync("qrscp", server, fields);
        }

        Collect("archive", (await archive.CareAsync("status", "--json")).Output, fields);
        Collect("archive", (await archive.CareAsync("export", folder.File("exported"), "--all", "--json")).Output, fields);
        Directory.CreateDirectory(Path.Combine(archive.Instances, ".orphans"));
        File.WriteAllText(Path.Combine(archive.Instances, ".orphans", "orphan.dcm"), "x");
        Collect("archive", (await archive.CareAsync("compact", "--remove-orphans", "--json")).Output, fields);
        File.Delete(Directory.EnumerateFiles(archive.Instances, "*.dcm", SearchOption.AllDirectories).Single());
        Collect("archive", (await archive.CareAsync("verify", "--json")).Output, fields);
        File.WriteAllLines(Path.Combine(archive.Instances, ".scrub"), ["", "0", "0", "1", "1", "0"]);
        Collect("archive", (await archive.CareAsync("status", "--json")).Output, fields);
        Collect("archive", (await archive.CareAsync("delete", "--study", "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322", "--yes", "--json")).Output, fields);

        string path = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "promises", "json-fields.txt");
        string now = string.Concat(fields.Select(f => f + "\n"));
        if (Environment.GetEnvironmentVariable("NETDICOM_UPDATE_PROMISES") == "1")
            File.WriteAllText(path, now);
        Assert.Equal(File.ReadAllText(path), now);
    }

    private static async Task StopAsync(string tool, NetDicomProgram.Server server, SortedSet<string> fields)
    {
        server.Process.Signal(Signals.Interrupt);
        Collect(tool, (await server.Process.EndAsync()).Output, fields);
    }

    private static void Collect(string tool, string output, SortedSet<string> fields)
    {
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            foreach (JsonProperty property in json.EnumerateObject())
                fields.Add($"{tool} {json.GetProperty("type").GetString()} {property.Name} {property.Value.ValueKind}");
        }
    }
}
