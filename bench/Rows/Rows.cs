using System.Diagnostics;
using System.Globalization;

namespace NetDicom.Bench.Rows;

/// <summary>The rows: which programs meet, on what, and against what the ratio is. Each prints a table of its own.</summary>
internal sealed class Rows(Programs programs, Corpus corpus, Measure measure, string output)
{
    private static readonly int[] s_senders = [1, 8, 32, 100];

    public static IReadOnlyDictionary<string, Func<Rows, Task>> All { get; } = new Dictionary<string, Func<Rows, Task>>
    {
        ["slices"] = rows => rows.SlicesAsync(),
        ["small"] = rows => rows.SmallAsync(),
        ["window"] = rows => rows.WindowAsync(),
        ["large"] = rows => rows.LargeAsync(),
        ["short-pdu"] = rows => rows.ShortPduAsync(),
        ["senders"] = rows => rows.SendersAsync(),
        ["nagle"] = rows => rows.NagleAsync(),
        ["tls"] = rows => rows.TlsAsync(),
        ["echo"] = rows =>
        {
            rows.Echo();
            return Task.CompletedTask;
        },
        ["retrieve"] = rows => rows.RetrieveAsync(),
    };

    private async Task SlicesAsync() => Store(await corpus.SlicesAsync(), 2000);

    private async Task SmallAsync() => Store(await corpus.SmallAsync(), 5000);

    // Reference to reference is the limit; each other pairing has one program of somebody else.
    private void Store(string input, int objects)
    {
        var senders = new List<Sender> { programs.BareSender(), programs.OurSender() };
        if (Programs.StoreScu(noDelay: true) is { } storeScu)
            senders.Add(storeScu);
        var receivers = new List<Receiver> { programs.Ours() };
        if (Programs.StoreScp(noDelay: true, "+B", "-pdu", "131072") is { } storeScp)
            receivers.Add(storeScp);
        double bytes = Corpus.BytesOf(input);
        List<Cell> cells =
        [
            .. senders.Select(sender => new Cell(sender, programs.Bare(), input, objects, bytes)),
            .. receivers.Select(receiver => new Cell(programs.BareSender(), receiver, input, objects, bytes)),
            new Cell(programs.OurSender(), programs.Ours(), input, objects, bytes),
        ];
        measure.Run(cells);
        Table(cells);
    }

    private async Task WindowAsync()
    {
        string input = await corpus.SmallAsync();
        double bytes = Corpus.BytesOf(input);
        Cell[] cells =
        [
            new(programs.BareSender(64), programs.Bare(), input, 5000, bytes),
            new(programs.OurSender("--async", "64"), programs.Bare(), input, 5000, bytes),
            new(programs.BareSender(64), programs.Ours(), input, 5000, bytes),
            new(programs.OurSender("--async", "64"), programs.Ours(), input, 5000, bytes),
        ];
        measure.Run(cells);
        Table(cells);
    }

    private async Task LargeAsync() => Store(await corpus.LargeAsync(), 1);

    private async Task ShortPduAsync()
    {
        string input = await corpus.SlicesAsync();
        double bytes = Corpus.BytesOf(input);
        Cell[] cells =
        [
            new(programs.BareSender(), programs.Bare(), input, 2000, bytes),
            new(programs.BareSender(), programs.Bare(pdu: 16384), input, 2000, bytes),
            new(programs.OurSender(), programs.Bare(pdu: 16384), input, 2000, bytes),
        ];
        measure.Run(cells);
        Table(cells, ["PDU 1 MiB", "PDU 16 KiB", "PDU 16 KiB"]);
    }

    private async Task SendersAsync()
    {
        string input = await corpus.SlicesAsync(200);
        double bytes = Corpus.BytesOf(input);
        Cell[] cells = [.. s_senders.Select(n => new Cell(programs.BareSender(), programs.Ours("--max-associations", "200", "--existing", "replace"), input, 200, bytes) { Senders = n })];
        measure.Run(cells);
        Console.WriteLine("| senders | MB/s | of one | receiver's memory, MiB |\n|---|---|---|---|");
        foreach (Cell cell in cells)
            Line($"| {cell.Senders} | {cell.Rate / 1e6:F0} | {cell.Rate / cells[0].Rate:F2} | {cell.Median(run => run.ReceiverMemory):F0} |");
    }

    // Programs as their package brings them, with Nagle's algorithm on; few objects, since they wait 40 ms for each.
    private async Task NagleAsync()
    {
        if (Programs.StoreScp(noDelay: false) is not { } receiver || Programs.StoreScu(noDelay: false) is not { } sender)
        {
            Console.WriteLine("DCMTK is not installed.");
            return;
        }

        foreach ((string input, int objects) in new[] { (await corpus.SlicesAsync(200), 200), (await corpus.SmallAsync(200), 200) })
        {
            double bytes = Corpus.BytesOf(input);
            Cell[] cells =
            [
                new(sender, receiver, input, objects, bytes),
                new(programs.OurSender(), receiver, input, objects, bytes),
                new(sender, programs.Ours(), input, objects, bytes),
            ];
            measure.Run(cells);
            Table(cells);
            Console.WriteLine();
        }
    }

    private async Task TlsAsync()
    {
        string input = await corpus.SlicesAsync();
        double bytes = Corpus.BytesOf(input);
        (string key, string certificate) = Certificates.Make(Path.Combine(Path.GetTempPath(), "netdicom-rows-tls"));
        Cell[] cells =
        [
            new(programs.OurSender(), programs.Ours(), input, 2000, bytes),
            new(programs.OurSender("-tls", "-ic"), programs.Ours("+tls", key, certificate, "-ic"), input, 2000, bytes),
        ];
        measure.Run(cells);
        Table(cells, ["plain", "TLS 1.3"]);
    }

    private void Echo()
    {
        var servers = new List<Receiver> { programs.Bare(), new("netdicom", [programs.NetDicom, "echoscp", "{port}"]) };
        if (Programs.StoreScp(noDelay: true) is { } storeScp)
            servers.Add(storeScp);
        Console.WriteLine("| server, asked by the reference | C-ECHO, microseconds | reference / it | associations a second | it / reference |\n|---|---|---|---|---|");
        double[]? limit = null;
        foreach (Receiver server in servers)
        {
            double echo = MedianOf(server, [programs.Reference, "echo", "127.0.0.1", "{port}", "5000"]);
            double rate = MedianOf(server, [programs.Reference, "associate", "127.0.0.1", "{port}", "500"]);
            limit ??= [echo, rate];
            Line($"| {server.Name} | {echo:F1} | {limit[0] / echo:F2} | {rate:F0} | {rate / limit[1]:F2} |");
        }
    }

    private double MedianOf(Receiver server, string[] command)
    {
        double[] values = [.. Enumerable.Range(0, measure.Repeats).Select(_ =>
        {
            using var running = new RunningReceiver(server, Path.Combine(output, "echo"));
            var start = new ProcessStartInfo(command[0], command.Skip(1).Select(part => part.Replace("{port}", running.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return double.Parse(text, CultureInfo.InvariantCulture);
        })];
        return values.Order().ElementAt(values.Length / 2);
    }

    // A study of 200 slices out of the archive, next to the same bytes sent to a receiver.
    private async Task RetrieveAsync()
    {
        string input = await corpus.SlicesAsync(200);
        double bytes = Corpus.BytesOf(input);
        Cell[] store = [new(programs.OurSender(), programs.Ours(), input, 200, bytes)];
        measure.Run(store);
        var archive = new Receiver("netdicom qrscp", [programs.NetDicom, "qrscp", "--port", "{port}", "--open", "--database-location", "{out}/index.sqlite", "--instance-location", "{out}/instances"]);
        using var running = new RunningReceiver(archive, Path.Combine(output, "archive"));
        Wait([programs.NetDicom, "storescu", "127.0.0.1", Port(running), "-r", input]);
        string studies = await StudiesOfAsync(input);
        var times = new List<double>();
        for (int i = 0; i < measure.Repeats; i++)
        {
            string into = Path.Combine(output, "fetched");
            long began = Stopwatch.GetTimestamp();
            Wait([programs.NetDicom, "getscu", "127.0.0.1", Port(running), "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", $"StudyInstanceUID={studies}", "-od", into]);
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            int count = Directory.GetFiles(into).Length;
            if (count != 200)
                throw new InvalidOperationException($"{count} of 200 objects were fetched");
            Directory.Delete(into, recursive: true);
        }

        double seconds = times.Order().ElementAt(times.Count / 2);
        Console.WriteLine("| 200 slices | MB/s | of C-STORE |\n|---|---|---|");
        Line($"| C-STORE, netdicom to netdicom | {store[0].Rate / 1e6:F0} | 1.00 |");
        Line($"| C-GET from the archive | {bytes / seconds / 1e6:F0} | {store[0].Seconds / seconds:F2} |");
    }

    private static string Port(RunningReceiver running) => running.Port.ToString(CultureInfo.InvariantCulture);

    // One series a study: a list of them all.
    private static async Task<string> StudiesOfAsync(string input)
    {
        var studies = new HashSet<string>();
        foreach (string folder in Directory.GetDirectories(input))
        {
            await using DicomFile file = await DicomFile.OpenAsync(Directory.GetFiles(folder)[0]);
            studies.Add(file.DataSet.GetString(DicomTags.StudyInstanceUID)!);
        }

        return string.Join('\\', studies);
    }

    private static void Wait(string[] command)
    {
        using Process process = RunningReceiver.Run(command, 0, "", "", noDelay: true);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
    }

    private static void Table(IReadOnlyList<Cell> cells, string[]? notes = null)
    {
        Console.WriteLine("| sender | receiver | MB/s | objects/s | of the first | sender s/GB | receiver s/GB | sender MiB | receiver MiB |\n|---|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < cells.Count; i++)
        {
            Cell cell = cells[i];
            string note = notes is null ? "" : $", {notes[i]}";
            Line($"| {cell.Sender.Name} | {cell.Receiver.Name}{note} | {cell.Rate / 1e6:F0} | {cell.PerSecond:F0} | {cell.Rate / cells[0].Rate:F2} | {cell.SenderPerGigabyte:F2} | {cell.ReceiverPerGigabyte:F2} | {cell.Median(run => run.SenderMemory):F0} | {cell.Median(run => run.ReceiverMemory):F0} |");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
